/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import org.mdn4j.Covariance;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.RegressorOptions;

/**
 * What decides which columns a model can add, and of which types.
 *
 * @param targets that it predicts
 * @param covariance of its components
 * @param censored whether labels are intervals
 * @param counts whether they are counts
 * @param conformal whether it is calibrated conformally
 * @param groupsColumn by whose groups it is; null for none
 */
record PredictedForm(
    int targets,
    Covariance covariance,
    boolean censored,
    boolean counts,
    boolean conformal,
    String groupsColumn) {

  /** Returns that of a model that options will give. */
  static PredictedForm of(RegressorOptions options, int targets) {
    return new PredictedForm(
        targets,
        options.covariance(),
        options.censored(),
        options.family().isDiscrete(),
        options.conformalFraction() > 0,
        null);
  }

  /** Returns that of a model. */
  static PredictedForm of(Fitted fitted) {
    return new PredictedForm(
        fitted.ensemble().targets().columns(),
        fitted.options().covariance(),
        fitted.ensemble().isCensored(),
        fitted.options().family().isDiscrete(),
        fitted.trust().conformal() != null,
        fitted.trust().groups());
  }
}
