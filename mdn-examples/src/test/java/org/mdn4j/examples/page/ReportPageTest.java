/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.examples.kit.NeededProgram;
import org.nd4j.shade.jackson.databind.JsonNode;

/** Pages of mixtures that nobody has trained, one view per family. */
@Tag("slow")
class ReportPageTest {
  private static final String NASTY =
      "</script><script>throw new Error('out of its string')</script>";
  private static final double[] GRID = Panel.evenly(-2, 2, 21);
  private static final double[] TEMPERATURES = {0.1, 0.5, 1, 2, 3.16};

  @TempDir private static Path folder;

  private static Path page;
  private static Map<ComponentFamily, Panel> panels;
  private static Browser browser; // null: none is installed

  @BeforeAll
  static void write() throws IOException, InterruptedException {
    panels = new EnumMap<>(ComponentFamily.class);
    ReportPage report =
        ReportPage.titled(NASTY)
            .summary("\u2028 & \"quoted\" " + NASTY)
            .columns("mixture", NASTY)
            .figure("NLL & more", "1.5", "{{data}} $1")
            .loss(List.of(3.0, 2.5, 2.25), List.of(3.1, 2.75, 2.5), Double.NaN);
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family.isDiscrete()) {
        continue; // see countsHaveNoDensity
      }
      panels.put(family, panel(family));
      report.panel(panels.get(family));
    }
    page = folder.resolve("new/page ±.html");
    report.write(page);
    if (Browser.executable().isPresent()) {
      browser = new Browser(Browser.executable().get(), Files.createDirectory(folder.resolve("b")));
      browser.show(1100, 900, false, "light");
      browser.open(page);
    }
  }

  @AfterAll
  static void closeBrowser() {
    if (browser != null) {
      browser.close();
    }
  }

  private static Panel panel(ComponentFamily family) {
    Mixture[] mixtures =
        Arrays.stream(GRID).mapToObj(x -> mixture(family, x)).toArray(Mixture[]::new);
    double[] y =
        IntStream.range(0, GRID.length)
            .mapToDouble(i -> mixtures[i].quantile((i + 0.5) / GRID.length))
            .toArray();
    return new Panel(
        family + NASTY, "x" + NASTY, "y", "note", GRID, mixtures, GRID, y, 0, OptionalDouble.of(1));
  }

  /** Three components, one far lighter than the others and one narrow. */
  private static Mixture mixture(ComponentFamily family, double x) {
    double[] weights = {1e-30, 0.3, 0.7};
    double[][] locations = {{0.2}, {x}, {-0.5 * x}};
    double[][] scales = {{0.5}, {1.2}, {0.01 + 0.1 * x * x}};
    return family == ComponentFamily.STUDENT_T
        ? Mixture.studentT(weights, locations, scales, new double[] {3, 30, 1.5})
        : Mixture.of(family, weights, locations, scales);
  }

  @Test
  void theFormulaIsOurs() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    double[] outcomes = {-3, -1.5, -0.501, -0.1, 0, 0.01, 0.2, 1, 2.5, 3.1};
    int index = 0;
    for (Map.Entry<ComponentFamily, Panel> entry : panels.entrySet()) {
      for (int i = 0; i < GRID.length; i += 4) {
        for (double tau : TEMPERATURES) {
          JsonNode dumped =
              browser.evaluate(
                  """
                  (() => {
                    const panel = report.panels[%d];
                    const mixture = atTemperature({family: panel.family, ...panel.mixtures[%d]}, %s);
                    return %s.map((y) => Math.exp(logDensity(mixture, y)));
                  })()\
                  """
                      .formatted(index, i, tau, Arrays.toString(outcomes)));
          Mixture ours = entry.getValue().predictions()[i].temperature(Temperature.of(tau));
          for (int n = 0; n < outcomes.length; n++) {
            double expected = ours.density(outcomes[n]);
            // The logarithm of a weight is rounded, once here and once there.
            assertEquals(
                expected,
                dumped.get(n).asDouble(),
                1e-10 * expected + 1e-300,
                entry.getKey() + " at " + outcomes[n] + ", τ = " + tau);
          }
        }
      }
      index++;
    }
  }

  @Test
  void slidersMoveAndEveryDensityIntegratesToOne(@TempDir Path profile)
      throws IOException, InterruptedException {
    NeededProgram.require(browser != null, Browser.MISSING);
    try (Browser fresh = new Browser(Browser.executable().orElseThrow(), profile)) {
      PageCheck.check(fresh, page);
    }
  }

  @Test
  void textIsTextWhateverItSays() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    assertEquals(List.of(), browser.problems());
    assertEquals(NASTY, browser.evaluate("document.querySelector('h1').textContent").asText());
    assertEquals(NASTY, browser.evaluate("document.title").asText());
    assertEquals(
        "{{data}} $1", browser.evaluate("document.querySelectorAll('td')[2].textContent").asText());
    assertTrue(
        browser.evaluate("document.querySelector('option').textContent").asText().endsWith(NASTY));
  }

  @Test
  void everyControlHasALabelAndEveryPlotADescription() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    String unlabelled =
        "[...document.querySelectorAll('input, select')].filter((it) => !it.labels.length).length";
    assertEquals(0, browser.evaluate(unlabelled).asInt());
    assertEquals(3, browser.evaluate("document.querySelectorAll('input, select').length").asInt());
    String plots = "document.querySelectorAll('[role=img]')";
    assertEquals(4, browser.evaluate(plots + ".length").asInt());
    assertEquals(
        0,
        browser.evaluate("[..." + plots + "].filter((it) => !it.ariaLabel).length").asInt(),
        "plots without a description");
  }

  @Test
  void aClickOnTheDataChoosesX() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    browser.evaluate(
        "document.querySelector('#data-chart .u-over').scrollIntoView({block: 'center'})");
    JsonNode place =
        browser.evaluate(
            "(({left, top, width, height}) => ({left, top, width, height}))"
                + "(document.querySelector('#data-chart .u-over').getBoundingClientRect())");
    double middle = place.get("top").asDouble() + place.get("height").asDouble() / 2;
    double width = place.get("width").asDouble();
    for (double share : new double[] {0.1, 0.9}) {
      browser.click(place.get("left").asDouble() + share * width, middle);
      double x = browser.evaluate("chosen().x").asDouble();
      // The axis has a margin of 2 % of 4 at both ends; a step of the grid is 0.2.
      assertEquals(-2.08 + share * 4.16, x, 0.1 + 0.02);
    }
  }

  /** Two targets over three names, in a page of its own. */
  private static Mixture plane(int name) {
    double[] weights = {0.25, 0.75, 1e-9};
    double[][] means = {{1, 200 + name}, {-1, 210}, {50, 50}};
    double[][][] covariances = {{{1, 3.8}, {3.8, 16}}, {{0.25, -0.5}, {-0.5, 4}}, {{1, 0}, {0, 1}}};
    return Mixture.gaussian(weights, means, covariances);
  }

  @Test
  void twoTargetsAreAPlaneAndNamesAreNames() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    Mixture[] joint = {plane(0), plane(1), plane(2)};
    double[][] data = {{0, 200}, {1, 205}, {-1, 210}};
    Panel panel =
        new Panel(
            "v",
            "town",
            "p",
            "",
            new double[] {0, 1, 2},
            Arrays.stream(joint).map(mixture -> mixture.marginal(0)).toArray(Mixture[]::new),
            new double[] {0, 1, 2},
            new double[] {0, 1, -1},
            1,
            OptionalDouble.empty(),
            List.of("Bonn", "Kleve", NASTY),
            List.of(new Panel.Joint(List.of("p", "q"), joint, data, true)),
            new int[0]);
    Path file = folder.resolve("plane.html");
    ReportPage.titled("t").panel(panel).panel(panel).write(file);
    assertTrue(Files.readString(file).contains("\"joints\":[{\"outputs\":[\"p\",\"q\"]"));
    browser.open(file);
    assertEquals(1, browser.evaluate("report.joints.length").asInt(), "one for both views");
    for (double tau : TEMPERATURES) {
      for (double[] place : new double[][] {{1, 201}, {0.2, 199}, {-1, 208}, {3, 212}}) {
        double ours = joint[1].temperature(Temperature.of(tau)).density(place);
        double theirs =
            browser
                .evaluate(
                    "planeDensity(report.joints[0].mixtures[1], %s)(%s, %s)"
                        .formatted(tau, place[0], place[1]))
                .asDouble();
        // Eight digits of 201 are 1e-6, and the conditional deviation is 1.2, at τ = 0.1 less.
        assertEquals(ours, theirs, 1e-4 * ours + 1e-9, "τ = " + tau);
      }
    }
    String caption = "document.querySelector('#joint figcaption').textContent";
    assertTrue(
        browser.evaluate(caption).asText().startsWith("Joint density of p and q at town = Kleve"),
        browser.evaluate(caption).asText());
    assertEquals("Kleve", browser.evaluate("element('x-value').textContent").asText());
    browser.evaluate("element('x').focus()");
    browser.press("ArrowRight", 39);
    assertEquals(NASTY, browser.evaluate("element('x-value').textContent").asText());
    assertTrue(browser.evaluate(caption).asText().contains("town = " + NASTY + ", τ = 1.00"));
    assertTrue(browser.evaluate("element('targets-note').hidden").asBoolean());
    // Where the density is highest the plane is darkest, as the reader sees it.
    JsonNode darkest =
        browser.evaluate(
            """
            (() => {
              const { left, top, width, height } = jointCharts[0].plot.bbox;
              const { data } = jointCharts[0].plot.ctx.getImageData(left, top, width, height);
              let best = 0;
              for (let i = 0; i < data.length; i += 4) {
                if (data[i + 3] > 0 && data[i + 2] > data[i] + 50 && data[i + 3] > data[best + 3]) {
                  best = i;
                }
              }
              const x = left + (best / 4) % width, y = top + Math.floor(best / 4 / width);
              return [jointCharts[0].plot.posToVal(x, "x", true), jointCharts[0].plot.posToVal(y, "y", true)];
            })()\
            """);
    assertEquals(-1, darkest.get(0).asDouble(), 0.2);
    assertEquals(210, darkest.get(1).asDouble(), 1);
    assertEquals(List.of(), browser.problems());
    browser.open(page); // as the other tests expect it
  }

  @Test
  void samplesAreOfTheTemperature() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    // At x = 2 the lighter component at 2 loses to the one around −1 as τ falls.
    JsonNode shares =
        browser.evaluate(
            """
            [0, 20, 30].map((temperature) => {
              const { samples, perInput } = report.panels[%d];
              const last = samples[temperature].slice(-perInput);
              return last.filter((y) => y > 0.5).length / last.length;
            })\
            """
                .formatted(ComponentFamily.GAUSSIAN.ordinal()));
    Mixture learned = panels.get(ComponentFamily.GAUSSIAN).predictions()[GRID.length - 1];
    int count = 1000 / GRID.length;
    for (int i = 0; i < 3; i++) {
      double tau = Math.pow(10, new double[] {-1, 0, 0.5}[i]);
      double expected = learned.temperature(Temperature.of(tau)).survival(0.5);
      double error = Math.sqrt(expected * (1 - expected) / count);
      assertEquals(expected, shares.get(i).asDouble(), 4 * error + 1e-9, "τ = " + tau);
    }
  }

  @Test
  void isOneSmallFileWithTheLicenceOfItsLibrary() throws IOException {
    String html = Files.readString(page);
    assertTrue(html.length() < 2_000_000, () -> "length " + html.length());
    assertTrue(html.contains("Copyright (c) 2022 Leon Sorokin"));
    assertTrue(html.contains("The MIT License (MIT)"));
    assertFalse(html.contains("{{plot") || html.contains("{{page"), "placeholders are left");
    assertFalse(html.contains("src=") || html.contains("@import"), "it loads something");
  }

  @Test
  void sameSeedSamePage() throws IOException {
    Path one = folder.resolve("one.html");
    Path two = folder.resolve("two.html");
    Path other = folder.resolve("other.html");
    Panel panel = panels.get(ComponentFamily.GAUSSIAN);
    ReportPage.titled("t").seed(3).panel(panel).write(one);
    ReportPage.titled("t").seed(3).panel(panel).write(two);
    ReportPage.titled("t").seed(4).panel(panel).write(other);
    assertEquals(-1, Files.mismatch(one, two));
    assertTrue(Files.mismatch(one, other) > 0);
  }

  @Test
  void mistakesSayWhatWasExpected() {
    Mixture[] mixtures = panels.get(ComponentFamily.GAUSSIAN).predictions();
    double[] two = {1, 2};
    Mixture[] first = {mixtures[0], mixtures[1]};
    Mixture plane = Mixture.gaussian(new double[] {1}, new double[][] {two}, new double[][] {two});
    Mixture laplace = panels.get(ComponentFamily.LAPLACE).predictions()[0];
    refused("Expected at least one input, got none", new double[0], new Mixture[0], two, two);
    refused("got 2 inputs and 21 mixtures", two, mixtures, two, two);
    refused("Expected ascending inputs, got 2.0 before 2.0", new double[] {2, 2}, first, two, two);
    refused("as many inputs as targets, got 2 and 1", two, first, two, new double[] {1});
    refused("one target, got one over 2", two, new Mixture[] {plane, plane}, two, two);
    refused(
        "one family, got GAUSSIAN and LAPLACE", two, new Mixture[] {first[0], laplace}, two, two);

    Mixture wide =
        Mixture.gaussian(new double[] {1}, new double[][] {{1, 2, 3}}, new double[][] {{1, 2, 3}});
    List<String> names = List.of("p", "q");
    double[][] one = {two};
    refused("one name per input, got 2 inputs and 1 names", first, List.of("a"), null);
    refused(
        "one joint mixture per input, got 2 inputs and 1",
        first,
        List.of(),
        new Panel.Joint(names, new Mixture[] {plane}, one, false));
    refused(
        "over two targets, got GAUSSIAN over 3",
        first,
        List.of(),
        new Panel.Joint(names, new Mixture[] {plane, wide}, one, false));
    refused(
        "one row of joint data per input, got 2 inputs and 1 rows",
        first,
        List.of(),
        new Panel.Joint(names, new Mixture[] {plane, plane}, one, true));

    IllegalStateException empty =
        assertThrows(
            IllegalStateException.class, () -> ReportPage.titled("t").write(folder.resolve("x")));
    assertEquals("Expected at least one panel, got none", empty.getMessage());
    assertFalse(Files.exists(folder.resolve("x")));
    IllegalArgumentException many =
        assertThrows(
            IllegalArgumentException.class,
            () -> ReportPage.titled("t").columns("a").figure("f", "1", "2"));
    assertEquals("Expected at most 1 figures for \"f\", got 2", many.getMessage());
  }

  private static void refused(
      String message, double[] grid, Mixture[] mixtures, double[] x, double[] y) {
    Panel panel = new Panel("n", "x", "y", "", grid, mixtures, x, y, 0, OptionalDouble.empty());
    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> ReportPage.titled("t").panel(panel));
    assertTrue(problem.getMessage().contains(message), problem::getMessage);
  }

  private static void refused(
      String message, Mixture[] mixtures, List<String> names, Panel.Joint joint) {
    double[] two = {1, 2};
    Panel panel =
        new Panel(
            "n",
            "x",
            "y",
            "",
            two,
            mixtures,
            two,
            two,
            0,
            OptionalDouble.empty(),
            names,
            joint == null ? List.of() : List.of(joint),
            new int[0]);
    IllegalArgumentException problem =
        assertThrows(IllegalArgumentException.class, () -> ReportPage.titled("t").panel(panel));
    assertTrue(problem.getMessage().contains(message), problem::getMessage);
  }
}
