/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.demand;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Made-up weekly demand y for a spare part, given the week w = 0 … 51 of the year, with the angle a
 * = 2π w/52. In a share e of the weeks it is out of stock and none is sold; else two kinds of
 * customers buy, negative binomial (NB) with a mean and a dispersion each:
 *
 * <pre>
 *   P(y | w) = e 1{y = 0} + (1 − e) (1 − b) NB(y; m₁, 0.2) + (1 − e) b NB(y; m₂, 0.05)
 *   e = 0.12 + 0.08 cos a,  b = 0.3 + 0.2 sin a,  m₁ = exp(1.1 + 0.5 sin a),  m₂ = exp(3 + 0.3 cos a)
 * </pre>
 *
 * @param weeks w, {@code [N]}
 * @param demands y, {@code [N]}
 */
record DemandData(int[] weeks, double[] demands) {
  static final int WEEKS = 52;

  /** Draws demands of weeks at random. */
  static DemandData draw(int points, UniformRandomProvider random) {
    int[] weeks = IntStream.range(0, points).map(i -> random.nextInt(WEEKS)).toArray();
    double[] demands = new double[points];
    for (int n = 0; n < points; n++) {
      demands[n] = truth(weeks[n]).sample(1, random)[0][0];
    }
    return new DemandData(weeks, demands);
  }

  /** Returns the first examples, all if there are fewer. */
  DemandData first(int points) {
    int count = Math.min(points, demands.length);
    return new DemandData(Arrays.copyOf(weeks, count), Arrays.copyOf(demands, count));
  }

  /** Returns the true distribution of a week's demand. */
  static Mixture truth(double week) {
    double angle = 2 * Math.PI * week / WEEKS;
    double empty = 0.12 + 0.08 * Math.cos(angle);
    double large = 0.3 + 0.2 * Math.sin(angle);
    return Mixture.of(
            ComponentFamily.NEGATIVE_BINOMIAL,
            new double[] {1 - large, large},
            new double[][] {{1.1 + 0.5 * Math.sin(angle)}, {3 + 0.3 * Math.cos(angle)}},
            new double[][] {{0.2}, {0.05}})
        .withAtoms(new double[] {0}, new double[] {empty});
  }

  /** Returns the NLL that no model can beat: the mean entropy of the weeks' distributions. */
  static double floorNll() {
    return IntStream.range(0, WEEKS)
        .mapToDouble(week -> truth(week).entropy())
        .average()
        .orElseThrow();
  }

  /** Returns features of weeks, {@code [N, 2]}: the cosine and the sine of the season. */
  static INDArray features(double... weeks) {
    float[][] features = new float[weeks.length][2];
    for (int n = 0; n < weeks.length; n++) {
      double angle = 2 * Math.PI * weeks[n] / WEEKS;
      features[n][0] = (float) Math.cos(angle);
      features[n][1] = (float) Math.sin(angle);
    }
    return Nd4j.createFromArray(features);
  }

  /** Returns the examples as DL4J takes them: features {@code [N, 2]}, labels {@code [N, 1]}. */
  DataSet toDataSet() {
    double[] asNumbers = IntStream.of(weeks).asDoubleStream().toArray();
    return new DataSet(
        features(asNumbers), Nd4j.createFromArray(demands).castTo(DataType.FLOAT).reshape(-1, 1));
  }
}
