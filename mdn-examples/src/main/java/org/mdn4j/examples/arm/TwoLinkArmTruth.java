/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import static org.mdn4j.examples.arm.TwoLinkArmData.RANGES;

import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Panels;

/**
 * The true density of the two-link arm's angles given the measured hand x,
 *
 * <pre>
 *   p(θ | x) = N(x; hand(θ), σ² I) / (A p(x)),   p(x) = ∫ N(x; hand(θ), σ² I) dθ / A
 * </pre>
 *
 * <p>where A is the area of the angles' rectangle; by Gauss and Legendre's rule on panels over
 * which the hand moves by no more than 2σ.
 */
final class TwoLinkArmTruth {
  private static final double AREA = (RANGES[0][1] - RANGES[0][0]) * (RANGES[1][1] - RANGES[1][0]);
  private static final double REACH = 9; // standard deviations; 1e-18 of the mass lies beyond

  private final double noise;
  private final int resolution;
  private final double[][] hands; // [nodes][2]
  private final double[] masses; // [nodes], sums to 1

  TwoLinkArmTruth(double noise) {
    this(noise, 1);
  }

  /**
   * Creates the truth with a rule of the given fineness.
   *
   * @param resolution by how much the panels, and the cells of the floor's grid, are narrower
   */
  TwoLinkArmTruth(double noise, int resolution) {
    this.noise = noise;
    this.resolution = resolution;
    double panel = 2 * noise / resolution;
    Panels first = Panels.of(RANGES[0][0], RANGES[0][1], panel); // the hand moves by at most dθ1
    Panels second = Panels.of(RANGES[1][0], RANGES[1][1], panel / TwoLinkArmData.LOWER_LINK);
    hands = new double[first.size() * second.size()][];
    masses = new double[hands.length];
    for (int i = 0; i < hands.length; i++) {
      int row = i / second.size();
      int column = i % second.size();
      hands[i] = TwoLinkArmData.hand(first.nodes()[row], second.nodes()[column]);
      masses[i] = first.weights()[row] * second.weights()[column] / AREA;
    }
  }

  private double noiseDensity(double[] hand, double[] from) {
    double distance = Math.hypot(hand[0] - from[0], hand[1] - from[1]) / noise;
    return Math.exp(-0.5 * distance * distance) / (2 * Math.PI * noise * noise);
  }

  /**
   * Returns the density at one measured hand.
   *
   * @param hand {@code [2]}
   * @return p(θ | x) as a function of θ1 and θ2
   */
  DoubleBinaryOperator density(double[] hand) {
    double evidence =
        IntStream.range(0, hands.length)
            .mapToDouble(i -> masses[i] * noiseDensity(hand, hands[i]))
            .sum();
    return (first, second) -> {
      boolean possible =
          RANGES[0][0] <= first
              && first <= RANGES[0][1]
              && RANGES[1][0] <= second
              && second <= RANGES[1][1];
      return possible
          ? noiseDensity(hand, TwoLinkArmData.hand(first, second)) / (AREA * evidence)
          : 0;
    };
  }

  /**
   * Returns the NLL that no model can beat: H(θ | X) = H(θ) + H(noise) − H(X). H(X) is summed over
   * a grid of half a standard deviation, onto which every node spreads its mass.
   *
   * @return the floor in nats
   */
  double floorNll() {
    double step = 0.5 * noise / resolution;
    Axis xs = axis(0, step);
    Axis ys = axis(1, step);
    double[][] density = new double[xs.cells()][ys.cells()];
    for (int i = 0; i < hands.length; i++) {
      double[] alongX = xs.spread(hands[i][0], noise);
      double[] alongY = ys.spread(hands[i][1], noise);
      int firstX = xs.first(hands[i][0]);
      int firstY = ys.first(hands[i][1]);
      for (int x = 0; x < alongX.length; x++) {
        double mass = masses[i] * alongX[x];
        for (int y = 0; y < alongY.length; y++) {
          density[firstX + x][firstY + y] += mass * alongY[y];
        }
      }
    }
    double entropy =
        -Arrays.stream(density)
                .flatMapToDouble(Arrays::stream)
                .map(value -> value > 0 ? value * Math.log(value) : 0)
                .sum()
            * step
            * step;
    return Math.log(AREA) + Math.log(2 * Math.PI * Math.E * noise * noise) - entropy;
  }

  private Axis axis(int coordinate, double step) {
    double[] ends = Arrays.stream(hands).mapToDouble(hand -> hand[coordinate]).sorted().toArray();
    int reach = (int) Math.ceil(REACH * noise / step);
    int cells = (int) Math.ceil((ends[ends.length - 1] - ends[0]) / step) + 2 * reach + 2;
    return new Axis(ends[0] - reach * step, step, reach, cells);
  }

  /** Equally spaced values of one coordinate, and a normal density on those of them in reach. */
  private record Axis(double origin, double step, int reach, int cells) {
    int first(double center) {
      return (int) Math.floor((center - origin) / step) - reach;
    }

    double[] spread(double center, double noise) {
      double[] density = new double[2 * reach + 2];
      for (int i = 0; i < density.length; i++) {
        double u = (origin + (first(center) + i) * step - center) / noise;
        density[i] = Math.exp(-0.5 * u * u) / (Math.sqrt(2 * Math.PI) * noise);
      }
      return density;
    }
  }
}
