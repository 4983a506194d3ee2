/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The inverted sine: t ~ U(−10.5, 10.5), s = 7 sin(0.75 t) + 0.5 t + N(0, 1). A network sees s and
 * predicts t, of which up to five values are right.
 *
 * @param s inputs, {@code [N]}
 * @param t targets, {@code [N]}
 */
public record InvertedSineData(double[] s, double[] t) {
  static final double LIMIT = 10.5;

  /**
   * Draws points of the inverted sine at random.
   *
   * @param points how many
   * @param random source of randomness
   * @return the examples
   */
  public static InvertedSineData draw(int points, UniformRandomProvider random) {
    ZigguratSampler.NormalizedGaussian noise = ZigguratSampler.NormalizedGaussian.of(random);
    double[] s = new double[points];
    double[] t = new double[points];
    for (int i = 0; i < points; i++) {
      t[i] = random.nextDouble(-LIMIT, LIMIT);
      s[i] = curve(t[i]) + noise.sample();
    }
    return new InvertedSineData(s, t);
  }

  /**
   * Returns the examples as DL4J takes them.
   *
   * @return features and labels, {@code [N, 1]} each, FLOAT
   */
  public DataSet toDataSet() {
    return new DataSet(
        Nd4j.createFromArray(s).castTo(DataType.FLOAT).reshape(-1, 1),
        Nd4j.createFromArray(t).castTo(DataType.FLOAT).reshape(-1, 1));
  }

  /**
   * Returns the NLL that no model can beat: H(T | S) = H(T) + H(noise) − H(S), with H(S) by the
   * midpoint rule.
   *
   * @return the floor in nats, 1.2880
   */
  public static double floorNll() {
    int cells = 1000;
    double reach = 24; // |s| ≤ 7 + 5.25 + 11 standard deviations of the noise
    double[] curve =
        IntStream.range(0, cells)
            .mapToDouble(i -> curve(-LIMIT + 2 * LIMIT * (i + 0.5) / cells))
            .toArray();
    double entropy = 0;
    for (int i = 0; i < cells; i++) {
      double s = -reach + 2 * reach * (i + 0.5) / cells;
      double density = 0;
      for (double center : curve) {
        density += Math.exp(-0.5 * (s - center) * (s - center));
      }
      density /= cells * Math.sqrt(2 * Math.PI);
      entropy -= density > 0 ? density * Math.log(density) * 2 * reach / cells : 0;
    }
    return Math.log(2 * LIMIT) + 0.5 * Math.log(2 * Math.PI * Math.E) - entropy;
  }

  static double curve(double t) {
    return 7 * Math.sin(0.75 * t) + 0.5 * t;
  }
}
