/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.Arrays;
import org.mdn4j.ComponentBounds;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a member's network puts out for some rows.
 *
 * @param spec the columns of the raw output
 * @param raw {@code [N, P]}
 * @param contamination ε of the predictions; 0 for none
 */
public record MemberOutput(MixtureSpec spec, INDArray raw, double contamination) {

  /** Returns the member's predictions. */
  MixtureBatch predictions() {
    return contaminated(MixtureBatch.of(spec, raw));
  }

  /**
   * Returns the predictions at a temperature of the squared scales. Where scales have a ceiling
   * they stay below it: before they are multiplied by √τ &gt; 1, dispersions of counts by τ, it
   * counts as that much lower.
   *
   * @param scaleTemperature τ
   */
  MixtureBatch predictions(double scaleTemperature) {
    return contaminated(
        MixtureBatch.of(spec.withBounds(before(scaleTemperature)), raw)
            .temperature(new Temperature(1, scaleTemperature)));
  }

  /**
   * Returns the negative log-likelihood of each row.
   *
   * @param observed {@code [N, D]}, or {@code [N, 2 D]} of intervals
   * @return {@code [N]}, all NaN if the output is not finite
   */
  public double[] scores(INDArray observed) {
    for (double number : raw.dup().data().asDouble()) {
      if (!Double.isFinite(number)) {
        double[] failed = new double[(int) raw.size(0)];
        Arrays.fill(failed, Double.NaN);
        return failed;
      }
    }
    double[] scores = predictions().logLikelihood(observed).toDoubleVector();
    Arrays.setAll(scores, n -> -scores[n]);
    return scores;
  }

  /**
   * Returns the ε that its predictions should have.
   *
   * @param observed {@code [N, D]}, or {@code [N, 2 D]} of intervals, which it was not trained on
   * @param weights of the rows, or null where all count alike
   */
  public double contamination(INDArray observed, double[] weights) {
    return Contamination.of(MixtureBatch.of(spec, raw), observed, weights);
  }

  private MixtureBatch contaminated(MixtureBatch clean) {
    return contamination == 0 ? clean : clean.contaminated(contamination);
  }

  private ComponentBounds before(double scaleTemperature) {
    ComponentBounds bounds = spec.bounds().orElse(ComponentBounds.NONE);
    double widening = Math.max(1, scaleTemperature);
    double factor = spec.family().isDiscrete() ? widening : Math.sqrt(widening);
    return new ComponentBounds(
        bounds.scaleCeiling().stream().map(ceiling -> ceiling / factor).toList(),
        bounds.locationLower(),
        bounds.locationUpper());
  }
}
