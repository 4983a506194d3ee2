/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.TargetScores;
import org.mdn4j.examples.page.ReportPage;
import org.mdn4j.examples.page.TabularPanels;

/** The page of a model of one or several columns of a table, whatever trained it. */
final class TabularPage {
  private TabularPage() {}

  /**
   * Creates the page without the loss.
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
    List<String> names = encoding.targets();
    TabularPanels panels =
        new TabularPanels(
            encoding.features().stream().map(TableEncoding.Feature::name).toList(),
            encoding.features().stream().map(TableEncoding.Feature::categories).toList(),
            names,
            features,
            targets);
    ReportPage page =
        ReportPage.titled(
                "%s, predicted from %d column%s"
                    .formatted(
                        listed(names),
                        encoding.features().size(),
                        encoding.features().size() == 1 ? "" : "s"))
            .summary(
                "%s: %d rows to learn from, %d for what this page shows; %d components."
                    .formatted(
                        file.getFileName(),
                        trainingRows,
                        targets.length,
                        evaluation.spec().components()))
            .columns("mixture", "one Gaussian")
            .figure("NLL in nats", number(evaluation.nll()), number(baselineNll));
    if (names.size() > 1) {
      page.figure("energy score of all targets", number(evaluation.energyScore()));
    }
    panels.of(model).forEach(page::panel);
    for (int target = 0; target < names.size(); target++) {
      addScores(page, names.get(target), evaluation, target, names.size() > 1);
    }
    return page;
  }

  private static String listed(List<String> names) {
    String last = names.get(names.size() - 1);
    return names.size() == 1
        ? last
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + last;
  }

  private static void addScores(
      ReportPage page, String name, MixtureEvaluation evaluation, int target, boolean several) {
    TargetScores scores = evaluation.target(target);
    String of = several ? name + ": " : "";
    page.figure(of + "CRPS in units of " + name, number(scores.crps()))
        .figure(of + "PIT, distance to uniform", number(scores.pitKs()));
    for (double level : evaluation.levels()) {
      page.figure(
          of + String.format(Locale.ROOT, "coverage of %.0f %% intervals", 100 * level),
          number(scores.centralCoverage(level)));
    }
    page.calibration(several ? name : "", evaluation, target);
  }

  private static String number(double value) {
    return Double.isFinite(value)
        ? new BigDecimal(value).round(new MathContext(4)).toPlainString()
        : Double.toString(value);
  }
}
