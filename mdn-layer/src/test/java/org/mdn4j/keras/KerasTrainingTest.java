/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.keras.KerasRun.Shape;
import org.mdn4j.keras.PlainKerasModel.Value;
import org.mdn4j.sequence.GeneratedSequences;
import org.mdn4j.sequence.SequenceGenerator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Imported networks go on being trained: gradients, masks, and what is to stay as it is. */
@Tag("slow")
class KerasTrainingTest {
  private static final int EXAMPLES = 3;

  @TempDir Path folder;

  private Model imported(KerasModels.Case model) throws IOException {
    Map<String, byte[]> entries = model.archive().entries(folder);
    Path file = Keras3Archive.write(folder.resolve("model.keras"), entries);
    return KerasRun.imported(file, KerasRun.plain(entries).isSequential());
  }

  private static MultiDataSet data(KerasModels.Case model, Model net, DataType type) {
    INDArray[] features =
        KerasRun.examples(model.inputs(), EXAMPLES, 9).stream()
            .map(input -> KerasRun.array(input).castTo(type))
            .toArray(INDArray[]::new);
    INDArray output =
        net instanceof MultiLayerNetwork layers
            ? layers.output(features[0])
            : ((ComputationGraph) net).outputSingle(features);
    long[] shape = output.shape().clone();
    shape[shape.length - 1] = KerasRun.spec(net).targets();
    Nd4j.getRandom().setSeed(4);
    return new MultiDataSet(features, new INDArray[] {Nd4j.randn(type, shape)});
  }

  private static double score(Model net, MultiDataSet data) {
    return net instanceof MultiLayerNetwork layers
        ? layers.score(new DataSet(data.getFeatures(0), data.getLabels(0)))
        : ((ComputationGraph) net).score(data);
  }

  private static INDArray gradient(Model net, MultiDataSet data) {
    if (net instanceof MultiLayerNetwork layers) {
      layers.setInput(data.getFeatures(0));
      layers.setLabels(data.getLabels(0));
    } else {
      ((ComputationGraph) net).setInputs(data.getFeatures());
      ((ComputationGraph) net).setLabels(data.getLabels());
    }
    net.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
    return net.gradient().gradient();
  }

  /** Central differences of the score in DOUBLE, for parameters drawn at random. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense gelu",
        "relu of three numbers",
        "batch normalization of steps true true false",
        "prelu of steps",
        "time distributed PReLU",
        "GlobalMaxPooling1D of a convolution",
        "GlobalAveragePooling1D of a convolution",
        "reshaped to steps",
        "convolutions of one channel, without bias",
        "convolution same width 4 stride 2 dilation 1",
        "embedding",
        "bidirectional mul true",
        "bidirectional concat false",
        "bidirectional sum false",
        "bidirectional mul false",
        "1 - h",
        "maximum(h, 0)",
        "h Multiply h",
        "h Minimum g",
        "operators of steps",
        "merge Maximum",
        "merge steps Concatenate",
        "elu + 1 + 1e-6"
      })
  void gradientsAreThoseOfTheScore(String name) throws IOException {
    KerasModels.Case model = KerasModels.named(name);
    Model single = imported(model);
    Model net =
        single instanceof MultiLayerNetwork layers
            ? layers.convertDataType(DataType.DOUBLE)
            : ((ComputationGraph) single).convertDataType(DataType.DOUBLE);
    MultiDataSet data = data(model, net, DataType.DOUBLE);
    INDArray gradient = gradient(net, data).dup();
    Random random = new Random(6);
    double step = 1e-6;
    for (int check = 0; check < 8; check++) {
      long i = random.nextInt((int) net.numParams());
      double value = net.params().getDouble(i);
      net.params().putScalar(i, value + step);
      double above = score(net, data);
      net.params().putScalar(i, value - step);
      double below = score(net, data);
      net.params().putScalar(i, value);
      // The score is the mean of the examples, the gradient their sum.
      double expected = (above - below) / (2 * step) * EXAMPLES;
      assertEquals(expected, gradient.getDouble(i), 1e-5 * Math.max(1, Math.abs(expected)), "" + i);
    }
  }

  private static void fit(Model net, MultiDataSet data) {
    for (int step = 0; step < 2; step++) {
      if (net instanceof MultiLayerNetwork layers) {
        layers.fit(new DataSet(data.getFeatures(0), data.getLabels(0)));
      } else {
        ((ComputationGraph) net).fit(data);
      }
    }
  }

  private static double change(INDArray before, INDArray after) {
    return before.sub(after).amaxNumber().doubleValue();
  }

  @ParameterizedTest
  @CsvSource({
    "frozen and regularised, d.W d.b, e.W e.b mdn.W",
    "batch normalization false true true, b.beta, b.gamma b.mean d.W",
    "batch normalization true false true, b.gamma, b.beta b.var d.W",
    "batch normalization of steps false false true, b.beta b.gamma, b.mean b.var",
    "lstm without bias, l.b, l.W l.RW",
    "h Add h, , h.W h.b"
  })
  void whatKerasDoesNotTrainStaysAsItIs(String name, String fixed, String trained)
      throws IOException {
    KerasModels.Case model = KerasModels.named(name);
    Model net = imported(model);
    MultiDataSet data = data(model, net, DataType.FLOAT);
    Map<String, INDArray> before = new HashMap<>();
    String all = fixed == null ? trained : fixed + " " + trained;
    for (String parameter : all.split(" ")) {
      before.put(parameter, parameter(net, parameter).dup());
    }
    fit(net, data);
    before.forEach(
        (parameter, values) -> {
          double change = change(values, parameter(net, parameter));
          boolean isTrained = List.of(trained.split(" ")).contains(parameter);
          assertTrue(isTrained ? change > 1e-4 : change == 0, parameter + " changed by " + change);
        });
  }

  private static INDArray parameter(Model net, String layerAndName) {
    String[] names = layerAndName.split("\\.");
    return net instanceof MultiLayerNetwork layers
        ? layers.getLayer(names[0]).getParam(names[1])
        : ((ComputationGraph) net).getLayer(names[0]).getParam(names[1]);
  }

  /** Keras adds l1 Σ|w| + l2 Σw². */
  @Test
  void penaltiesAreThoseOfKeras() throws IOException {
    KerasModels.Case model = KerasModels.named("frozen and regularised");
    MultiLayerNetwork net = (MultiLayerNetwork) imported(model);
    INDArray weights = net.getLayer("e").getParam("W");
    double penalty =
        0.01 * weights.norm1Number().doubleValue()
            + 0.02 * weights.mul(weights).sumNumber().doubleValue();
    MultiDataSet data = data(model, net, DataType.FLOAT);
    assertEquals(penalty, net.calcRegularizationScore(true), 1e-5 * penalty);
    assertTrue(Double.isFinite(score(net, data)));
  }

  /** A sequence that is padded, with a mask, means the same as without its padding. */
  @ParameterizedTest
  @ValueSource(strings = {"GlobalMaxPooling1D", "GlobalAveragePooling1D", "lstm's last step"})
  void masksOfSequences(String name) throws IOException {
    MultiLayerNetwork net = (MultiLayerNetwork) imported(KerasModels.named(name));
    List<Value> examples = KerasRun.examples(KerasModels.named(name).inputs(), EXAMPLES, 9).get(0);
    INDArray whole = KerasRun.array(examples);
    int length = (int) whole.size(1);
    INDArray mask = Nd4j.ones(EXAMPLES, length);
    mask.putScalar(1, length - 1, 0);
    mask.putScalar(1, length - 2, 0);
    INDArray masked = net.output(whole, false, mask, null);
    INDArray shorter =
        whole.get(
            NDArrayIndex.interval(1, 2), NDArrayIndex.interval(0, length - 2), NDArrayIndex.all());
    assertEquals(net.output(whole).getRow(0), masked.getRow(0));
    assertTrue(change(net.output(shorter.dup()).getRow(0), masked.getRow(1)) < 1e-6);
    DataSet data = new DataSet(whole, Nd4j.randn(EXAMPLES, 2), mask, null);
    double before = net.score(data);
    for (int step = 0; step < 10; step++) {
      net.fit(data);
    }
    assertTrue(net.score(data) < before, before + " -> " + net.score(data));
  }

  /** What the network says of whole sequences, it draws step by step: the width is found. */
  @ParameterizedTest
  @ValueSource(strings = {"lstm without bias", "lstm as a graph", "lstm of an input times 2"})
  void sequencesAreGenerated(String name) throws IOException {
    Model net = imported(KerasModels.named(name));
    SequenceGenerator generator =
        net instanceof MultiLayerNetwork layers
            ? SequenceGenerator.of(layers)
            : SequenceGenerator.of((ComputationGraph) net);
    int targets = KerasRun.spec(net).targets();
    INDArray primer =
        KerasRun.array(KerasRun.examples(List.of(Shape.sequence(3, targets)), 2, 7).get(0));
    GeneratedSequences drawn = generator.temperature(Temperature.of(1e-14)).generate(primer, 4, 3);
    for (int n = 0; n < 2; n++) {
      INDArray steps =
          primer.get(NDArrayIndex.interval(n, n + 1), NDArrayIndex.all(), NDArrayIndex.all());
      for (double[] sample : drawn.samples(n)) {
        INDArray output = KerasRun.output(net, steps.dup());
        INDArray last = output.getRow(output.rows() - 1, true).dup();
        assertArrayEquals(
            MixtureBatch.of(KerasRun.spec(net), last).heaviestLocation().toDoubleVector(),
            sample,
            1e-5);
        INDArray next = Nd4j.createFromArray(new double[][][] {{sample}}).castTo(DataType.FLOAT);
        steps = Nd4j.concat(1, steps, next);
      }
    }
  }

  @Test
  void networksAreSavedWithTheirUpdater() throws IOException {
    for (String name : List.of("operators of steps", "bidirectional concat false")) {
      KerasModels.Case model = KerasModels.named(name);
      Model net = imported(model);
      MultiDataSet data = data(model, net, DataType.FLOAT);
      fit(net, data);
      Path file = folder.resolve("net.zip");
      ModelSerializer.writeModel(net, file.toFile(), true);
      Model back =
          net instanceof MultiLayerNetwork
              ? ModelSerializer.restoreMultiLayerNetwork(file.toFile())
              : ModelSerializer.restoreComputationGraph(file.toFile());
      fit(net, data);
      fit(back, data);
      assertEquals(net.params(), back.params());
    }
  }

  /** Also one after another, and where sequences have a mask. */
  @Test
  void noiseActsInTrainingOnly() throws IOException {
    KerasModels.Case model = KerasModels.named("noise of steps");
    MultiLayerNetwork net = (MultiLayerNetwork) imported(model);
    MultiDataSet data = data(model, net, DataType.FLOAT);
    INDArray features = data.getFeatures(0);
    INDArray mask = Nd4j.ones(features.size(0), features.size(1));
    mask.putScalar(1, 0, 0);
    INDArray output = net.output(features);
    assertEquals(output, net.output(features, false));
    assertTrue(change(output, net.output(features, true)) > 1e-2);
    assertEquals(output.slice(0), net.output(features, false, mask, null).slice(0));
    DataSet masked = new DataSet(features, data.getLabels(0), mask, mask);
    double before = net.score(masked);
    for (int step = 0; step < 60; step++) {
      net.fit(masked);
    }
    assertTrue(net.score(masked) < before, before + " -> " + net.score(masked));
  }

  @Test
  void masksOfBothDirectionsAreRefused() throws IOException {
    MultiLayerNetwork net =
        (MultiLayerNetwork) imported(KerasModels.named("bidirectional sum false"));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> net.output(Nd4j.ones(3, 5, 2), false, Nd4j.ones(3, 5), null));
    assertTrue(e.getMessage().startsWith("Layer \"b\": expected no mask"), e.getMessage());
  }

  @Test
  void stepsThatAreNoSequencesAreRefused() throws IOException {
    MultiLayerNetwork net = (MultiLayerNetwork) imported(KerasModels.named("GlobalMaxPooling1D"));
    Exception e = assertThrows(IllegalArgumentException.class, () -> net.output(Nd4j.ones(3, 2)));
    assertEquals(
        "Expected sequences [N, T, features], got an array of shape [3, 2]", e.getMessage());
    MultiLayerNetwork flat = (MultiLayerNetwork) imported(KerasModels.named("flattened steps"));
    Exception other =
        assertThrows(IllegalArgumentException.class, () -> flat.output(Nd4j.ones(3, 5, 2)));
    assertTrue(other.getMessage().contains("sequences of 8 numbers in all, got 10"));
  }
}
