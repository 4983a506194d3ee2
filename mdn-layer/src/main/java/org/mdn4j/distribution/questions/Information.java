/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.IndependentTargets;

/** Entropies of mixtures and divergences of two components by quadrature, in nats. */
final class Information {
  /** Of each panel's integral; some hundreds of panels then stay within 1e-9. */
  static final double TOLERANCE = 1e-12;

  private static final double LARGEST = Math.log(Double.MAX_VALUE);

  private Information() {}

  /** Returns Kullback and Leibler's divergence of the first of two components from the second. */
  static double divergence(IndependentTargets pair) {
    return Quadrature.integrateRelatively(
        parts(pair),
        1,
        stretch -> {
          IndependentTargets seen = stretch.components();
          return (width, y) -> divergence(width, seen.logDensity(0, y), seen.logDensity(1, y));
        },
        TOLERANCE);
  }

  /**
   * Returns width · (f log(f/g) + g − f), where g − f integrates to 0, so that no value is
   * negative.
   */
  private static double divergence(double width, double log, double otherLog) {
    double ratio = otherLog - log;
    double density = times(width, log);
    if (!(density > 0)) {
      return times(width, otherLog);
    }
    double excess =
        Math.abs(ratio) < 1 ? density * Math.expm1(ratio) : times(width, otherLog) - density;
    return excess - density * ratio;
  }

  /** Returns Bhattacharyya's distance of two components. */
  static double bhattacharyya(IndependentTargets pair) {
    List<Quadrature.Part> parts = parts(pair);
    double max = Double.NEGATIVE_INFINITY; // so that nothing underflows
    for (Quadrature.Part part : parts) {
      for (double edge : part.edges()) {
        max = Math.max(max, logRoot(part.stretch().components(), edge));
      }
    }
    if (max == Double.NEGATIVE_INFINITY) {
      return Double.POSITIVE_INFINITY;
    }
    double shift = max;
    double overlap =
        Quadrature.integrateRelatively(
            parts,
            0,
            stretch -> (width, y) -> times(width, logRoot(stretch.components(), y) - shift),
            TOLERANCE);
    return -max - Math.log(overlap);
  }

  /** Returns log √(f g). */
  private static double logRoot(IndependentTargets pair, double y) {
    return 0.5 * pair.logDensity(0, y) + 0.5 * pair.logDensity(1, y);
  }

  private static List<Quadrature.Part> parts(IndependentTargets pair) {
    double apart = Math.abs(pair.location(0, 0) - pair.location(1, 0));
    double reach = Math.max(apart, 16 * Math.max(pair.scale(0, 0), pair.scale(1, 0)));
    return Quadrature.parts(new double[] {1, 1}, pair, reach);
  }

  /** Returns width · exp(log), also where the exponential is beyond all doubles. */
  static double times(double width, double log) {
    return log < LARGEST ? width * Math.exp(log) : Math.exp(log + Math.log(width));
  }

  /** Returns H(Y) = H(Y | k) + H(k) − H(k | Y), of which only the last needs an integral; D = 1. */
  static double entropy(double[] logWeights, IndependentTargets components) {
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    double[] logJoint = new double[weights.length];
    double overlap =
        Quadrature.integrate(
            Quadrature.parts(weights, components, 0),
            stretch -> {
              IndependentTargets seen = stretch.components();
              return (width, y) -> {
                Arrays.setAll(logJoint, k -> logWeights[k] + seen.logDensity(k, y));
                return densityTimesEntropy(width, logJoint);
              };
            },
            TOLERANCE);
    return average(weights, k -> components.entropy(k) - logWeights[k]) - overlap;
  }

  /**
   * Returns −width Σ_k p r_k log r_k, from log(p r_k): a sum of terms none of which is negative.
   */
  static double densityTimesEntropy(double width, double[] logJoint) {
    double max = Arrays.stream(logJoint).max().orElseThrow();
    double density = 0; // relative to exp(max)
    double sum = 0;
    for (double joint : logJoint) {
      double relative = Math.exp(joint - max);
      if (relative > 0) { // also false for NaN, where there is no density at all
        density += relative;
        sum -= relative * (joint - max);
      }
    }
    return density > 0 ? times(width, max) * (sum + density * Math.log(density)) : 0;
  }

  /** Returns Σ_k π_k value_k over the components that have weight. */
  static double average(double[] weights, IntToDoubleFunction value) {
    return IntStream.range(0, weights.length)
        .filter(k -> weights[k] > 0)
        .mapToDouble(k -> weights[k] * value.applyAsDouble(k))
        .sum();
  }
}
