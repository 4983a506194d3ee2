/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.regression.frame.ColumnKind;

/**
 * The predictions of a table's rows as a CSV file, with commas and points and six significant
 * digits. Its columns are: {@code row}, the line of the file; the row's inputs, or its id; the
 * columns of targets by their own names, if any row has them all; and for each target, with its
 * name behind, mean, standard deviation, quantiles, the probabilities of atoms and of values above
 * horizons, and the ends of the highest-density region's intervals, from the lowest, as many as the
 * row with most of them has; the ends of the conformal interval, if there is one; then correlations
 * of targets, and the NLL in nats. A column that is not said of a row is empty.
 *
 * @param table the rows
 * @param columns that the model takes and gives
 * @param conformal the interval of each row and target, {@code [N][D]}; null for none
 * @param options what is written
 */
record PredictionFile(
    CsvTable table,
    TableColumns columns,
    List<List<Interval>> conformal,
    PredictionOptions options) {
  private static final int DIGITS = 6;

  /** What is predicted of one row; the ends are {@code [D][2 · intervals]}. */
  private record Answer(
      double[] moments,
      double[] probabilities,
      double[][] ends,
      double[] correlations,
      double nll) {}

  /**
   * Writes the file.
   *
   * @param predicted the mixture of each row
   * @param observed the label of each row, null where a target is not known
   * @return the NLL of each row in nats, NaN where a target is not known
   */
  double[] write(Path file, IntFunction<Mixture> predicted, double[][] observed)
      throws IOException {
    double[] atoms = predicted.apply(0).atoms(); // the same of all rows
    boolean scored = Arrays.stream(observed).anyMatch(Objects::nonNull);
    List<Answer> answers =
        IntStream.range(0, observed.length)
            .mapToObj(n -> answer(predicted.apply(n), observed[n]))
            .toList();
    int[] widest = // [D], in ends
        IntStream.range(0, targets().size())
            .map(d -> answers.stream().mapToInt(one -> one.ends()[d].length).max().orElse(0))
            .toArray();
    List<Column> carried = new ArrayList<>(options.id.isEmpty() ? inputs() : ids());
    if (scored) {
      columns.targets().all().stream()
          .filter(name -> carried.stream().noneMatch(column -> column.name().equals(name)))
          .forEach(name -> carried.add(new Column(name, true)));
    }
    WholeFile.write(
        file,
        draft -> {
          try (Writer writer = Files.newBufferedWriter(draft)) {
            writer.write(line(header(carried, atoms, widest, scored)));
            for (int n = 0; n < observed.length; n++) {
              writer.write(line(cells(n, carried, answers.get(n), widest, scored)));
            }
          }
        });
    return answers.stream().mapToDouble(Answer::nll).toArray();
  }

  /** A column of the table that is copied. */
  private record Column(String name, boolean number) {}

  private List<String> targets() {
    return columns.targets().names();
  }

  private List<Column> inputs() {
    return columns.inputs().stream()
        .map(one -> new Column(one.name(), one.kind() == ColumnKind.NUMBER))
        .toList();
  }

  private List<Column> ids() {
    return table.named(options.id).stream().map(name -> new Column(name, false)).toList();
  }

  private Answer answer(Mixture mixture, double[] observed) {
    List<Mixture> each =
        mixture.targets() == 1
            ? List.of(mixture)
            : IntStream.range(0, mixture.targets()).mapToObj(mixture::marginal).toList();
    List<Double> moments = new ArrayList<>();
    each.forEach(one -> moments.add(one.mean()[0]));
    each.forEach(one -> moments.add(Math.sqrt(one.variance()[0])));
    for (double p : options.quantiles) {
      each.forEach(one -> moments.add(one.quantile(p)));
    }
    return new Answer(
        moments.stream().mapToDouble(one -> one).toArray(),
        DoubleStream.concat(
                Arrays.stream(mixture.atomProbabilities()),
                options.horizons.stream()
                    .flatMapToDouble(t -> each.stream().mapToDouble(one -> one.survival(t))))
            .toArray(),
        each.stream()
            .map(one -> ends(one.highestDensityRegion(options.level)))
            .toArray(double[][]::new),
        Prediction.correlations(mixture),
        observed == null ? Double.NaN : -mixture.logLikelihood(observed));
  }

  private static double[] ends(List<Interval> intervals) {
    return intervals.stream()
        .flatMap(one -> List.of(one.lower(), one.upper()).stream())
        .mapToDouble(end -> end)
        .toArray();
  }

  private List<String> header(List<Column> carried, double[] atoms, int[] widest, boolean scored) {
    List<String> targets = targets();
    List<String> own = new ArrayList<>();
    targets.forEach(target -> own.add("mean_" + target));
    targets.forEach(target -> own.add("standard_deviation_" + target));
    for (double p : options.quantiles) {
      targets.forEach(target -> own.add("quantile_" + p + "_" + target));
    }
    for (double atom : atoms) {
      own.add("probability_%s_%s".formatted(Digits.of(atom, DIGITS), targets.get(0)));
    }
    for (double t : options.horizons) {
      targets.forEach(
          target -> own.add("probability_above_%s_%s".formatted(Digits.of(t, DIGITS), target)));
    }
    for (int d = 0; d < widest.length; d++) {
      for (int end = 0; end < widest[d]; end++) {
        own.add(
            "region_%s_%s_%s_%s"
                .formatted(
                    options.level, end % 2 == 0 ? "lower" : "upper", end / 2 + 1, targets.get(d)));
      }
    }
    if (conformal != null) {
      for (String target : targets) {
        own.add("conformal_%s_lower_%s".formatted(options.level, target));
        own.add("conformal_%s_upper_%s".formatted(options.level, target));
      }
    }
    Prediction.pairs(targets.size())
        .forEach(
            pair -> own.add("correlation_" + targets.get(pair[0]) + "_" + targets.get(pair[1])));
    if (scored) {
      own.add("nll");
    }
    List<String> copied = carried.stream().map(Column::name).toList();
    Set<String> taken = new HashSet<>(copied);
    List<String> names = new ArrayList<>(List.of(free("row", taken)));
    names.addAll(copied);
    own.forEach(name -> names.add(free(name, taken)));
    return names;
  }

  /** Returns a name that no other column has: one of the table may be called as one of these is. */
  private static String free(String name, Set<String> taken) {
    String free = name;
    while (!taken.add(free)) {
      free += "_";
    }
    return free;
  }

  private List<String> cells(
      int row, List<Column> carried, Answer answer, int[] widest, boolean scored) {
    List<String> cells = new ArrayList<>(List.of(Integer.toString(table.lines().get(row))));
    for (Column column : carried) {
      String cell = table.cell(row, table.indexOf(column.name()));
      boolean comma = column.number() && table.dialect().decimalComma();
      cells.add(comma ? cell.replace(',', '.') : cell);
    }
    add(cells, answer.moments(), answer.moments().length);
    add(cells, answer.probabilities(), answer.probabilities().length);
    for (int d = 0; d < widest.length; d++) {
      add(cells, answer.ends()[d], widest[d]);
    }
    if (conformal != null) {
      double[] ends = ends(conformal.get(row));
      add(cells, ends, ends.length);
    }
    add(cells, answer.correlations(), answer.correlations().length);
    if (scored) {
      cells.add(Double.isNaN(answer.nll()) ? "" : Digits.of(answer.nll(), DIGITS));
    }
    return cells;
  }

  private static void add(List<String> cells, double[] numbers, int places) {
    for (int i = 0; i < places; i++) {
      cells.add(i < numbers.length ? Digits.of(numbers[i], DIGITS) : "");
    }
  }

  private static String line(List<String> cells) {
    return cells.stream().map(PredictionFile::quoted).collect(Collectors.joining(","))
        + System.lineSeparator();
  }

  /** Returns a cell, in double quotes where it must be. */
  static String quoted(String cell) {
    return cell.matches("[^,\"\r\n]*") ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }
}
