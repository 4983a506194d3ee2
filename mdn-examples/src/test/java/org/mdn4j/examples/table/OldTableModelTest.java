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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * Models of the versions before frames: a regressor of arrays, where a category is one column per
 * name, and {@code columns.json}. What they answered then they answer now.
 */
class OldTableModelTest {
  private static final String FIRST_VERSION =
      "{\"target\":\"y\",\"features\":[{\"name\":\"kind\",\"categories\":[\"a\",\"b\"]},"
          + "{\"name\":\"x\",\"categories\":[]}]}";
  private static final String LAST_VERSION =
      "{\"targets\":[\"y\"],\"features\":[{\"name\":\"kind\",\"categories\":[\"a\",\"b\"]},"
          + "{\"name\":\"x\",\"categories\":[]}],\"counts\":[[40,20],[]],\"dialect\":"
          + "{\"encoding\":\"UTF-8\",\"delimiter\":\";\",\"decimalComma\":true,"
          + "\"missing\":[\"\",\"NA\"]}}";

  @TempDir private static Path shared;
  @TempDir private Path folder;

  private static MixtureRegressor regressor;

  /** y is x, or 100 − x where the kind is b. */
  @BeforeAll
  static void train() {
    double[][] features = new double[60][];
    double[][] targets = new double[60][];
    for (int n = 0; n < 60; n++) {
      features[n] = new double[] {1 - n % 2, n % 2, n};
      targets[n] = new double[] {n % 2 == 0 ? n : 100 - n};
    }
    regressor =
        MixtureRegressor.builder()
            .components(2)
            .noise(new NoiseLevel(0.05, 0.02))
            .maxEpochs(30)
            .quiet()
            .build()
            .fit(features, targets);
  }

  private static Path model(String name, String columns) throws IOException {
    Path file = shared.resolve(name);
    regressor.save(file);
    try (FileSystem entries =
        FileSystems.newFileSystem(URI.create("jar:" + file.toUri()), Map.of())) {
      Files.writeString(entries.getPath("columns.json"), columns);
    }
    return file;
  }

  private Path csv(String... lines) throws IOException {
    return Files.write(folder.resolve("new.csv"), List.of(lines));
  }

  private Path out() {
    return folder.resolve("out").resolve("predictions.csv");
  }

  private Predict.Result run(Path model, Path csv, CapturedOutput output) throws IOException {
    Predict.Result result =
        Predict.run(
            "--model", model.toString(), "--csv", csv.toString(), "--out", out().toString());
    assertTrue(output.out().contains(result.rows() + " rows predicted"), output::out);
    return result;
  }

  @Test
  void theFirstVersionPredicts() throws IOException {
    Path old = model("first.zip", FIRST_VERSION);
    assertEquals(List.of("kind", "x"), TableModel.load(old).columns().inputNames());
    assertEquals(CsvDialect.DEFAULT, TableModel.load(old).dialect());
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.Result result = run(old, csv("kind,x,y", "a,1,1", "b,2,98"), output);
      Mixture first = regressor.predict(new double[][] {{1, 0, 1}, {0, 1, 2}}).get(0);
      Mixture second = regressor.predict(new double[][] {{1, 0, 1}, {0, 1, 2}}).get(1);
      assertEquals(-(first.logDensity(1) + second.logDensity(98)) / 2, result.nll(), 1e-12);
      assertEquals("", output.err());
    }
  }

  /** p(y | unknown) = 2/3 p(y | a) + 1/3 p(y | b), by the counts of the last version. */
  @Test
  void anUnseenCategoryIsUnknown() throws IOException {
    Path old = model("last.zip", LAST_VERSION);
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.Result result = run(old, csv("x;kind;y", "20,5;c;50"), output);
      Mixture a = regressor.predict(new double[][] {{1, 0, 20.5}, {0, 1, 20.5}}).get(0);
      Mixture b = regressor.predict(new double[][] {{1, 0, 20.5}, {0, 1, 20.5}}).get(1);
      double density = (2 * a.density(50) + b.density(50)) / 3;
      assertEquals(-Math.log(density), result.nll(), 1e-9);
      assertTrue(output.err().contains("\"kind\" \"c\" (1)"), output.err());
    }
  }

  @Test
  void aMissingCellIsRefused() throws IOException {
    Path old = model("missing.zip", FIRST_VERSION);
    assertMistake(old, csv("kind,x", "a,1", "?,2"), "line 3, column \"kind\"", "--drop-missing");
    assertMistake(old, csv("kind,x", "a,"), "line 2", "\"x\"", "--drop-missing");
  }

  @Test
  void aRegressorWithoutColumnsIsRefused() throws IOException {
    Path plain = shared.resolve("plain.zip");
    regressor.save(plain);
    assertMistake(plain, csv("kind,x", "a,1"), "does not know the columns");
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
    assertMistake(model("bad.zip", json), csv("kind,x", "a,1"), "bad.zip: columns.json: ");
  }

  @Test
  void aFlippedBitOfTheColumnsIsNoticed() throws IOException {
    byte[] bytes = Files.readAllBytes(model("flipped.zip", FIRST_VERSION));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int begins = text.indexOf("columns.json") + "columns.json".length();
    bytes[begins + 30] ^= 1;
    Path flipped = Files.write(shared.resolve("flipped.zip"), bytes);
    assertMistake(flipped, csv("kind,x", "a,1"), "columns.json is damaged");
  }

  private void assertMistake(Path model, Path csv, String... facts) {
    List<String> arguments =
        new ArrayList<>(List.of("--model", model.toString(), "--csv", csv.toString(), "--out"));
    arguments.add(out().toString());
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
