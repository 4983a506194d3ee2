/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;

/**
 * Views of a model that predicts some columns of a table from others: the rows by their predicted
 * median, and what happens as one feature moves while the others stay at their medians.
 *
 * @param features names of the model's inputs, {@code [F]}
 * @param targets names of its targets, {@code [D]}
 * @param inputs rows that the model has not been trained on, {@code [N][F]}
 * @param observed their targets, {@code [N][D]}
 */
public record TabularPanels(
    List<String> features, List<String> targets, double[][] inputs, double[][] observed) {
  private static final int MOST_ROWS = 200;
  private static final int MOST_FEATURES = 12;
  private static final int STEPS = 61;

  /** A panel and how far the predicted median moves in it. */
  private record Sweep(Panel panel, double reach) {}

  /**
   * Makes the views.
   *
   * @param model predicts from rows of features, {@code [N][F]}, in the file's units
   * @return for each target its rows, then the features that move its median most, at most {@value
   *     #MOST_FEATURES}; one that is the same in all rows is left out
   */
  public List<Panel> of(Function<double[][], MixtureBatch> model) {
    List<Panel> panels = new ArrayList<>();
    for (int target = 0; target < targets.size(); target++) {
      panels.add(rows(model, target));
      panels.addAll(sweeps(model, target));
    }
    return panels;
  }

  private Panel rows(Function<double[][], MixtureBatch> model, int target) {
    int count = Math.min(MOST_ROWS, inputs.length);
    double[][] shown = new double[count][];
    double[] outcomes = new double[count];
    for (int i = 0; i < count; i++) {
      int row = (int) ((long) i * inputs.length / count);
      shown[i] = inputs[row];
      outcomes[i] = observed[row][target];
    }
    Mixture[] mixtures = predict(model, shown, target);
    double[] medians = medians(mixtures);
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> medians[i]))
            .mapToInt(i -> i)
            .toArray();
    double[] ranks = IntStream.rangeClosed(1, count).mapToDouble(rank -> rank).toArray();
    return new Panel(
        titled("Test rows", target),
        "rank of the row",
        targets.get(target),
        "%d of %d test rows, in the order of their predicted median; the dot on the axis is what was"
                .formatted(count, inputs.length)
            + " observed.",
        ranks,
        Arrays.stream(order).mapToObj(i -> mixtures[i]).toArray(Mixture[]::new),
        ranks,
        Arrays.stream(order).mapToDouble(i -> outcomes[i]).toArray(),
        0.5 * count,
        OptionalDouble.of(0.25));
  }

  private List<Panel> sweeps(Function<double[][], MixtureBatch> model, int target) {
    double[] middle = new double[features.size()];
    Arrays.setAll(middle, feature -> column(inputs, feature).sorted()[inputs.length / 2]);
    return IntStream.range(0, features.size())
        .filter(feature -> column(inputs, feature).isNotConstant())
        .mapToObj(feature -> sweep(model, middle, feature, target))
        .sorted(Comparator.comparingDouble(Sweep::reach).reversed())
        .limit(MOST_FEATURES)
        .map(Sweep::panel)
        .toList();
  }

  private Sweep sweep(
      Function<double[][], MixtureBatch> model, double[] middle, int feature, int target) {
    double[] values = column(inputs, feature).sorted();
    double[] grid =
        Arrays.stream(Panel.evenly(values[0], values[values.length - 1], STEPS))
            .distinct()
            .toArray();
    double[][] rows = new double[grid.length][];
    Arrays.setAll(
        rows,
        i -> {
          double[] row = middle.clone();
          row[feature] = grid[i];
          return row;
        });
    Mixture[] mixtures = predict(model, rows, target);
    double[] medians = Arrays.stream(medians(mixtures)).sorted().toArray();
    Panel panel =
        new Panel(
            titled(features.get(feature) + " moves", target),
            features.get(feature),
            targets.get(target),
            "The model's answer as %s moves and all other inputs stay at their medians; the data are"
                    .formatted(features.get(feature))
                + " the test rows, whose other inputs vary.",
            grid,
            mixtures,
            column(inputs, feature).values(),
            column(observed, target).values(),
            middle[feature],
            OptionalDouble.empty());
    return new Sweep(panel, medians[medians.length - 1] - medians[0]);
  }

  private String titled(String name, int target) {
    return targets.size() == 1 ? name : targets.get(target) + ": " + name;
  }

  private Mixture[] predict(Function<double[][], MixtureBatch> model, double[][] rows, int target) {
    MixtureBatch batch = model.apply(rows);
    Mixture[] mixtures = new Mixture[rows.length];
    Arrays.setAll(
        mixtures, i -> targets.size() == 1 ? batch.get(i) : batch.get(i).marginal(target));
    return mixtures;
  }

  private static double[] medians(Mixture[] mixtures) {
    return Arrays.stream(mixtures).mapToDouble(mixture -> mixture.quantile(0.5)).toArray();
  }

  private static Column column(double[][] rows, int index) {
    return new Column(Arrays.stream(rows).mapToDouble(row -> row[index]).toArray());
  }

  private record Column(double[] values) {
    double[] sorted() {
      return Arrays.stream(values).sorted().toArray();
    }

    boolean isNotConstant() {
      return Arrays.stream(values).anyMatch(value -> value != values[0]);
    }
  }
}
