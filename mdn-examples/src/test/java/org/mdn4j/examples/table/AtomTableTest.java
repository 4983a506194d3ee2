/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;

/** Targets with values that many rows share, and counts, on the command line. */
class AtomTableTest {
  private static final int ROWS = 150;

  @TempDir private static Path folder;

  private static Path csv;

  /** Three in ten rows are 0, one in six is 1. */
  @BeforeAll
  static void write() throws IOException {
    Random random = new Random(6);
    List<String> lines = new ArrayList<>(List.of("speed,power"));
    for (int n = 0; n < ROWS; n++) {
      double speed = random.nextDouble();
      double power = Math.max(0, Math.min(1, 1.9 * speed - 0.5 + 0.05 * random.nextGaussian()));
      lines.add(speed + "," + power);
    }
    csv = Files.write(folder.resolve("power.csv"), lines);
  }

  private record Run(TabularRegression.Result result, String printed, CsvTable predictions) {}

  private static Run run(Path from, String target, Path out, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--csv", from.toString()));
    arguments.addAll(List.of("--target", target, "--out", out.toString()));
    arguments.addAll(List.of("--components", "2"));
    arguments.addAll(List.of(more));
    try (CapturedOutput output = new CapturedOutput()) {
      TabularRegression.Result result = TabularRegression.run(arguments.toArray(String[]::new));
      return new Run(result, output.out(), CsvTable.read(out.resolve("predictions.csv")));
    }
  }

  @Test
  void atomsAreFoundNamedAndComparedWith() throws IOException {
    Path out = folder.resolve("found");
    Run found = run(csv, "power", out, "--max-epochs", "2", "--compare-atoms");
    assertTrue(found.printed().matches("(?s).* % of the rows are exactly 0, which .*"));
    assertTrue(found.printed().matches("(?s).* % of the rows are exactly 1, which .*"));
    BufferedImage picture = ImageIO.read(out.resolve("atoms.png").toFile());
    assertEquals(picture.getHeight(), picture.getWidth(), "two rows of two");
    assertTrue(PictureFiles.colours(picture) > 10);
    String head =
        found.printed().lines().filter(it -> it.contains("without atoms")).toList().get(1);
    assertEquals(
        List.of("mixture", "one Gaussian", "without atoms"), List.of(head.strip().split(" {2,}")));
    assertEquals(
        3, texts(found.printed(), "NLL in nats").length, "not comparable with a density's");
    assertEquals(4, texts(found.printed(), "PIT, distance to uniform").length);
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("\"columns\":[\"mixture\",\"one Gaussian\",\"without atoms\"]"));
    assertTrue(page.contains("\"atoms\":[{\"value\":0.0,\"probability\":"), "of views");

    CsvTable table = found.predictions();
    TableModel model = TableModel.load(out.resolve("model.zip"));
    int atoms = 0;
    for (int row = 0; row < table.rows().size(); row++) {
      double speed = table.number(row, table.indexOf("speed"), "");
      Mixture mixture =
          model.regressor().predict(Frame.builder().numbers("speed", speed).build()).get(0);
      for (int value : new int[] {0, 1}) {
        double said = table.number(row, table.indexOf("probability_" + value + "_power"), "");
        assertEquals(mixture.probabilityOf(value), said, 1e-4);
      }
      double power = table.number(row, table.indexOf("power"), "");
      double nll = table.number(row, table.indexOf("nll"), "");
      atoms += power == 0 || power == 1 ? 1 : 0;
      double expected = -mixture.logLikelihood(power);
      assertEquals(expected, nll, 1e-3 * Math.max(1, Math.abs(expected)));
    }
    assertTrue(atoms > 5, atoms + " test rows are atoms");

    Run named = run(csv, "power", folder.resolve("named"), "--max-epochs", "2", "--atoms", "1,0");
    assertEquals(found.result(), named.result(), "those that were found");
    assertFalse(Files.exists(folder.resolve("named").resolve("atoms.png")));
  }

  private static String[] texts(String printed, String score) {
    return printed
        .lines()
        .filter(line -> line.startsWith(score + " "))
        .findFirst()
        .orElseThrow()
        .split(" {2,}");
  }

  @Test
  void whereThereAreNoneThereIsNothingToCompare() throws IOException {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int n = 0; n < 60; n++) {
      lines.add(random.nextDouble() + "," + random.nextDouble());
    }
    Path plain = Files.write(folder.resolve("plain.csv"), lines);
    Path out = folder.resolve("plain");
    Run run = run(plain, "y", out, "--max-epochs", "1", "--compare-atoms");
    assertTrue(run.printed().contains("No atoms were found that could be compared"), run.printed());
    PictureFiles.assertFolder(
        out, "loss.png", "model.zip", "predictions.csv", "predictions.png", "report.html");
  }

  /** Power of a wind farm between none and all. */
  @Test
  void windPowerHasTwoAtoms() throws IOException {
    Path wind = SharedCsv.file("wind.csv");
    Run run = run(wind, "power", folder.resolve("wind"), "--max-epochs", "1");
    assertTrue(
        run.printed().contains("26.8 % of the rows are exactly 0, which gets a probability"),
        run.printed());
    assertTrue(
        run.printed().contains("9.4 % of the rows are exactly 1, which gets a probability"),
        run.printed());
  }

  private static Path sales() throws IOException {
    Random random = new Random(3);
    List<String> lines = new ArrayList<>(List.of("x,w,sold"));
    for (int n = 0; n < 90; n++) {
      double x = random.nextDouble();
      int sold = random.nextInt(3) == 0 ? 0 : (int) (2 + 12 * x * random.nextDouble());
      lines.add(x + "," + (1 + n % 2) + "," + sold);
    }
    return Files.write(folder.resolve("sold.csv"), lines);
  }

  /** What the program writes of a model of counts, which others fit faster than it would. */
  @Test
  void countsArePredictedAsCounts() throws IOException {
    Path from = sales();
    CsvTable table = CsvTable.read(from);
    TabularData data =
        TabularData.of(
            table,
            table,
            new TabularData.Options(
                TargetColumns.values(List.of("sold")), true, List.of(), "w", null),
            0);
    MixtureRegressor regressor =
        MixtureRegressor.builder()
            .components(2)
            .hiddenUnits(4)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .atoms(0)
            .noise(NoiseLevel.NONE)
            .bins(0)
            .strongerDecay(0)
            .roundSteps(0)
            .maxEpochs(2)
            .refit(false)
            .quiet()
            .build()
            .fit(data.frame(), data.roles());
    MixtureBatch predicted = regressor.predict(data.frame());
    MixtureEvaluation evaluation = regressor.evaluate(data.frame());
    ScoreTable scores = ScoreTable.of("mixture", data.scores(evaluation, predicted));
    assertTrue(scores.scores().contains("CRPS in units of sold"), scores::toString);
    Path out = folder.resolve("sold");
    TabularPictures.predictions(data, predicted, List.of(), out.resolve("predictions.png"));
    TabularPage.of(from, 60, data, data, regressor, predicted, evaluation, scores)
        .write(out.resolve("report.html"));
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("\"family\":\"NEGATIVE_BINOMIAL\""));
    new TableModel(regressor, CsvDialect.DEFAULT, null).save(out.resolve("model.zip"));
    Path more = Files.writeString(folder.resolve("more.csv"), "x,sold\n0.4,2\n0.5,0\n");
    String[] arguments = {
      "--model",
      out.resolve("model.zip").toString(),
      "--csv",
      more.toString(),
      "--horizons",
      "3",
      "--out",
      out.resolve("more.csv").toString()
    };
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.run(arguments);
      CsvTable written = CsvTable.read(out.resolve("more.csv"));
      Frame rows = Frame.builder().numbers("x", 0.4, 0.5).build();
      for (int row = 0; row < 2; row++) {
        Mixture mixture = regressor.predict(rows).get(row);
        double sold = written.number(row, written.indexOf("sold"), "");
        double nll = written.number(row, written.indexOf("nll"), "");
        assertEquals(-Math.log(mixture.probabilityOf(sold)), nll, 1e-4 * nll);
        double above = written.number(row, written.indexOf("probability_above_3_sold"), "");
        assertEquals(mixture.survival(3), above, 1e-5);
        double median = written.number(row, written.indexOf("quantile_0.5_sold"), "");
        assertEquals(mixture.quantile(0.5), median);
      }
      Files.writeString(more, "x,sold\n0.4,2\n0.5,0.5\n");
      assertEquals(2, Predict.execute(arguments));
      assertTrue(output.err().contains("line 3, column \"sold\": expected a count"), output::err);
    }
  }

  /** All of the program, by {@code -Dmdn4j.counts=true}: half a minute. */
  @Test
  @EnabledIfSystemProperty(named = "mdn4j.counts", matches = "true")
  void countsFromTheirFileToThePage() throws IOException {
    Path out = folder.resolve("all");
    Run run =
        run(
            sales(),
            "sold",
            out,
            "--family",
            "negative_binomial",
            "--max-epochs",
            "1",
            "--atoms",
            "0",
            "--weights",
            "w",
            "--conformal",
            "0.3");
    assertTrue(run.printed().contains("one negative binomial"), run.printed());
    assertTrue(run.printed().contains("Conformal intervals, calibrated by"), run.printed());
    assertTrue(run.predictions().columns().contains("conformal_0.9_lower_sold"));
    assertTrue(run.result().testNll() < 5, run.result()::toString);
  }

  private static String options(int targets, boolean single, String... arguments) {
    TargetOptions options = new TargetOptions();
    Program.commandLine(options).parseArgs(arguments);
    options.check();
    MixtureRegressorBuilder builder = MixtureRegressor.builder();
    return (single ? options.single(builder, targets) : options.mixture(builder, targets))
        .build()
        .toString();
  }

  @Test
  void optionsReachTheModels() {
    assertEquals(MixtureRegressor.builder().build().toString(), options(1, false), "defaults");
    String laplace = options(2, false, "--family", "laplace", "--atoms", "none");
    assertTrue(laplace.contains("LAPLACE") && laplace.contains("DIAGONAL"), laplace);
    assertTrue(laplace.contains("findAtoms=false"), laplace);
    String baseline = options(2, true, "--family", "laplace");
    assertTrue(baseline.contains("GAUSSIAN") && baseline.contains("FULL"), baseline);
    assertTrue(baseline.contains("components=1,"), baseline);
    String counts = options(1, true, "--family", "negative_binomial", "--atoms", "0,3");
    assertTrue(counts.contains("NEGATIVE_BINOMIAL") && counts.contains("[0.0, 3.0]"), counts);
    String censored = options(2, false, "--censored");
    assertTrue(censored.contains("censored=true") && censored.contains("DIAGONAL"), censored);
    assertTrue(options(1, true, "--event", "e").contains("censored=true"));
  }
}
