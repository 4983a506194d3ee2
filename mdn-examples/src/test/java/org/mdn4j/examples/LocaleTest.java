/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.sine.InvertedSine;
import org.mdn4j.examples.sine.InvertedSineReport;
import org.mdn4j.examples.table.Predict;
import org.mdn4j.examples.table.TabularRegression;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Numbers are written with a point, whatever the language of the machine. */
@Tag("slow")
class LocaleTest {
  private static final Pattern COMMA = Pattern.compile("[0-9],[0-9]");
  private static final Pattern LITERAL =
      Pattern.compile("\"\"\"[\\s\\S]*?\"\"\"|\"(?:[^\"\\\\\\n]|\\\\.)*\"");

  /** Of a floating-point number, or of an integer with thousands apart. */
  private static final Pattern LOCALISED =
      Pattern.compile("%(\\d+\\$)?[-+ 0,(#]*\\d*(\\.\\d+)?[feEgGaA]|%[-+ 0(#]*,[-+ 0,(#]*\\d*d");

  /** Of an integer, whose digits are others in Persian, in what has no locale to name. */
  private static final Pattern INTEGER = Pattern.compile("%(\\d+\\$)?[-+ 0(#]*\\d*d");

  private static final Pattern FORMATTED = Pattern.compile("[\\s)]*\\.formatted\\(");

  private final Locale before = Locale.getDefault();

  @TempDir private Path folder;

  @BeforeEach
  void german() {
    Locale.setDefault(Locale.GERMANY);
    assertEquals("0,5", "%.1f".formatted(0.5), "the locale is in force");
  }

  @AfterEach
  void restore() {
    Locale.setDefault(before);
  }

  private static void assertPoints(String text) {
    List<String> found = COMMA.matcher(text).results().map(MatchResult::group).toList();
    assertEquals(List.of(), found, text);
  }

  private static void assertTexts(JsonNode json) {
    if (json.isTextual()) {
      assertPoints(json.asText());
    }
    json.forEach(LocaleTest::assertTexts);
  }

  private static JsonNode dataOf(Path page) throws IOException {
    String html = Files.readString(page);
    int begin = html.indexOf("{\"title\"");
    assertTrue(begin >= 0, "the page's data");
    return new ObjectMapper().readTree(html.substring(begin, html.indexOf("</script>", begin)));
  }

  @Test
  void sinesReportPageAndLines() throws IOException {
    InvertedSineReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          InvertedSine.run(
              "--points=100",
              "--validation-points=100",
              "--test-points=100",
              "--epochs=1",
              "--components=2",
              "--temperatures=0.5,2",
              "--out=" + folder);
      assertPoints(output.out());
      assertTrue(
          output.out().contains(String.format(Locale.ROOT, "%.3f", report.testNll())), output::out);
    }
    JsonNode json = new ObjectMapper().readTree(folder.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertTexts(json);
    assertTexts(dataOf(folder.resolve("report.html")));
  }

  @Test
  void tablesCsvPageAndLines() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int n = 0; n < 40; n++) {
      lines.add(n * 0.5 + "," + (n % 2 == 0 ? n : -n) * 1.25);
    }
    Path csv = Files.write(folder.resolve("table.csv"), lines);
    Path predictions = folder.resolve("new.csv");
    try (CapturedOutput output = new CapturedOutput()) {
      TabularRegression.run(
          "--csv=" + csv, "--target=y", "--components=2", "--ensemble=1", "--out=" + folder);
      Predict.run("--model=" + folder.resolve("model.zip"), "--csv=" + csv, "--out=" + predictions);
      assertPoints(output.out());
    }
    assertTexts(dataOf(folder.resolve("report.html")));
    for (Path file : List.of(predictions, folder.resolve("predictions.csv"))) {
      List<String> written = Files.readAllLines(file);
      int columns = written.get(0).split(",").length;
      for (String line : written.subList(1, written.size())) {
        String[] cells = line.split(",", -1);
        assertEquals(columns, cells.length, line);
        Stream.of(cells).filter(cell -> !cell.isEmpty()).forEach(Double::parseDouble);
      }
    }
  }

  /** Each format that a locale changes is given one, in the main code of both modules. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "src/main/java",
        "src/spark/java",
        "../mdn-layer/src/main/java",
        "../mdn-layer/src/spark/java"
      })
  void formatsNameTheirLocale(String sources) throws IOException {
    List<String> without = new ArrayList<>();
    int formats = 0;
    List<Path> files;
    try (Stream<Path> all = Files.walk(Path.of(sources))) {
      files = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    for (Path file : files) {
      String code = Files.readString(file);
      for (MatchResult literal : LITERAL.matcher(code).results().toList()) {
        if (LOCALISED.matcher(literal.group().replace("%%", "")).find()) {
          formats++;
          String statement = code.substring(0, literal.start());
          statement = statement.substring(Math.max(statement.lastIndexOf(';'), 0));
          boolean named = statement.contains("Locale.ROOT") || statement.contains("figure(");
          if (!named) {
            without.add(file + ": " + literal.group());
          }
        }
        boolean formatted =
            FORMATTED.matcher(code).region(literal.end(), code.length()).lookingAt();
        if (formatted && INTEGER.matcher(literal.group().replace("%%", "")).find()) {
          without.add(
              file + ": " + literal.group() + ", of which %s does not depend on the locale");
        }
      }
    }
    assertEquals(List.of(), without);
    assertTrue(formats >= 10 || sources.contains("spark"), "formats are found");
  }
}
