/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.util.Locale;
import org.mdn4j.regression.MixtureRegressor;

/** What the study compares: the regressor's defaults, but for the number of networks or K. */
enum UciMethod {
  /** One mixture density network. */
  SINGLE(1),
  /** Five of them, of which the first is the single one. */
  ENSEMBLE(5),
  /** One network with one Gaussian. */
  GAUSSIAN(1);

  private final int members;

  UciMethod(int members) {
    this.members = members;
  }

  MixtureRegressor.Builder regressor(long seed) {
    MixtureRegressor.Builder builder =
        MixtureRegressor.builder().ensemble(members).seed(seed).quiet();
    return this == GAUSSIAN ? builder.components(1) : builder;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
