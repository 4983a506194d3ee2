/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Digits;

/**
 * Views of a model that predicts some columns of a table from others: the rows by their predicted
 * median, and the predictions as one column moves while the others stay, numbers at their medians
 * and categories at their most frequent value. Of several targets there are the joint densities of
 * each with others, too.
 *
 * @param columns names of the table's columns that are inputs
 * @param categories of each column, its values in the order of the model's inputs, 1 in one of them
 *     and 0 in the others; empty for a number, which is one input
 * @param targets names of the model's targets, {@code [D]}
 * @param inputs rows that the model has not been trained on, {@code [N][F]}
 * @param observed their targets, {@code [N][D]}
 */
public record TabularPanels(
    List<String> columns,
    List<List<String>> categories,
    List<String> targets,
    double[][] inputs,
    double[][] observed) {
  private static final int MOST_ROWS = 200;
  private static final int MOST_COLUMNS = 12;
  private static final int MOST_SAID = 12;
  private static final int MOST_PARTNERS = 3; // of a target, whose joint density is shown
  private static final int STEPS = 61;
  private static final int DIGITS = 5;

  /** A column that moves: its values, and the model's predictions at them. */
  private record Sweep(
      int column,
      double[] grid,
      double start,
      double[] data,
      Mixture[] answers,
      List<Panel.Joint> joints) {
    /** Returns the predictions of one target, with its medians. */
    Answer of(int target) {
      Mixture[] marginals = marginals(answers, target);
      return new Answer(this, marginals, medians(marginals));
    }
  }

  private record Answer(Sweep sweep, Mixture[] mixtures, double[] medians) {
    double reach() {
      DoubleSummaryStatistics range = Arrays.stream(medians).summaryStatistics();
      return range.getMax() - range.getMin();
    }
  }

  /**
   * Creates the views of a table of numbers only.
   *
   * @param columns names of the model's inputs, {@code [F]}
   * @param targets names of its targets, {@code [D]}
   * @param inputs rows that the model has not been trained on, {@code [N][F]}
   * @param observed their targets, {@code [N][D]}
   */
  public TabularPanels(
      List<String> columns, List<String> targets, double[][] inputs, double[][] observed) {
    this(
        columns,
        columns.stream().map(name -> List.<String>of()).toList(),
        targets,
        inputs,
        observed);
  }

  /**
   * Creates the views.
   *
   * @param model predicts from rows of inputs, {@code [N][F]}, in the file's units
   * @return for each target its rows, then the columns that move its median most, at most {@value
   *     #MOST_COLUMNS}; a number that is the same in all rows is left out, and a category of one
   *     value
   */
  public List<Panel> of(Function<double[][], MixtureBatch> model) {
    double[] middle = middle();
    List<Sweep> sweeps =
        IntStream.range(0, columns.size())
            .filter(column -> values(column).length > 1)
            .mapToObj(column -> sweep(model, middle, column))
            .toList();
    List<Panel> panels = new ArrayList<>();
    for (int d = 0; d < targets.size(); d++) {
      int target = d;
      panels.add(rows(model, target));
      sweeps.stream()
          .map(sweep -> sweep.of(target))
          .sorted(Comparator.comparingDouble(Answer::reach).reversed())
          .limit(MOST_COLUMNS)
          .map(answer -> panel(answer, target, middle))
          .forEach(panels::add);
    }
    return panels;
  }

  private Panel rows(Function<double[][], MixtureBatch> model, int target) {
    int count = Math.min(MOST_ROWS, inputs.length);
    int[] shown =
        IntStream.range(0, count).map(i -> (int) ((long) i * inputs.length / count)).toArray();
    Mixture[] answers =
        answers(model, IntStream.of(shown).mapToObj(row -> inputs[row]).toArray(double[][]::new));
    double[] medians = medians(marginals(answers, target));
    int[] order =
        IntStream.range(0, count)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> medians[i]))
            .mapToInt(i -> i)
            .toArray();
    Mixture[] ordered = IntStream.of(order).mapToObj(i -> answers[i]).toArray(Mixture[]::new);
    double[][] outcomes =
        IntStream.of(order).mapToObj(i -> observed[shown[i]]).toArray(double[][]::new);
    double[] ranks = IntStream.rangeClosed(1, count).mapToDouble(rank -> rank).toArray();
    return new Panel(
        titled("Test rows", target),
        "rank of the row",
        targets.get(target),
        "%d of %d test rows, in the order of their predicted median; the dot on the axis is what was"
                .formatted(count, inputs.length)
            + " observed.",
        ranks,
        marginals(ordered, target),
        ranks,
        column(outcomes, target),
        0.5 * count,
        OptionalDouble.of(0.25),
        List.of(),
        of(target, joints(ordered, outcomes, true)));
  }

  private Panel panel(Answer answer, int target, double[] middle) {
    Sweep sweep = answer.sweep();
    String name = columns.get(sweep.column());
    List<String> names = categories.get(sweep.column());
    return new Panel(
        titled(name + " moves", target),
        name,
        targets.get(target),
        "The model's answer as %s moves%s.".formatted(name, held(middle, sweep.column()))
            + said(name, names, answer.medians(), target)
            + " The data are the test rows, whose other inputs vary.",
        sweep.grid(),
        answer.mixtures(),
        sweep.data(),
        column(observed, target),
        sweep.start(),
        OptionalDouble.empty(),
        names,
        of(target, sweep.joints()));
  }

  /** Returns in words what the other columns stay at. */
  private String held(double[] middle, int moving) {
    List<String> values = new ArrayList<>();
    Set<String> kinds = new LinkedHashSet<>();
    for (int column = 0; column < columns.size(); column++) {
      if (column != moving) {
        List<String> names = categories.get(column);
        double value = value(middle, place(column), names);
        kinds.add(
            names.isEmpty()
                ? "numbers at their medians"
                : "categories at their most frequent value");
        values.add(
            columns.get(column) + " " + (names.isEmpty() ? digits(value) : names.get((int) value)));
      }
    }
    return values.isEmpty()
        ? ""
        : " and all other inputs stay, %s: %s".formatted(String.join(", ", kinds), listed(values));
  }

  /** Returns in words how a category changes the median. */
  private String said(String name, List<String> names, double[] medians, int target) {
    return names.isEmpty()
        ? ""
        : " The median of %s: ".formatted(targets.get(target))
            + listed(
                IntStream.range(0, names.size())
                    .mapToObj(
                        i ->
                            "%s %s moves it to %s"
                                .formatted(name, names.get(i), digits(medians[i])))
                    .toList())
            + ".";
  }

  private static String listed(List<String> texts) {
    return texts.stream().limit(MOST_SAID).collect(Collectors.joining(", "))
        + (texts.size() > MOST_SAID ? ", …" : "");
  }

  private static String digits(double value) {
    return Digits.of(value, DIGITS);
  }

  private Sweep sweep(Function<double[][], MixtureBatch> model, double[] middle, int column) {
    int place = place(column);
    List<String> names = categories.get(column);
    boolean named = !names.isEmpty();
    double[] values = values(column);
    double[] grid =
        named
            ? values
            : Arrays.stream(Panel.evenly(values[0], values[values.length - 1], STEPS))
                .distinct()
                .toArray();
    double[][] rows =
        Arrays.stream(grid)
            .mapToObj(
                value -> {
                  double[] row = middle.clone();
                  if (named) {
                    Arrays.fill(row, place, place + grid.length, 0);
                    row[place + (int) value] = 1;
                  } else {
                    row[place] = value;
                  }
                  return row;
                })
            .toArray(double[][]::new);
    Mixture[] answers = answers(model, rows);
    return new Sweep(
        column,
        grid,
        value(middle, place, names),
        Arrays.stream(inputs).mapToDouble(row -> value(row, place, names)).toArray(),
        answers,
        joints(answers, observed, false));
  }

  /** Returns the joint views of all pairs of targets. */
  private List<Panel.Joint> joints(Mixture[] answers, double[][] data, boolean oneEach) {
    List<Panel.Joint> joints = new ArrayList<>();
    for (int one = 0; one < targets.size(); one++) {
      for (int two = one + 1; two < targets.size(); two++) {
        int[] pair = {one, two};
        joints.add(
            new Panel.Joint(
                List.of(targets.get(one), targets.get(two)),
                Arrays.stream(answers)
                    .map(mixture -> mixture.marginal(pair))
                    .toArray(Mixture[]::new),
                Arrays.stream(data)
                    .map(row -> new double[] {row[pair[0]], row[pair[1]]})
                    .toArray(double[][]::new),
                oneEach));
      }
    }
    return joints;
  }

  /** Returns the joint views of one target with others. */
  private List<Panel.Joint> of(int target, List<Panel.Joint> joints) {
    return joints.stream()
        .filter(joint -> joint.outputs().contains(targets.get(target)))
        .limit(MOST_PARTNERS)
        .toList();
  }

  /** Returns a row of medians and most frequent categories. */
  private double[] middle() {
    double[] middle = new double[inputs[0].length];
    for (int column = 0; column < columns.size(); column++) {
      int place = place(column);
      int names = categories.get(column).size();
      if (names == 0) {
        middle[place] = Arrays.stream(column(inputs, place)).sorted().toArray()[inputs.length / 2];
      } else {
        double[] counts = // [names]
            IntStream.range(place, place + names)
                .mapToDouble(input -> Arrays.stream(column(inputs, input)).sum())
                .toArray();
        int most = 0;
        for (int i = 1; i < names; i++) {
          most = counts[i] > counts[most] ? i : most;
        }
        middle[place + most] = 1;
      }
    }
    return middle;
  }

  /** Returns the number of a column in a row of inputs, or the index of its category. */
  private static double value(double[] row, int place, List<String> names) {
    return IntStream.range(0, names.size())
        .filter(i -> row[place + i] > 0)
        .mapToDouble(i -> i)
        .findFirst()
        .orElse(row[place]);
  }

  /**
   * Returns the different values of a column in the rows, ascending; of a category, all that it may
   * have.
   */
  private double[] values(int column) {
    int names = categories.get(column).size();
    return names > 0
        ? IntStream.range(0, names).mapToDouble(i -> i).toArray()
        : Arrays.stream(column(inputs, place(column))).sorted().distinct().toArray();
  }

  /** Returns the place of the first of the model's inputs that belong to a column. */
  private int place(int column) {
    return categories.stream().limit(column).mapToInt(names -> Math.max(1, names.size())).sum();
  }

  private String titled(String name, int target) {
    return targets.size() == 1 ? name : targets.get(target) + ": " + name;
  }

  private static Mixture[] answers(Function<double[][], MixtureBatch> model, double[][] rows) {
    MixtureBatch batch = model.apply(rows);
    return IntStream.range(0, rows.length).mapToObj(batch::get).toArray(Mixture[]::new);
  }

  private static Mixture[] marginals(Mixture[] mixtures, int target) {
    return Arrays.stream(mixtures)
        .map(mixture -> mixture.targets() == 1 ? mixture : mixture.marginal(target))
        .toArray(Mixture[]::new);
  }

  private static double[] medians(Mixture[] mixtures) {
    return Arrays.stream(mixtures).mapToDouble(mixture -> mixture.quantile(0.5)).toArray();
  }

  private static double[] column(double[][] rows, int index) {
    return Arrays.stream(rows).mapToDouble(row -> row[index]).toArray();
  }
}
