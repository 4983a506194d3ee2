/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.rain;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.Panels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Made-up readings of a rain gauge, in mm a day, given the day d = 0 … 364 of the year, with the
 * angle a = 2π d/365. A day is dry, or one of drizzle or of storms, log-normal (LN) with a location
 * and a scale each:
 *
 * <pre>
 *   P(y | d) = q 1{y = 0} + (1 − q) (1 − b) LN(y; m₁, 0.8) + (1 − q) b LN(y; m₂, 0.6)
 *   q = 0.5 + 0.2 cos a,  b = 0.35 + 0.2 sin a,  m₁ = 0.7 − 0.4 cos a,  m₂ = 4.1 + 0.3 sin a
 * </pre>
 *
 * <p>The gauge shows 0 for less than 0.05 mm and overflows at 100 mm: of such a day, some one in
 * twenty, it is only known that more fell.
 *
 * @param days d, {@code [N]}
 * @param readings y, {@code [N]}, from 0 to 100
 */
record RainData(int[] days, double[] readings) {
  static final int DAYS = 365;
  static final double LEAST = 0.05;
  static final double MOST = 100;

  /** Draws readings of days at random. */
  static RainData draw(int points, UniformRandomProvider random) {
    int[] days = IntStream.range(0, points).map(i -> random.nextInt(DAYS)).toArray();
    double[] readings = new double[points];
    for (int n = 0; n < points; n++) {
      double rain = truth(days[n]).sample(1, random)[0][0];
      readings[n] = rain < LEAST ? 0 : Math.min(rain, MOST);
    }
    return new RainData(days, readings);
  }

  /** Returns the true distribution of a day's rain. */
  static Mixture truth(double day) {
    double angle = 2 * Math.PI * day / DAYS;
    double dry = 0.5 + 0.2 * Math.cos(angle);
    double storms = 0.35 + 0.2 * Math.sin(angle);
    return Mixture.of(
            ComponentFamily.LOG_NORMAL,
            new double[] {1 - storms, storms},
            new double[][] {
              {0.7 - 0.4 * Math.cos(angle)}, {4.1 + 0.3 * Math.sin(angle)},
            },
            new double[][] {{0.8}, {0.6}})
        .withAtoms(new double[] {0}, new double[] {dry});
  }

  /** Returns the true distribution of each day. */
  static Mixture[] truths() {
    return IntStream.range(0, DAYS).mapToObj(RainData::truth).toArray(Mixture[]::new);
  }

  /**
   * Returns −log of what a distribution of a day's rain gives to a reading: the probability of at
   * most 0.05 mm to a dry day, of 100 mm or more to an overflow, and the density, per mm, of other
   * readings.
   *
   * @param rain what may also be below 0, as of Gaussians: that, too, is a dry day
   */
  static double nll(Mixture rain, double reading) {
    if (reading == 0) {
      return -rain.logCdf(LEAST);
    }
    return reading == MOST ? -rain.logSurvival(MOST) : -rain.logDensity(reading);
  }

  /**
   * Returns the NLL that no model can beat,
   *
   * <pre>
   *   −(1/365) Σ_d ( F log F at 0.05 + S log S at 100 + ∫ f log f dy from 0.05 to 100 )
   * </pre>
   *
   * @param panel width of the panels of Gauss and Legendre's rule, in log y
   * @return the floor in nats
   */
  static double floorNll(double panel) {
    Panels logs = Panels.of(Math.log(LEAST), Math.log(MOST), panel);
    return IntStream.range(0, DAYS)
        .mapToDouble(
            day -> {
              Mixture rain = truth(day);
              double sum = entropy(rain.logCdf(LEAST)) + entropy(rain.logSurvival(MOST));
              for (int i = 0; i < logs.size(); i++) {
                double y = Math.exp(logs.nodes()[i]);
                sum += logs.weights()[i] * y * entropy(rain.logDensity(y));
              }
              return sum;
            })
        .average()
        .orElseThrow();
  }

  private static double entropy(double log) {
    return -Math.exp(log) * log;
  }

  /** Returns features of days, {@code [N, 2]}: the cosine and the sine of the season. */
  static INDArray features(int... days) {
    float[][] features = new float[days.length][2];
    for (int n = 0; n < days.length; n++) {
      double angle = 2 * Math.PI * days[n] / DAYS;
      features[n][0] = (float) Math.cos(angle);
      features[n][1] = (float) Math.sin(angle);
    }
    return Nd4j.createFromArray(features);
  }

  /** Returns the examples with readings as they are shown: labels {@code [N, 1]}, FLOAT. */
  DataSet asNumbers() {
    return new DataSet(
        features(days), Nd4j.createFromArray(readings).castTo(DataType.FLOAT).reshape(-1, 1));
  }

  /** Returns the examples with what is known: labels {@code [N, 2]}, the ends of intervals. */
  DataSet asKnown() {
    float[][] ends = new float[readings.length][];
    for (int n = 0; n < readings.length; n++) {
      float reading = (float) readings[n];
      ends[n] = new float[] {reading, reading == MOST ? Float.POSITIVE_INFINITY : reading};
    }
    return new DataSet(features(days), Nd4j.createFromArray(ends));
  }

  /** Returns the share of the readings that are a value. */
  double share(double value) {
    int count = 0;
    for (double reading : readings) {
      count += reading == value ? 1 : 0;
    }
    return (double) count / readings.length;
  }

  /** Returns the first examples, all if there are fewer. */
  RainData first(int points) {
    int count = Math.min(points, days.length);
    return new RainData(Arrays.copyOf(days, count), Arrays.copyOf(readings, count));
  }
}
