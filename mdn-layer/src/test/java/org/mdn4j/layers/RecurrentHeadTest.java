/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** {@link MixtureDensityRnnOutputLayer} in networks. */
class RecurrentHeadTest {
  private static final int INPUTS = 2;
  private static final int TARGETS = 2;
  private static final int STEPS = 4;
  private static final int EXAMPLES = 3;

  @BeforeEach
  void inDouble() {
    Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
  }

  @AfterEach
  void inFloat() {
    Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
  }

  private static NeuralNetConfiguration.Builder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(3)
        .dataType(DataType.DOUBLE)
        .activation(Activation.TANH)
        .updater(new NoOp());
  }

  private static MixtureDensityRnnOutputLayer head(RNNFormat format, Covariance covariance) {
    return new MixtureDensityRnnOutputLayer.Builder()
        .nIn(3)
        .components(2)
        .targets(TARGETS)
        .covariance(covariance)
        .dataFormat(format)
        .build();
  }

  private static MultiLayerNetwork net(RNNFormat format, Covariance covariance) {
    return net(
        base()
            .list()
            .layer(new LSTM.Builder().nIn(INPUTS).nOut(3).dataFormat(format).build())
            .layer(head(format, covariance))
            .build());
  }

  private static MultiLayerNetwork net(MultiLayerConfiguration configuration) {
    MultiLayerNetwork net = new MultiLayerNetwork(configuration);
    net.init();
    return net;
  }

  /** [N, size, T] or [N, T, size], the same numbers in both. */
  private static INDArray random(RNNFormat format, int size, int steps, long seed) {
    Nd4j.getRandom().setSeed(seed);
    INDArray ncw = Nd4j.randn(DataType.DOUBLE, EXAMPLES, size, steps);
    return format == RNNFormat.NWC ? ncw.permute(0, 2, 1).dup('c') : ncw;
  }

  private static INDArray stepMask() {
    return Nd4j.createFromArray(new double[][] {{1, 1, 1, 1}, {1, 1, 0, 0}, {1, 1, 1, 0}});
  }

  @ParameterizedTest
  @CsvSource({
    "NCW, DIAGONAL, none",
    "NWC, DIAGONAL, none",
    "NCW, SPHERICAL, steps",
    "NWC, FULL, steps",
    "NCW, SPHERICAL, targets",
    "NWC, DIAGONAL, targets"
  })
  void gradientsPassFiniteDifferences(RNNFormat format, Covariance covariance, String mask) {
    INDArray labels = random(format, TARGETS, STEPS, 2);
    INDArray labelMask =
        switch (mask) {
          case "steps" -> stepMask();
          case "targets" -> {
            INDArray ones = Nd4j.ones(labels.shape());
            ones.putScalar(1, 1, 1, 0);
            ones.putScalar(2, 0, 1, 0);
            yield ones;
          }
          default -> null;
        };
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.MLNConfig()
                .net(net(format, covariance))
                .input(random(format, INPUTS, STEPS, 1))
                .labels(labels)
                .labelMask(labelMask)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-8)));
  }

  @Test
  void gradientsPassInABidirectionalGraph() {
    ComputationGraph graph =
        new ComputationGraph(
            base()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "both",
                    new Bidirectional(
                        Bidirectional.Mode.ADD, new LSTM.Builder().nIn(INPUTS).nOut(3).build()),
                    "in")
                .addLayer("head", head(RNNFormat.NCW, Covariance.DIAGONAL), "both")
                .setOutputs("head")
                .build());
    graph.init();
    assertTrue(
        GradientCheckUtil.checkGradients(
            new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(new INDArray[] {random(RNNFormat.NCW, INPUTS, STEPS, 1)})
                .labels(new INDArray[] {random(RNNFormat.NCW, TARGETS, STEPS, 2)})
                .labelMask(new INDArray[] {stepMask()})
                .maxRelError(1e-5)
                .minAbsoluteError(1e-8)));
  }

  @Test
  void bothFormatsAreTheSameNetwork() {
    MultiLayerNetwork ncw = net(RNNFormat.NCW, Covariance.DIAGONAL);
    MultiLayerNetwork nwc = net(RNNFormat.NWC, Covariance.DIAGONAL);
    nwc.setParams(ncw.params());
    INDArray outNcw = ncw.output(random(RNNFormat.NCW, INPUTS, STEPS, 1));
    INDArray outNwc = nwc.output(random(RNNFormat.NWC, INPUTS, STEPS, 1));
    assertArrayEquals(new long[] {EXAMPLES, 10, STEPS}, outNcw.shape());
    assertArrayEquals(new long[] {EXAMPLES, STEPS, 10}, outNwc.shape());
    assertTrue(outNcw.equalsWithEps(outNwc.permute(0, 2, 1), 1e-12));
    assertEquals(
        ncw.score(data(RNNFormat.NCW, STEPS, null)),
        nwc.score(data(RNNFormat.NWC, STEPS, null)),
        1e-12);
  }

  private static DataSet data(RNNFormat format, int steps, INDArray labelMask) {
    return new DataSet(
        random(format, INPUTS, steps, 1), random(format, TARGETS, steps, 2), null, labelMask);
  }

  /** Sum over the steps that count, divided by the number of examples. */
  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void theScoreIsTheSumOverStepsByExamples(RNNFormat format) {
    MultiLayerNetwork net = net(format, Covariance.DIAGONAL);
    DataSet data = data(format, STEPS, stepMask());
    INDArray output = net.output(data.getFeatures());
    MixtureSpec spec =
        ((MixtureDensityOutputLayer) net.getOutputLayer().conf().getLayer()).getSpec();
    double total = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      double sum = 0;
      for (int t = 0; t < STEPS; t++) {
        if (stepMask().getDouble(n, t) == 1) {
          sum +=
              new SameDiffLikelihood(spec)
                  .score(step(data.getLabels(), format, n, t), step(output, format, n, t), null)
                  .getDouble(0);
        }
      }
      assertEquals(sum, net.scoreExamples(data, false).getDouble(n), 1e-10);
      total += sum;
    }
    assertEquals(total / EXAMPLES, net.score(data), 1e-10);
  }

  private static INDArray step(INDArray sequences, RNNFormat format, int n, int t) {
    INDArray ncw = format == RNNFormat.NWC ? sequences.permute(0, 2, 1) : sequences;
    return ncw.get(NDArrayIndex.point(n), NDArrayIndex.all(), NDArrayIndex.point(t))
        .dup()
        .reshape(1, -1);
  }

  /** Padding behind the end of a sequence changes nothing, whatever it holds. */
  @Test
  void aPaddedBatchIsTheSumOfItsSequences() {
    MultiLayerNetwork net = net(RNNFormat.NCW, Covariance.DIAGONAL);
    DataSet padded = data(RNNFormat.NCW, STEPS, stepMask());
    padded.setFeaturesMaskArray(stepMask());
    int[] lengths = {4, 2, 3};
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, net.numParams());
    double score = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      INDArrayIndex[] steps = {
        NDArrayIndex.interval(n, n + 1), NDArrayIndex.all(), NDArrayIndex.interval(0, lengths[n])
      };
      DataSet alone =
          new DataSet(padded.getFeatures().get(steps).dup(), padded.getLabels().get(steps).dup());
      net.setInput(alone.getFeatures());
      net.setLabels(alone.getLabels());
      net.computeGradientAndScore();
      expected.addi(net.getFlattenedGradients().reshape(-1));
      score += net.score();
    }
    padded.getLabels().putScalar(1, 0, 3, Double.NaN); // behind the end
    net.setLayerMaskArrays(padded.getFeaturesMaskArray(), padded.getLabelsMaskArray());
    net.setInput(padded.getFeatures());
    net.setLabels(padded.getLabels());
    net.computeGradientAndScore();
    assertEquals(score / EXAMPLES, net.score(), 1e-12);
    assertTrue(
        net.getFlattenedGradients().reshape(-1).equalsWithEps(expected, 1e-12),
        "the updater divides by the minibatch");
  }

  @Test
  void truncatedBackpropagationOverTheWholeLengthIsTheStandardOne() {
    INDArray[] after = new INDArray[2];
    for (BackpropType type :
        new BackpropType[] {BackpropType.Standard, BackpropType.TruncatedBPTT}) {
      MultiLayerNetwork net =
          net(
              base()
                  .updater(new Sgd(0.1))
                  .list()
                  .layer(new LSTM.Builder().nIn(INPUTS).nOut(3).build())
                  .layer(head(RNNFormat.NCW, Covariance.DIAGONAL))
                  .backpropType(type)
                  .tBPTTLength(STEPS)
                  .build());
      net.fit(data(RNNFormat.NCW, STEPS, stepMask()));
      after[type == BackpropType.Standard ? 0 : 1] = net.params().dup();
    }
    assertTrue(after[0].equalsWithEps(after[1], 1e-12));
  }

  @Test
  void stepByStepIsTheWholeSequence() {
    MultiLayerNetwork net = net(RNNFormat.NCW, Covariance.DIAGONAL);
    INDArray features = random(RNNFormat.NCW, INPUTS, STEPS, 1);
    INDArray whole = net.output(features);
    net.rnnClearPreviousState();
    for (int t = 0; t < STEPS; t++) {
      INDArray step =
          net.rnnTimeStep(
              features
                  .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1))
                  .dup());
      assertTrue(
          whole
              .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1))
              .equalsWithEps(step, 1e-12));
    }
  }

  @Test
  void labelsOfAnotherRankAreRefused() {
    MultiLayerNetwork net = net(RNNFormat.NCW, Covariance.DIAGONAL);
    Exception e =
        assertThrows(
            Exception.class,
            () ->
                net.fit(
                    random(RNNFormat.NCW, INPUTS, STEPS, 1),
                    Nd4j.zeros(DataType.DOUBLE, EXAMPLES, TARGETS)));
    assertTrue(e.getMessage().contains("labels"), e.getMessage());
  }

  @Test
  void configurationGoesThroughJson() {
    MultiLayerConfiguration configuration =
        base()
            .list()
            .layer(new LSTM.Builder().nIn(INPUTS).nOut(3).build())
            .layer(head(RNNFormat.NWC, Covariance.FULL))
            .build();
    assertEquals(configuration, MultiLayerConfiguration.fromJson(configuration.toJson()));
    assertEquals(configuration, MultiLayerConfiguration.fromYaml(configuration.toYaml()));
  }
}
