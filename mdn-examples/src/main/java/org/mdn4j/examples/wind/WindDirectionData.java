/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.wind;

import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.Panels;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Made-up wind: a direction θ in radians, clockwise from north, given a pressure gradient g ~ U(−1,
 * 1), in one of two regimes that cross in the south, where the angle jumps from π to −π:
 *
 * <pre>
 *   p(θ | g) = w M(θ; π + 0.7 g, 40) + (1 − w) M(θ; π − 0.7 g, 10),   w = 0.5 + 0.3 g
 * </pre>
 *
 * <p>with von Mises' density M(θ; μ, κ) = exp(κ cos(θ − μ)) / (2π I₀(κ)).
 *
 * @param gradients g, {@code [N]}
 * @param directions θ in [−π, π), {@code [N]}
 */
record WindDirectionData(double[] gradients, double[] directions) {

  /** Draws wind directions at random. */
  static WindDirectionData draw(int points, UniformRandomProvider random) {
    double[] gradients =
        IntStream.range(0, points).mapToDouble(i -> random.nextDouble(-1, 1)).toArray();
    double[] directions = new double[points];
    for (int n = 0; n < points; n++) {
      directions[n] = truth(gradients[n]).sample(1, random)[0][0];
    }
    return new WindDirectionData(gradients, directions);
  }

  /** Returns the true conditional density p(θ | g). */
  static Mixture truth(double gradient) {
    double weight = 0.5 + 0.3 * gradient;
    return Mixture.of(
        ComponentFamily.VON_MISES,
        new double[] {weight, 1 - weight},
        new double[][] {{Math.PI + 0.7 * gradient}, {Math.PI - 0.7 * gradient}},
        new double[][] {{40}, {10}});
  }

  /**
   * Returns the NLL that no model can beat: the mean over g of the entropy of p(θ | g), by Gauss
   * and Legendre's rule.
   *
   * @param panel width of its panels
   * @return the floor in nats
   */
  static double floorNll(double panel) {
    Panels rule = Panels.of(-1, 1, panel);
    return IntStream.range(0, rule.size())
        .mapToDouble(i -> 0.5 * rule.weights()[i] * truth(rule.nodes()[i]).entropy())
        .sum();
  }

  /** Returns the examples as DL4J takes them: features and labels, {@code [N, 1]} each, FLOAT. */
  DataSet toDataSet() {
    return new DataSet(
        Nd4j.createFromArray(gradients).castTo(DataType.FLOAT).reshape(-1, 1),
        Nd4j.createFromArray(directions).castTo(DataType.FLOAT).reshape(-1, 1));
  }
}
