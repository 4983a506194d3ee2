/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** {@link MixtureInitializer} on counts of every size, and the steps after it. */
class CountStartTest {
  private static final int ROWS = 200;

  private static Mixture truth(double mean) {
    return Mixture.of(
        ComponentFamily.NEGATIVE_BINOMIAL,
        new double[] {1, 1},
        new double[][] {{Math.log(mean)}, {Math.log(6 * mean)}},
        new double[][] {{0.2}, {0.05}});
  }

  private static MultiLayerNetwork net(MixtureSpec spec) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.FLOAT)
                .activation(Activation.TANH)
                .updater(new Adam(0.02))
                .list()
                .layer(new DenseLayer.Builder().nIn(1).nOut(8).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(8).spec(spec).build())
                .build());
    net.init();
    return net;
  }

  /** From the start a step never leads to NaN, and all steps together nearer to the floor. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-3, 0.2, 3, 200, 1e5, 1e8})
  void startsNearTheFloorAndTrains(double mean) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(3);
    double[][] features = new double[ROWS][1];
    double[][] labels = truth(mean).sample(ROWS, random);
    double floor = 0;
    for (int n = 0; n < ROWS; n++) {
      features[n][0] = random.nextDouble(-1, 1);
      floor -= truth(mean).logDensity(labels[n]) / ROWS;
    }
    DataSet data =
        new DataSet(
            Nd4j.createFromArray(features).castTo(DataType.FLOAT),
            Nd4j.createFromArray(labels).castTo(DataType.FLOAT));
    MixtureSpec spec =
        MixtureSpec.builder().components(3).family(ComponentFamily.NEGATIVE_BINOMIAL).build();
    MultiLayerNetwork net = net(spec);
    MixtureInitializer.fromLabels(net, data.getLabels());
    double start = net.score(data);
    assertTrue(start < floor + 0.7, "start " + start + ", floor " + floor);
    for (int step = 0; step < 40; step++) {
      net.fit(data);
      assertTrue(Double.isFinite(net.score()));
    }
    double end = net.score(data);
    assertTrue(end < start && end < floor + 0.15, start + " to " + end + ", floor " + floor);
  }

  /** The atom starts with its share of the labels, and the components near the others. */
  @ParameterizedTest
  @ValueSource(doubles = {2, 200, 1e6})
  void zeroInflationStartsNearTheFloorAndTrains(double mean) {
    Mixture truth = truth(mean).withAtoms(new double[] {0}, new double[] {0.4});
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(4);
    double[][] features = new double[ROWS][1];
    double[][] labels = truth.sample(ROWS, random);
    double floor = 0;
    double zeros = 0;
    for (int n = 0; n < ROWS; n++) {
      features[n][0] = random.nextDouble(-1, 1);
      floor -= truth.logLikelihood(labels[n]) / ROWS;
      zeros += labels[n][0] == 0 ? 1.0 / ROWS : 0;
    }
    DataSet data =
        new DataSet(
            Nd4j.createFromArray(features).castTo(DataType.FLOAT),
            Nd4j.createFromArray(labels).castTo(DataType.FLOAT));
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(3)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .atoms(0)
            .build();
    MultiLayerNetwork net = net(spec);
    MixtureInitializer.fromLabels(net, data.getLabels());
    INDArray biases = net.getOutputLayer().getParam("b").reshape(1, spec.parameterCount());
    Mixture began = MixtureBatch.of(spec, biases).get(0);
    assertEquals(zeros, began.atomProbabilities()[0], 1e-6);
    double start = net.score(data);
    assertTrue(start < floor + 0.7, "start " + start + ", floor " + floor);
    for (int step = 0; step < 40; step++) {
      net.fit(data);
      assertTrue(Double.isFinite(net.score()));
    }
    double end = net.score(data);
    assertTrue(end < start && end < floor + 0.15, start + " to " + end + ", floor " + floor);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void equalLabelsAreFinite(int label) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(2)
            .targets(2)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .build();
    MultiLayerNetwork net = net(spec);
    INDArray labels = Nd4j.valueArrayOf(new long[] {10, 2}, label, DataType.FLOAT);
    MixtureInitializer.fromLabels(net, labels);
    DataSet data = new DataSet(Nd4j.zeros(DataType.FLOAT, 10, 1), labels);
    IntStream.range(0, 5).forEach(step -> net.fit(data));
    assertTrue(Double.isFinite(net.score(data)));
  }

  @ParameterizedTest
  @ValueSource(doubles = {2.5, -1})
  void labelsThatAreNoCountsAreRefused(double label) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(2)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .atoms(1)
            .build();
    INDArray labels = Nd4j.ones(DataType.FLOAT, 20, 1);
    labels.putScalar(17, 0, label);
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> MixtureInitializer.fromLabels(net(spec), labels));
    assertEquals(
        "row 17, column 0: expected an integer of at least 0, got " + label, e.getMessage());
  }
}
