/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

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
 */
public record MemberOutput(MixtureSpec spec, INDArray raw) {

  /** Returns the member's predictions. */
  MixtureBatch predictions() {
    return MixtureBatch.of(spec, raw);
  }

  /**
   * Returns the predictions at a temperature of the squared scales. Where scales have a ceiling
   * they stay below it: before they are multiplied by √τ &gt; 1, dispersions of counts by τ, it
   * counts as that much lower.
   *
   * @param scaleTemperature τ
   */
  MixtureBatch predictions(double scaleTemperature) {
    return MixtureBatch.of(spec.withBounds(before(scaleTemperature)), raw)
        .temperature(new Temperature(1, scaleTemperature));
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
