/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.numerics.Doubles;

/**
 * Local maxima of the density of a mixture over several targets, climbed to from every component's
 * location. A step of the mean-shift never descends:
 *
 * <pre>
 *   y ← y + Λ(y)⁻¹ ∇ log p(y),   Λ(y) = Σ r_k(y) Λ_k
 * </pre>
 *
 * <p>which for Gaussians is the fixed point y = Λ⁻¹ Σ r_k Λ_k μ_k; for others Λ_k is that of a
 * parabola that lies below log N_k and touches it at y. Newton's step is taken in its place where
 * the Hessian of log p is negative definite and it climbs higher. Source: M. Á. Carreira-Perpiñán,
 * <i>Mode-finding for mixtures of Gaussian distributions</i>, IEEE Transactions on Pattern Analysis
 * and Machine Intelligence 22 (2000).
 *
 * <p>A mixture of K components in several dimensions may have more than K modes, and a mode to
 * which no location leads is not found.
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
  private final Components all;
  private final boolean anchored; // each climb is seen from where it starts
  private final int targets;
  private final List<Point> maxima = new ArrayList<>();
  private Point highest; // that was reached

  private MeanShift(double[] logWeights, Components components) {
    this.logWeights = logWeights;
    this.all = components;
    this.anchored = components.needAnchors(logWeights);
    this.targets = components.targets();
  }

  /** Returns the maxima that were found, the highest first. */
  static List<Peak> peaks(double[] logWeights, Components components) {
    MeanShift search = new MeanShift(logWeights, components);
    for (int k = 0; k < logWeights.length; k++) {
      if (Math.exp(logWeights[k]) > 0) {
        double[] start = new double[components.targets()];
        for (int d = 0; d < start.length; d++) {
          start[d] = components.center(k, d);
        }
        search.climb(search.anchored ? search.new View(start) : search.new View(), start);
      }
    }
    if (search.maxima.stream().noneMatch(search::isHighest)) { // none could be verified up there
      search.maxima.add(search.highest);
    }
    return search.maxima.stream().map(Point::peak).sorted(Peak.HIGHEST_FIRST).toList();
  }

  private boolean isHighest(Point maximum) {
    double slack = SAME * SAME * Math.max(1, Math.abs(highest.logDensity));
    return maximum.logDensity >= highest.logDensity - slack;
  }

  private void climb(View view, double[] start) {
    Point reached = summit(new Point(view, view.offset(start)));
    if (reached.isMaximum()) {
      add(reached);
    } else { // a start that lies on a ridge's symmetry ends at a saddle: leave it to either side
      for (int side = -1; side <= 1; side += 2) {
        Point other = summit(new Point(view, reached.aside(side * ASIDE)));
        if (other.isMaximum()) {
          add(other);
        }
      }
    }
  }

  /**
   * Adds a point: of those that are the same, the one that is seen from nearest has the most
   * digits.
   */
  private void add(Point reached) {
    int known =
        IntStream.range(0, maxima.size())
            .filter(m -> reached.isNear(maxima.get(m)))
            .findFirst()
            .orElse(-1);
    if (known < 0) {
      maxima.add(reached);
    } else if (reached.distance() < maxima.get(known).distance()) {
      maxima.set(known, reached);
    }
  }

  private Point summit(Point start) {
    Point here = climbed(start);
    boolean higher = highest == null || here.logDensity > highest.logDensity;
    highest = higher || Double.isNaN(highest.logDensity) ? here : highest;
    return here;
  }

  private Point climbed(Point start) {
    Point here = start;
    for (int step = 0; step < MOST_STEPS; step++) {
      double[] shift = PositiveDefinite.solve(here.precision, here.gradient);
      if (shift == null || !(dot(shift, here.gradient) > ARRIVED * ARRIVED)) {
        break;
      }
      Point next = here.moved(shift);
      double[] newton = PositiveDefinite.solve(here.negativeHessian, here.gradient);
      if (newton != null) {
        Point further = here.moved(newton);
        next = further.logDensity >= next.logDensity ? further : next;
      }
      if (Arrays.equals(next.y, here.y) || Double.isNaN(next.logDensity)) {
        break;
      }
      here = next;
    }
    return here;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int d = 0; d < a.length; d++) {
      sum += a[d] * b[d];
    }
    return sum;
  }

  /** What a climb sees: the components less an anchor, so that near it no digits are lost. */
  private final class View {
    private final double[] anchor;
    private final Components components;

    View() {
      anchor = new double[targets];
      components = all;
    }

    View(double[] anchor) {
      this.anchor = anchor;
      this.components = all.seenFrom(anchor);
    }

    double[] offset(double[] y) {
      double[] offset = new double[targets];
      Arrays.setAll(offset, d -> y[d] - anchor[d]);
      return offset;
    }
  }

  /** The log density and its derivatives at one y, per unit of each target. */
  private final class Point {
    private final View view;
    private final double[] y; // less the anchor
    private final double logDensity;
    private final double[] unit = new double[targets]; // 1, or such that Λ_dd is
    private final double[] gradient = new double[targets]; // of log p
    private final double[][] precision = new double[targets][targets]; // Λ
    private final double[][] negativeHessian = new double[targets][targets]; // of log p

    Point(View view, double[] y) {
      this.view = view;
      this.y = y;
      Components components = view.components;
      double[] shares = new double[logWeights.length];
      Arrays.setAll(shares, k -> logWeights[k] + components.logDensity(k, y));
      logDensity = Doubles.logSumExp(shares);
      Arrays.setAll(shares, k -> Math.exp(shares[k] - logDensity));
      Arrays.setAll(unit, d -> anchored ? unit(shares, d) : 1);
      for (int k = 0; k < shares.length; k++) {
        double responsibility = shares[k];
        if (responsibility > 0) {
          double[] score = new double[targets];
          components.addGradient(k, y, 1, unit, score);
          for (int d = 0; d < targets; d++) {
            gradient[d] += responsibility * score[d];
          }
          components.addPrecision(k, y, responsibility, unit, precision);
          components.addHessian(k, y, -responsibility, unit, negativeHessian);
          addProduct(score, -responsibility);
        }
      }
      addProduct(gradient, 1);
    }

    /** Returns 1/√Λ_dd = 1/√(Σ r_k/length_k²), without squares of very small or large numbers. */
    private double unit(double[] shares, int d) {
      double[] lengths = new double[shares.length];
      Arrays.setAll(
          lengths,
          k ->
              shares[k] > 0
                  ? view.components.length(k, d, y) / Math.sqrt(shares[k])
                  : Double.POSITIVE_INFINITY);
      double least = Math.max(Double.MIN_VALUE, Arrays.stream(lengths).min().orElseThrow());
      double sum = 0;
      for (double length : lengths) {
        sum += (least / length) * (least / length);
      }
      return least <= Double.MAX_VALUE ? least / Math.sqrt(Math.max(1, sum)) : 1;
    }

    private void addProduct(double[] vector, double weight) {
      for (int d = 0; d < targets; d++) {
        for (int e = 0; e < targets; e++) {
          negativeHessian[d][e] += weight * vector[d] * vector[e];
        }
      }
    }

    Point moved(double[] step) {
      double[] moved = y.clone();
      for (int d = 0; d < targets; d++) {
        moved[d] += step[d] * unit[d];
      }
      return new Point(view, moved);
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
      double[] difference = new double[targets];
      Arrays.setAll(
          difference,
          d ->
              all.difference((view.anchor[d] - other.view.anchor[d]) + (y[d] - other.y[d]), 0)
                  / unit[d]);
      double[] scaled = new double[targets];
      Arrays.setAll(scaled, d -> dot(precision[d], difference));
      return dot(scaled, difference) < SAME * SAME;
    }

    /** Returns how far it is from where it is seen, in units; 0 where all are seen from 0. */
    double distance() {
      double sum = 0;
      for (int d = 0; d < targets; d++) {
        sum += anchored ? Math.abs(y[d]) / unit[d] : 0;
      }
      return sum;
    }

    /** Returns a point at a distance along no axis of symmetry. */
    double[] aside(double distance) {
      double[] moved = y.clone();
      for (int d = 0; d < targets; d++) {
        moved[d] += distance / (1 + d) / Math.sqrt(precision[d][d]) * unit[d];
      }
      return moved;
    }

    Peak peak() {
      double[] absolute = new double[targets];
      Arrays.setAll(absolute, d -> view.anchor[d] + y[d]);
      return new Peak(absolute, logDensity);
    }
  }
}
