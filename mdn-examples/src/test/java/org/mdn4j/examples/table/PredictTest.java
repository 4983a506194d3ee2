/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;

class PredictTest {
  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static Path model;
  private static MixtureRegressor regressor;

  /** y is x, or 100 − x where the kind is b. */
  @BeforeAll
  static void train() throws IOException {
    List<String> lines = new ArrayList<>(List.of("kind,x,y"));
    for (int n = 0; n < 60; n++) {
      lines.add(n % 2 == 0 ? "a," + n + "," + n : "b," + n + "," + (100 - n));
    }
    CsvTable table = CsvTable.read(Files.write(shared.resolve("train.csv"), lines));
    regressor =
        MixtureRegressor.builder()
            .components(2)
            .noise(new NoiseLevel(0.05, 0.02))
            .maxEpochs(30)
            .quiet()
            .build()
            .fit(CsvFrame.of(table, Map.of()), "y");
    model = shared.resolve("model.zip");
    new TableModel(regressor, CsvDialect.DEFAULT, null).save(model);
  }

  private static Frame rows(String firstKind, double firstX, String secondKind, double secondX) {
    return Frame.builder()
        .categories("kind", firstKind, secondKind)
        .numbers("x", firstX, secondX)
        .build();
  }

  /** Line 3 is row 1: what a model says of a row is said of its line. */
  @Test
  void aCellThatIsTooFarIsNamedByItsLine() throws IOException {
    Path csv = csv("kind,x", "a,3", "b,1e20");
    try (CapturedOutput output = new CapturedOutput()) {
      Path out = folder.resolve("out.csv");
      assertEquals(
          2,
          Predict.execute(
              "--model", model.toString(), "--csv", csv.toString(), "--out", out.toString()));
      assertEquals(
          "predict: %s: Expected features within 1000000.0 standard deviations of their mean, got"
                  .formatted(csv)
              + " 1.0E20 in line 3, column 'x'",
          output.err().strip());
      assertFalse(Files.exists(out));
    }
  }

  /** Counts too are printed with digits from 0 to 9, wherever the reader is from. */
  @Test
  void whatIsPrintedHasTheDigitsOfTheFile() throws IOException {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("fa-IR"));
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.run(
          "--model",
          model.toString(),
          "--csv",
          csv("kind,x,y", "a,3,3", "b,,3").toString(),
          "--drop-missing",
          "--out",
          folder.resolve("out.csv").toString());
      assertTrue(
          output.out().startsWith("1 rows dropped, because a cell is missing"), output.out());
      assertTrue(output.out().contains("1 rows predicted, NLL "), output.out());
    } finally {
      Locale.setDefault(before);
    }
  }

  /** The id is the target: it stands there once. */
  @Test
  void aTargetThatIsAnIdIsWrittenOnce() throws IOException {
    Path out = folder.resolve("out.csv");
    Predict.run(
        "--model",
        model.toString(),
        "--csv",
        csv("kind,x,y", "a,3,3").toString(),
        "--id",
        "y",
        "--out",
        out.toString());
    assertTrue(Files.readAllLines(out).get(0).startsWith("row,y,mean_y,"));
  }

  private Path csv(String... lines) throws IOException {
    return Files.write(folder.resolve("new.csv"), List.of(lines));
  }

  private Path out() {
    return folder.resolve("out").resolve("predictions.csv");
  }

  private Predict.Result run(Path csv, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--model", model.toString(), "--csv", csv.toString(), "--out"));
    arguments.add(out().toString());
    arguments.addAll(List.of(more));
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.Result result = Predict.run(arguments.toArray(String[]::new));
      assertTrue(output.out().contains(result.rows() + " rows predicted"), output::out);
      return result;
    }
  }

  @Test
  void findsColumnsByNameAndScoresWhereTheTargetIs() throws IOException {
    Predict.Result result = run(csv("y,note,x,kind", "20,7,20,a", "", "70,8,30,b"));
    Mixture first = regressor.predict(rows("a", 20, "b", 30)).get(0);
    Mixture second = regressor.predict(rows("a", 20, "b", 30)).get(1);
    List<String> lines = Files.readAllLines(out());
    List<String> names = List.of(lines.get(0).split(","));
    String[] cells = lines.get(1).split(",", -1);
    Interval region = first.highestDensityRegion(0.9).get(0);

    assertTrue(
        lines
            .get(0)
            .startsWith(
                "row,kind,x,y,mean_y,standard_deviation_y,quantile_0.05_y,quantile_0.25_y,"
                    + "quantile_0.5_y,quantile_0.75_y,quantile_0.95_y,region_0.9_lower_1_y,"
                    + "region_0.9_upper_1_y"),
        lines.get(0));
    assertEquals("nll", names.get(names.size() - 1));
    assertEquals(List.of("2", "a", "20", "20"), List.of(cells).subList(0, 4));
    assertEquals(Digits.of(first.mean()[0], 6), cells[4]);
    assertEquals(Digits.of(first.quantile(0.5), 6), cells[8]);
    assertEquals(Digits.of(region.lower(), 6), cells[11]);
    assertEquals(Digits.of(region.upper(), 6), cells[12]);
    assertTrue(lines.get(2).startsWith("4,b,30,70,"), "the line of the file");
    assertEquals(2, result.rows());
    assertEquals(-(first.logDensity(20) + second.logDensity(70)) / 2, result.nll(), 1e-12);
  }

  @Test
  void needsNoTarget() throws IOException {
    Predict.Result result =
        run(csv("kind,x", "a,1", "b,2"), "--quantiles", "0.5", "--level", "0.5");

    assertTrue(Double.isNaN(result.nll()));
    List<String> lines = Files.readAllLines(out());
    assertTrue(
        lines
            .get(0)
            .startsWith("row,kind,x,mean_y,standard_deviation_y,quantile_0.5_y,region_0.5_"),
        lines.get(0));
    assertFalse(lines.get(0).contains("nll"), lines.get(0));
  }

  @Test
  void idsStandInPlaceOfInputs() throws IOException {
    run(csv("kind,x,house,y", "a,1,\"12 b, left\",", "b,2,007,"), "--id", "house");
    List<String> lines = Files.readAllLines(out());
    assertTrue(lines.get(0).startsWith("row,house,mean_y,"), lines.get(0));
    assertTrue(lines.get(1).startsWith("2,\"12 b, left\","), lines.get(1));
    assertTrue(lines.get(2).startsWith("3,007,"), lines.get(2));
    Files.delete(out());
    assertMistake(List.of("--id", "home"), csv("kind,x", "a,1"), "no column \"home\"");
  }

  @Test
  void dropsRowsWithMissingCellsWhenAsked() throws IOException {
    Predict.Result result = run(csv("kind,x", "a,1", "b,", "NA,2", "b,3"), "--drop-missing");

    assertEquals(2, result.rows());
    assertEquals(2, result.dropped());
  }

  /** Nor does saving disturb what lies beside. */
  @Test
  void anInterruptedThreadSavesAndLoads() throws IOException {
    Path file = folder.resolve("table.zip");
    Path theirs = Files.writeString(folder.resolve("table.zip.part"), "a user's own");
    TableModel known = TableModel.load(model);
    Thread.currentThread().interrupt();
    try {
      known.save(file);
      assertEquals(known.columns(), TableModel.load(file).columns());
      assertEquals(known.dialect(), TableModel.load(file).dialect());
    } finally {
      assertTrue(Thread.interrupted(), "the flag stays");
    }
    assertEquals("a user's own", Files.readString(theirs));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(Set.of(file, theirs), files.collect(Collectors.toSet()));
    }
  }

  @Test
  void scoresWhereTheTargetIs() throws IOException {
    Predict.Result result = run(csv("kind,x,y", "a,20,20", "b,30,", "a,1,-", "b,2,NA"));
    Mixture first = regressor.predict(rows("a", 20, "b", 30)).get(0);
    assertEquals(-first.logDensity(20), result.nll(), 1e-4);
    List<String> lines = Files.readAllLines(out());
    assertTrue(lines.get(1).startsWith("2,a,20,20,"), lines.get(1));
    assertTrue(lines.get(1).endsWith("," + Digits.of(-first.logDensity(20), 6)), lines.get(1));
    assertTrue(lines.get(2).startsWith("3,b,30,,") && lines.get(2).endsWith(","), lines.get(2));
    assertTrue(lines.get(4).startsWith("5,b,2,NA,") && lines.get(4).endsWith(","), lines.get(4));
  }

  @Test
  void anEmptyTargetIsNoTarget() throws IOException {
    Predict.Result result = run(csv("kind,x,y", "a,1,", "b,2,"), "--drop-missing", "--strict");
    assertEquals(2, result.rows());
    assertTrue(Double.isNaN(result.nll()));
    assertFalse(Files.readAllLines(out()).get(0).contains("nll"));
  }

  /** What is missing says nothing: the prediction is what it is in a frame with such a cell. */
  @Test
  void missingCellsArePredictedFrom() throws IOException {
    Predict.Result result = run(csv("kind,x,y", "a,,50", "?,20,20"));
    MixtureBatch expected = regressor.predict(rows("a", Double.NaN, null, 20));
    assertEquals(2, result.rows());
    assertEquals(0, result.dropped());
    double nll = -(expected.get(0).logDensity(50) + expected.get(1).logDensity(20)) / 2;
    assertEquals(nll, result.nll(), 1e-12);
    assertTrue(Files.readAllLines(out()).get(1).startsWith("2,a,,50,"));
  }

  @Test
  void whatIsNoNumberIsRefused() throws IOException {
    assertMistake(csv("kind,x,y", "a,1,two"), "line 2, column \"y\"", "\"two\"");
    assertMistake(csv("kind,x", "a,1", "b,1.5 m"), "line 3, column \"x\"", "\"1.5 m\"");
  }

  /** A regressor that knows its columns need not be from the command. */
  @Test
  void aRegressorOfAFrameWillDo() throws IOException {
    Path plain = shared.resolve("frame.zip");
    regressor.save(plain);
    Path rows = csv("kind,x,y", "a,20,20");
    Predict.Result result =
        Predict.run(
            "--model", plain.toString(), "--csv", rows.toString(), "--out", out().toString());
    assertEquals(run(rows), result);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[1]",
        "{\"dialect\": 3}",
        "{\"dialect\": {\"encoding\": \"x-none\"}}",
        "{\"dialect\": {\"encoding\": null}}",
        "{\"@class\": \"org.mdn4j.examples.table.Predict\", \"dialect\": null}",
      })
  void aDialectThatMakesNoSenseIsRefused(String json) throws IOException {
    Path bad = shared.resolve("bad-dialect.zip");
    regressor.save(bad);
    try (FileSystem entries =
        FileSystems.newFileSystem(URI.create("jar:" + bad.toUri()), Map.of())) {
      Files.writeString(entries.getPath("table.json"), json);
    }
    assertMistake(bad, csv("kind,x", "a,1"), "bad-dialect.zip: table.json: ");
  }

  @Test
  void mistakesAreOneLine() throws IOException {
    assertMistake(
        List.of("--strict"),
        csv("kind,x", "a,1", "c,2"),
        "line 3",
        "\"kind\"",
        "expected a category that training has seen, got \"c\"");
    assertMistake(csv("kind,z", "a,1"), "no column \"x\"");
    assertMistake(csv("kind,x", "a,1e200"), "within 1000000.0 standard deviations");
    assertMistake(folder.resolve("none.csv"), "no file");
    Path csv = csv("kind,x", "a,1");
    assertMistake(csv, csv, "truncated or no zip");
  }

  private void assertMistake(Path csv, String... facts) {
    assertMistake(model, csv, facts);
  }

  private void assertMistake(List<String> more, Path csv, String... facts) {
    assertMistake(model, csv, more, facts);
  }

  private void assertMistake(Path model, Path csv, String... facts) {
    assertMistake(model, csv, List.of(), facts);
  }

  private void assertMistake(Path model, Path csv, List<String> more, String... facts) {
    List<String> arguments =
        new ArrayList<>(List.of("--model", model.toString(), "--csv", csv.toString(), "--out"));
    arguments.add(out().toString());
    arguments.addAll(more);
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, Predict.execute(arguments.toArray(String[]::new)));
      assertEquals(1, output.err().lines().count(), output::err);
      for (String fact : facts) {
        assertTrue(output.err().contains(fact), output::err);
      }
      assertFalse(Files.exists(out()));
    }
  }
}
