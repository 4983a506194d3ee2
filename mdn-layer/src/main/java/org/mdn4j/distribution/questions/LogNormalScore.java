/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import org.mdn4j.distribution.components.DiagonalGaussians;
import org.mdn4j.distribution.components.IndependentTargets;

/**
 * CRPS of log-normal mixtures by quadrature in z = log y,
 *
 * <pre>
 *   ∫ F² exp(z) dz below the outcome + ∫ (1 − F)² exp(z) dz above it
 * </pre>
 *
 * <p>relative to the integrand's largest value on the panels' edges: most of the score may come
 * from z far above the components' locations, where exp(z) is beyond all doubles.
 */
final class LogNormalScore {
  /** Over steps below a point exp(z) falls from what it is there to nothing. */
  private static final double[] STEPS = {0, 0.5, 1, 2, 4, 8, 16, 32, 64};

  private static final double[] DEVIATIONS = {-8, -4, -2, -1, 0, 1, 2, 4, 8};

  /** Deviations below μ that leave 1e-18. */
  private static final double LOWEST = 8.7573;

  /** A probability whose square is no double with all its digits. */
  private static final double TINY = 1e-140;

  private final double[] weights; // [K]
  private final double[] logWeights; // [K]
  private final DiagonalGaussians logarithms;
  private final double outcome; // its logarithm; −∞ for what is not above 0

  private LogNormalScore(double[] weights, DiagonalGaussians logarithms, double outcome) {
    this.weights = weights;
    this.logWeights = Arrays.stream(weights).map(Math::log).toArray();
    this.logarithms = logarithms;
    this.outcome = outcome;
  }

  /**
   * Returns the score of an outcome.
   *
   * @param logarithms the components of log y
   */
  static double crps(double[] weights, DiagonalGaussians logarithms, double y) {
    double outcome = y > 0 ? Math.log(y) : Double.NEGATIVE_INFINITY;
    double above0 = new LogNormalScore(weights, logarithms, outcome).integral();
    return above0 + Math.max(0, -y);
  }

  private double integral() {
    List<Quadrature.Part> parts = Quadrature.parts(weights, logarithms, 0, furtherEdges());
    double largest = Double.NEGATIVE_INFINITY;
    for (Quadrature.Part part : parts) {
      DoubleUnaryOperator log = logIntegrand(part.stretch());
      largest = Math.max(largest, Arrays.stream(part.edges()).map(log).max().orElseThrow());
    }
    double shift = largest;
    double relative =
        Quadrature.integrateRelatively(
            parts,
            0,
            stretch -> {
              DoubleUnaryOperator log = logIntegrand(stretch);
              return (width, z) -> width * Math.exp(log.applyAsDouble(z) - shift);
            },
            Information.TOLERANCE);
    return Information.times(relative, shift);
  }

  private double[] furtherEdges() {
    DoubleStream.Builder edges = DoubleStream.builder();
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double location = logarithms.location(k, 0);
        double scale = logarithms.scale(k, 0);
        for (double step : STEPS) {
          edges.add(location - LOWEST * scale - step);
        }
        for (double u : DEVIATIONS) { // (1 − F)² exp(z) is largest σ²/2 above μ
          edges.add(location + 0.5 * scale * scale + u * scale);
          edges.add(location + 0.5 * u * scale); // halves of the panels
        }
      }
    }
    for (double step : STEPS) {
      edges.add(outcome - step);
    }
    return edges.build().filter(Double::isFinite).toArray();
  }

  /** Returns log of the squared miss times exp(z), by offsets of a stretch. */
  private DoubleUnaryOperator logIntegrand(Stretch stretch) {
    IndependentTargets seen = stretch.components();
    Tails tails = new Tails(weights, seen);
    return z -> {
      boolean below = z < outcome - stretch.anchor();
      double miss = below ? tails.cdf(z) : tails.survival(z);
      double log = miss > TINY ? Math.log(miss) : logMiss(seen, z, below);
      return 2 * log + z + stretch.anchor();
    };
  }

  private double logMiss(IndependentTargets seen, double z, boolean below) {
    return below ? Tails.logCdf(logWeights, seen, z) : Tails.logSurvival(logWeights, seen, z);
  }
}
