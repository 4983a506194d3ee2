/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Sequences and images: every step or pixel that is not masked is a row. */
class PlacesEvaluationTest {
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(2).targets(2).build();
  private static final int CHANNELS = SPEC.parameterCount();

  private static INDArray random(long seed, long... shape) {
    Nd4j.getRandom().setSeed(seed);
    return Nd4j.randn(DataType.DOUBLE, shape);
  }

  private static MixtureEvaluation evaluation() {
    return MixtureEvaluation.builder(SPEC).samples(9).build();
  }

  /** The rows that are left, one by one. */
  private static MixtureEvaluation ofRows(double[][] labels, double[][] raw) {
    MixtureEvaluation evaluation = evaluation();
    evaluation.eval(Nd4j.createFromArray(labels), Nd4j.createFromArray(raw));
    return evaluation;
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true", "true, true"})
  void stepsOfSequences(boolean channelsLast, boolean perTarget) {
    INDArray raw = random(1, 3, CHANNELS, 4);
    INDArray labels = random(2, 3, 2, 4);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 0, 0}, {1, 0, 0, 0}, {0, 0, 0, 1}});
    int[][] places = {{0, 0}, {0, 1}, {1, 0}, {2, 3}};
    double[][] rowLabels = new double[places.length][2];
    double[][] rows = new double[places.length][CHANNELS];
    for (int i = 0; i < places.length; i++) {
      for (int p = 0; p < CHANNELS; p++) {
        rows[i][p] = raw.getDouble(places[i][0], p, places[i][1]);
      }
      for (int d = 0; d < 2; d++) {
        rowLabels[i][d] = labels.getDouble(places[i][0], d, places[i][1]);
      }
    }
    labels.putScalar(new int[] {1, 0, 2}, Double.NaN); // masked
    labels.putScalar(new int[] {1, 1, 2}, Double.NaN);
    if (perTarget) {
      mask = Nd4j.stack(1, mask, mask); // [N, D, T]
    }
    if (channelsLast) {
      raw = raw.permute(0, 2, 1).dup('c');
      labels = labels.permute(0, 2, 1).dup('c');
      mask = perTarget ? mask.permute(0, 2, 1).dup('c') : mask;
    }
    MixtureEvaluation evaluation = evaluation();
    evaluation.eval(labels, raw, mask);
    assertEquals(places.length, evaluation.rows());
    assertEquals(ofRows(rowLabels, rows), evaluation);
    if (!perTarget) {
      MixtureEvaluation ofBatch = evaluation();
      ofBatch.eval(labels, MixtureBatch.of(SPEC, raw, channelsLast ? 2 : 1, mask), null);
      assertEquals(evaluation, ofBatch);
    }
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void pixelsOfImages(boolean channelsLast) {
    INDArray raw = random(3, 2, CHANNELS, 2, 3);
    INDArray labels = random(4, 2, 2, 2, 3);
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, 2, 1, 2, 3);
    mask.putScalar(new int[] {0, 0, 1, 0}, 1);
    mask.putScalar(new int[] {1, 0, 0, 2}, 1);
    double[][] rowLabels = new double[2][2];
    double[][] rows = new double[2][CHANNELS];
    for (int p = 0; p < CHANNELS; p++) {
      rows[0][p] = raw.getDouble(0, p, 1, 0);
      rows[1][p] = raw.getDouble(1, p, 0, 2);
    }
    for (int d = 0; d < 2; d++) {
      rowLabels[0][d] = labels.getDouble(0, d, 1, 0);
      rowLabels[1][d] = labels.getDouble(1, d, 0, 2);
    }
    if (channelsLast) {
      raw = raw.permute(0, 2, 3, 1).dup('c');
      labels = labels.permute(0, 2, 3, 1).dup('c');
      mask = mask.permute(0, 2, 3, 1).dup('c');
    }
    MixtureEvaluation evaluation = evaluation();
    evaluation.eval(labels, raw, mask);
    assertEquals(ofRows(rowLabels, rows), evaluation);
  }

  @Test
  void nothingIsLeft() {
    MixtureEvaluation evaluation = evaluation();
    evaluation.eval(random(1, 2, 2, 3), random(2, 2, CHANNELS, 3), Nd4j.zeros(2, 3));
    assertEquals(0, evaluation.rows());
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> evaluation().eval(random(1, 2, 3, 2), random(2, 2, CHANNELS, 3)));
    assertTrue(e.getMessage().contains("10 channels and labels with 2"), e.getMessage());
  }

  /** The NLL per valid step, whole or in segments of truncated backpropagation. */
  @ParameterizedTest
  @EnumSource(BackpropType.class)
  void recurrentNetworks(BackpropType backprop) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new LSTM.Builder().nIn(2).nOut(4).build())
                .layer(
                    new MixtureDensityRnnOutputLayer.Builder()
                        .nIn(4)
                        .components(2)
                        .targets(2)
                        .dataFormat(RNNFormat.NCW)
                        .build())
                .backpropType(backprop)
                .tBPTTLength(2)
                .build());
    net.init();
    INDArray features = random(5, 3, 2, 4);
    INDArray labels = random(6, 3, 2, 4);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 1}, {1, 1, 0, 0}, {1, 1, 1, 0}});
    DataSet data = new DataSet(features, labels, mask, mask);
    MixtureEvaluation evaluation = evaluation();
    net.doEvaluation(new ListDataSetIterator<>(List.of(data), 3), evaluation);
    INDArray output = net.output(features, false, mask, mask);
    INDArray logDensity = MixtureBatch.of(SPEC, output, 1, mask).logDensity(labels);
    assertEquals(9, evaluation.rows());
    assertEquals(-logDensity.meanNumber().doubleValue(), evaluation.nll(), 1e-12);
  }

  /** Angles of whatever turn, errors the shorter way round. */
  @Test
  void angles() {
    MixtureSpec spec =
        MixtureSpec.builder().components(1).family(ComponentFamily.VON_MISES).build();
    double[][] raw = {{0, 3, Math.log(50)}, {0, -3, Math.log(50)}};
    double[][] labels = {{-3}, {3 + 2 * Math.PI}};
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(Nd4j.createFromArray(labels), Nd4j.createFromArray(raw));
    double error = 2 * Math.PI - 6;
    assertEquals(error, evaluation.target(0).rmseOfMean(), 1e-12);
    assertEquals(error, evaluation.target(0).rmseOfMode(), 1e-12);
    MixtureBatch batch = MixtureBatch.of(spec, Nd4j.createFromArray(raw));
    assertEquals(batch.get(0).crps(-3), evaluation.target(0).crps(), 1e-12);
    assertEquals(
        Math.min(batch.get(0).cdf(-3), batch.get(1).cdf(3)),
        evaluation.target(0).pitValues()[0],
        1e-12);
  }

  /** A row whose mean does not exist makes the scores NaN that need it, and no others. */
  @Test
  void tailsWithoutAMean() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(1)
            .family(ComponentFamily.STUDENT_T)
            .degreesOfFreedom(1)
            .build();
    MixtureEvaluation evaluation = new MixtureEvaluation(spec);
    evaluation.eval(
        Nd4j.createFromArray(new double[][] {{1}}),
        Nd4j.createFromArray(new double[][] {{0, 0, 0}}));
    assertEquals(Math.log(2 * Math.PI), evaluation.nll(), 1e-14);
    // ∫ F² below 1, ∫ (1 − F)² above, by mpmath 1.3 with 30 digits
    assertEquals(0.720635600152651593, evaluation.target(0).crps(), 1e-11);
    assertTrue(Double.isNaN(evaluation.target(0).rmseOfMean()));
    assertEquals(1, evaluation.target(0).rmseOfMode(), 1e-14);
    assertEquals(0.75, evaluation.target(0).pitValues()[0], 1e-14);
  }
}
