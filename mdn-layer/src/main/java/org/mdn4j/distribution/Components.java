/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.SharedStateContinuousSampler;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/**
 * The K components of a mixture, all of one type: what a single component answers about itself. A
 * new type of component is a new subclass; the questions that belong to the mixture need not know
 * which it is.
 *
 * <p>Methods that take a single number as y need D = 1. Inside the package arguments are trusted.
 */
abstract class Components {
  /** The targets that are not given, ascending. */
  static int[] remaining(int targets, int[] given) {
    return IntStream.range(0, targets)
        .filter(d -> Arrays.stream(given).noneMatch(g -> g == d))
        .toArray();
  }

  /** Components of the type that a raw output holds, whose numbers are still to be read. */
  static Components blank(MixtureSpec spec) {
    boolean known =
        spec.family() == ComponentFamily.GAUSSIAN
            && spec.covariance() != Covariance.FULL
            && !spec.sharedScales()
            && spec.fixedScales().isEmpty();
    Mixture.require(
        known,
        "The distribution knows SPHERICAL and DIAGONAL Gaussians with learned scales of their own so"
            + " far, got %s",
        spec);
    int parameters = spec.components() * spec.targets();
    return new DiagonalGaussians(spec.targets(), new double[parameters], new double[parameters]);
  }

  /** Number of components K. */
  abstract int count();

  /** Number of targets D. */
  abstract int targets();

  /** log N_k(y) in nats, y {@code [D]}. */
  abstract double logDensity(int k, double[] y);

  /** log N_k(y) in nats, D = 1. */
  abstract double logDensity(int k, double y);

  /** N_k(y), D = 1. */
  double density(int k, double y) {
    return Math.exp(logDensity(k, y));
  }

  /** d log N_k(y) / dy, D = 1. */
  abstract double score(int k, double y);

  /** d² log N_k(y) / dy², D = 1. */
  abstract double scoreSlope(int k, double y);

  /** Where N_k is largest; below it N_k rises and above it falls. D = 1. */
  abstract double mode(int k);

  /**
   * Where the first or the second derivative of N_k turns, ascending: between two neighbours, and
   * outside of all, both are monotone. D = 1.
   */
  abstract double[] bends(int k);

  /** Where the first derivative of N_k jumps, if anywhere. D = 1. */
  double[] kinks(int k) {
    return new double[0];
  }

  /** Adds weight · ∇ log N_k(y) to the gradient, {@code [D]}. */
  abstract void addGradient(int k, double[] y, double weight, double[] gradient);

  /** Adds weight · ∇² log N_k(y) to the Hessian, {@code [D][D]}. */
  abstract void addHessian(int k, double[] y, double weight, double[][] hessian);

  /**
   * The component's inverse covariance, or what plays its part in the mean-shift: the fixed point
   * of y = (Σ r_k Λ_k)⁻¹ Σ r_k Λ_k μ_k. {@code [D][D]}, added with a weight.
   */
  abstract void addPrecision(int k, double weight, double[][] precision);

  /** Location μ_kd. */
  abstract double location(int k, int d);

  /** E[y_d] of component k. */
  abstract double mean(int k, int d);

  /** Standard deviation of y_d in component k. */
  abstract double standardDeviation(int k, int d);

  /** Cov[y_d, y_e] of component k. */
  abstract double covariance(int k, int d, int e);

  /** log P(Y ≤ y) of component k, exact in relative terms of the probability; D = 1. */
  abstract double logCdf(int k, double y);

  /** log P(Y &gt; y) of component k, exact in relative terms of the probability; D = 1. */
  abstract double logSurvival(int k, double y);

  /** P(Y ≤ y) of component k, exact in relative terms; D = 1. */
  double cdf(int k, double y) {
    return Math.exp(logCdf(k, y));
  }

  /** P(Y &gt; y) of component k, exact in relative terms; D = 1. */
  double survival(int k, double y) {
    return Math.exp(logSurvival(k, y));
  }

  /** The y whose cdf is p, p in [0, 1], of every component, into {@code [K]}; D = 1. */
  abstract void quantiles(double p, double[] into);

  /** The y whose survival is q, q in [0, 1], of every component, into {@code [K]}; D = 1. */
  abstract void survivalQuantiles(double q, double[] into);

  /** Differential entropy of component k in nats. */
  abstract double entropy(int k);

  /**
   * E|Y − y| − |μ − y| of component k around its location μ, at least 0 and exact in relative
   * terms; D = 1.
   */
  abstract double excessDistance(int k, double y);

  /**
   * E|Y_i − Y_j| − |μ_i − μ_j| of independent draws from two components, at least 0 and exact in
   * relative terms; D = 1.
   */
  abstract double excessDistance(int i, int j);

  /**
   * Kullback and Leibler's divergence E_i[log N_i(y) − log M_j(y)] in nats, at least 0, from
   * component i to component j of others of the same type and D.
   */
  abstract double klDivergence(int i, Components other, int j);

  /** Bhattacharyya's distance −log ∫ √(N_i(y) N_j(y)) dy of two components in nats, at least 0. */
  abstract double bhattacharyyaDistance(int i, int j);

  /**
   * Source of the standard variates that {@link #sample} places and scales; made once for many
   * samples.
   */
  abstract SharedStateContinuousSampler sampler(UniformRandomProvider random);

  /** Draws from component k into {@code into[offset … offset + D)}. */
  abstract void sample(int k, SharedStateContinuousSampler sampler, double[] into, int offset);

  /** The components' marginals over some targets, in the given order. */
  abstract Components marginal(int[] targets);

  /** The components over the remaining targets, ascending, where others have given values. */
  abstract Components conditional(int[] given, double[] values);

  /** Components of the same type whose numbers are still to be read. */
  abstract Components blank(int components);

  /** The same components, to be changed. */
  abstract Components copy();

  /** Makes what takes over the components' parameters from rows of a raw output. */
  abstract Mixture.RawReader reader(MixtureSpec spec);

  /** Takes over all components of another of the same type, from place k on. */
  abstract void read(Components others, int k);

  /** Makes them the components of shift_d + scale_d y_d; scale_d ≠ 0. */
  abstract void changeUnits(double[] shift, double[] scale);

  /** Multiplies their squared scales by τ. */
  abstract void changeTemperature(double tau);
}
