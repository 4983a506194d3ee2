/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Estimate;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.rows.RowChunks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where the uncertainty of an ensemble comes from: what the data leave open (aleatoric), which more
 * rows of the same kind would not take away, and what the members disagree on (epistemic), which
 * they would.
 *
 * <pre>{@code
 * EnsembleUncertainty uncertainty = new EnsembleUncertainty(List.of(first, second, third));
 * INDArray open = uncertainty.dataVariance(); // [N, D]
 * INDArray disagreement = uncertainty.memberVariance(); // [N, D]
 * Estimate nats = uncertainty.mutualInformation(50, 1).get(row);
 * }</pre>
 *
 * <p>With M members of equal weights, by the law of total variance, for each target:
 *
 * <pre>
 *   Var[y] = 1/M Σ_m Var_m[y] + 1/M Σ_m (E_m[y] − E[y])²,   E[y] = 1/M Σ_m E_m[y]
 * </pre>
 *
 * <p>the variance of {@link MixtureBatch#average} as the sum of both. Members that agree can be
 * wrong together: far from the training rows a small disagreement is no promise, see {@link
 * TrainingDistance}. Source: S. Depeweg, J. Hernández-Lobato, F. Doshi-Velez and S. Udluft,
 * <i>Decomposition of uncertainty in Bayesian deep learning for efficient and risk-sensitive
 * learning</i>, ICML (2018).
 */
public final class EnsembleUncertainty {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  private final List<MixtureBatch> members;
  private final int rows;
  private final int targets;

  /**
   * Creates the questions to an ensemble.
   *
   * @param members M batches of the same rows
   * @throws IllegalArgumentException if there is none, or they differ as {@link
   *     MixtureBatch#average} does not take them
   */
  public EnsembleUncertainty(List<MixtureBatch> members) {
    MixtureBatch pooled = MixtureBatch.average(members.toArray(MixtureBatch[]::new));
    this.members = List.copyOf(members);
    this.rows = pooled.size();
    this.targets = pooled.targets();
  }

  /**
   * Returns the mean of the members' variances: what the data leave open.
   *
   * @return {@code [N, D]}, in target units squared, DOUBLE; ∞ where a member's variance is (of
   *     STUDENT_T with ν ≤ 2)
   * @throws UnsupportedOperationException for VON_MISES, whose variance is no sum of these two
   */
  public INDArray dataVariance() {
    requireLine();
    return perTarget(
        (mixtures, d) -> {
          double mean = 0;
          for (Mixture mixture : mixtures) {
            mean +=
                hasVariance(mixture)
                    ? mixture.marginal(d).variance()[0] / mixtures.length
                    : INFINITE;
          }
          return mean;
        });
  }

  /**
   * Returns the variance of the members' means: what they disagree on.
   *
   * @return {@code [N, D]}, in target units squared, DOUBLE; 0 for one member; NaN where a member
   *     has no mean (STUDENT_T with ν ≤ 1), ask {@link #mutualInformation} there
   * @throws UnsupportedOperationException for VON_MISES, whose variance is no sum of these two
   */
  public INDArray memberVariance() {
    requireLine();
    return perTarget(
        (mixtures, d) -> {
          double[] means = new double[mixtures.length];
          for (int m = 0; m < means.length; m++) {
            if (!mixtures[m].hasMean()) {
              return Double.NaN;
            }
            means[m] = mixtures[m].marginal(d).mean()[0];
          }
          return variance(means);
        });
  }

  /** Returns the variance of the numbers themselves, not of what they are a sample of. */
  private static double variance(double[] values) {
    double center = 0; // less the first
    for (double value : values) {
      center += (value - values[0]) / values.length;
    }
    double variance = 0;
    for (double value : values) {
      double deviation = value - values[0] - center;
      variance += deviation * deviation / values.length;
    }
    return Double.isNaN(variance) ? INFINITE : variance; // of means beyond all doubles
  }

  /** Returns whether the variance is finite, as it is of all families but STUDENT_T. */
  private static boolean hasVariance(Mixture mixture) {
    double[] weights = mixture.weights();
    double[] degrees = mixture.degreesOfFreedom();
    return IntStream.range(0, weights.length).allMatch(k -> weights[k] == 0 || degrees[k] > 2);
  }

  private void requireLine() {
    if (members.get(0).get(0).family() == ComponentFamily.VON_MISES) {
      throw new UnsupportedOperationException(
          "Angles have no variances that add up; mutualInformation tells where members disagree");
    }
  }

  /** What a row's mixtures, one of each member, have for a target. */
  private interface OfTarget {
    double of(Mixture[] mixtures, int d);
  }

  private INDArray perTarget(OfTarget value) {
    double[][] values = new double[rows][targets];
    IntStream.range(0, rows)
        .parallel()
        .forEach(
            row -> {
              Mixture[] mixtures = mixtures(row);
              Arrays.setAll(values[row], d -> value.of(mixtures, d));
            });
    return Nd4j.createFromArray(values);
  }

  private Mixture[] mixtures(int row) {
    return members.stream().map(member -> member.get(row)).toArray(Mixture[]::new);
  }

  /**
   * Returns the mutual information of the label and the member, that is how much a label would tell
   * of which member is right, for all targets together:
   *
   * <pre>
   *   I = H(pooled) − 1/M Σ_m H(member m) = log M − E[ −Σ_m r_m(Y) log r_m(Y) ],  r_m = p_m / Σ_j p_j
   * </pre>
   *
   * <p>0 where all members say the same, log M where no two of them overlap. It is the same in all
   * units, and exists where variances do not. By Monte Carlo, in the second form with as many draws
   * of Y from each member: unbiased, and no draw's term is negative. Draws that rounding has taken
   * to where no member has a density are left out.
   *
   * <p>Chunks of 256 rows draw from {@link RandomSource#XO_RO_SHI_RO_128_PP} with this seed, the
   * c-th after c of its jumps, whatever the number of threads.
   *
   * @param samples number of draws per row and member, at least 2
   * @param seed the same seed gives the same estimates
   * @return per row the estimate in nats, in [0, log M], with its standard error
   * @throws IllegalArgumentException if samples is less than 2
   */
  public List<Estimate> mutualInformation(int samples, long seed) {
    require(samples >= 2, "Expected at least 2 samples per member, got %d", samples);
    JumpableUniformRandomProvider source =
        (JumpableUniformRandomProvider) RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    UniformRandomProvider[] randoms = new UniformRandomProvider[RowChunks.count(rows)];
    Arrays.setAll(randoms, chunk -> source.jump());
    Estimate[] estimates = new Estimate[rows];
    RowChunks.forEach(
        rows,
        () ->
            (chunk, first, end) -> {
              for (int row = first; row < end; row++) {
                estimates[row] = information(mixtures(row), samples, randoms[chunk]);
              }
            });
    return List.of(estimates);
  }

  private static Estimate information(
      Mixture[] mixtures, int samples, UniformRandomProvider random) {
    double mean = 0;
    double variance = 0;
    double[] logDensities = new double[mixtures.length];
    for (Mixture mixture : mixtures) { // strata, which count alike
      RunningMean terms = new RunningMean();
      for (double[] y : mixture.sample(samples, random)) {
        for (int d = 0; d < y.length; d++) {
          y[d] = Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, y[d]));
        }
        for (int m = 0; m < mixtures.length; m++) {
          logDensities[m] = mixtures[m].logLikelihood(y); // of an atom probabilities
        }
        double term = divergenceFromUniform(logDensities);
        if (!Double.isNaN(term)) {
          terms.add(term);
        }
      }
      mean += terms.mean() / mixtures.length;
      variance += Math.pow(terms.standardError() / mixtures.length, 2);
    }
    return new Estimate(Math.min(mean, Math.log(mixtures.length)), Math.sqrt(variance));
  }

  /** Returns log M + Σ_m r_m log r_m of shares from their logarithms; NaN if there are none. */
  private static double divergenceFromUniform(double[] logDensities) {
    double max = Arrays.stream(logDensities).max().orElseThrow();
    double sum = 0;
    double weighted = 0;
    for (double logDensity : logDensities) {
      double relative = logDensity - max;
      double share = Math.exp(relative);
      sum += share;
      weighted += share > 0 ? share * relative : 0;
    }
    return max == Double.NEGATIVE_INFINITY
        ? Double.NaN
        : Math.max(0, Math.log(logDensities.length / sum) + weighted / sum);
  }
}
