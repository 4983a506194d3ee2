/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * A network that has learned a process draws it: y_t = 0.6 y_{t−1} ± 0.8 + 0.2 ε, both signs
 * equally likely.
 */
@Tag("slow")
class TrainedSequenceTest {
  private static final int SEQUENCES = 64;
  private static final int STEPS = 25;

  /** Features are the labels one step late. */
  private static DataSet data(long seed) {
    Random random = new Random(seed);
    double[][][] features = new double[SEQUENCES][1][STEPS];
    double[][][] labels = new double[SEQUENCES][1][STEPS];
    for (int n = 0; n < SEQUENCES; n++) {
      double y = 0;
      for (int t = 0; t < STEPS; t++) {
        features[n][0][t] = y;
        y = 0.6 * y + (random.nextBoolean() ? 0.8 : -0.8) + 0.2 * random.nextGaussian();
        labels[n][0][t] = y;
      }
    }
    return new DataSet(array(features), array(labels));
  }

  private static INDArray array(double[][][] values) {
    return Nd4j.createFromArray(values).castTo(DataType.FLOAT);
  }

  @Test
  void drawsWhatItHasLearned() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.02))
                .list()
                .layer(new SimpleRnn.Builder().nIn(1).nOut(6).activation(Activation.TANH).build())
                .layer(
                    new MixtureDensityRnnOutputLayer.Builder()
                        .nIn(6)
                        .components(2)
                        .dataFormat(RNNFormat.NCW)
                        .build())
                .build());
    net.init();
    DataSet train = data(1);
    for (int i = 0; i < 150; i++) {
      net.fit(train);
    }
    SequenceGenerator generator = SequenceGenerator.of(net);
    // The floor: the entropy of the two signs and that of the noise, barely overlapping.
    double floor = Math.log(2) + Math.log(0.2) + 0.5 * Math.log(2 * Math.PI * Math.E);
    double nll = -generator.logLikelihood(data(2)).meanNumber().doubleValue();
    assertEquals(floor, nll, 0.1);

    GeneratedSequences drawn = generator.generate(200, 50, 7);
    double[] sums = new double[6]; // of 1, x, y, xx, xy, yy
    int between = 0;
    for (int n = 0; n < 200; n++) {
      double x = 0;
      for (double[] sample : drawn.samples(n)) {
        double y = sample[0];
        double[] terms = {1, x, y, x * x, x * y, y * y};
        for (int i = 0; i < 6; i++) {
          sums[i] += terms[i];
        }
        between += Math.abs(y - 0.6 * x) < 0.3 ? 1 : 0;
        x = y;
      }
    }
    double count = sums[0];
    double varianceX = sums[3] / count - Math.pow(sums[1] / count, 2);
    double covariance = sums[4] / count - sums[1] * sums[2] / (count * count);
    double slope = covariance / varianceX;
    double residual = sums[5] / count - Math.pow(sums[2] / count, 2) - slope * covariance;
    // What 1,600 training steps leave uncertain: some standard errors of √(0.68 / 1600) = 0.02.
    assertEquals(0.6, slope, 0.06, "E[y_t | y_{t−1}] = 0.6 y_{t−1}");
    assertEquals(0, sums[2] / count, 0.15, "the stationary mean");
    assertEquals(0.68, residual, 0.06, "Var[y_t | y_{t−1}] = 0.8² + 0.2²");
    double share = between / count; // 0.6 % of the process itself, beyond 2.5 σ
    assertTrue(share < 0.03, "one of two branches, and seldom between: " + share);
  }
}
