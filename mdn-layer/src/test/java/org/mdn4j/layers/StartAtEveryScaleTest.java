/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** {@link MixtureInitializer} on targets of every scale and place, and in every shape. */
@Tag("slow")
class StartAtEveryScaleTest {
  private static final int ROWS = 200;
  private static final int TARGETS = 2;
  private static final int HIDDEN = 32;
  private static final double[] SCALES = {1e-9, 1e-6, 1e-3, 1, 1e3, 1e6, 1e9};

  static List<MixtureSpec> specs() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family != ComponentFamily.VON_MISES && !family.isDiscrete()) { // these have one scale
        specs.add(MixtureSpec.builder().components(4).targets(TARGETS).family(family).build());
      }
    }
    for (Covariance covariance : List.of(Covariance.SPHERICAL, Covariance.FULL)) {
      specs.add(
          MixtureSpec.builder().components(4).targets(TARGETS).covariance(covariance).build());
    }
    specs.add(MixtureSpec.builder().components(4).targets(TARGETS).sharedScales(true).build());
    return specs;
  }

  private static MixtureDensityOutputLayer.Builder head(MixtureSpec spec) {
    return new MixtureDensityOutputLayer.Builder().nIn(HIDDEN).spec(spec);
  }

  private static MultiLayerNetwork net(DataType dtype, BaseOutputLayer head) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(dtype)
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(HIDDEN).build())
                .layer(head)
                .build());
    net.init();
    return net;
  }

  private static MultiLayerNetwork net(DataType dtype, MixtureSpec spec) {
    return net(dtype, head(spec).build());
  }

  /** Standardised, skewed, correlated; of features that say something of them. */
  private static DataSet standardised() {
    Random random = new Random(1);
    double[][] features = new double[ROWS][1];
    double[][] labels = new double[ROWS][TARGETS];
    for (int n = 0; n < ROWS; n++) {
      features[n][0] = random.nextGaussian();
      double common = -Math.log(1 - random.nextDouble()) - 1;
      for (int d = 0; d < TARGETS; d++) {
        labels[n][d] = 0.5 * features[n][0] + 0.6 * common + 0.6 * random.nextGaussian();
      }
    }
    INDArray y = Nd4j.createFromArray(labels);
    y.subiRowVector(y.mean(0)).diviRowVector(y.std(false, 0));
    return new DataSet(Nd4j.createFromArray(features), y);
  }

  /** y_d = shift_d + scale_d z_d; LOG_NORMAL: exp(shift + z) · scale. */
  private static DataSet data(MixtureSpec spec, double[] shift, double[] scale) {
    DataSet data = standardised();
    INDArray labels = data.getLabels();
    for (int n = 0; n < ROWS; n++) {
      for (int d = 0; d < TARGETS; d++) {
        double z = labels.getDouble(n, d);
        labels.putScalar(
            n,
            d,
            spec.family() == ComponentFamily.LOG_NORMAL
                ? scale[d] * Math.exp(z)
                : shift[d] + scale[d] * z);
      }
    }
    return data;
  }

  private static double[] both(double value) {
    return new double[] {value, value};
  }

  /** Starts of a network that is made once: its graph costs more than all its scores. */
  private static final class Starts {
    private final MultiLayerNetwork net;
    private final INDArray drawn;

    Starts(DataType dtype, MixtureSpec spec) {
      net = net(dtype, spec);
      drawn = net.params().dup();
    }

    /** NLL per row in the units of standardised targets: the default start, and from labels. */
    double[] scores(DataSet data, double[] scale) {
      double units = Arrays.stream(scale).map(Math::log).sum();
      net.setParams(drawn);
      double before = net.score(data) - units;
      MixtureInitializer.fromLabels(net, data.getLabels());
      return new double[] {before, net.score(data) - units};
    }
  }

  @ParameterizedTest
  @MethodSource("specs")
  void betterThanTheDefaultAndAlikeAtEveryScale(MixtureSpec spec) {
    double[] unit = new Starts(DataType.DOUBLE, spec).scores(data(spec, both(0), both(1)), both(1));
    for (DataType dtype : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      Starts starts = new Starts(dtype, spec);
      for (double scale : SCALES) {
        double[] scores = starts.scores(data(spec, both(0), both(scale)), both(scale));
        String message = "%s at %s: %s".formatted(dtype, scale, Arrays.toString(scores));
        assertTrue(scores[1] < scores[0], message);
        // FLOAT has 7 digits of scores up to 42 nats in the targets' units.
        assertEquals(unit[1], scores[1], dtype == DataType.FLOAT ? 1e-4 : 1e-9, message);
      }
    }
    // The entropy of one standard Gaussian per target is 1.42 nats.
    assertTrue(unit[1] < TARGETS * 1.42 + 0.3, () -> spec + ": " + unit[1]);
  }

  /** ELU + 1 is no exponential where scales are large: better, but not quite alike. */
  @Test
  void eluPlusOne() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(4)
            .targets(TARGETS)
            .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
            .scaleFloor(0)
            .build();
    Starts starts = new Starts(DataType.FLOAT, spec);
    double unit = starts.scores(data(spec, both(0), both(1)), both(1))[1];
    for (double scale : SCALES) {
      double[] scores = starts.scores(data(spec, both(0), both(scale)), both(scale));
      assertTrue(scores[1] < scores[0], () -> scale + ": " + Arrays.toString(scores));
      assertEquals(unit, scores[1], 0.05);
    }
  }

  /** A floor far above the labels' scale is what there is to start with. */
  @Test
  void floors() {
    MixtureSpec spec =
        MixtureSpec.builder().components(4).targets(TARGETS).scaleFloor(1e-7).build();
    Starts starts = new Starts(DataType.DOUBLE, spec);
    for (double scale : SCALES) {
      double[] scores = starts.scores(data(spec, both(0), both(scale)), both(scale));
      assertTrue(scores[1] < scores[0], () -> scale + ": " + Arrays.toString(scores));
    }
  }

  /** Each target has a scale and a place of its own. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 1e-9, 1e9",
    "1e6, -3, 1e-3, 1e4",
    "1e9, 1e-9, 1e-3, 1e-12",
    "-1e9, 5e8, 1, 1e-2",
    "273.15, 101325, 1e-6, 1e-5"
  })
  void scalesAndPlacesOfTheirOwn(double shift0, double shift1, double scale0, double scale1) {
    double[] shift = {shift0, shift1};
    double[] scale = {scale0, scale1};
    for (Covariance covariance : List.of(Covariance.DIAGONAL, Covariance.FULL)) {
      MixtureSpec spec =
          MixtureSpec.builder().components(4).targets(TARGETS).covariance(covariance).build();
      Starts starts = new Starts(DataType.DOUBLE, spec);
      double unit = starts.scores(data(spec, both(0), both(1)), both(1))[1];
      double[] scores = starts.scores(data(spec, shift, scale), scale);
      assertTrue(scores[1] < scores[0], () -> Arrays.toString(scores));
      // Labels themselves have 1e-16 of 1e9 against a σ of 1e-3: 1e-4.
      assertEquals(unit, scores[1], 1e-3, () -> covariance + " " + Arrays.toString(scores));
    }
  }

  /** FLOAT does not see 1e-3 beside 1e6: the start is that of what it sees. */
  @Test
  void whatFloatDoesNotSee() {
    MixtureSpec spec = MixtureSpec.builder().components(3).targets(TARGETS).build();
    double[] scores =
        new Starts(DataType.FLOAT, spec).scores(data(spec, both(1e6), both(1e-3)), both(1e-3));
    assertTrue(scores[1] < scores[0], () -> Arrays.toString(scores));
    MultiLayerNetwork net = net(DataType.FLOAT, spec);
    MixtureInitializer.fromLabels(net, data(spec, both(1e6), both(1e-3)).getLabels());
    INDArray biases = net.getLayer(1).getParam("b");
    assertEquals(1e6, biases.getDouble(spec.columns().location(0, 0)));
    assertEquals(0, biases.getDouble(spec.columns().scale(0, 0)), "σ = 1 of a constant");
    MixtureDensityOutputLayer log =
        head(MixtureSpec.builder().components(2).targets(TARGETS).build()).build();
    refuses(
        "finite labels, got Infinity at row 0, column 1",
        () ->
            MixtureInitializer.fromLabels(
                net(DataType.FLOAT, log), Nd4j.createFromArray(new double[][] {{1, 1e39}})));
  }

  /** A second start is the first one again, and one from other labels leaves no trace. */
  @ParameterizedTest
  @EnumSource(Covariance.class)
  void startsDoNotAddUp(Covariance covariance) {
    MixtureSpec spec =
        MixtureSpec.builder().components(4).targets(TARGETS).covariance(covariance).build();
    INDArray labels = data(spec, both(3), new double[] {1e-4, 1e5}).getLabels();
    MultiLayerNetwork once = net(DataType.DOUBLE, spec);
    MultiLayerNetwork twice = net(DataType.DOUBLE, spec);
    MixtureInitializer.fromLabels(once, labels);
    MixtureInitializer.fromLabels(twice, data(spec, both(0), new double[] {1e8, 1}).getLabels());
    MixtureInitializer.fromLabels(twice, labels);
    MixtureInitializer.fromLabels(twice, labels);
    INDArray relative = twice.params().div(once.params()).sub(1);
    assertEquals(0, relative.amaxNumber().doubleValue(), 1e-9);
  }

  /** Weights of one value have a unit; weights of 0 have none, and stay. */
  @Test
  void weightsThatWereSet() {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(TARGETS).build();
    INDArray labels = data(spec, both(0), new double[] {100, 1e-3}).getLabels();
    for (WeightInit init : List.of(WeightInit.ONES, WeightInit.ZERO)) {
      MultiLayerNetwork net = net(DataType.DOUBLE, head(spec).weightInit(init).build());
      MixtureInitializer.fromLabels(net, labels);
      INDArray weights = net.getLayer(1).getParam("W");
      double one = init == WeightInit.ONES ? 1 : 0;
      assertEquals(100 * one, weights.getDouble(3, spec.columns().location(1, 0)), 1e-9);
      assertEquals(1e-3 * one, weights.getDouble(5, spec.columns().location(0, 1)), 1e-14);
      assertEquals(one, weights.getDouble(7, spec.columns().scale(1, 1)));
    }
  }

  /** The head's own start, too, has its weights in the units of its range. */
  @ParameterizedTest
  @EnumSource(Covariance.class)
  void theHeadsOwnStartFollowsItsRange(Covariance covariance) {
    MixtureSpec spec =
        MixtureSpec.builder().components(4).targets(TARGETS).covariance(covariance).build();
    double end = Math.sqrt(3);
    double unit = net(DataType.DOUBLE, spec).score(standardised());
    for (double scale : SCALES) {
      DataSet data = data(spec, both(0), both(scale));
      MultiLayerNetwork net =
          net(DataType.DOUBLE, head(spec).initialRange(-end * scale, end * scale).build());
      assertEquals(unit, net.score(data) - TARGETS * Math.log(scale), 1e-6);
    }
  }

  /** Angles on both sides of ±π are one group, not two. */
  @Test
  void anglesAcrossTheSeam() {
    Random random = new Random(2);
    double[][] angles = new double[ROWS][1];
    for (double[] angle : angles) {
      double turned = Math.PI + 0.05 * random.nextGaussian();
      angle[0] = turned > Math.PI ? turned - 2 * Math.PI : turned; // in (−π, π]
    }
    DataSet data = new DataSet(Nd4j.ones(DataType.DOUBLE, ROWS, 1), Nd4j.createFromArray(angles));
    for (int components : new int[] {1, 2, 5}) {
      MixtureSpec spec =
          MixtureSpec.builder().components(components).family(ComponentFamily.VON_MISES).build();
      MultiLayerNetwork net = net(DataType.DOUBLE, spec);
      double before = net.score(data);
      MixtureInitializer.fromLabels(net, data.getLabels());
      double after = net.score(data);
      assertTrue(after < before, before + " -> " + after);
      // A Gaussian of σ = 0.05 has −1.58 nats; the start is wider.
      assertTrue(after < -1, components + ": " + after);
    }
  }

  /** [N, D, T] with masks of steps or targets is what is left of its rows. */
  @ParameterizedTest
  @CsvSource({"NCW, true", "NWC, true", "NCW, false", "NWC, false"})
  void sequences(RNNFormat format, boolean ours) {
    DataSet rows = data(specs().get(0), new double[] {7, -2}, new double[] {1e3, 1e-3});
    MixtureSpec spec = specs().get(0);
    int steps = 10;
    int examples = ROWS / steps;
    INDArray nwc = rows.getLabels().dup('c').reshape('c', examples, steps, TARGETS);
    INDArray stepMask = Nd4j.ones(DataType.FLOAT, examples, steps);
    INDArray targetMask = Nd4j.ones(DataType.FLOAT, examples, steps, TARGETS);
    List<double[]> left = new ArrayList<>();
    for (int n = 0; n < examples; n++) {
      for (int t = 0; t < steps; t++) {
        if (t < 10 - n / 4) {
          left.add(rows.getLabels().getRow(n * steps + t).toDoubleVector());
        } else {
          stepMask.putScalar(n, t, 0);
          targetMask.putScalar(new int[] {n, t, t % 2}, 0);
          nwc.putScalar(new int[] {n, t, t % 2}, Double.NaN);
        }
      }
    }
    boolean last = format == RNNFormat.NWC;
    INDArray labels = last ? nwc : nwc.permute(0, 2, 1).dup('c');
    MultiLayerNetwork expected = recurrent(format, ours, spec);
    MixtureInitializer.fromLabels(expected, Nd4j.createFromArray(left.toArray(double[][]::new)));
    for (INDArray mask :
        List.of(stepMask, last ? targetMask : targetMask.permute(0, 2, 1).dup('c'))) {
      MultiLayerNetwork net = recurrent(format, ours, spec);
      MixtureInitializer.fromLabels(net, labels, mask);
      assertEquals(expected.params(), net.params());
      MultiLayerNetwork other = recurrent(format, ours, spec);
      MixtureInitializer.fromLabels(
          other,
          new ExistingDataSetIterator(
              List.of(new DataSet(Nd4j.ones(examples, HIDDEN, steps), labels, null, mask))));
      assertEquals(expected.params(), other.params());
    }
    MultiLayerNetwork net = recurrent(format, ours, spec);
    String shapes = last ? "[N, T, 2] or [N, 2]" : "[N, 2, T] or [N, 2]";
    refuses(
        "labels of shape " + shapes + ", got [20, 3, 10]",
        () -> MixtureInitializer.fromLabels(net, Nd4j.ones(20, 3, 10)));
    refuses(
        "label mask of shape [20, 10] or [20, %s], got [10, 20]"
            .formatted(last ? "10, 2" : "2, 10"),
        () -> MixtureInitializer.fromLabels(net, labels, Nd4j.ones(10, 20)));
    refuses(
        "label mask of shape [20, 10]",
        () -> MixtureInitializer.fromLabels(net, labels, Nd4j.ones(20, 1)));
    refuses(
        "got NaN at example 4, step 9, target 1", () -> MixtureInitializer.fromLabels(net, labels));
    refuses(
        "got none in 200 rows",
        () -> MixtureInitializer.fromLabels(net, labels, Nd4j.zeros(20, 10)));
  }

  private static MultiLayerNetwork recurrent(RNNFormat format, boolean ours, MixtureSpec spec) {
    BaseOutputLayer head =
        ours
            ? new MixtureDensityRnnOutputLayer.Builder()
                .nIn(HIDDEN)
                .spec(spec)
                .dataFormat(format)
                .build()
            : new RnnOutputLayer.Builder(new LossMixtureNLL(spec))
                .nIn(HIDDEN)
                .nOut(spec.parameterCount())
                .activation(Activation.IDENTITY)
                .dataFormat(format)
                .build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(head)
                .build());
    net.init();
    return net;
  }

  @Test
  void rowsWithMasks() {
    MixtureSpec one = MixtureSpec.builder().components(2).build();
    INDArray labels = Nd4j.createFromArray(new double[] {1, 2, Double.NaN, 5, 9});
    INDArray mask = Nd4j.createFromArray(new double[] {1, 1, 0, 1, 1});
    MultiLayerNetwork expected = net(DataType.DOUBLE, one);
    MixtureInitializer.fromLabels(
        expected, Nd4j.createFromArray(new double[][] {{1}, {2}, {5}, {9}}));
    for (INDArray shaped : List.of(labels, labels.reshape(5, 1))) {
      for (INDArray shapedMask : List.of(mask, mask.reshape(5, 1))) {
        MultiLayerNetwork net = net(DataType.DOUBLE, one);
        MixtureInitializer.fromLabels(net, shaped, shapedMask);
        assertEquals(expected.params(), net.params());
        MultiLayerNetwork scored = net(DataType.DOUBLE, one);
        scored.fit(new DataSet(Nd4j.ones(DataType.DOUBLE, 5, 1), shaped, null, mask.reshape(5, 1)));
      }
    }
    MultiLayerNetwork net = net(DataType.DOUBLE, one);
    refuses(
        "mask of shape [5, 1] or [5], got [4]",
        () -> MixtureInitializer.fromLabels(net, labels, Nd4j.ones(4)));
    refuses("[N, 1], got [1, 5]", () -> MixtureInitializer.fromLabels(net, Nd4j.ones(1, 5)));
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in")
                .addLayer("head", head(one).build(), "in")
                .setOutputs("head")
                .build());
    graph.init();
    MixtureInitializer.fromLabels(graph, "head", labels, mask);
    assertArrayEquals(
        expected.getLayer(1).getParam("b").toDoubleVector(),
        graph.getLayer("head").getParam("b").toDoubleVector());
  }

  private static void refuses(String message, Executable mistake) {
    Exception refusal = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }
}
