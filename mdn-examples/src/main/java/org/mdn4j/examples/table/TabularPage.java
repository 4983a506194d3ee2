/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.page.FeatureView;
import org.mdn4j.examples.page.ReportPage;
import org.mdn4j.examples.page.RowExplorer;
import org.mdn4j.examples.page.TabularPanels;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.ColumnSummary;

/** The page of a model of one or several columns of a table, whatever trained it. */
final class TabularPage {
  private TabularPage() {}

  /**
   * Creates the page without the loss.
   *
   * @param file where the rows came from
   * @param trainingRows how many rows were learned from
   * @param all rows of training and test
   * @param test the rows that are shown
   * @param model fitted
   * @param predicted of the test rows
   * @param evaluation of the model on the test rows, in the target's units
   * @param scores of the model and of what it is compared with, on the test rows
   */
  static ReportPage of(
      Path file,
      int trainingRows,
      TabularData all,
      TabularData test,
      MixtureRegressor model,
      MixtureBatch predicted,
      MixtureEvaluation evaluation,
      ScoreTable scores) {
    List<String> names = test.targets().names();
    List<String> inputs = model.featureNames();
    TabularPanels panels = new TabularPanels(test.frame().select(inputs), names, test.outcomes());
    ReportPage page =
        ReportPage.titled(
                "%s, predicted from %s column%s"
                    .formatted(listed(names), inputs.size(), inputs.size() == 1 ? "" : "s"))
            .summary(
                "%s: %s rows to learn from, %s for what this page shows; %s components."
                    .formatted(
                        file.getFileName(),
                        trainingRows,
                        test.rows(),
                        evaluation.spec().components(),
                        aboutIntervals(test)))
            .columns(scores.models().toArray(String[]::new));
    for (int i = 0; i < scores.scores().size(); i++) {
      page.figure(scores.scores().get(i), scores.row(i).toArray(String[]::new));
    }
    page.figuresNote(aboutFigures(test.outcomes().censored()));
    panels.of(model::predict).forEach(page::panel);
    for (int target = 0; target < names.size(); target++) {
      page.calibration(names.size() > 1 ? names.get(target) : "", evaluation, target);
    }
    addTables(page, all, test, model, predicted);
    return page;
  }

  private static void addTables(
      ReportPage page,
      TabularData all,
      TabularData test,
      MixtureRegressor model,
      MixtureBatch predicted) {
    List<FeatureView> features = FeatureViews.of(model, test, predicted);
    features.forEach(page::feature);
    List<String> columns = features.stream().map(FeatureView::name).distinct().toList();
    page.explorer(
        RowExplorer.of(
            model.toJson(),
            test.targets().names(),
            columns.isEmpty() ? model.featureNames() : columns,
            test.frame(),
            test.table().lines().stream().map(line -> "line " + line).toList(),
            test.outcomes()));
    if (model.trust().isConformal()) {
      Conformal conformal = model.trust().conformal();
      String limits =
          ConformalText.limits(conformal).stream()
              .map(limit -> " " + limit + ".")
              .collect(Collectors.joining());
      page.listing(
          "Intervals with a guarantee",
          "Conformal intervals were calibrated on %s rows that were not learned from: they cover as"
                  .formatted(conformal.rows())
              + " asked for, on average over such calibrations and rows, whatever the model, as long"
              + " as new rows come from where these did."
              + limits,
          ConformalText.COLUMNS,
          ConformalText.rows(model.trust().summary(test.frame()), test.targets().names()));
    }
    page.listing(
        "The columns of the table",
        "",
        ColumnListing.HEADER,
        ColumnListing.of(
            all,
            model.report().columns().stream()
                .filter(column -> column.inputs() == 0)
                .map(ColumnSummary::name)
                .toList()));
  }

  private static String aboutIntervals(TabularData test) {
    if (!test.outcomes().censored()) {
      return "";
    }
    List<String> names = test.targets().names();
    return IntStream.range(0, names.size())
        .mapToObj(
            target ->
                " Of %s %s of these rows know an interval only."
                    .formatted(
                        names.get(target), test.rows() - test.outcomes().exactRows(target).length))
        .collect(Collectors.joining());
  }

  private static String aboutFigures(boolean censored) {
    return "Of the test rows, with a standard error. NLL is the mean of −log of the density, or"
        + " probability, that was predicted for what was observed, CRPS the distance of the predicted"
        + " distribution from it, RMSE and MAE that of mean and median: of all these less is better."
        + " So many rows should lie in intervals as their name says, and the narrower intervals are"
        + " the better then. The distance to uniform, from 0 to 1, is small where the probabilities"
        + " can be believed."
        + (censored
            ? " Concordance is the share of pairs of rows whose order was predicted, ½ by chance;"
                + " the Brier score is the squared error of survival curves: less is better."
            : "");
  }

  private static String listed(List<String> names) {
    String last = names.get(names.size() - 1);
    return names.size() == 1
        ? last
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + last;
  }
}
