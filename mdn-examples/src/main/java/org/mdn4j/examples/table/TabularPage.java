/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.nio.file.Path;
import java.util.List;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.page.ReportPage;
import org.mdn4j.examples.page.TabularPanels;
import org.mdn4j.regression.MixtureRegressor;

/** The page of a model of one or several columns of a table, whatever trained it. */
final class TabularPage {
  private TabularPage() {}

  /**
   * Creates the page without the loss.
   *
   * @param file where the rows came from
   * @param trainingRows how many rows were learned from
   * @param test the rows that are shown
   * @param model fitted
   * @param evaluation of the model on the test rows, in the target's units
   * @param scores of the model on the test rows
   * @param baseline scores of one Gaussian, the same ones
   */
  static ReportPage of(
      Path file,
      int trainingRows,
      TabularData test,
      MixtureRegressor model,
      MixtureEvaluation evaluation,
      List<TestScore> scores,
      List<TestScore> baseline) {
    List<String> names = test.roles().targets();
    List<String> inputs = model.featureNames();
    TabularPanels panels = new TabularPanels(test.frame().select(inputs), names, test.targets());
    ReportPage page =
        ReportPage.titled(
                "%s, predicted from %d column%s"
                    .formatted(listed(names), inputs.size(), inputs.size() == 1 ? "" : "s"))
            .summary(
                "%s: %d rows to learn from, %d for what this page shows; %d components."
                    .formatted(
                        file.getFileName(),
                        trainingRows,
                        test.targets().length,
                        evaluation.spec().components()))
            .columns(TabularRegression.MODELS.toArray(String[]::new));
    for (int i = 0; i < scores.size(); i++) {
      page.figure(scores.get(i).name(), scores.get(i).text(), baseline.get(i).text());
    }
    panels.of(model::predict).forEach(page::panel);
    for (int target = 0; target < names.size(); target++) {
      page.calibration(names.size() > 1 ? names.get(target) : "", evaluation, target);
    }
    return page;
  }

  private static String listed(List<String> names) {
    String last = names.get(names.size() - 1);
    return names.size() == 1
        ? last
        : String.join(", ", names.subList(0, names.size() - 1)) + " and " + last;
  }
}
