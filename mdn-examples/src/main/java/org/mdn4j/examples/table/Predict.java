/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.WholeFile;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Predicts the rows of a CSV file by a model that {@link TabularRegression} saved:
 *
 * <pre>{@code
 * Predict --model mdn-examples/target/tabular-regression/model.zip --csv new-houses.csv
 * }</pre>
 *
 * <p>The columns are found by their names. Per row of the file: its line, mean, standard deviation,
 * quantiles, and the highest-density region, several intervals where the prediction has several
 * branches; where the file has the target, too, the target and its NLL.
 */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Predicts the rows of a CSV file by a model that \"table\" saved, and writes mean,",
      "standard deviation, quantiles and highest-density region; the NLL if the target is there."
    })
public final class Predict implements Callable<Predict.Result> {
  /**
   * What came out.
   *
   * @param rows rows that were predicted
   * @param dropped rows that were left out because a cell was missing
   * @param nll mean NLL in nats; NaN if the file has no target
   */
  public record Result(int rows, int dropped, double nll) {}

  @Option(names = "--model", paramLabel = "FILE", required = true, description = "the model")
  Path model;

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = "the rows; columns are found by name, the target may be missing")
  Path csv;

  @Option(
      names = "--quantiles",
      paramLabel = "P",
      split = ",",
      description = "which quantiles",
      defaultValue = "0.05,0.25,0.5,0.75,0.95")
  List<Double> quantiles;

  @Option(
      names = "--level",
      description = "probability of the highest-density region",
      defaultValue = "0.9")
  double level;

  @Option(names = "--drop-missing", description = "leave rows out in which a cell is missing")
  boolean dropMissing;

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
   * Runs the program inside another one.
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
    CsvTable whole = CsvTable.read(csv);
    CsvTable table = dropMissing ? whole.withoutMissing() : whole;
    boolean scored = table.columns().contains(encoding.target());
    double[][] targets = scored ? encoding.targets(table) : null;
    double[][] features = encoding.features(table);
    MixtureBatch predicted;
    try {
      predicted = loaded.regressor().predict(features);
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: %s".formatted(csv, e.getMessage()));
    }
    double nll = write(predicted, table, encoding.target(), targets);
    int dropped = whole.rows().size() - table.rows().size();
    if (dropMissing) {
      System.out.printf("%d rows dropped, because a cell is missing%n", dropped);
    }
    System.out.printf(
        "%d rows predicted%s%n",
        predicted.size(), scored ? String.format(", NLL %.3f nats", nll) : "");
    System.out.println("Written to " + out);
    return new Result(predicted.size(), dropped, nll);
  }

  /** Returns the mean NLL, or NaN. */
  private double write(MixtureBatch predicted, CsvTable table, String target, double[][] targets)
      throws IOException {
    double[] sum = new double[1];
    WholeFile.write(
        out,
        draft -> {
          try (BufferedWriter writer = Files.newBufferedWriter(draft)) {
            writer.write(header(target, targets != null));
            for (int n = 0; n < predicted.size(); n++) {
              Mixture mixture = predicted.get(n);
              List<String> cells = cells(table.lines().get(n), mixture);
              if (targets != null) {
                double nll = -mixture.logDensity(targets[n][0]);
                sum[0] += nll;
                cells.add(Double.toString(targets[n][0]));
                cells.add(Double.toString(nll));
              }
              writer.write(String.join(",", cells) + System.lineSeparator());
            }
          }
        });
    return targets == null ? Double.NaN : sum[0] / predicted.size();
  }

  private String header(String target, boolean scored) {
    List<String> names = new ArrayList<>(List.of("row", "mean", "standard_deviation"));
    quantiles.forEach(p -> names.add("quantile_" + p));
    names.add("region_" + level);
    if (scored) {
      names.add("\"" + target.replace("\"", "\"\"") + "\"");
      names.add("nll");
    }
    return String.join(",", names) + System.lineSeparator();
  }

  private List<String> cells(int line, Mixture mixture) {
    List<String> cells = new ArrayList<>();
    cells.add(Integer.toString(line));
    cells.add(Double.toString(mixture.mean()[0]));
    cells.add(Double.toString(Math.sqrt(mixture.variance()[0])));
    quantiles.forEach(p -> cells.add(Double.toString(mixture.quantile(p))));
    cells.add(
        mixture.highestDensityRegion(level).stream()
            .map(Predict::text)
            .collect(Collectors.joining("; ")));
    return cells;
  }

  private static String text(Interval interval) {
    return String.format(Locale.ROOT, "%s to %s", interval.lower(), interval.upper());
  }
}
