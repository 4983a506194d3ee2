/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.TargetScores;
import org.mdn4j.examples.page.ReportPage;
import org.mdn4j.examples.page.TabularPanels;

/** A model of one column of a table as a page, whatever trained it. */
final class TabularPage {
  private TabularPage() {}

  /**
   * The page, but for the loss.
   *
   * @param file where the rows came from
   * @param encoding the columns
   * @param trainingRows how many rows were learned from
   * @param features of the test rows, which are shown
   * @param targets of the test rows
   * @param model predicts from features
   * @param evaluation of the model on the test rows, in the target's units
   * @param baselineNll of one Gaussian on the same rows
   */
  static ReportPage of(
      Path file,
      TableEncoding encoding,
      int trainingRows,
      double[][] features,
      double[][] targets,
      Function<double[][], MixtureBatch> model,
      MixtureEvaluation evaluation,
      double baselineNll) {
    String target = encoding.target();
    TabularPanels panels =
        new TabularPanels(encoding.featureNames(), List.of(target), features, targets);
    TargetScores scores = evaluation.target(0);
    ReportPage page =
        ReportPage.titled(
                "%s, predicted from %d columns".formatted(target, encoding.features().size()))
            .summary(
                "%s: %d rows to learn from, %d for what this page shows; %d components."
                    .formatted(
                        file.getFileName(),
                        trainingRows,
                        targets.length,
                        evaluation.spec().components()))
            .columns("mixture", "one Gaussian")
            .figure("NLL in nats", number(evaluation.nll()), number(baselineNll))
            .figure("CRPS in units of " + target, number(scores.crps()))
            .figure("PIT, distance to uniform", number(scores.pitKs()));
    for (double level : evaluation.levels()) {
      page.figure(
          "coverage of %.0f %% intervals".formatted(100 * level),
          number(scores.centralCoverage(level)));
    }
    panels.of(model).forEach(page::panel);
    return page.calibration(evaluation, 0);
  }

  private static String number(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(new MathContext(4)).toPlainString()
        : Double.toString(value);
  }
}
