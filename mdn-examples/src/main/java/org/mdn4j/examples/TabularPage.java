/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.IntStream;
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
   * @param table all rows
   * @param target the column that is predicted from all others
   * @param split the test rows are shown
   * @param model predicts from rows of the other columns, in the file's order and units
   * @param evaluation of the model on the test rows, in the target's units
   * @param baselineNll of one Gaussian on the same rows
   */
  static ReportPage of(
      NumericTable table,
      String target,
      RandomSplit split,
      Function<double[][], MixtureBatch> model,
      MixtureEvaluation evaluation,
      double baselineNll) {
    int[] test = split.test();
    int column = table.indexOf(target);
    int[] features = IntStream.range(0, table.columns().size()).filter(c -> c != column).toArray();
    TabularPanels panels =
        new TabularPanels(
            Arrays.stream(features).mapToObj(table.columns()::get).toList(),
            List.of(target),
            cells(table, test, features),
            cells(table, test, column));
    TargetScores scores = evaluation.target(0);
    ReportPage page =
        ReportPage.titled("%s, predicted from %d columns".formatted(target, features.length))
            .summary(
                "%s: %d rows for training, %d for validation, %d for what this page shows; %d components."
                    .formatted(
                        table.file().getFileName(),
                        split.training().length,
                        split.validation().length,
                        test.length,
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

  private static double[][] cells(NumericTable table, int[] rows, int... columns) {
    return Arrays.stream(rows)
        .mapToObj(row -> Arrays.stream(columns).mapToDouble(c -> table.rows()[row][c]).toArray())
        .toArray(double[][]::new);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
