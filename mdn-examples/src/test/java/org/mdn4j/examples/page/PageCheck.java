/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.mdn4j.examples.kit.NeededProgram;

/** Opens a page in a browser and moves its sliders. */
public final class PageCheck {
  private static final int LEFT = 37;
  private static final int RIGHT = 39;
  private static final int HOME = 36;
  private static final int END = 35;
  private static final int DOWN = 40;

  private PageCheck() {}

  /**
   * Checks what must hold of every page; where there is no browser it says so and checks the size
   * alone.
   *
   * @param page the HTML file
   * @param folder an empty folder for the browser
   * @param pictures where screenshots go
   * @throws IOException if the browser cannot be spoken to
   * @throws InterruptedException if interrupted
   */
  public static void check(Path page, Path folder, Path pictures)
      throws IOException, InterruptedException {
    assertTrue(Files.size(page) < 10_000_000, () -> page + " is too large");
    Optional<Path> executable = Browser.executable();
    NeededProgram.demandOfEverything(executable.isPresent(), Browser.MISSING);
    if (executable.isEmpty()) {
      System.out.println(Browser.MISSING);
      return;
    }
    try (Browser browser = new Browser(executable.get(), folder)) {
      check(browser, page);
      browser.open(page);
      browser.show(1100, 900, false, "light");
      browser.screenshot(pictures.resolve("light.png"));
      browser.show(1100, 900, false, "dark");
      browser.screenshot(pictures.resolve("dark.png"));
      browser.show(390, 844, true, "light");
      browser.screenshot(pictures.resolve("phone.png"));
      int wide = browser.evaluate("document.documentElement.scrollWidth").asInt();
      assertTrue(wide <= 390, () -> "The phone has to scroll sideways: " + wide);
      assertEquals(List.of(), browser.problems());
    }
  }

  /** Moves both sliders by the keyboard and holds the density's integral to 1. */
  static void check(Browser browser, Path page) throws IOException {
    browser.show(1100, 900, false, "light");
    browser.open(page);
    assertEquals(List.of(), browser.problems());
    assertEquals(1, integral(browser), 0.01, "as it opens");
    for (String slider : List.of("x", "tau")) {
      browser.evaluate("document.getElementById('" + slider + "').focus()");
      String before = state(browser, slider);
      browser.press("ArrowLeft", LEFT);
      assertNotEquals(before, state(browser, slider), slider);
      assertEquals(1, integral(browser), 0.01, slider + " to the left");
      browser.press("ArrowRight", RIGHT);
      assertEquals(before, state(browser, slider), slider + " to the left and back");
      for (String end : List.of("Home", "End")) {
        browser.press(end, end.equals("Home") ? HOME : END);
        assertNotEquals(before, state(browser, slider), slider + " " + end);
        assertEquals(1, integral(browser), 0.01, slider + " " + end);
      }
      browser.evaluate(
          "chooseView(); element('tau').value = report.temperatures.indexOf(1); update()");
    }
    int views = browser.evaluate("report.panels.length").asInt();
    browser.evaluate("document.getElementById('view').focus()");
    for (int view = 1; view < views; view++) {
      browser.press("ArrowDown", DOWN);
      assertEquals(view, browser.evaluate("Number(element('view').value)").asInt());
      assertEquals(1, integral(browser), 0.01, "view " + view);
    }
    // Every tenth stop of the slider for x, in every view.
    String worst =
        """
        Math.max(...report.panels.flatMap((panel) => panel.mixtures.flatMap((mixture, i) => i % 10 ? [] :
          [0.1, 1, report.temperatures[report.temperatures.length - 1]].map((tau) => {
            const tempered = atTemperature({family: panel.family, ...mixture}, tau);
            const y = densityGrid(tempered, -10, 10);
            return Math.abs(totalProbability(tempered, y, y.map((v) => Math.exp(logDensity(tempered, v)))) - 1);
          }))))\
        """;
    assertEquals(0, browser.evaluate(worst).asDouble(), 0.01, "largest miss of an integral");
    assertTrue(
        browser.requests().stream()
            .allMatch(it -> it.startsWith("file:") || it.startsWith("data:")),
        () -> "It asks the network: " + browser.requests());
    assertEquals(List.of(), browser.problems());
  }

  private static double integral(Browser browser) throws IOException {
    return browser.evaluate("Number(document.getElementById('integral').textContent)").asDouble();
  }

  /** What the reader sees of a slider, and of what it changes. */
  private static String state(Browser browser, String slider) throws IOException {
    return browser
        .evaluate(
            """
            ["%s-value", "density-caption", "likeliest"].map((id) => element(id).textContent)
              + densityChart.data[densityChart.data.length - 1].slice(0, 400).join()\
            """
                .formatted(slider))
        .asText();
  }
}
