/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.NeededProgram;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.shade.jackson.databind.JsonNode;

/** The model in the page says what the model in Java says, for cells of every kind. */
class RowExplorerTest {
  private static final int ROWS = 300;
  private static final double[] OUTCOMES = {-20, -3, 0, 1.5, 4, 12, 40};
  private static final List<String> COLUMNS = List.of("n", "m", "when", "yes", "kind", "town");

  @TempDir private static Path folder;

  private static Frame frame;
  private static MixtureRegressor single;
  private static MixtureRegressor ensemble;
  private static Browser browser; // null: none is installed

  /**
   * Missing cells in n and kind, none in m, when, yes and town; towns that few rows have share
   * inputs.
   */
  private static Frame rows(int count, long seed, boolean anythingMissing) {
    Random random = new Random(seed);
    double[] n = new double[count];
    double[] m = new double[count];
    LocalDateTime[] when = new LocalDateTime[count];
    Boolean[] yes = new Boolean[count];
    String[] kind = new String[count];
    String[] town = new String[count];
    double[] y = new double[count];
    for (int row = 0; row < count; row++) {
      boolean missing = anythingMissing && row % 3 == 0;
      n[row] = random.nextInt(6) == 0 ? Double.NaN : random.nextGaussian();
      m[row] = missing ? Double.NaN : 5 + 3 * random.nextGaussian();
      when[row] =
          missing && row % 2 == 0
              ? null
              : LocalDateTime.of(2023, 12, 30, 5, 20).plusHours(random.nextInt(20_000));
      yes[row] = missing && row % 5 == 0 ? null : random.nextBoolean();
      kind[row] = random.nextInt(8) == 0 ? null : "kind " + random.nextInt(3);
      int which = (int) Math.floor(Math.pow(random.nextDouble(), 3) * 60);
      town[row] = missing && row % 7 == 0 ? "Łódź " + row : "Stadt Ö" + which;
      y[row] = (Double.isNaN(n[row]) ? 0 : n[row]) * 3 + which / 10.0 + random.nextGaussian();
    }
    return Frame.builder()
        .numbers("n", n)
        .numbers("m", m)
        .dates("when", when)
        .booleans("yes", yes)
        .categories("kind", kind)
        .categories("town", town)
        .numbers("y", y)
        .build();
  }

  @BeforeAll
  static void fit() throws IOException, InterruptedException {
    frame = rows(60, 2, true);
    single = regressor(1);
    ensemble = regressor(2);
    if (Browser.executable().isPresent()) {
      browser = new Browser(Browser.executable().get(), Files.createDirectory(folder.resolve("b")));
      browser.show(1100, 900, false, "light");
    }
  }

  private static MixtureRegressor regressor(int members) {
    return MixtureRegressor.builder()
        .components(3)
        .ensemble(members)
        .noise(new NoiseLevel(0.05, 0.05))
        .bins(8)
        .widerUnits(0)
        .maxEpochs(12)
        .refit(false)
        .quiet()
        .build()
        .fit(rows(ROWS, 1, false), "y");
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Path page(MixtureRegressor model) throws IOException {
    double[] y = frame.numbers("y");
    MixtureBatch predicted = model.predict(frame);
    Path file = folder.resolve("page-" + model.report().members().size() + ".html");
    ReportPage.titled("t")
        .panel(
            new Panel(
                "v",
                "row",
                "y",
                "",
                IntStream.range(0, 60).asDoubleStream().toArray(),
                IntStream.range(0, 60).mapToObj(predicted::get).toArray(Mixture[]::new),
                y,
                y,
                0,
                OptionalDouble.empty()))
        .explorer(
            RowExplorer.of(
                model.toJson(),
                List.of("y"),
                COLUMNS,
                frame,
                IntStream.range(0, 60).mapToObj(row -> "row " + row).toList(),
                Outcomes.exact(frame.numbers(List.of("y")))))
        .write(file);
    return file;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void thePageComputesWhatJavaDoes(int members) throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    MixtureRegressor model = members == 1 ? single : ensemble;
    browser.open(page(model));
    assertEquals(List.of(), browser.problems());
    MixtureBatch expected = model.predict(frame);
    JsonNode found =
        browser.evaluate(
            """
            report.explorer.rows.map(({cells}) => {
              const mixture = rowMixture(cells);
              return %s.map((y) => logDensity(mixture, y));
            })\
            """
                .formatted(Arrays.toString(OUTCOMES)));
    assertEquals(60, found.size());
    for (int row = 0; row < 60; row++) {
      for (int i = 0; i < OUTCOMES.length; i++) {
        double log = expected.get(row).logDensity(OUTCOMES[i]);
        // the network of Java computes in single precision; far out its errors are squared
        assertEquals(
            log, found.get(row).get(i).asDouble(), 2e-4 * Math.max(1, Math.abs(log)), "row " + row);
      }
    }
  }

  @Test
  void aCellMovesTheDensityAndComesBack() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    browser.open(page(single));
    String before = said();
    browser.evaluate("document.querySelector('#cells input[type=range]').focus()");
    browser.press("ArrowRight", 39);
    browser.press("ArrowRight", 39);
    assertNotEquals(before, said());
    assertEquals(
        "Predicted density of y for row 0, 1 cell changed",
        browser.evaluate("element('row-caption').textContent").asText());
    browser.evaluate("element('row-reset').click()");
    assertEquals(before, said());
    browser.evaluate("document.getElementById('row').focus()");
    browser.press("ArrowRight", 39);
    assertNotEquals(before, said(), "another row");
    browser.evaluate(
        """
        (() => {
          const box = document.getElementById('cell-1-missing');
          box.click();
        })()\
        """);
    assertTrue(
        browser.evaluate("String(explored.cells[1])").asText().equals("null"), "m is missing");
    String unlabelled =
        "[...document.querySelectorAll('input, select')].filter((it) => !it.labels.length).length";
    assertEquals(0, browser.evaluate(unlabelled).asInt());
    assertEquals(List.of(), browser.problems());
  }

  private static String said() throws IOException {
    return browser.evaluate("element('row-said').textContent").asText();
  }
}
