/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Local maxima of the density of a mixture of Laplace components over several targets. Along each
 * target the density is convex between two neighbouring locations of components, so that every
 * maximum lies on the grid of their coordinates, and a point of it is one where the density falls
 * both ways along every target. From each component's location it is climbed to along the grid.
 */
final class GridAscent {
  /** A slope that rounding may have made, relative to the terms it is the sum of. */
  private static final double ROUNDING = 1e-13;

  private final double[] logWeights; // [K]
  private final Components components;
  private final int[] shares; // the components that have a share in the mixture

  private GridAscent(double[] logWeights, Components components) {
    this.logWeights = logWeights;
    this.components = components;
    this.shares =
        IntStream.range(0, logWeights.length).filter(k -> Math.exp(logWeights[k]) > 0).toArray();
  }

  /** The maxima that were found, {@code [modes][D]}, the highest first. */
  static double[][] modes(double[] logWeights, Components components) {
    GridAscent search = new GridAscent(logWeights, components);
    List<double[]> maxima = new ArrayList<>();
    for (int k : search.shares) {
      double[] mode = search.climb(k);
      if (maxima.stream().noneMatch(known -> Arrays.equals(known, mode))) {
        maxima.add(mode);
      }
    }
    maxima.sort(Comparator.comparingDouble(mode -> -Mixture.logSumExp(search.logJoint(mode))));
    return maxima.toArray(double[][]::new);
  }

  private double[] climb(int k) {
    double[] y = new double[components.targets()];
    Arrays.setAll(y, d -> components.location(k, d));
    boolean moved = true;
    while (moved) { // each time the density rises, and the grid is finite
      moved = false;
      for (int d = 0; d < y.length; d++) {
        for (int side = -1; side <= 1; side += 2) {
          while (rises(y, d, side)) {
            y[d] = neighbour(y[d], d, side);
            moved = true;
          }
        }
      }
    }
    return y;
  }

  private double[] logJoint(double[] y) {
    return Arrays.stream(shares)
        .mapToDouble(k -> logWeights[k] + components.logDensity(k, y))
        .toArray();
  }

  /** Whether the density rises along a target towards a side. */
  private boolean rises(double[] y, int d, int side) {
    double[] logJoint = logJoint(y);
    double max = Arrays.stream(logJoint).max().orElseThrow();
    double slope = 0;
    double size = 0;
    for (int i = 0; i < shares.length; i++) {
      double steepness = Math.exp(logJoint[i] - max) / components.scale(shares[i], d);
      slope += side * (components.location(shares[i], d) - y[d]) > 0 ? steepness : -steepness;
      size += steepness;
    }
    return slope > ROUNDING * size;
  }

  /** The next location of a component towards a side; there is one where the density rises. */
  private double neighbour(double y, int d, int side) {
    return side
        * Arrays.stream(shares)
            .mapToDouble(k -> side * components.location(k, d))
            .filter(location -> location > side * y)
            .min()
            .orElseThrow();
  }
}
