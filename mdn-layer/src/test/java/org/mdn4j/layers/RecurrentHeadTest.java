/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
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
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link MixtureDensityRnnOutputLayer} in networks. */
@Tag("slow")
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

  private static MixtureSpec spec(ComponentFamily family, Covariance covariance) {
    return MixtureSpec.builder()
        .components(2)
        .targets(TARGETS)
        .covariance(covariance)
        .family(family)
        .build();
  }

  private static MixtureDensityRnnOutputLayer head(RNNFormat format, Covariance covariance) {
    return head(format, spec(ComponentFamily.GAUSSIAN, covariance));
  }

  private static MixtureDensityRnnOutputLayer head(RNNFormat format, MixtureSpec spec) {
    return new MixtureDensityRnnOutputLayer.Builder().nIn(3).spec(spec).dataFormat(format).build();
  }

  private static MultiLayerNetwork net(RNNFormat format, Covariance covariance) {
    return net(format, spec(ComponentFamily.GAUSSIAN, covariance));
  }

  private static MultiLayerNetwork net(RNNFormat format, MixtureSpec spec) {
    return net(
        base()
            .list()
            .layer(new LSTM.Builder().nIn(INPUTS).nOut(3).dataFormat(format).build())
            .layer(head(format, spec))
            .build());
  }

  /** Both formats, several families and covariances. */
  static List<Arguments> heads() {
    return List.of(
        Arguments.of(RNNFormat.NCW, spec(ComponentFamily.GAUSSIAN, Covariance.DIAGONAL)),
        Arguments.of(RNNFormat.NWC, spec(ComponentFamily.GAUSSIAN, Covariance.FULL)),
        Arguments.of(RNNFormat.NCW, spec(ComponentFamily.STUDENT_T, Covariance.SPHERICAL)),
        Arguments.of(RNNFormat.NWC, spec(ComponentFamily.LOG_NORMAL, Covariance.DIAGONAL)),
        Arguments.of(RNNFormat.NCW, spec(ComponentFamily.VON_MISES, Covariance.DIAGONAL)));
  }

  /** Random sequences with labels that the family has. */
  private static DataSet data(RNNFormat format, MixtureSpec spec, INDArray labelMask) {
    DataSet data = data(format, STEPS, labelMask);
    if (spec.family() == ComponentFamily.LOG_NORMAL) {
      data.setLabels(Transforms.exp(data.getLabels()));
    }
    return data;
  }

  /** Steps from one to before another, of some examples. */
  private static INDArray part(
      INDArray sequences, RNNFormat format, INDArrayIndex examples, int from, int to) {
    INDArrayIndex steps = NDArrayIndex.interval(from, to);
    INDArrayIndex all = NDArrayIndex.all();
    return (format == RNNFormat.NWC
            ? sequences.get(examples, steps, all)
            : sequences.get(examples, all, steps))
        .dup();
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

  /**
   * Padding behind the end of a sequence changes nothing, whatever it holds: zeros, which are no
   * log-normal targets, or NaN. The mask may be of steps or of targets.
   */
  @ParameterizedTest
  @MethodSource("heads")
  void aPaddedBatchIsTheSumOfItsSequences(RNNFormat format, MixtureSpec spec) {
    MultiLayerNetwork net = net(format, spec);
    DataSet padded = data(format, spec, stepMask());
    int[] lengths = {4, 2, 3};
    INDArray expected = Nd4j.zeros(DataType.DOUBLE, net.numParams());
    double score = 0;
    for (int n = 0; n < EXAMPLES; n++) {
      INDArrayIndex one = NDArrayIndex.interval(n, n + 1);
      run(
          net,
          new DataSet(
              part(padded.getFeatures(), format, one, 0, lengths[n]),
              part(padded.getLabels(), format, one, 0, lengths[n])));
      expected.addi(net.getFlattenedGradients().reshape(-1));
      score += net.score();
    }
    INDArray broad = stepMask().reshape(EXAMPLES, 1, STEPS).repeat(1, TARGETS); // [N, D, T]
    INDArray perTarget = format == RNNFormat.NWC ? broad.permute(0, 2, 1).dup('c') : broad;
    padded.setFeaturesMaskArray(stepMask());
    for (INDArray mask : new INDArray[] {stepMask(), perTarget}) {
      for (double padding : new double[] {0, Double.NaN}) {
        padded.setLabelsMaskArray(mask);
        INDArray labels = padded.getLabels();
        for (int[] hidden : new int[][] {{1, 2}, {1, 3}, {2, 3}}) {
          for (int d = 0; d < TARGETS; d++) {
            labels.putScalar(
                format == RNNFormat.NWC
                    ? new int[] {hidden[0], hidden[1], d}
                    : new int[] {hidden[0], d, hidden[1]},
                padding);
          }
        }
        run(net, padded);
        assertEquals(score / EXAMPLES, net.score(), 1e-12 * Math.max(1, Math.abs(score)));
        double largest = Math.max(1, expected.amaxNumber().doubleValue());
        assertTrue(
            net.getFlattenedGradients().reshape(-1).equalsWithEps(expected, 1e-12 * largest),
            "the updater divides by the minibatch");
      }
    }
    assertTrue(expected.amaxNumber().doubleValue() > 0.01, "there is a gradient");
  }

  private static void run(MultiLayerNetwork net, DataSet data) {
    net.setLayerMaskArrays(data.getFeaturesMaskArray(), data.getLabelsMaskArray());
    net.setInput(data.getFeatures());
    net.setLabels(data.getLabels());
    net.computeGradientAndScore();
  }

  /** In NCW: DL4J 1.0.0-M2.1 cuts sequences along dimension 2, whatever their format. */
  @ParameterizedTest
  @MethodSource("heads")
  void truncatedBackpropagationOverTheWholeLengthIsTheStandardOne(
      RNNFormat unused, MixtureSpec spec) {
    RNNFormat format = RNNFormat.NCW;
    INDArray[] after = new INDArray[2];
    INDArray before = null;
    for (BackpropType type :
        new BackpropType[] {BackpropType.Standard, BackpropType.TruncatedBPTT}) {
      MultiLayerNetwork net =
          net(
              base()
                  .updater(new Sgd(0.1))
                  .list()
                  .layer(new LSTM.Builder().nIn(INPUTS).nOut(3).dataFormat(format).build())
                  .layer(head(format, spec))
                  .backpropType(type)
                  .tBPTTLength(STEPS)
                  .build());
      before = net.params().dup();
      net.fit(data(format, spec, stepMask()));
      after[type == BackpropType.Standard ? 0 : 1] = net.params().dup();
    }
    assertTrue(after[0].equalsWithEps(after[1], 1e-12));
    assertTrue(after[0].distance2(before) > 1e-3, "it was trained");
  }

  @ParameterizedTest
  @MethodSource("heads")
  void stepByStepIsTheWholeSequence(RNNFormat format, MixtureSpec spec) {
    MultiLayerNetwork net = net(format, spec);
    INDArray features = random(format, INPUTS, STEPS, 1);
    INDArray whole = net.output(features);
    net.rnnClearPreviousState();
    for (int t = 0; t < STEPS; t++) {
      INDArray step = net.rnnTimeStep(part(features, format, NDArrayIndex.all(), t, t + 1));
      assertTrue(
          part(whole, format, NDArrayIndex.all(), t, t + 1).equalsWithEps(step, 1e-12),
          "step " + t);
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
