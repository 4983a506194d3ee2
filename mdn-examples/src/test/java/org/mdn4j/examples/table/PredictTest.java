/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.regression.MixtureRegressor;
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
    TableEncoding encoding = TableEncoding.of(table, "y", List.of("kind"));
    regressor =
        MixtureRegressor.builder()
            .components(2)
            .noise(new NoiseLevel(0.05, 0.02))
            .maxEpochs(30)
            .quiet()
            .build()
            .fit(encoding.features(table), encoding.targets(table));
    model = shared.resolve("model.zip");
    new TableModel(regressor, encoding).save(model);
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
    Mixture first = regressor.predict(new double[][] {{1, 0, 20}, {0, 1, 30}}).get(0);
    Mixture second = regressor.predict(new double[][] {{1, 0, 20}, {0, 1, 30}}).get(1);
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

  /** A model of the version before dialects, several targets and counts. */
  @Test
  void olderModelsStillLoad() throws IOException {
    Path old = shared.resolve("old.zip");
    regressor.save(old);
    try (FileSystem entries =
        FileSystems.newFileSystem(URI.create("jar:" + old.toUri()), Map.of())) {
      Files.writeString(
          entries.getPath("columns.json"),
          "{\"target\":\"y\",\"features\":[{\"name\":\"kind\",\"categories\":[\"a\",\"b\"]},"
              + "{\"name\":\"x\",\"categories\":[]}]}");
    }
    TableEncoding encoding = TableModel.load(old).encoding();
    assertEquals(TableModel.load(model).encoding().features(), encoding.features());
    assertEquals(List.of("y"), encoding.targets());
    assertEquals(CsvDialect.DEFAULT, encoding.dialect());
    assertEquals(List.of(List.of(1, 1), List.of()), encoding.counts());
    Path rows = csv("kind,x,y", "a,1,1", "b,2,98");
    Predict.Result result =
        Predict.run("--model", old.toString(), "--csv", rows.toString(), "--out", out().toString());
    assertEquals(run(rows), result);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "[1]",
        "{'target': 'y', 'features': [], 'counts': [[1]]}",
        "{'target': 'y', 'features': [], 'dialect': {'encoding': 'x-none'}}",
        "{'target': 'y', 'features': [], 'dialect': {'encoding': null}}",
        "{'target': 'y', 'features': [null]}",
        "{'target': 'y', 'features': [{'name': null, 'categories': []}]}",
        "{'target': 'y', 'features': [{'name': 'x', 'categories': null}]}",
        "{'target': 'y', 'features': [{'name': 'x', 'categories': ['a', null]}]}",
        "{'target': null, 'features': [%s]}",
        "{'target': [null], 'features': [%s]}",
        "{'target': ['y', 'z'], 'features': [%s]}",
        "{'target': 'y', 'features': [%s, {'name': 'more', 'categories': []}]}",
        "{'target': 'y', 'features': [%s], 'counts': [[1, 0], []]}",
        "{'target': 'y', 'features': [%s], 'counts': [[1, null], []]}",
        "{'target': 'y', 'features': [%s], 'counts': [null, []]}",
        "{'target': 'y', 'features': [%s], 'features': [%1$s]}",
        "{'@class': 'org.mdn4j.examples.table.Predict', 'target': 'y', 'features': [%s]}",
        "['org.mdn4j.examples.table.Predict', {}]",
      })
  void columnsThatMakeNoSenseAreRefused(String json) throws IOException {
    String features = "{'name': 'kind', 'categories': ['a', 'b']}, {'name': 'x', 'categories': []}";
    assertColumnsRefused(json.formatted(features).replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource({"'[%s0]', '{},'", "%s, 9", "'{%s\"b\": 0}', '\"a\":0,'", "%s, ["})
  void columnsThatAreLargeAreRefused(String form, String repeated) throws IOException {
    String large = form.formatted(repeated.repeat(1_200_000));
    assertTimeout(
        Duration.ofSeconds(10),
        () -> assertColumnsRefused("{\"target\": \"y\", \"features\": %s}".formatted(large)));
  }

  private void assertColumnsRefused(String json) throws IOException {
    Path bad = shared.resolve("bad.zip");
    regressor.save(bad);
    try (FileSystem entries =
        FileSystems.newFileSystem(URI.create("jar:" + bad.toUri()), Map.of())) {
      Files.writeString(entries.getPath("columns.json"), json);
    }
    assertMistake(bad, csv("kind,x", "a,1"), "bad.zip: columns.json: ");
  }

  @Test
  void aFlippedBitOfTheColumnsIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(model);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int begins = text.indexOf("columns.json") + "columns.json".length();
    bytes[begins + 30] ^= 1;
    Path flipped = Files.write(shared.resolve("flipped.zip"), bytes);
    assertMistake(flipped, csv("kind,x", "a,1"), "columns.json is damaged");
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
      assertEquals(known.encoding(), TableModel.load(file).encoding());
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
    Mixture first = regressor.predict(new double[][] {{1, 0, 20}, {0, 1, 30}}).get(0);
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

  /** What is missing is not taken for unknown, and what is no number not for missing. */
  @Test
  void whatCannotBeReadIsRefusedAsEver() throws IOException {
    assertMistake(csv("kind,x", "a,1", "?,2"), "line 3, column \"kind\"", "--drop-missing");
    assertMistake(csv("kind,x,y", "a,1,two"), "line 2, column \"y\"", "\"two\"");
  }

  @Test
  void mistakesAreOneLine() throws IOException {
    assertMistake(
        List.of("--strict"),
        csv("kind,x", "a,1", "c,2"),
        "line 3",
        "\"kind\"",
        "one of \"a\", \"b\", got \"c\"");
    assertMistake(csv("kind,z", "a,1"), "no column \"x\"");
    assertMistake(csv("kind,x", "a,"), "line 2", "\"x\"", "--drop-missing");
    assertMistake(csv("kind,x", "a,1e200"), "within 1000000.0 standard deviations");
    assertMistake(folder.resolve("none.csv"), "no file");
    Path plain = shared.resolve("plain.zip");
    regressor.save(plain);
    Path csv = csv("kind,x", "a,1");
    assertMistake(plain, csv, "does not know the columns");
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
