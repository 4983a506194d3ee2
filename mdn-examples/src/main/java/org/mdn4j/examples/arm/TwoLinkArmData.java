/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A robot's arm with two links in the plane: θ1 ~ U(0.3, 1.2), θ2 ~ U(π/2, 3π/2) put the hand to
 *
 * <pre>
 *   (0.8 cos θ1 − 0.2 cos(θ1 + θ2), 0.8 sin θ1 − 0.2 sin(θ1 + θ2))
 * </pre>
 *
 * <p>A network sees the hand, measured with Gaussian noise, and predicts the angles, for which the
 * elbow may bend to either side. Source: C. M. Bishop, <i>Mixture Density Networks</i> (1994),
 * section 5, without its noise.
 *
 * @param hands measured positions, {@code [N][2]}
 * @param angles θ1 and θ2 in radians, {@code [N][2]}
 */
record TwoLinkArmData(double[][] hands, double[][] angles) {
  static final double UPPER_LINK = 0.8;
  static final double LOWER_LINK = 0.2;

  /** The lower and upper end of θ1 and of θ2. */
  static final double[][] RANGES = {{0.3, 1.2}, {0.5 * Math.PI, 1.5 * Math.PI}};

  /**
   * Draws poses of the arm at random.
   *
   * @param noise standard deviation of the noise in each coordinate
   */
  static TwoLinkArmData draw(int points, double noise, UniformRandomProvider random) {
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    double[][] hands = new double[points][];
    double[][] angles = new double[points][];
    for (int n = 0; n < points; n++) {
      angles[n] =
          Arrays.stream(RANGES)
              .mapToDouble(range -> random.nextDouble(range[0], range[1]))
              .toArray();
      hands[n] =
          Arrays.stream(hand(angles[n])).map(value -> value + noise * gaussian.sample()).toArray();
    }
    return new TwoLinkArmData(hands, angles);
  }

  /** Returns the place where the two links meet, {@code [2]}. */
  static double[] elbow(double... angles) {
    return new double[] {UPPER_LINK * Math.cos(angles[0]), UPPER_LINK * Math.sin(angles[0])};
  }

  /** Returns the end of the second link, {@code [2]}. */
  static double[] hand(double... angles) {
    double[] elbow = elbow(angles);
    double direction = angles[0] + angles[1];
    return new double[] {
      elbow[0] - LOWER_LINK * Math.cos(direction), elbow[1] - LOWER_LINK * Math.sin(direction)
    };
  }

  /** Returns the examples as DL4J takes them: features and labels, {@code [N, 2]} each, FLOAT. */
  DataSet toDataSet() {
    return new DataSet(
        Nd4j.createFromArray(hands).castTo(DataType.FLOAT),
        Nd4j.createFromArray(angles).castTo(DataType.FLOAT));
  }
}
