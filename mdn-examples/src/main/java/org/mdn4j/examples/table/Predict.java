/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.mdn4j.distribution.Interval;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.PredictionTrust;
import org.mdn4j.regression.frame.UnseenCategory;
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
 * an option says otherwise. What is written of each row says {@link PredictionFile}; where the row
 * has the targets, too, they and their NLL are there.
 *
 * <p>A missing cell says nothing, and a category that training never saw is taken as unknown, with
 * a warning. What a model that was calibrated by {@code --conformal} guarantees is written beside
 * its own regions.
 */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Predicts the rows of a CSV file by a model that \"table\" saved.",
      "Writes each row's inputs, mean, standard deviation, quantiles and the ends of its"
          + " highest-density region's intervals; the NLL if the target is there, of a censored one"
          + " that of the interval. The file is read like"
          + " the one for training, unless options say otherwise."
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

  @Mixin PredictionOptions written = new PredictionOptions();

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
    written.check();
    Program.require(!Files.isDirectory(out), "--out: expected a file, got the folder %s", out);
    Program.requireFolder(out.toAbsolutePath().getParent());
    TableModel loaded = TableModel.load(model);
    TableColumns columns = loaded.columns();
    CsvTable whole = CsvTable.read(csv, reading.dialect(loaded.dialect()));
    CsvTable table = dropMissing ? whole.withoutMissing(columns.inputNames()) : whole;
    TableModel.Answers answers;
    double[] nll;
    try {
      answers = loaded.predict(table);
      requireSeen(table, answers.unseen());
      boolean counts = answers.mixtures().apply(0).family().isDiscrete();
      nll =
          new PredictionFile(table, columns, conformal(loaded, answers), written)
              .write(out, answers.mixtures(), columns.targets().known(table, counts));
    } catch (IllegalArgumentException e) {
      throw e instanceof UserError ? e : table.problem(e);
    }
    double[] scored = Arrays.stream(nll).filter(one -> !Double.isNaN(one)).toArray();
    double mean = Arrays.stream(scored).average().orElse(Double.NaN);
    int rows = table.rows().size();
    int dropped = whole.rows().size() - rows;
    if (!answers.unseen().isEmpty()) {
      Program.warn("%s: %s", csv, UnseenCells.counted(answers.unseen()));
    }
    if (dropMissing) {
      System.out.printf(Locale.ROOT, "%d rows dropped, because a cell is missing%n", dropped);
    }
    System.out.printf(Locale.ROOT, "%d rows predicted%s%n", rows, said(mean, scored.length, rows));
    System.out.println("Written to " + out);
    return new Result(rows, dropped, mean);
  }

  private void requireSeen(CsvTable table, List<UnseenCategory> unseen) {
    if (strict && !unseen.isEmpty()) {
      UnseenCategory first = unseen.get(0);
      throw table.problem(
          first.row(), table.indexOf(first.column()), "a category that training has seen");
    }
  }

  /** Returns the conformal intervals of a model that was calibrated; else null. */
  private List<List<Interval>> conformal(TableModel loaded, TableModel.Answers answers) {
    PredictionTrust trust = loaded.regressor().trust();
    if (answers.frame() == null || !trust.isConformal()) {
      return null;
    }
    if (!trust.conformal().reaches(written.level)) {
      Program.warn("%s", ConformalText.limit(trust.conformal(), written.level));
    }
    return trust.intervals(answers.frame(), written.level);
  }

  private static String said(double nll, int scored, int rows) {
    return scored == 0
        ? ""
        : String.format(
            Locale.ROOT,
            ", NLL %.3f nats%s",
            nll,
            scored == rows ? "" : " of the " + scored + " that have a target");
  }
}
