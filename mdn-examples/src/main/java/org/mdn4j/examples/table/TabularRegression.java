/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.PrintedProgress;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.RandomSplit;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.plot.LossPlot;
import org.mdn4j.examples.plot.ObservedPredictedPlot;
import org.mdn4j.regression.FitReport;
import org.mdn4j.regression.MixtureRegressor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Learns the distribution of one column of a CSV file given all others.
 *
 * <pre>{@code
 * TabularRegression --csv houses.csv --target price
 * }</pre>
 *
 * <p>A part of the rows, at random, is kept for the test; a {@link MixtureRegressor} learns from
 * the others, and beside it one with a single Gaussian. The negative log-likelihood (NLL) of the
 * test rows is in nats and in the target's own units.
 *
 * <p>When all is computed, the output folder gets {@code model.zip}, which {@link Predict} reads,
 * {@code predictions.csv} (a {@link Prediction} per test row), {@code predictions.png}, {@code
 * loss.png} and {@code report.html}, a page that shows the model in the browser. A mistake in
 * options or data ends in one line on standard error and exit status 2, and nothing is written.
 */
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Learns the distribution of one column of a CSV file given all others, and writes",
      "model.zip, predictions.csv (whose rows are the lines of the file; the header is line 1),",
      "predictions.png, loss.png and report.html."
    })
public final class TabularRegression implements Callable<TabularRegression.Result> {
  /**
   * What came out.
   *
   * @param trainingRows rows that were learned from, those that validate included
   * @param dropped rows that were left out because a cell was missing
   * @param predictions one per test row, in the file's order
   * @param testNll mean NLL of the test rows, in nats and the target's own units
   * @param baselineNll the same of one Gaussian
   */
  public record Result(
      int trainingRows,
      int dropped,
      List<Prediction> predictions,
      double testNll,
      double baselineNll) {}

  @Option(
      names = "--csv",
      paramLabel = "FILE",
      required = true,
      description = "the data, under a line of column names")
  Path csv;

  @Option(
      names = "--target",
      paramLabel = "COLUMN",
      required = true,
      description = "the column to predict; all others are inputs")
  String target;

  @Option(
      names = "--categorical",
      paramLabel = "COLUMN",
      split = ",",
      description = "columns that hold categories, apart by commas; all others hold numbers")
  List<String> categorical = List.of();

  @Option(names = "--drop-missing", description = "leave rows out in which a cell is missing")
  boolean dropMissing;

  @Option(names = "--components", description = "mixture components", defaultValue = "10")
  int components;

  @Option(
      names = "--ensemble",
      paramLabel = "M",
      description = "networks that are averaged",
      defaultValue = "1")
  int ensemble;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "output folder",
      defaultValue = "mdn-examples/target/tabular-regression")
  Path out;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "where the model goes; model.zip in the output folder if not given")
  Path save;

  @Option(
      names = "--test-fraction",
      description = "part of the rows that is kept for the report",
      defaultValue = "0.15")
  double testFraction;

  @Option(
      names = "--seed",
      description = "seed of the split, the initial weights, the order and the noise",
      defaultValue = "1")
  long seed;

  private TabularRegression() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new TabularRegression(), args);
  }

  /**
   * Runs the program inside another one.
   *
   * @param args see {@code --help}
   * @return predictions of the test rows, and their score
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if an option or the data are not usable
   */
  public static Result run(String... args) throws IOException {
    TabularRegression program = new TabularRegression();
    Program.commandLine(program).parseArgs(args);
    return program.call();
  }

  @Override
  public Result call() throws IOException {
    checkOptions();
    Program.requireFolder(out);
    Path model = save == null ? out.resolve("model.zip") : save;
    Program.requireFolder(model.toAbsolutePath().getParent());
    CsvTable whole = CsvTable.read(csv);
    CsvTable table = dropMissing ? whole.withoutMissing() : whole;
    int dropped = whole.rows().size() - table.rows().size();
    TableEncoding encoding = TableEncoding.of(table, target, categorical);
    double[][] features = encoding.features(table);
    double[][] targets = encoding.targets(table);
    RandomSplit split = RandomSplit.of(targets.length, testFraction, components, seed);
    if (dropMissing) {
      System.out.printf("%d rows dropped, because a cell is missing%n", dropped);
    }
    System.out.printf(
        "%d rows to learn from, %d for the test%n", split.training().length, split.test().length);

    MixtureRegressor mixture = fit(components, ensemble, features, targets, split);
    MixtureRegressor gaussian = fit(1, 1, features, targets, split);
    double[][] testFeatures = RandomSplit.select(features, split.test());
    double[][] testTargets = RandomSplit.select(targets, split.test());
    List<Prediction> predictions =
        predictions(mixture.predict(testFeatures), testTargets, table, split.test());
    Result result =
        new Result(
            split.training().length,
            dropped,
            predictions,
            -predictions.stream().mapToDouble(Prediction::logDensity).average().orElseThrow(),
            gaussian.evaluate(testFeatures, testTargets).nll());
    new TableModel(mixture, encoding).save(model);
    write(mixture.report(), result);
    TabularPage.of(
            csv,
            encoding,
            split.training().length,
            testFeatures,
            testTargets,
            mixture::predict,
            mixture.evaluate(testFeatures, testTargets),
            result.baselineNll())
        .seed(seed)
        .loss(trainNll(mixture.report()), validationNll(mixture.report()), Double.NaN)
        .write(out.resolve("report.html"));
    System.out.printf(
        "Noise %s (inputs:targets), %d epochs, %.0f s%n",
        mixture.report().noise(),
        mixture.report().members().get(0).curve().size(),
        mixture.report().seconds());
    System.out.printf(
        "Test NLL, in nats and units of \"%s\": mixture %.3f, one Gaussian %.3f%n",
        target, result.testNll(), result.baselineNll());
    System.out.println("Written to " + out + (save == null ? "" : " and " + save));
    return result;
  }

  private void checkOptions() {
    Program.require(components >= 1, "--components: expected at least 1, got %d", components);
    Program.require(ensemble >= 1, "--ensemble: expected at least 1, got %d", ensemble);
    Program.require(
        testFraction > 0 && testFraction < 1,
        "--test-fraction: expected a number in (0, 1), got %s",
        testFraction);
  }

  private MixtureRegressor fit(
      int components, int members, double[][] features, double[][] targets, RandomSplit split) {
    MixtureRegressor regressor =
        MixtureRegressor.builder()
            .components(components)
            .ensemble(members)
            .seed(seed)
            .quiet()
            .listener(new PrintedProgress())
            .build();
    try {
      return regressor.fit(
          RandomSplit.select(features, split.training()),
          RandomSplit.select(targets, split.training()));
    } catch (IllegalArgumentException e) {
      throw new UserError("%s: %s".formatted(csv, e.getMessage()));
    }
  }

  private static List<Prediction> predictions(
      MixtureBatch mixtures, double[][] targets, CsvTable table, int[] rows) {
    List<Prediction> predictions = new ArrayList<>();
    for (int n = 0; n < rows.length; n++) {
      predictions.add(Prediction.of(table.lines().get(rows[n]), targets[n][0], mixtures.get(n)));
    }
    return predictions;
  }

  private void write(FitReport report, Result result) throws IOException {
    WholeFile.write(
        out.resolve("predictions.csv"), file -> Prediction.writeCsv(result.predictions(), file));
    ObservedPredictedPlot.write(
        target,
        column(result, Prediction::target),
        column(result, Prediction::mean),
        column(result, Prediction::standardDeviation),
        out.resolve("predictions.png"));
    LossPlot.write(trainNll(report), validationNll(report), Double.NaN, out.resolve("loss.png"));
  }

  private static List<Double> trainNll(FitReport report) {
    return report.members().get(0).curve().stream().map(FitReport.Epoch::trainNll).toList();
  }

  private static List<Double> validationNll(FitReport report) {
    return report.members().get(0).curve().stream().map(FitReport.Epoch::validationNll).toList();
  }

  private static double[] column(Result result, ToDoubleFunction<Prediction> value) {
    return result.predictions().stream().mapToDouble(value).toArray();
  }
}
