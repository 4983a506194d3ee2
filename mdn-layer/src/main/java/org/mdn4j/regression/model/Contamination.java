/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.Arrays;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How often a network is surprised. Trained networks take for impossible what their few rows did
 * not show; so each member's predictions are contaminated, by as much as validation rows say:
 *
 * <pre>
 *   p'(y | x) = (1 − ε) p(y | x) + ε q(y | x),    ε = E[ε | validation rows],    ε ~ Beta(1, b)
 * </pre>
 *
 * <p>q is the wide component of {@link MixtureBatch#contaminated}. Of n rows whose density by q is
 * 0 this is 1/(n + 1 + b), Laplace's rule of succession; it is never less.
 */
public final class Contamination {
  /**
   * That of the predictions that a training is validated by, whose own is not known yet. A single
   * surprise among the validation rows would decide when training stops, and what is chosen.
   */
  public static final double OF_VALIDATION = 0.05;

  /** b: one surprise in forty rows, as if forty had been seen. */
  private static final double PRIOR = 39;

  /** Squares of evenly spaced numbers, so that small ones are dense. */
  private static final double[] SHARES = new double[256];

  /** Logarithms of their probabilities a priori, up to a constant. */
  private static final double[] LOG_PRIOR = new double[SHARES.length];

  static {
    for (int i = 0; i < SHARES.length; i++) {
      double root = (i + 0.5) / SHARES.length;
      SHARES[i] = root * root;
      LOG_PRIOR[i] = Math.log(root) + (PRIOR - 1) * Math.log1p(-SHARES[i]);
    }
  }

  private Contamination() {}

  /**
   * Returns the expectation of ε.
   *
   * @param predicted p, of rows that it was not trained on
   * @param observed {@code [V, D]}, or {@code [V, 2 D]} of intervals, in the same units
   * @param weights of the rows, or null where all count alike
   * @return ε, in (0, 1)
   */
  static double of(MixtureBatch predicted, INDArray observed, double[] weights) {
    double[] clean = predicted.logLikelihood(observed).toDoubleVector();
    double[] even = predicted.contaminated(0.5).logLikelihood(observed).toDoubleVector();
    double[] counts = effective(weights, clean.length);
    double[] logPosterior = LOG_PRIOR.clone();
    for (int n = 0; n < clean.length; n++) {
      // (p + q)/2 = exp(even), so that p' = exp(even) (2 ε + (1 − 2 ε) p exp(−even)).
      boolean saysNothing = even[n] == Double.NEGATIVE_INFINITY; // impossible either way
      double ratio = saysNothing ? 1 : Math.exp(Math.min(clean[n] - even[n], Math.log(2)));
      for (int i = 0; i < SHARES.length; i++) {
        logPosterior[i] += counts[n] * Math.log(2 * SHARES[i] + (1 - 2 * SHARES[i]) * ratio);
      }
    }
    double most = Arrays.stream(logPosterior).max().orElseThrow();
    double[] posterior = Arrays.stream(logPosterior).map(log -> Math.exp(log - most)).toArray();
    return WeightedMean.of(SHARES, posterior);
  }

  /** Returns how many rows each one counts for: in all (Σ w)²/Σ w², Kish's effective number. */
  private static double[] effective(double[] weights, int rows) {
    double[] counts = new double[rows];
    Arrays.fill(counts, 1);
    if (weights != null) {
      double sum = Arrays.stream(weights).sum();
      double squares = Arrays.stream(weights).map(weight -> weight * weight).sum();
      Arrays.setAll(counts, n -> weights[n] * sum / squares);
    }
    return counts;
  }
}
