/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.training.FusedTraining;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Heads whose labels are intervals: configuration, start, training and what they refuse. */
class IntervalHeadsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static MultiLayerNetwork dense(MixtureSpec spec, DataType dtype) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(dtype)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(8).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(8).spec(spec).build())
                .build());
    net.init();
    return net;
  }

  private static MixtureSpecBuilder spec() {
    return MixtureSpec.builder().components(3).censored();
  }

  @Test
  void buildersAndJsonKeepTheOptions() {
    MixtureSpec expected = spec().truncatedBelow(-2).truncatedAbove(9).build();
    MixtureDensityOutputLayer layer =
        new MixtureDensityOutputLayer.Builder()
            .components(3)
            .censored()
            .truncatedBelow(-2)
            .truncatedAbove(9)
            .nIn(2)
            .build();
    assertEquals(expected, layer.getSpec());
    assertEquals(
        expected,
        new MixtureDensityCnnLossLayer.Builder()
            .components(3)
            .censored()
            .truncatedBelow(-2)
            .truncatedAbove(9)
            .build()
            .getSpec());
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder().list().layer(layer).build();
    assertEquals(configuration, MultiLayerConfiguration.fromJson(configuration.toJson()));
  }

  /** 600 rows about y = 2x, a third of each of exact values, intervals, and open ends. */
  private static DataSet data(DataType dtype, int targets) {
    Random random = new Random(3);
    double[][] x = new double[600][1];
    double[][] y = new double[600][2 * targets];
    for (int n = 0; n < x.length; n++) {
      x[n][0] = random.nextGaussian();
      for (int d = 0; d < targets; d++) {
        double value = 2 * x[n][0] + 0.3 * random.nextGaussian();
        double end = value - random.nextDouble();
        boolean open = (n + d) % 3 == 2;
        y[n][2 * d] = (n + d) % 3 == 0 ? value : end;
        y[n][2 * d + 1] = (n + d) % 3 == 0 ? value : open ? INFINITY : end + 1;
      }
    }
    return new DataSet(
        Nd4j.createFromArray(x).castTo(dtype), Nd4j.createFromArray(y).castTo(dtype));
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void fusedTrainingIsDl4jsFit(DataType dtype) {
    for (ComponentFamily family :
        List.of(
            ComponentFamily.GAUSSIAN,
            ComponentFamily.LAPLACE,
            ComponentFamily.LOGISTIC,
            ComponentFamily.STUDENT_T)) {
      assertFusedTrainingIsDl4jsFit(family, dtype);
    }
  }

  private static void assertFusedTrainingIsDl4jsFit(ComponentFamily family, DataType dtype) {
    for (int targets = 1; targets <= 2; targets++) {
      MultiLayerNetwork fitted = dense(spec().family(family).targets(targets).build(), dtype);
      MultiLayerNetwork fused = fitted.clone();
      assertEquals(Optional.empty(), FusedTraining.reasonAgainst(fused));
      DataSet data = data(dtype, targets);
      try (FusedTraining training = FusedTraining.of(fused)) {
        for (int step = 0; step < 5; step++) {
          fitted.fit(data);
          training.fit(data);
          assertEquals(fitted.score(), fused.score(), dtype == DataType.FLOAT ? 1e-5 : 1e-10);
        }
      }
      double difference = fitted.params().sub(fused.params()).amaxNumber().doubleValue();
      assertEquals(0, difference, dtype == DataType.FLOAT ? 2e-4 : 1e-9);
    }
  }

  /** A right-censored label pulls a location up where it is below, whatever is far above. */
  @Test
  void trainingFindsTheLineBehindCensoredLabels() {
    MultiLayerNetwork net = dense(spec().components(1).build(), DataType.FLOAT);
    DataSet data = data(DataType.FLOAT, 1);
    try (FusedTraining training = FusedTraining.of(net)) {
      for (int step = 0; step < 400; step++) {
        training.fit(data);
      }
    }
    INDArray raw = net.output(Nd4j.createFromArray(new float[][] {{-1}, {1}}));
    MixtureBatch predicted = MixtureBatch.of(spec().components(1).build(), raw);
    assertEquals(-2, predicted.get(0).mean()[0], 0.1);
    assertEquals(2, predicted.get(1).mean()[0], 0.1);
  }

  @Test
  void theStartIsFromWhatIsKnown() {
    double[][] ends = {
      {9, 9}, {0, 2}, {-INFINITY, 2}, {7, INFINITY}, {-INFINITY, INFINITY}, {4, 4}
    };
    double[][] known = {{9}, {1}, {2}, {7}, {4}};
    MultiLayerNetwork censored = dense(spec().build(), DataType.DOUBLE);
    MultiLayerNetwork plain = dense(MixtureSpec.builder().components(3).build(), DataType.DOUBLE);
    MixtureInitializer.fromLabels(censored, Nd4j.createFromArray(ends));
    MixtureInitializer.fromLabels(plain, Nd4j.createFromArray(known));
    assertArrayEquals(plain.params().toDoubleVector(), censored.params().toDoubleVector(), 0);

    MixtureSpec logNormal = spec().family(ComponentFamily.LOG_NORMAL).build();
    MultiLayerNetwork positive = dense(logNormal, DataType.DOUBLE);
    double[][] positiveEnds = {{0, 3}, {2, INFINITY}, {0, INFINITY}, {-1, 5}, {4, 4}};
    MixtureInitializer.fromLabels(positive, Nd4j.createFromArray(positiveEnds));
    assertTrue(Double.isFinite(positive.params().sumNumber().doubleValue()));

    refuse(
        "lower end that is at most the upper one, or both equal and finite, got 3.0 and 2.0 at row 1",
        labels -> MixtureInitializer.fromLabels(censored, labels),
        new double[][] {{1, 1}, {3, 2}});
    refuse(
        "not masked and says something, got none in 1 rows",
        labels -> MixtureInitializer.fromLabels(censored, labels),
        new double[][] {{-INFINITY, INFINITY}});
  }

  private static void refuse(String message, Consumer<INDArray> work, double[][] labels) {
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class, () -> work.accept(Nd4j.createFromArray(labels)));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
  }

  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void sequencesHaveTwoChannelsPerTarget(RNNFormat format) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(
                    new MixtureDensityRnnOutputLayer.Builder()
                        .nIn(1)
                        .components(2)
                        .censored()
                        .dataFormat(format)
                        .build())
                .build());
    net.init();
    boolean nwc = format == RNNFormat.NWC;
    INDArray features = Nd4j.ones(nwc ? new long[] {1, 3, 1} : new long[] {1, 1, 3});
    INDArray labels = Nd4j.ones(nwc ? new long[] {1, 3, 2} : new long[] {1, 2, 3});
    assertTrue(Double.isFinite(net.score(new DataSet(features, labels))));
    labels.putScalar(nwc ? new int[] {0, 1, 0} : new int[] {0, 0, 1}, 5);
    Exception order =
        assertThrows(
            IllegalArgumentException.class, () -> net.score(new DataSet(features, labels)));
    assertTrue(
        order.getMessage().contains("example 0, step 1, column 0 of the targets' ends"),
        order.getMessage());
    Exception shape =
        assertThrows(
            IllegalArgumentException.class, () -> net.score(new DataSet(features, features)));
    assertTrue(
        shape.getMessage().contains(nwc ? "[N, T, 2 D] = [1, 3, 2]" : "[N, 2 D, T] = [1, 2, 3]"),
        shape.getMessage());
  }

  @Test
  void imagesHaveTwoChannelsPerTarget() {
    MixtureSpec spec = spec().build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(
                    new ConvolutionLayer.Builder(1, 1)
                        .nOut(spec.parameterCount())
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new MixtureDensityCnnLossLayer.Builder().spec(spec).build())
                .setInputType(InputType.convolutional(2, 2, 1, CNN2DFormat.NCHW))
                .build());
    net.init();
    INDArray features = Nd4j.ones(1, 1, 2, 2);
    assertTrue(Double.isFinite(net.score(new DataSet(features, Nd4j.ones(1, 2, 2, 2)))));
    Exception shape =
        assertThrows(
            IllegalArgumentException.class, () -> net.score(new DataSet(features, features)));
    assertTrue(shape.getMessage().contains("[N, 2 D, H, W] = [1, 2, 2, 2]"), shape.getMessage());
    INDArray labels = Nd4j.ones(1, 2, 2, 2);
    labels.putScalar(new int[] {0, 1, 1, 0}, -3);
    Exception order =
        assertThrows(
            IllegalArgumentException.class, () -> net.score(new DataSet(features, labels)));
    assertTrue(
        order.getMessage().contains("pixel (1, 0), column 0 of the targets' ends"),
        order.getMessage());
  }
}
