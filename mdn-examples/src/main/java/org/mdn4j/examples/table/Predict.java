/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The program that predicts the rows of a CSV file by a model that {@link TabularRegression} saved:
 *
 * <pre>{@code
 * Predict --model mdn-examples/target/tabular-regression/model.zip --csv new-houses.csv
 * }</pre>
 *
 * <p>The columns are found by their names, and the file is read as the one for training was, unless
 * an option says otherwise. Per row of the file: its line, mean, standard deviation, quantiles, and
 * the highest-density region, several intervals where the prediction has several branches; of
 * several targets, those of each alone. Where the row has the targets, too, they and their NLL
 * follow.
 *
 * <p>A category that training never saw is taken as unknown, with a warning; see {@link
 * UnseenCategories}.
 */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Predicts the rows of a CSV file by a model that \"table\" saved.",
      "Writes mean, standard deviation, quantiles and highest-density region; the NLL if the target"
          + " is there. The file is read like the one for training, unless options say otherwise."
    })
public final class Predict implements Callable<Predict.Result> {
  /**
   * The results of a run.
   *
   * @param rows rows that were predicted
   * @param dropped rows that were left out because a cell was missing
   * @param nll mean NLL in nats of the rows with all targets; NaN if there is none
   */
  public record Result(int rows, int dropped, double nll) {}

  @Option(names = "--model", paramLabel = "FILE", required = true, description = "the model")
  Path model;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = "the rows; columns are found by name, the target may be missing or empty")
  Path csv;

  @Option(
      names = "--quantiles",
      paramLabel = "P",
      split = ",",
      description = "quantiles to write",
      defaultValue = "0.05,0.25,0.5,0.75,0.95")
  List<Double> quantiles;

  @Option(
      names = "--level",
      description = "probability of the highest-density region",
      defaultValue = "0.9")
  double level;

  @Option(names = "--drop-missing", description = "leave rows out in which an input is missing")
  boolean dropMissing;

  @Option(
      names = "--strict",
      description =
          "reject a category that did not occur in training; otherwise it counts as unknown")
  boolean strict;

  @Mixin CsvOptions reading = new CsvOptions();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "the file to write",
      defaultValue = "mdn-examples/target/predict/predictions.csv")
  Path out;

  private Predict() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new Predict(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return how many rows, and their score
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if an option or the data are not usable
   */
  public static Result run(String... args) throws IOException {
    Predict program = new Predict();
    Program.commandLine(program).parseArgs(args);
    return program.call();
  }

  @Override
  public Result call() throws IOException {
    Program.require(0 < level && level < 1, "--level: expected a number in (0, 1), got %s", level);
    for (double p : quantiles) {
      Program.require(0 < p && p < 1, "--quantiles: expected numbers in (0, 1), got %s", p);
    }
    Program.require(!Files.isDirectory(out), "--out: expected a file, got the folder %s", out);
    Program.requireFolder(out.toAbsolutePath().getParent());
    TableModel loaded = TableModel.load(model);
    TableEncoding encoding = loaded.encoding();
    CsvTable whole = CsvTable.read(csv, reading.dialect(encoding.dialect()));
    List<String> inputs = encoding.features().stream().map(TableEncoding.Feature::name).toList();
    CsvTable table = dropMissing ? whole.withoutMissing(inputs) : whole;
    double[][] targets = encoding.knownTargets(table);
    UnseenCategories unseen = new UnseenCategories(encoding);
    double[][] features = encoding.features(table, strict ? null : unseen);
    Score score;
    try {
      MixtureBatch predicted = loaded.regressor().predict(features);
      score =
          write(
              row ->
                  unseen.isIn(row)
                      ? loaded.predict(unseen.guesses(row, features[row]))
                      : predicted.get(row),
              table,
              encoding.targets(),
              targets);
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: %s".formatted(csv, e.getMessage()));
    }
    int rows = table.rows().size();
    int dropped = whole.rows().size() - rows;
    if (!unseen.isEmpty()) {
      Program.warn("%s: %s", csv, unseen);
    }
    if (dropMissing) {
      System.out.printf("%d rows dropped, because a cell is missing%n", dropped);
    }
    System.out.printf("%d rows predicted%s%n", rows, score);
    System.out.println("Written to " + out);
    return new Result(rows, dropped, score.nll());
  }

  /** The mean NLL of the rows with targets, and the number of all rows. */
  private record Score(double nll, int rows, int of) {
    @Override
    public String toString() {
      return rows == 0
          ? ""
          : String.format(
              Locale.ROOT,
              ", NLL %.3f nats%s",
              nll,
              rows == of ? "" : " of the " + rows + " that have a target");
    }
  }

  private Score write(
      IntFunction<Mixture> predicted, CsvTable table, List<String> names, double[][] targets)
      throws IOException {
    int scored = (int) Arrays.stream(targets).filter(Objects::nonNull).count();
    double[] sum = new double[1];
    WholeFile.write(
        out,
        draft -> {
          try (BufferedWriter writer = Files.newBufferedWriter(draft)) {
            writer.write(header(names, scored > 0));
            for (int n = 0; n < targets.length; n++) {
              Mixture mixture = predicted.apply(n);
              List<String> cells = cells(table.lines().get(n), mixture);
              if (targets[n] != null) {
                double nll = -mixture.logDensity(targets[n]);
                sum[0] += nll;
                Arrays.stream(targets[n]).mapToObj(Double::toString).forEach(cells::add);
                cells.add(Double.toString(nll));
              } else if (scored > 0) {
                cells.addAll(Collections.nCopies(names.size() + 1, ""));
              }
              writer.write(String.join(",", cells) + System.lineSeparator());
            }
          }
        });
    return new Score(sum[0] / scored, scored, targets.length);
  }

  private String header(List<String> targets, boolean scored) {
    List<String> names = new ArrayList<>(List.of("row"));
    Stream.of(
            Stream.of("mean", "standard_deviation"),
            quantiles.stream().map(p -> "quantile_" + p),
            Stream.of("region_" + level))
        .flatMap(columns -> columns)
        .flatMap(column -> Prediction.named(column, targets).stream())
        .map(Prediction::cell)
        .forEach(names::add);
    if (scored) {
      targets.forEach(target -> names.add("\"" + target.replace("\"", "\"\"") + "\""));
      names.add("nll");
    }
    return String.join(",", names) + System.lineSeparator();
  }

  private List<String> cells(int line, Mixture mixture) {
    List<Mixture> each =
        mixture.targets() == 1
            ? List.of(mixture)
            : IntStream.range(0, mixture.targets()).mapToObj(mixture::marginal).toList();
    List<String> cells = new ArrayList<>();
    cells.add(Integer.toString(line));
    each.forEach(one -> cells.add(Double.toString(one.mean()[0])));
    each.forEach(one -> cells.add(Double.toString(Math.sqrt(one.variance()[0]))));
    for (double p : quantiles) {
      each.forEach(one -> cells.add(Double.toString(one.quantile(p))));
    }
    for (Mixture one : each) {
      cells.add(
          one.highestDensityRegion(level).stream()
              .map(Predict::text)
              .collect(Collectors.joining("; ")));
    }
    return cells;
  }

  private static String text(Interval interval) {
    return String.format(Locale.ROOT, "%s to %s", interval.lower(), interval.upper());
  }
}
