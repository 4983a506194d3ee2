/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.List;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.Conformal;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.report.FitReport;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The outcome of a fit.
 *
 * @param ensemble what it learned
 * @param report how it learned it
 * @param trust how far it can be trusted
 */
public record Fitted(FittedEnsemble ensemble, FitReport report, Trust trust) {

  /**
   * Returns this with a conformal calibration.
   *
   * @param predicted of rows that were not fitted to
   * @param observed targets of these rows
   * @param groups of the rows, or null
   * @param column the name of the column of groups, or null
   */
  public Fitted conformalized(
      MixtureBatch predicted, Table observed, List<String> groups, String column) {
    INDArray labels = observed.toMatrix();
    Conformal conformal =
        groups == null ? Conformal.of(predicted, labels) : Conformal.of(predicted, labels, groups);
    return new Fitted(ensemble, report, trust.with(conformal, column));
  }
}
