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
import org.mdn4j.regression.frame.Frame;

/**
 * Views of a model that predicts some columns of a table from others: the rows by their predicted
 * median, and the predictions as one column moves while the others stay, numbers and dates at their
 * medians, categories at their most frequent value. Of several targets there are the joint
 * densities of each with others, too.
 *
 * @param inputs rows that the model has not been trained on, with the columns that it takes
 * @param targets names of the model's targets, {@code [D]}
 * @param observed their targets, {@code [N][D]}
 */
public record TabularPanels(Frame inputs, List<String> targets, double[][] observed) {
  private static final int MOST_ROWS = 200;
  private static final int MOST_COLUMNS = 12;
  private static final int MOST_SAID = 12;
  private static final int MOST_PARTNERS = 3; // of a target, whose joint density is shown
  private static final int STEPS = 61;
  private static final int DIGITS = 5;

  /** A column that moves: its values, and the model's predictions at them. */
  private record Sweep(MovingColumn column, Mixture[] answers, List<Panel.Joint> joints) {
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
   * Creates the views.
   *
   * @param model predicts from rows of inputs
   * @return for each target its rows, then the columns that move its median most, at most {@value
   *     #MOST_COLUMNS}; a column that is the same in all rows is left out
   */
  public List<Panel> of(Function<Frame, MixtureBatch> model) {
    List<MovingColumn> columns =
        inputs.names().stream().map(name -> MovingColumn.of(inputs, name, STEPS)).toList();
    List<Sweep> sweeps =
        columns.stream()
            .filter(MovingColumn::moves)
            .map(column -> sweep(model, columns, column))
            .toList();
    List<Panel> panels = new ArrayList<>();
    for (int d = 0; d < targets.size(); d++) {
      int target = d;
      panels.add(rows(model, target));
      sweeps.stream()
          .map(sweep -> sweep.of(target))
          .sorted(Comparator.comparingDouble(Answer::reach).reversed())
          .limit(MOST_COLUMNS)
          .map(answer -> panel(answer, target, columns))
          .forEach(panels::add);
    }
    return panels;
  }

  private Panel rows(Function<Frame, MixtureBatch> model, int target) {
    int count = Math.min(MOST_ROWS, inputs.rows());
    int[] shown =
        IntStream.range(0, count).map(i -> (int) ((long) i * inputs.rows() / count)).toArray();
    Mixture[] answers = answers(model, inputs.select(shown));
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
        "%s of %s test rows, in the order of their predicted median; the dot on the axis is what was"
                .formatted(count, inputs.rows())
            + " observed."
            + aboutAtoms(marginals(ordered, target)),
        ranks,
        marginals(ordered, target),
        ranks,
        column(outcomes, target),
        0.5 * count,
        OptionalDouble.of(0.25),
        List.of(),
        of(target, joints(ordered, outcomes, true)));
  }

  private Panel panel(Answer answer, int target, List<MovingColumn> columns) {
    Sweep sweep = answer.sweep();
    MovingColumn column = sweep.column();
    int[] known = column.known();
    return new Panel(
        titled(column.name() + " moves", target),
        column.title(),
        targets.get(target),
        "The model's answer as %s moves%s.".formatted(column.name(), held(columns, column))
            + said(column, answer.medians(), target)
            + " The data are the test rows, whose other inputs vary."
            + aboutAtoms(answer.mixtures()),
        column.grid(),
        answer.mixtures(),
        IntStream.of(known).mapToDouble(row -> column.places()[row]).toArray(),
        IntStream.of(known).mapToDouble(row -> observed[row][target]).toArray(),
        column.start(),
        OptionalDouble.empty(),
        column.names(),
        of(target, sweep.joints()));
  }

  /** Returns in words what the other columns stay at. */
  private static String held(List<MovingColumn> columns, MovingColumn moving) {
    List<String> values = new ArrayList<>();
    Set<String> kinds = new LinkedHashSet<>();
    for (MovingColumn column : columns) {
      if (column != moving) {
        kinds.add(
            column.names().isEmpty()
                ? "numbers at their medians"
                : "categories at their most frequent value");
        values.add(column.name() + " " + column.startText());
      }
    }
    return values.isEmpty()
        ? ""
        : " and all other inputs stay, %s: %s".formatted(String.join(", ", kinds), listed(values));
  }

  /** Returns in words how a category changes the median. */
  private String said(MovingColumn column, double[] medians, int target) {
    return column.names().isEmpty()
        ? ""
        : " The median of %s: ".formatted(targets.get(target))
            + listed(
                IntStream.range(0, column.names().size())
                    .mapToObj(
                        i ->
                            "%s %s moves it to %s"
                                .formatted(
                                    column.name(),
                                    column.names().get(i),
                                    Digits.of(medians[i], DIGITS)))
                    .toList())
            + ".";
  }

  private static String listed(List<String> texts) {
    return texts.stream().limit(MOST_SAID).collect(Collectors.joining(", "))
        + (texts.size() > MOST_SAID ? ", …" : "");
  }

  private Sweep sweep(
      Function<Frame, MixtureBatch> model, List<MovingColumn> columns, MovingColumn moving) {
    Frame rows = moving.frame(moving.grid());
    for (MovingColumn column : columns) {
      double[] held = new double[moving.grid().length];
      Arrays.fill(held, column.start());
      rows = column == moving ? rows : rows.with(column.frame(held));
    }
    Mixture[] answers = answers(model, rows);
    return new Sweep(moving, answers, joints(answers, observed, false));
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

  /** Returns in words what a density does not show. */
  private static String aboutAtoms(Mixture[] mixtures) {
    double[] atoms = mixtures[0].atoms();
    return atoms.length == 0
        ? ""
        : " The density is that of all values but %s, which have a probability of their own."
            .formatted(
                listed(Arrays.stream(atoms).mapToObj(atom -> Digits.of(atom, DIGITS)).toList()));
  }

  private String titled(String name, int target) {
    return targets.size() == 1 ? name : targets.get(target) + ": " + name;
  }

  private static Mixture[] answers(Function<Frame, MixtureBatch> model, Frame rows) {
    MixtureBatch batch = model.apply(rows);
    return IntStream.range(0, rows.rows()).mapToObj(batch::get).toArray(Mixture[]::new);
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
