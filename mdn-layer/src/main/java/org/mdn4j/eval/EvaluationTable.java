/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The text of a {@link MixtureEvaluation} for a person to read. */
final class EvaluationTable {
  private final StringBuilder text = new StringBuilder();

  private EvaluationTable() {}

  static String of(MixtureEvaluation evaluation, Options options) {
    EvaluationTable table = new EvaluationTable();
    table.add("MixtureEvaluation: %d rows, %s", evaluation.rows(), evaluation.spec());
    if (evaluation.rows() == 0) {
      return table.text.toString();
    }
    table.addJoint(evaluation, options);
    for (int d = 0; d < evaluation.spec().targets(); d++) {
      table.addTarget(evaluation, d);
    }
    return table.text.toString();
  }

  private void addJoint(MixtureEvaluation evaluation, Options options) {
    if (evaluation.rows() == 1) { // which has no standard error
      figure("NLL", "%.4f nats", evaluation.nll());
    } else {
      figure(
          "NLL",
          "%.4f ± %.4f nats (standard error)",
          evaluation.nll(),
          evaluation.nllStandardError());
    }
    if (evaluation.spec().targets() > 1) {
      boolean oneUnit = options.units().stream().distinct().count() == 1;
      figure(
          "Energy score",
          "%s%s %s",
          number(evaluation.energyScore()),
          evaluation.rows() == 1 ? "" : " ± " + number(evaluation.energyScoreStandardError()),
          oneUnit ? options.units().get(0) : "(targets of different units)");
    }
    double effective = evaluation.effectiveComponents();
    figure(
        "Effective components",
        "%s of %d",
        Double.isNaN(effective) ? "none" : String.format(Locale.ROOT, "%.2f", effective),
        evaluation.spec().components());
    int[] unused = evaluation.unusedComponents();
    figure(
        "Most responsible for no row",
        "%s",
        unused.length == 0
            ? "none"
            : "%s of %s: components %s"
                .formatted(
                    unused.length,
                    evaluation.spec().components(),
                    Arrays.stream(unused)
                        .mapToObj(Integer::toString)
                        .collect(Collectors.joining(", "))));
    if (evaluation.spec().targets() > 1 && !evaluation.levels().isEmpty()) {
      add("");
      add("All targets together");
      add("%8s  %16s", "level", "highest-density");
      for (double level : evaluation.levels()) {
        add("%8s  %16s", percent(level), percent(evaluation.regionCoverage(level)));
      }
    }
  }

  private void addTarget(MixtureEvaluation evaluation, int index) {
    TargetScores target = evaluation.target(index);
    add("");
    add("Target %d, in %s, %d rows", index, target.unit(), target.rows());
    if (target.rows() == 0) {
      return;
    }
    if (target.intervals() > 0) {
      figure("Rows with an interval", "%d, in the PIT and central coverage", target.intervals());
    }
    figure("CRPS", "%s", number(target.crps()));
    figure("RMSE of the mean", "%s", number(target.rmseOfMean()));
    figure("RMSE of the best mode", "%s", number(target.rmseOfMode()));
    figure("PIT, KS distance to uniform", "%.4f", target.pitKs());
    if (evaluation.levels().isEmpty()) {
      return;
    }
    add(
        "%8s  %16s  %12s  %16s  %12s",
        "level", "central", "mean width", "highest-density", "mean width");
    for (double level : evaluation.levels()) {
      add(
          "%8s  %16s  %12s  %16s  %12s",
          percent(level),
          percent(target.centralCoverage(level)),
          number(target.centralWidth(level)),
          percent(target.regionCoverage(level)),
          number(target.regionWidth(level)));
    }
  }

  private void figure(String name, String format, Object... values) {
    add("  %-30s%s", name, String.format(Locale.ROOT, format, values));
  }

  private void add(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4g", value);
  }
}
