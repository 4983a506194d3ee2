/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.util.List;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.Conformal;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.report.FitReport;

/**
 * The outcome of a fit.
 *
 * @param options with the members and hidden units that there are
 * @param ensemble what it learned
 * @param report how it learned it
 * @param trust how far it can be trusted
 */
public record Fitted(
    RegressorOptions options, FittedEnsemble ensemble, FitReport report, Trust trust) {

  /**
   * Returns this with a conformal calibration.
   *
   * @param predicted of rows that were not fitted to
   * @param observed targets of these rows
   * @param groups of the rows, or null
   * @param column the name of the column of groups, or null
   * @param weights of the rows, above 0, or null
   * @throws IllegalArgumentException if the model was fitted to censored targets
   */
  public Fitted conformalized(
      MixtureBatch predicted,
      Table observed,
      List<String> groups,
      String column,
      double[] weights) {
    require(
        !ensemble.isCensored(),
        "Expected exact targets to calibrate on, the model was fitted to censored ones");
    Conformal conformal = Conformal.of(predicted, observed.toMatrix(), groups, weights);
    return new Fitted(options, ensemble, report, trust.with(conformal, column));
  }

  /** Returns the first member alone, as a fit without an ensemble would be. */
  public Fitted firstMember() {
    FitReport ofFirst =
        new FitReport(
            report.noise(),
            report.bins(),
            report.trials(),
            report.members().subList(0, 1),
            report.firstMemberSeconds(),
            report.firstMemberSeconds(),
            report.columns(),
            report.atoms());
    return new Fitted(
        options.with("members", 1),
        ensemble.firstMember(),
        ofFirst,
        new Trust(trust.distance(), null, null));
  }
}
