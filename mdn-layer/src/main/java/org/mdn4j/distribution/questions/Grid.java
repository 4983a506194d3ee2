/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.numerics.Doubles;

/**
 * Local maxima of the density of a mixture of Laplace components over several targets. Along each
 * target the density is convex between two neighbouring locations of components, so that every
 * maximum lies on the grid of their coordinates. A point of it is one where the density falls both
 * ways along every target: its slope in any direction is a sum of those.
 *
 * <p>A grid of up to a million points is gone through whole. Of a larger one, those maxima are
 * found to which steps along the grid lead from the components' locations.
 */
final class Grid {
  /** Exponentials that are asked for, at most, to go through a grid. */
  private static final double MOST_EXPONENTIALS = 1.6e7;

  private static final double MOST_POINTS = 1e6;

  /** A slope that rounding may have made, relative to the terms it is the sum of. */
  private static final double ROUNDING = 1e-13;

  private final int targets;
  private final int count; // of the components that have a share in the mixture
  private final double[] logWeights; // [count], with the constants of the densities
  private final double[][] coordinates; // [D][…], the components' locations, ascending
  private final int[][] places; // [D][count], theirs among the coordinates
  private final double[][][] distances; // [D][…][count], −|u| at a coordinate
  private final double[][] logScales; // [D][count]

  private Grid(double[] logWeights, IndependentTargets components) {
    int[] shares =
        IntStream.range(0, logWeights.length).filter(k -> Math.exp(logWeights[k]) > 0).toArray();
    this.targets = components.targets();
    this.count = shares.length;
    this.logWeights = Arrays.stream(shares).mapToDouble(k -> logWeights[k]).toArray();
    this.coordinates = new double[targets][];
    this.places = new int[targets][count];
    this.distances = new double[targets][][];
    this.logScales = new double[targets][count];
    for (int target = 0; target < targets; target++) {
      int d = target;
      double[] ascending =
          Arrays.stream(shares)
              .mapToDouble(k -> components.location(k, d))
              .sorted()
              .distinct()
              .toArray();
      coordinates[d] = ascending;
      distances[d] = new double[ascending.length][count];
      for (int i = 0; i < count; i++) {
        int place = components.place(shares[i], d);
        places[d][i] = Arrays.binarySearch(ascending, components.location(shares[i], d));
        logScales[d][i] = components.logScale(place);
        this.logWeights[i] -= logScales[d][i] + Math.log(2);
        for (int c = 0; c < ascending.length; c++) {
          distances[d][c][i] =
              -Math.abs(
                  IndependentTargets.over(
                      ascending[c],
                      components.location(shares[i], d),
                      components.scale(shares[i], d)));
        }
      }
    }
  }

  /** Returns the maxima, the highest first. */
  static List<Peak> peaks(double[] logWeights, IndependentTargets components) {
    Grid grid = new Grid(logWeights, components);
    double points =
        Arrays.stream(grid.coordinates).mapToDouble(all -> all.length).reduce(1, (a, b) -> a * b);
    List<int[]> maxima =
        points <= MOST_POINTS && points * grid.count <= MOST_EXPONENTIALS
            ? grid.all()
            : grid.climbed();
    return maxima.stream().map(grid::peak).sorted(Peak.HIGHEST_FIRST).toList();
  }

  private Peak peak(int[] point) {
    double[] y = new double[targets];
    Arrays.setAll(y, d -> coordinates[d][point[d]]);
    return new Peak(y, Doubles.logSumExp(logJoint(point)));
  }

  private double[] logJoint(int[] point) {
    double[] logJoint = logWeights.clone();
    for (int d = 0; d < targets; d++) {
      add(distances[d][point[d]], logJoint);
    }
    return logJoint;
  }

  private static void add(double[] terms, double[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += terms[i];
    }
  }

  /** Returns all maxima of the grid. */
  private List<int[]> all() {
    List<int[]> maxima = new ArrayList<>();
    int[] point = new int[targets];
    boolean more = true;
    while (more) {
      if (isMaximum(point)) {
        maxima.add(point.clone());
      }
      int d = 0;
      while (d < targets && ++point[d] == coordinates[d].length) {
        point[d++] = 0;
      }
      more = d < targets;
    }
    return maxima;
  }

  private boolean isMaximum(int[] point) {
    double[] logJoint = logJoint(point);
    for (int d = 0; d < targets; d++) {
      if (rises(logJoint, point, d, -1) || rises(logJoint, point, d, 1)) {
        return false;
      }
    }
    return true;
  }

  /** Returns the maxima to which steps lead from the components' locations. */
  private List<int[]> climbed() {
    List<int[]> maxima = new ArrayList<>();
    for (int start = 0; start < count; start++) {
      int i = start;
      int[] point = IntStream.range(0, targets).map(d -> places[d][i]).toArray();
      if (climb(point) && maxima.stream().noneMatch(known -> Arrays.equals(known, point))) {
        maxima.add(point);
      }
    }
    return maxima;
  }

  /**
   * Moves a point, each time to where the density is higher; false if it was not at the top yet.
   */
  private boolean climb(int[] point) {
    int stepsLeft = (int) (MOST_EXPONENTIALS / count / count);
    boolean moved = true;
    while (moved) {
      moved = false;
      for (int d = 0; d < targets; d++) {
        for (int side = -1; side <= 1; side += 2) {
          while (stepsLeft-- > 0 && rises(logJoint(point), point, d, side)) {
            point[d] += side;
            moved = true;
          }
        }
      }
    }
    return stepsLeft > 0;
  }

  /** Returns whether the density rises along a target towards a side. */
  private boolean rises(double[] logJoint, int[] point, int d, int side) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, logJoint[i] - logScales[d][i]);
    }
    double slope = 0;
    double size = 0;
    for (int i = 0; i < count; i++) {
      double steepness = Math.exp(logJoint[i] - logScales[d][i] - max);
      slope += side * (places[d][i] - point[d]) > 0 ? steepness : -steepness;
      size += steepness;
    }
    return slope > ROUNDING * size;
  }
}
