/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RandomSplit;
import org.mdn4j.examples.plot.LossPlot;
import org.mdn4j.examples.plot.SurvivalCurves;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.training.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The program that learns the distribution of one column of a CSV file given all others, or the
 * joint distribution of several columns.
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
 *
 * <p>Targets may be intervals, or times of which some are only known to be longer, values with a
 * probability of their own, or counts. Of intervals and such times NLL, PIT and coverage are those
 * of the interval; beside them stand concordance, integrated Brier score and the curve of Kaplan
 * and Meier.
 *
 * <p>A cell is missing if it is empty or NA, N/A, NaN, nan, null, - or ?, unless {@code --missing}
 * says otherwise. How the file is written is remembered in the model.
 *
 * <p>Ctrl-C ends it with one line; what {@code --checkpoint} has kept until then, {@code --resume}
 * goes on from, to the same model.
 */
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Learns the distribution of one column of a CSV file given all others.",
      "Targets are numbers; intervals (--censored); times with flags (--event); counts (--family"
          + " NEGATIVE_BINOMIAL). A mixture is held beside one Gaussian, of counts beside one"
          + " negative binomial.",
      "Writes model.zip, predictions.csv of the test rows (the row is the line of the file; the"
          + " header is line 1), predictions.png, loss.png and report.html. COLUMNS are separated by"
          + " commas, a name with a comma in double quotes."
    })
public final class TabularRegression
    implements Callable<TabularRegression.Result>, Program.Interruptible {
  private static final String MIXTURE = "mixture";

  /**
   * The results of a run.
   *
   * @param trainingRows rows that were learned from, those that validate included
   * @param dropped rows that were left out because a cell was missing
   * @param predictions one per test row, in the file's order
   * @param testNll mean NLL of the test rows, in nats and the targets' own units
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
      paramLabel = "COLUMNS",
      required = true,
      description = "the column to predict, or several together; all others are inputs")
  String target;

  @Mixin TargetOptions kind = new TargetOptions();

  @Option(
      names = "--categorical",
      paramLabel = "COLUMNS",
      description =
          "columns that hold categories, though they look like numbers; others are what their cells"
              + " are: numbers, ISO 8601 dates, true and false, or else categories",
      showDefaultValue = Visibility.NEVER)
  List<String> categorical = List.of();

  @Option(
      names = "--exclude",
      paramLabel = "COLUMNS",
      description = "columns that are left out, as those without a name are",
      showDefaultValue = Visibility.NEVER)
  List<String> exclude = List.of();

  @Option(
      names = "--weights",
      paramLabel = "COLUMN",
      description =
          "column of row weights, at least 0: a row of weight 3 counts as three, in scores too",
      showDefaultValue = Visibility.NEVER)
  String weights;

  @Option(
      names = "--groups",
      paramLabel = "COLUMN",
      description =
          "column whose cells name groups of rows, such as a patient's: all rows of a group are"
              + " learned from, or all validate, or all are for the test",
      showDefaultValue = Visibility.NEVER)
  String groups;

  @Option(
      names = "--conformal",
      paramLabel = "SHARE",
      description =
          "share of the rows to learn from that calibrates conformal intervals instead, whose"
              + " coverage is guaranteed",
      showDefaultValue = Visibility.NEVER)
  Double conformal;

  @Option(
      names = "--conformal-groups",
      paramLabel = "COLUMN",
      description = "input whose cells name groups, for each of which the coverage is to hold",
      showDefaultValue = Visibility.NEVER)
  String conformalGroups;

  @Mixin PredictionOptions written = new PredictionOptions();

  @Mixin CsvOptions reading = new CsvOptions();

  @Option(names = "--drop-missing", description = "leave rows out in which a cell is missing")
  boolean dropMissing;

  @Option(
      names = "--components",
      paramLabel = "K",
      description = "mixture components",
      defaultValue = "10")
  int components;

  @Option(
      names = "--ensemble",
      paramLabel = "M",
      description = "networks that are averaged",
      defaultValue = "1")
  int ensemble;

  @Option(
      names = "--max-epochs",
      paramLabel = "N",
      description = "epochs of a training, at most; it stops earlier where nothing is gained",
      defaultValue = "2000")
  int maxEpochs;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "output folder",
      defaultValue = "mdn-examples/target/tabular-regression")
  Path out;

  @Option(
      names = "--save",
      paramLabel = "FILE",
      description = "file of the model; model.zip in the output folder if not given")
  Path save;

  @Mixin CheckpointOptions checkpoints = new CheckpointOptions();

  @Option(
      names = "--test-fraction",
      paramLabel = "SHARE",
      description = "share of the rows that is kept for the report",
      defaultValue = "0.15")
  double testFraction;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "seed of the split, the initial weights, the order and the noise",
      defaultValue = "1")
  long seed;

  @Option(
      names = "--trainer",
      paramLabel = "NAME",
      description = "trainer: ${COMPLETION-CANDIDATES}",
      defaultValue = "AUTO")
  Trainer trainer;

  private TabularRegression() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new TabularRegression(), args);
  }

  /**
   * Runs the program from another one.
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
    TabularFit fit =
        new TabularFit(
            csv, seed, trainer, maxEpochs, kind, checkpoints.file(out), checkpoints.isResumed());
    try {
      return run(fit, model);
    } catch (CancellationException | IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw fit.interrupted(e);
      }
      throw e;
    }
  }

  private Result run(TabularFit fit, Path model) throws IOException {
    TabularData data = read();
    RandomSplit split = data.split(testFraction, components, seed);
    if (dropMissing) {
      System.out.printf(
          Locale.ROOT, "%d rows dropped, because a cell is missing%n", data.dropped());
    }
    System.out.printf(
        Locale.ROOT,
        "%d rows to learn from, %d for the test%n",
        split.training().length,
        split.test().length);

    TabularData training = data.only(split.training());
    training.requireVarying();
    RandomSplit calibration =
        conformal == null ? null : training.split(conformal, components, seed);
    Frame fitted =
        calibration == null ? training.frame() : training.frame().select(calibration.training());
    TabularData test = data.only(split.test());
    test.requireNear(fitted);
    if (calibration != null) {
      training.only(calibration.test()).requireNear(fitted);
    }
    MixtureRegressor mixture = fit.mixture(components, ensemble, fitted, data.roles());
    MixtureRegressor single = fit.single(fitted, data.roles());
    MixtureRegressor plain =
        kind.compareAtoms && !mixture.report().atoms().isEmpty()
            ? fit.withoutAtoms(components, ensemble, fitted, data.roles())
            : null;
    if (calibration != null) {
      Frame others = training.frame().select(calibration.test());
      if (conformalGroups == null) {
        mixture.conformalize(others);
      } else {
        mixture.conformalize(others, conformalGroups);
      }
    }
    MixtureBatch predicted = test.predictedBy(mixture);
    MixtureBatch other = test.predictedBy(single);
    MixtureEvaluation evaluation = mixture.evaluate(test.frame());
    List<TestScore> scores = test.scores(evaluation, predicted);
    List<TestScore> baseline = test.scores(single.evaluate(test.frame()), other);
    ScoreTable table = ScoreTable.of(MIXTURE, scores).with(kind.singleName(), baseline);
    MixtureEvaluation withoutAtoms = plain == null ? null : plain.evaluate(test.frame());
    if (plain != null) { // a density's NLL and one with probabilities cannot be compared
      List<TestScore> others = test.scores(withoutAtoms, plain.predict(test.frame()));
      table =
          table.with(
              "without atoms",
              others.stream().filter(one -> !one.name().equals(TestScore.NLL)).toList());
    }
    Result result =
        new Result(
            split.training().length,
            data.dropped(),
            test.predictions(predicted),
            scores.get(0).value(),
            baseline.get(0).value());
    Map<String, MixtureBatch> models = new LinkedHashMap<>();
    models.put(MIXTURE, predicted);
    models.put(kind.singleName(), other);
    List<SurvivalCurves> survival = TabularPictures.survival(test, models);
    new TableModel(mixture, data.table().dialect(), data.targets().event()).save(model);
    List<List<Interval>> intervals =
        calibration == null ? null : mixture.trust().intervals(test.frame(), written.level);
    new PredictionFile(test.table(), TableColumns.of(mixture, data.targets()), intervals, written)
        .write(out.resolve("predictions.csv"), predicted::get, labels(test.outcomes()));
    TabularPictures.predictions(test, predicted, survival, out.resolve("predictions.png"));
    if (plain != null) {
      TabularPictures.atoms(evaluation, withoutAtoms, out.resolve("atoms.png"));
    }
    FitReport report = mixture.report();
    LossPlot.write(trainNll(report), validationNll(report), Double.NaN, out.resolve("loss.png"));
    TabularPage.of(csv, split.training().length, data, test, mixture, predicted, evaluation, table)
        .survival(survival)
        .seed(seed)
        .loss(trainNll(report), validationNll(report), Double.NaN)
        .write(out.resolve("report.html"));
    say(report);
    System.out.printf(Locale.ROOT, "%nScores of %d test rows ± standard error%n", test.rows());
    System.out.println(table);
    if (calibration != null) {
      System.out.printf(
          Locale.ROOT,
          "%nConformal intervals, calibrated by %d rows%n%s%n",
          calibration.test().length,
          ConformalText.table(mixture.trust().summary(test.frame()), data.targets().names()));
      ConformalText.limits(mixture.trust().conformal()).forEach(System.out::println);
    }
    System.out.println("Written to " + out + (save == null ? "" : " and " + save));
    return result;
  }

  private static double[][] labels(Outcomes outcomes) {
    return IntStream.range(0, outcomes.rows()).mapToObj(outcomes::label).toArray(double[][]::new);
  }

  private void say(FitReport report) {
    System.out.printf(
        Locale.ROOT,
        "Noise %s (inputs:targets), %d bins per feature, %d epochs, %.0f s%n",
        report.noise(),
        report.bins(),
        report.members().get(0).curve().size(),
        report.seconds());
    for (FitReport.Atom atom : report.atoms()) {
      if (atom.share() == 0) {
        Program.warn(
            "no row to learn from is exactly %s, which --atoms gives a probability of its own",
            Digits.of(atom.value(), 6));
        continue;
      }
      System.out.printf(
          Locale.ROOT,
          "%.1f %% of the rows are exactly %s, which gets a probability of its own%n",
          100 * atom.share(),
          Digits.of(atom.value(), 6));
    }
    if (kind.compareAtoms && report.atoms().isEmpty()) {
      System.out.println("No atoms were found that could be compared");
    }
    report.columns().stream()
        .filter(column -> column.inputs() == 0)
        .forEach(column -> System.out.println("Column " + column));
  }

  /** Returns the rows that all options together ask for. */
  private TabularData read() throws IOException {
    CsvTable whole = CsvTable.read(csv, reading.dialect(CsvDialect.DEFAULT));
    CsvTable used = used(whole);
    List<String> ids = used.named(written.id);
    TargetColumns targets = kind.columns(used, used.named(List.of(target)));
    CsvTable table = dropMissing ? complete(used, targets, ids) : used;
    CsvTable known = table.without(ids);
    TabularData.Options options =
        new TabularData.Options(
            targets,
            kind.isCounts(),
            known.named(categorical),
            one(known, weights),
            one(known, groups));
    TabularData data =
        TabularData.of(table, known, options, whole.rows().size() - table.rows().size());
    List<String> meant = new ArrayList<>(known.named(categorical));
    data.roles().groups().ifPresent(meant::add);
    List<String> doubts = new ArrayList<>(DoubtfulColumns.of(data.frame(), meant));
    if (!kind.isCounts() && !kind.namesAtoms()) {
      doubts.addAll(DoubtfulColumns.ofTargets(data.outcomes(), targets.names()));
    }
    doubts.forEach(doubt -> Program.warn("%s, %s", csv, doubt));
    int[] counting = data.counting();
    if (counting.length < data.rows()) {
      System.out.printf(
          Locale.ROOT, "%d rows of weight 0 left out%n", data.rows() - counting.length);
      data = data.only(counting);
    }
    if (conformalGroups != null) {
      one(known, conformalGroups);
      Program.require(
          conformal != null,
          "--conformal-groups: expected --conformal too, which says how many rows");
      Program.require(
          data.roles().features(data.frame()).contains(conformalGroups),
          "--conformal-groups: %s is no input",
          CsvTable.quoted(conformalGroups));
    }
    return data;
  }

  /** Returns the rows in which no cell is missing; of intervals one end may be. */
  private static CsvTable complete(CsvTable table, TargetColumns targets, List<String> ids) {
    List<String> needed = new ArrayList<>(table.without(ids).columns());
    needed.removeAll(targets.all());
    CsvTable known = table.only(targets.knownRows(table));
    Program.require(
        !known.rows().isEmpty(), "%s has no row without a missing target", table.file());
    return known.withoutMissing(needed);
  }

  private static String one(CsvTable table, String column) {
    return column == null ? null : table.named(List.of(column)).get(0);
  }

  private void checkOptions() {
    written.check();
    kind.check();
    Program.require(components >= 1, "--components: expected at least 1, got %d", components);
    Program.require(maxEpochs >= 1, "--max-epochs: expected at least 1, got %d", maxEpochs);
    Program.require(ensemble >= 1, "--ensemble: expected at least 1, got %d", ensemble);
    Program.require(
        testFraction > 0 && testFraction < 1,
        "--test-fraction: expected a number in (0, 1), got %s",
        testFraction);
    Program.require(
        conformal == null || conformal > 0 && conformal < 1,
        "--conformal: expected a number in (0, 1), got %s",
        conformal);
    Program.require(
        conformal == null || !kind.censored && kind.event == null,
        "--conformal: expected targets that are known, not --censored or --event: whether an interval"
            + " covers a value cannot be counted where the value is not seen");
  }

  /** Returns the table without the columns that are left out; those of an id stay. */
  private CsvTable used(CsvTable whole) {
    List<String> excluded = whole.named(exclude);
    List<String> ids = whole.named(written.id);
    requireNeither("--exclude", excluded, whole);
    requireNeither("--id", ids, whole);
    return whole.without(excluded.stream().filter(name -> !ids.contains(name)).toList());
  }

  private void requireNeither(String option, List<String> left, CsvTable whole) {
    for (String name : whole.named(List.of(target))) {
      Program.require(!left.contains(name), "%s: %s is a target", option, CsvTable.quoted(name));
    }
    Program.require(
        kind.event == null || !left.contains(one(whole, kind.event)),
        "%s: %s is in --event",
        option,
        CsvTable.quoted(String.valueOf(kind.event)));
    for (String name : whole.named(categorical)) {
      Program.require(
          !left.contains(name), "%s: %s is in --categorical", option, CsvTable.quoted(name));
    }
  }

  private static List<Double> trainNll(FitReport report) {
    return report.members().get(0).curve().stream().map(FitReport.Epoch::trainNll).toList();
  }

  private static List<Double> validationNll(FitReport report) {
    return report.members().get(0).curve().stream().map(FitReport.Epoch::validationNll).toList();
  }
}
