/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * Local maxima of the density of a mixture over several targets, climbed to from every component's
 * location. A step of the mean-shift never descends:
 *
 * <pre>
 *   y ← y + Λ(y)⁻¹ ∇ log p(y),   Λ(y) = Σ r_k(y) Λ_k
 * </pre>
 *
 * <p>which for Gaussians is the fixed point y = Λ⁻¹ Σ r_k Λ_k μ_k. Newton's step is taken in its
 * place where the Hessian of log p is negative definite and it climbs higher. Source: M. Á.
 * Carreira-Perpiñán, <i>Mode-finding for mixtures of Gaussian distributions</i>, IEEE Transactions
 * on Pattern Analysis and Machine Intelligence 22 (2000).
 *
 * <p>A mixture of K Gaussians in several dimensions may have more than K modes, and a mode to which
 * no location leads is not found.
 */
final class MeanShift {
  private static final int MOST_STEPS = 2000;

  /** Distances are in units of Λ(y), standard deviations as it were. */
  private static final double ARRIVED = 1e-10;

  private static final double SAME = 1e-4;
  private static final double ASIDE = 1e-2;

  /** An eigenvalue of the Hessian, relative to Λ, that counts as 0. */
  private static final double FLAT = 1e-7;

  private final double[] logWeights; // [K]
  private final Components components;
  private final int targets;
  private final List<Point> maxima = new ArrayList<>();

  private MeanShift(double[] logWeights, Components components) {
    this.logWeights = logWeights;
    this.components = components;
    this.targets = components.targets();
  }

  /** The maxima that were found, {@code [modes][D]}, the highest first. */
  static double[][] modes(double[] logWeights, Components components) {
    MeanShift search = new MeanShift(logWeights, components);
    for (int k = 0; k < logWeights.length; k++) {
      if (Math.exp(logWeights[k]) > 0) {
        double[] start = new double[components.targets()];
        for (int d = 0; d < start.length; d++) {
          start[d] = components.location(k, d);
        }
        search.climb(start);
      }
    }
    search.maxima.sort(Comparator.comparingDouble(point -> -point.logDensity));
    return search.maxima.stream().map(point -> point.y).toArray(double[][]::new);
  }

  private void climb(double[] start) {
    Point reached = summit(start);
    if (reached.isMaximum()) {
      add(reached);
    } else { // a start that lies on a ridge's symmetry ends at a saddle: leave it to either side
      for (int side = -1; side <= 1; side += 2) {
        Point other = summit(reached.aside(side * ASIDE));
        if (other.isMaximum()) {
          add(other);
        }
      }
    }
  }

  private void add(Point reached) {
    if (maxima.stream().noneMatch(reached::isNear)) {
      maxima.add(reached);
    }
  }

  private Point summit(double[] start) {
    Point here = new Point(start);
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] shift = PositiveDefinite.solve(here.precision, here.gradient);
      if (dot(shift, here.gradient) <= ARRIVED * ARRIVED) {
        break;
      }
      Point next = new Point(plus(here.y, shift));
      double[] newton = PositiveDefinite.solve(here.negativeHessian, here.gradient);
      if (newton != null) {
        Point further = new Point(plus(here.y, newton));
        next = further.logDensity >= next.logDensity ? further : next;
      }
      if (Arrays.equals(next.y, here.y)) {
        break;
      }
      here = next;
    }
    return here;
  }

  private static double[] plus(double[] y, double[] step) {
    double[] sum = y.clone();
    for (int d = 0; d < sum.length; d++) {
      sum[d] += step[d];
    }
    return sum;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }

  /** The log density and its derivatives at one y. */
  private final class Point {
    private final double[] y;
    private final double logDensity;
    private final double[] gradient = new double[targets]; // of log p
    private final double[][] precision = new double[targets][targets]; // Λ
    private final double[][] negativeHessian = new double[targets][targets]; // of log p

    Point(double[] y) {
      this.y = y;
      double[] logJoint = new double[logWeights.length];
      Arrays.setAll(logJoint, k -> logWeights[k] + components.logDensity(k, y));
      logDensity = Mixture.logSumExp(logJoint);
      for (int k = 0; k < logJoint.length; k++) {
        double responsibility = Math.exp(logJoint[k] - logDensity);
        if (responsibility > 0) {
          double[] score = new double[targets];
          components.addGradient(k, y, 1, score);
          for (int d = 0; d < targets; d++) {
            gradient[d] += responsibility * score[d];
          }
          components.addPrecision(k, responsibility, precision);
          components.addHessian(k, y, -responsibility, negativeHessian);
          addProduct(score, -responsibility);
        }
      }
      addProduct(gradient, 1);
    }

    private void addProduct(double[] vector, double weight) {
      for (int d = 0; d < targets; d++) {
        for (int e = 0; e < targets; e++) {
          negativeHessian[d][e] += weight * vector[d] * vector[e];
        }
      }
    }

    boolean isMaximum() {
      double[][] matrix = new double[targets][targets];
      for (int d = 0; d < targets; d++) {
        for (int e = 0; e < targets; e++) {
          matrix[d][e] = negativeHessian[d][e] + FLAT * precision[d][e];
        }
      }
      return PositiveDefinite.solve(matrix, gradient) != null;
    }

    boolean isNear(Point other) {
      double[] difference = y.clone();
      for (int d = 0; d < targets; d++) {
        difference[d] -= other.y[d];
      }
      double[] scaled = new double[targets];
      Arrays.setAll(scaled, d -> dot(precision[d], difference));
      return dot(scaled, difference) < SAME * SAME;
    }

    /** A point at a distance along no axis of symmetry. */
    double[] aside(double distance) {
      double[] moved = y.clone();
      for (int d = 0; d < targets; d++) {
        moved[d] += distance / (1 + d) / Math.sqrt(precision[d][d]);
      }
      return moved;
    }
  }
}
