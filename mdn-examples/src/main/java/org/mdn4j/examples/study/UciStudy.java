/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.training.Trainer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The study of the regressor on the standard benchmark of regression with uncertainty. Every split
 * is a fit of its own: only its training rows are seen by the regressor, and its test rows are
 * scored once. A split's result is kept, so that a study that was stopped goes on.
 */
@Command(
    name = "study",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = {
      "Trains and scores the regressor on sets in the layout of the UCI splits, and gradient boosting"
          + " on the same splits where Maven's profile \"boosting\" brought it.",
      "Writes per set and method report.json and calibration.png; table.md with the results and"
          + " published ones. Resumes where it was stopped."
    })
public final class UciStudy implements Callable<List<UciReport>> {
  @Option(
      names = "--data",
      paramLabel = "FOLDER",
      description = "the folder of the sets",
      defaultValue = "../shared/data/uci")
  Path data;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "folders in it, separated by commas, or all",
      split = ",",
      defaultValue = "all")
  List<String> datasets;

  @Option(
      names = "--splits",
      paramLabel = "N|A-B",
      description = "the first N splits, or A to B inclusive, from 0; all if not given")
  String splits;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      description = "${COMPLETION-CANDIDATES}, separated by commas",
      split = ",",
      defaultValue = "single,ensemble,gaussian")
  List<UciMethod> methods;

  @Option(
      names = "--boosting-seconds",
      paramLabel = "S",
      description =
          "time of each fit of boosting-gaussian and boosting-quantile, tuning included; what the"
              + " ensemble took on the same split if not given")
  Double boostingSeconds;

  @Option(
      names = "--components",
      description = "mixture components of all methods but gaussian",
      defaultValue = "10")
  int components;

  @Option(
      names = "--trainer",
      description = "trainer: ${COMPLETION-CANDIDATES}",
      defaultValue = "AUTO")
  Trainer trainer;

  @Option(names = "--seed", description = "seed of the regressor", defaultValue = "1")
  long seed;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "output folder",
      defaultValue = "mdn-examples/target/uci-study")
  Path out;

  private UciStudy() {}

  /** Runs the program as the command line does, and returns its exit status. */
  static int execute(String... args) {
    return Program.run(new UciStudy(), args);
  }

  /**
   * Runs the program from another one.
   *
   * @param args see {@code --help}
   * @return a report per set and method
   * @throws IOException if a file cannot be read or written
   * @throws IllegalArgumentException if an option or the data are not usable
   */
  public static List<UciReport> run(String... args) throws IOException {
    return Program.parsed(new UciStudy(), args).call();
  }

  @Override
  public List<UciReport> call() throws IOException {
    Program.requireFolder(out);
    boolean all = datasets.equals(List.of("all"));
    List<Path> folders = all ? UciSet.all(data) : datasets.stream().map(data::resolve).toList();
    for (Path folder : folders) {
      Program.require(Files.isDirectory(folder), "There is no folder %s", folder);
    }
    Program.require(
        boostingSeconds == null || boostingSeconds > 0,
        "--boosting-seconds: expected a positive number, got %s",
        boostingSeconds);
    if (methods.stream().anyMatch(UciMethod::isBoosting)) {
      Boosting.find(); // before any time is spent
    }
    List<UciReport> reports = new ArrayList<>();
    for (Path folder : folders) {
      reports.addAll(study(UciSet.read(folder)));
    }
    String table = UciTable.markdown(reports);
    System.out.println(table);
    WholeFile.write(out.resolve("table.md"), draft -> Files.writeString(draft, table));
    System.out.println("Written to " + out);
    return reports;
  }

  private List<UciReport> study(UciSet set) throws IOException {
    List<List<UciSplit>> results = new ArrayList<>();
    methods.forEach(method -> results.add(new ArrayList<>()));
    for (int split : SplitRange.parse(splits, set.splits()).toArray()) {
      for (int i = 0; i < methods.size(); i++) {
        UciSplit result = result(set, split, methods.get(i));
        results.get(i).add(result);
        System.out.printf(
            Locale.ROOT,
            "%s, split %d, %s: %sCRPS %.4g, %s, %.0f s%n",
            set.name(),
            split,
            methods.get(i),
            Double.isNaN(result.nll())
                ? ""
                : String.format(Locale.ROOT, "NLL %.3f, ", result.nll()),
            result.crps(),
            result.chosen(),
            result.seconds());
      }
    }
    List<UciReport> reports = new ArrayList<>();
    for (int i = 0; i < methods.size(); i++) {
      UciReport report = UciReport.of(set.name(), methods.get(i), results.get(i));
      Path folder = folder(set, methods.get(i));
      report.write(folder.resolve("report.json"));
      UciReport.draw(results.get(i), folder.resolve("calibration.png"));
      reports.add(report);
    }
    return reports;
  }

  private UciSplit result(UciSet set, int split, UciMethod method) throws IOException {
    Optional<UciSplit> kept = kept(set, split, method);
    if (kept.isPresent()) {
      return kept.get();
    }
    if (method == UciMethod.SINGLE && methods.contains(UciMethod.ENSEMBLE)) {
      compute(set, split, UciMethod.ENSEMBLE); // its first member is the single network
    } else {
      compute(set, split, method);
    }
    return kept(set, split, method).orElseThrow();
  }

  private void compute(UciSet set, int split, UciMethod method) throws IOException {
    UciRows rows = UciRows.of(set, split);
    if (method.isBoosting()) {
      double seconds =
          boostingSeconds == null
              ? result(set, split, UciMethod.ENSEMBLE).seconds()
              : boostingSeconds;
      Boosting.find()
          .score(method, rows, seconds, seed, settings(method))
          .write(file(set, split, method));
      return;
    }
    MixtureRegressor regressor = fit(set, split, method, rows);
    UciSplit result =
        UciSplit.of(
            settings(method),
            regressor.evaluate(rows.testFeatures(), rows.testTargets()),
            regressor.report(),
            regressor.report().seconds());
    (regressor.trust().isConformal()
            ? result.with(regressor.trust().summary(rows.testFeatures(), rows.testTargets()))
            : result)
        .write(file(set, split, method));
    if (method == UciMethod.ENSEMBLE && kept(set, split, UciMethod.SINGLE).isEmpty()) {
      UciSplit.of(
              settings(UciMethod.SINGLE),
              regressor.firstMember().evaluate(rows.testFeatures(), rows.testTargets()),
              regressor.report(),
              regressor.report().firstMemberSeconds())
          .write(file(set, split, UciMethod.SINGLE));
    }
  }

  private MixtureRegressor fit(UciSet set, int split, UciMethod method, UciRows rows) {
    try {
      return regressor(method).fit(rows.features(), rows.targets());
    } catch (IllegalArgumentException e) {
      throw new UserError("%s, split %s: %s".formatted(set.name(), split, e.getMessage()));
    }
  }

  private Optional<UciSplit> kept(UciSet set, int split, UciMethod method) throws IOException {
    return UciSplit.read(file(set, split, method), settings(method));
  }

  private String settings(UciMethod method) {
    if (!method.isBoosting()) {
      return regressor(method).toString();
    }
    return "%s, seed %s, %s"
        .formatted(
            Boosting.find().settings(method),
            seed,
            boostingSeconds == null
                ? "as long as " + settings(UciMethod.ENSEMBLE)
                : boostingSeconds + " s");
  }

  private MixtureRegressor regressor(UciMethod method) {
    return method.regressor(components, seed).trainer(trainer).build();
  }

  private Path folder(UciSet set, UciMethod method) {
    return out.resolve(set.name() + "-" + method);
  }

  private Path file(UciSet set, int split, UciMethod method) {
    return folder(set, method).resolve("splits").resolve(split + ".json");
  }
}
