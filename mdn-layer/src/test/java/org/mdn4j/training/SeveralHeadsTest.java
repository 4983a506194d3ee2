/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureInitializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The graph that the documentation of {@code org.mdn4j.layers} shows: two mixtures and a sigmoid on
 * one hidden layer. Given x in [0, 2], a branch is x or −x with noise of 0.1, a position (x, 1 − x)
 * with noise of 0.2, and an alarm goes off where x &gt; 1.
 */
class SeveralHeadsTest {
  private static final int ROWS = 300;

  private static MixtureDensityOutputLayer.Builder mixture(int components, int targets) {
    return new MixtureDensityOutputLayer.Builder().nIn(16).components(components).targets(targets);
  }

  private static ComputationGraph graph() {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.02))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("x")
                .addLayer("hidden", new DenseLayer.Builder().nIn(1).nOut(16).build(), "x")
                .addLayer("branch", mixture(4, 1).build(), "hidden")
                .addLayer("position", mixture(2, 2).build(), "hidden")
                .addLayer(
                    "alarm",
                    new OutputLayer.Builder(LossFunction.XENT)
                        .nIn(16)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build(),
                    "hidden")
                .setOutputs("branch", "position", "alarm")
                .build());
    graph.init();
    return graph;
  }

  private static MultiDataSet data(long seed) {
    Random random = new Random(seed);
    float[][] x = new float[ROWS][1];
    float[][] branches = new float[ROWS][1];
    float[][] positions = new float[ROWS][2];
    float[][] alarms = new float[ROWS][1];
    for (int n = 0; n < ROWS; n++) {
      x[n][0] = 2 * random.nextFloat();
      float sign = random.nextBoolean() ? 1 : -1;
      branches[n][0] = sign * x[n][0] + 0.1f * (float) random.nextGaussian();
      positions[n][0] = x[n][0] + 0.2f * (float) random.nextGaussian();
      positions[n][1] = 1 - x[n][0] + 0.2f * (float) random.nextGaussian();
      alarms[n][0] = x[n][0] > 1 ? 1 : 0;
    }
    return new MultiDataSet(
        new INDArray[] {Nd4j.createFromArray(x)},
        new INDArray[] {
          Nd4j.createFromArray(branches),
          Nd4j.createFromArray(positions),
          Nd4j.createFromArray(alarms)
        });
  }

  private static MixtureSpec spec(ComputationGraph graph, String output) {
    return ((MixtureDensityOutputLayer) graph.getLayer(output).conf().getLayer()).getSpec();
  }

  /** Mean NLL of a mixture head. */
  private static double nll(ComputationGraph graph, INDArray[] outputs, int head, INDArray labels) {
    String name = graph.getConfiguration().getNetworkOutputs().get(head);
    return -MixtureBatch.of(spec(graph, name), outputs[head])
        .logDensity(labels)
        .meanNumber()
        .doubleValue();
  }

  private static double crossEntropy(INDArray probabilities, INDArray labels) {
    double sum = 0;
    for (int n = 0; n < ROWS; n++) {
      double p = probabilities.getDouble(n);
      sum -= Math.log(labels.getDouble(n) == 1 ? p : 1 - p);
    }
    return sum / ROWS;
  }

  @Test
  void headsLearnTogether() {
    ComputationGraph graph = graph();
    MultiDataSet train = data(1);
    MixtureInitializer.fromLabels(graph, "branch", train.getLabels(0));
    MixtureInitializer.fromLabels(graph, "position", train.getLabels(1));
    for (int i = 0; i < 300; i++) {
      graph.fit(train);
    }
    MultiDataSet test = data(2);
    INDArray[] outputs = graph.output(test.getFeatures(0));
    double branch = nll(graph, outputs, 0, test.getLabels(0));
    double position = nll(graph, outputs, 1, test.getLabels(1));
    double alarm = crossEntropy(outputs[2], test.getLabels(2));
    assertEquals(branch + position + alarm, graph.score(test), 1e-4, "the score is their sum");
    // The floor where the branches do not overlap: log 2 + log 0.1 + ½ log 2πe, and 2 (log 0.2 +
    // …).
    double normal = 0.5 * Math.log(2 * Math.PI * Math.E);
    assertTrue(branch < Math.log(2 * 0.1) + normal + 0.25, "branch " + branch);
    assertTrue(position < 2 * (Math.log(0.2) + normal) + 0.25, "position " + position);
    assertTrue(alarm < 0.15, "alarm " + alarm);

    INDArray[] asked = graph.output(Nd4j.createFromArray(new float[][] {{1.5f}}));
    Mixture branches = MixtureBatch.of(spec(graph, "branch"), asked[0]).get(0);
    assertEquals(0.5, branches.cdf(0), 0.15);
    assertTrue(branches.density(0) < 0.05 * branches.density(1.5));
    assertArrayEquals(
        new double[] {1.5, -0.5},
        MixtureBatch.of(spec(graph, "position"), asked[1]).get(0).mean(),
        0.15);
    assertTrue(asked[2].getDouble(0) > 0.9);
  }

  @Test
  void aStartByNameIsThatOfOneHead() {
    ComputationGraph graph = graph();
    MultiDataSet data = data(1);
    INDArray[] before = graph.output(data.getFeatures(0));
    MixtureInitializer.fromLabels(graph, "position", data.getLabels(1));
    INDArray[] after = graph.output(data.getFeatures(0));
    assertEquals(before[0], after[0]);
    assertEquals(before[2], after[2]);
    assertFalse(before[1].equalsWithEps(after[1], 1e-3));
    assertTrue(nll(graph, after, 1, data.getLabels(1)) < nll(graph, before, 1, data.getLabels(1)));
  }

  /** A mask of one output's labels leaves the others' scores alone. */
  @Test
  void everyOutputHasAMaskOfItsOwn() {
    ComputationGraph graph = graph();
    MultiDataSet data = data(1);
    INDArray[] outputs = graph.output(data.getFeatures(0));
    INDArray mask = Nd4j.zeros(ROWS, 1);
    data.setLabelsMaskArray(new INDArray[] {mask, null, null});
    data.getLabels(0).assign(Float.NaN);
    double expected =
        nll(graph, outputs, 1, data.getLabels(1)) + crossEntropy(outputs[2], data.getLabels(2));
    assertEquals(expected, graph.score(data), 1e-4);
    INDArray start = graph.getLayer("branch").params().dup();
    graph.fit(data);
    assertEquals(start, graph.getLayer("branch").params());
    assertTrue(graph.score(data) < expected, "the others learn");
  }

  @Test
  void aGraphOfSeveralHeadsIsSavedAndRead() throws IOException {
    ComputationGraph graph = graph();
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelSerializer.writeModel(graph, file, true);
    ComputationGraph read =
        ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file.toByteArray()));
    INDArray x = data(3).getFeatures(0);
    assertArrayEquals(graph.output(x), read.output(x));
    assertEquals(spec(graph, "position"), spec(read, "position"));
  }
}
