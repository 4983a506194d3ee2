/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.List;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.univariate.BrentOptimizer;
import org.apache.commons.math3.optim.univariate.SearchInterval;
import org.apache.commons.math3.optim.univariate.UnivariateObjectiveFunction;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Undoes what noise in training and averaging do to the width of predictions. Each member is as
 * wide as its own errors on noisy targets are large; the ensemble's errors are smaller, its average
 * wider. So the members' scales get the temperature
 *
 * <pre>
 *   τ = argmin −1/C Σ_c log( 1/M Σ_m p_m(y_c | x_c; τ) ),   1/4 ≤ τ ≤ 4
 * </pre>
 *
 * <p>over C rows that no member has trained on. Source: R. Rahaman and A. H. Thiery, <i>Uncertainty
 * quantification and deep ensembles</i>, arXiv:2007.08792 (2021), section 4, "pool then calibrate",
 * with the scales in place of logits.
 */
public final class ScaleCalibration {
  /** Fewer would say too little: the standard error of log τ is about √(2/C). */
  private static final int FEWEST_ROWS = 20;

  private static final double WIDEST = Math.log(4);

  private ScaleCalibration() {}

  /**
   * Returns the temperature of the scales with the lowest NLL over these rows.
   *
   * @param members each one's output for the rows
   * @param observed {@code [C, D]}, or {@code [C, 2 D]} of intervals, in the members' units
   * @param weights of the rows, or null where all count alike
   * @return τ of the members' squared scales; 1 for fewer than 20 rows
   */
  public static double of(List<MemberOutput> members, INDArray observed, double[] weights) {
    if (observed.size(0) < FEWEST_ROWS) {
      return 1;
    }
    return Math.exp(
        new BrentOptimizer(1e-6, 1e-6)
            .optimize(
                GoalType.MINIMIZE,
                new MaxEval(1000),
                new SearchInterval(-WIDEST, WIDEST, 0),
                new UnivariateObjectiveFunction(
                    logTau -> -meanLogDensity(pool(members, Math.exp(logTau)), observed, weights)))
            .getPoint());
  }

  /** Returns the ensemble's predictions. */
  static MixtureBatch pool(List<MemberOutput> members, double scaleTemperature) {
    if (members.size() == 1) {
      return members.get(0).predictions(scaleTemperature);
    }
    return MixtureBatch.average(
        members.stream()
            .map(member -> member.predictions(scaleTemperature))
            .toArray(MixtureBatch[]::new));
  }

  private static double meanLogDensity(
      MixtureBatch predicted, INDArray observed, double[] weights) {
    return WeightedMean.of(predicted.logLikelihood(observed).toDoubleVector(), weights);
  }
}
