/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** Entropies and divergences of mixtures, in nats. */
final class Information {
  /** Of each panel's integral; some hundreds of panels then stay within 1e-9. */
  private static final double TOLERANCE = 1e-12;

  private Information() {}

  /** Kullback and Leibler's divergence of one target of two components. */
  static double divergence(IndependentTargets components, int i, IndependentTargets other, int j) {
    return Quadrature.integrateRelatively(
        y -> {
          double log = components.logDensity(i, y);
          double otherLog = other.logDensity(j, y);
          // f log(f/g) and g − f, whose integral is 0, so that no value is negative.
          double ratio = otherLog - log;
          double density = Math.exp(log);
          double excess =
              Math.abs(ratio) < 1 ? density * Math.expm1(ratio) : Math.exp(otherLog) - density;
          return density > 0 ? excess - density * ratio : Math.exp(otherLog);
        },
        edges(components, i, other, j),
        TOLERANCE);
  }

  /** Bhattacharyya's distance of one target of two components. */
  static double bhattacharyya(IndependentTargets components, int i, int j) {
    double[] edges = edges(components, i, components, j);
    DoubleUnaryOperator log =
        y -> 0.5 * components.logDensity(i, y) + 0.5 * components.logDensity(j, y);
    double max = Arrays.stream(edges).map(log).max().orElseThrow(); // so that nothing underflows
    double overlap =
        Quadrature.integrateRelatively(y -> Math.exp(log.applyAsDouble(y) - max), edges, TOLERANCE);
    return Math.max(0, -max - Math.log(overlap));
  }

  private static double[] edges(
      IndependentTargets components, int i, IndependentTargets other, int j) {
    DoubleStream.Builder edges = DoubleStream.builder();
    components.addEdges(i, edges);
    other.addEdges(j, edges);
    return Quadrature.panels(edges);
  }

  /** H(Y) = H(Y | k) + H(k) − H(k | Y), of which only the last needs an integral; D = 1. */
  static double entropy(double[] logWeights, IndependentTargets components) {
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    double[] logJoint = new double[weights.length];
    double overlap =
        Quadrature.integrate(
            y -> {
              Arrays.setAll(logJoint, k -> logWeights[k] + components.logDensity(k, y));
              return densityTimesEntropy(logJoint);
            },
            Quadrature.panels(weights, components),
            TOLERANCE);
    return average(weights, k -> components.entropy(k) - logWeights[k]) - overlap;
  }

  /** −Σ_k p r_k log r_k, from log(p r_k): a sum of terms none of which is negative. */
  private static double densityTimesEntropy(double[] logJoint) {
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
    return density > 0 ? Math.exp(max) * (sum + density * Math.log(density)) : 0;
  }

  /** Lower and upper bound from the components' pairwise distances. */
  static Interval entropyBounds(double[] logWeights, Components components) {
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    double inside = average(weights, components::entropy);
    double lower =
        -average(weights, i -> logOverlap(logWeights, j -> components.bhattacharyyaDistance(i, j)));
    double upper =
        -average(
            weights, i -> logOverlap(logWeights, j -> components.klDivergence(i, components, j)));
    return new Interval(inside + lower, inside + Math.max(lower, upper)); // may round apart
  }

  /** Hershey and Olsen's variational approximation of D(p ‖ q). */
  static double variationalKlDivergence(
      double[] logWeights, Components components, double[] otherLogWeights, Components other) {
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    return average(
        weights,
        i ->
            logOverlap(logWeights, j -> components.klDivergence(i, components, j))
                - logOverlap(otherLogWeights, j -> components.klDivergence(i, other, j)));
  }

  /** log Σ_j π_j exp(−distance_j). */
  private static double logOverlap(double[] logWeights, IntToDoubleFunction distance) {
    double[] terms = new double[logWeights.length];
    Arrays.setAll(
        terms,
        j ->
            logWeights[j] > Double.NEGATIVE_INFINITY
                ? logWeights[j] - distance.applyAsDouble(j)
                : Double.NEGATIVE_INFINITY);
    return Mixture.logSumExp(terms);
  }

  /** Σ_k π_k value_k over the components that have weight. */
  private static double average(double[] weights, IntToDoubleFunction value) {
    return IntStream.range(0, weights.length)
        .filter(k -> weights[k] > 0)
        .mapToDouble(k -> weights[k] * value.applyAsDouble(k))
        .sum();
  }
}
