/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.examples.kit.NeededProgram;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * The page computes what Java does for counts, atoms, censored and several targets: both for the
 * mixtures of views and for a model that runs in the page.
 */
class TargetKindsPageTest {
  private static final int ROWS = 120;
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  @TempDir private static Path folder;

  private static Browser browser; // null: none is installed
  private static int pages;

  @BeforeAll
  static void open() throws IOException, InterruptedException {
    if (Browser.executable().isPresent()) {
      browser = new Browser(Browser.executable().get(), Files.createDirectory(folder.resolve("b")));
      browser.show(1100, 900, false, "light");
    }
  }

  @AfterAll
  static void close() {
    if (browser != null) {
      browser.close();
    }
  }

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(2)
        .hiddenUnits(6)
        .noise(NoiseLevel.NONE)
        .bins(0)
        .strongerDecay(0)
        .maxEpochs(2)
        .roundSteps(0)
        .refit(false)
        .quiet();
  }

  private static double[] x() {
    Random random = new Random(3);
    return IntStream.range(0, ROWS).mapToDouble(n -> 2 * random.nextDouble() - 1).toArray();
  }

  private static double[] column(int seed, ToDoubleBiFunction<Double, Random> y) {
    Random random = new Random(seed);
    return Arrays.stream(x()).map(one -> y.applyAsDouble(one, random)).toArray();
  }

  /** Writes a page whose panel has one view per target. */
  private static Path page(MixtureRegressor model, Frame frame, Outcomes outcomes)
      throws IOException {
    MixtureBatch predicted = model.predict(frame);
    List<String> names = outcomes.lower()[0].length > 1 ? List.of("y", "z") : List.of("y");
    ReportPage page = ReportPage.titled("t");
    new TabularPanels(frame.select(IntStream.range(0, 20).toArray()), names, first20(outcomes))
        .of(model::predict)
        .forEach(page::panel);
    page.explorer(
        RowExplorer.of(
            model.toJson(),
            names,
            List.of("x"),
            frame,
            IntStream.range(0, predicted.size()).mapToObj(n -> "row " + n).toList(),
            outcomes));
    Path file = folder.resolve("page-" + pages++ + ".html");
    page.write(file);
    return file;
  }

  private static Outcomes first20(Outcomes outcomes) {
    return outcomes.select(IntStream.range(0, 20).toArray());
  }

  private interface Asked {
    double of(Mixture mixture, double y);
  }

  /** Asks the model in the page and the one in Java the same of all rows. */
  private static void assertSame(
      MixtureRegressor model, Frame frame, String script, int target, double[] at, Asked asked)
      throws IOException {
    MixtureBatch expected = model.predict(frame);
    JsonNode found =
        browser.evaluate(
            "report.explorer.rows.map(({cells}) => { const mixture = rowMixture(cells, %d);"
                    .formatted(target)
                + " return %s.map((y) => %s); })".formatted(Arrays.toString(at), script));
    assertEquals(frame.rows(), found.size());
    for (int row = 0; row < frame.rows(); row++) {
      Mixture mixture = expected.get(row);
      Mixture one = mixture.targets() > 1 ? mixture.marginal(target) : mixture;
      for (int i = 0; i < at.length; i++) {
        double value = asked.of(one, at[i]);
        JsonNode said = found.get(row).get(i);
        assertTrue(said.isNumber(), () -> "no number: " + said);
        assertEquals(
            value, said.asDouble(), 2e-4 * Math.max(1, Math.abs(value)), "row " + row + ", " + i);
      }
    }
  }

  @Test
  void counts() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    double[] y =
        column(
            5,
            (x, random) ->
                random.nextInt(3) == 0
                    ? 0
                    : Math.floor(Math.exp(1.5 + x) * 3 * random.nextDouble()));
    Frame frame = Frame.builder().numbers("x", x()).numbers("y", y).build();
    MixtureRegressor model =
        quick()
            .ensemble(2)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .atoms(0)
            .build()
            .fit(frame, "y");
    Path page = page(model, frame, Outcomes.exact(frame.numbers(List.of("y"))));
    browser.open(page);
    assertEquals(List.of(), browser.problems());
    double[] at = {0, 1, 2, 5, 17, 60, 1000}; // the last is the wide component's
    assertSame(model, frame, "logDensity(mixture, y)", 0, at, Mixture::logDensity);
    assertSame(model, frame, "survival(mixture, y)", 0, at, Mixture::survival);
    double[] shares = {0.05, 0.5, 0.95};
    String quantiles =
        "(() => { const grid = densityGrid(mixture, 0, 20); return quantiles(mixture, grid,"
            + " grid.map((v) => Math.exp(logDensity(mixture, v))), [y])[0]; })()";
    assertSame(model, frame, quantiles, 0, shares, Mixture::quantile);
    assertTrue(
        browser
            .evaluate("element('row-caption').textContent")
            .asText()
            .startsWith("Predicted prob"));
    PageCheck.check(browser, page);
  }

  @Test
  void atoms() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    double[] y =
        column(
            6,
            (x, random) ->
                random.nextInt(3) == 0
                    ? 0
                    : random.nextInt(5) == 0 ? 1 : 0.2 + 0.6 * random.nextDouble());
    Frame frame = Frame.builder().numbers("x", x()).numbers("y", y).build();
    MixtureRegressor model = quick().atoms(0, 1).build().fit(frame, "y");
    Path page = page(model, frame, Outcomes.exact(frame.numbers(List.of("y"))));
    browser.open(page);
    assertEquals(List.of(), browser.problems());
    double[] at = {-0.4, 0.1, 0.5, 0.99, 1.2};
    assertSame(model, frame, "logDensity(mixture, y)", 0, at, Mixture::logDensity);
    assertSame(
        model,
        frame,
        "mixture.atoms.find(({value}) => value === y).probability",
        0,
        new double[] {0, 1},
        Mixture::probabilityOf);
    double[] around = {-0.1, 0, 0.3, 0.999, 1, 2};
    assertSame(model, frame, "survival(mixture, y)", 0, around, Mixture::survival);
    String said = browser.evaluate("element('row-said').textContent").asText();
    assertTrue(said.matches("P\\(0\\) = 0\\.\\d{3}, P\\(1\\) = 0\\.\\d{3}; median .*"), said);
    assertTrue(browser.evaluate("element('atoms').textContent").asText().startsWith("; P(0) = 0."));
    PageCheck.check(browser, page);
  }

  /** Lower and upper ends of some, in logistic components. */
  @Test
  void censored() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    double[] y = column(7, (x, random) -> 50 + 10 * x + 4 * random.nextGaussian());
    double[] low =
        IntStream.range(0, ROWS).mapToDouble(n -> n % 5 == 1 ? Double.NaN : y[n]).toArray();
    double[] high =
        IntStream.range(0, ROWS).mapToDouble(n -> n % 3 == 0 ? Double.NaN : y[n]).toArray();
    Frame frame =
        Frame.builder().numbers("x", x()).numbers("low", low).numbers("high", high).build();
    double[][] ends =
        IntStream.range(0, ROWS)
            .mapToObj(
                n -> new double[] {n % 5 == 1 ? -INFINITY : y[n], n % 3 == 0 ? INFINITY : y[n]})
            .toArray(double[][]::new);
    frame = frame.select(IntStream.range(0, ROWS).filter(n -> n % 15 != 6).toArray());
    Outcomes outcomes =
        Outcomes.intervals(ends)
            .select(IntStream.range(0, ROWS).filter(n -> n % 15 != 6).toArray());
    for (ComponentFamily family :
        List.of(ComponentFamily.LOGISTIC, ComponentFamily.GAUSSIAN, ComponentFamily.LAPLACE)) {
      MixtureRegressor model = quick().censored().family(family).build().fit(frame, "low", "high");
      Path page = page(model, frame, outcomes);
      browser.open(page);
      assertEquals(List.of(), browser.problems());
      double[] at = {20, 45, 50, 55, 80};
      assertSame(model, frame, "logDensity(mixture, y)", 0, at, Mixture::logDensity);
      assertSame(model, frame, "survival(mixture, y)", 0, at, Mixture::survival);
      assertEquals(
          "Predicted probability of a larger y for row 0",
          browser
              .evaluate(
                  "document.querySelector('#row-survival').parentElement.firstChild.textContent")
              .asText());
      String said = browser.evaluate("element('row-said').textContent").asText();
      assertTrue(said.contains("; observed: above "), said);
    }
  }

  /** Members' covariances within ceilings, and an ensemble's temperature. */
  @Test
  void severalTargets() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    double[] y = column(8, (x, random) -> 5 + x + random.nextGaussian());
    double[] z = column(9, (x, random) -> -100 + 20 * x + 5 * random.nextGaussian());
    IntStream.range(0, ROWS).forEach(n -> z[n] += 8 * y[n]);
    Frame frame = Frame.builder().numbers("x", x()).numbers("y", y).numbers("z", z).build();
    Outcomes outcomes = Outcomes.exact(frame.numbers(List.of("y", "z")));
    for (MixtureRegressorBuilder builder :
        List.of(
            quick().covariance(Covariance.FULL).ensemble(2),
            quick().covariance(Covariance.FULL).bounded(false),
            quick().covariance(Covariance.SPHERICAL).ensemble(2),
            quick())) {
      MixtureRegressor model = builder.build().fit(frame, "y", "z");
      browser.open(page(model, frame, outcomes));
      assertEquals(List.of(), browser.problems());
      assertSame(
          model, frame, "logDensity(mixture, y)", 0, new double[] {2, 5, 9}, Mixture::logDensity);
      double[] at = {-120, -60, 0};
      assertSame(model, frame, "logDensity(mixture, y)", 1, at, Mixture::logDensity);
      assertEquals(
          "Predicted density of z for row 0",
          browser.evaluate("element('row-caption-1').textContent").asText());
    }
  }

  /**
   * log P(y) from means of 1e-6 to 1e9, up to Poisson's limit; and at temperatures, with an atom.
   */
  @Test
  void probabilitiesOfCounts() throws IOException {
    NeededProgram.require(browser != null, Browser.MISSING);
    Frame frame =
        Frame.builder().numbers("x", x()).numbers("y", column(1, (x, random) -> x)).build();
    MixtureRegressor any = quick().build().fit(frame, "y");
    browser.open(page(any, frame, Outcomes.exact(frame.numbers(List.of("y")))));
    for (double mean : new double[] {1e-6, 0.3, 7, 1e4, 1e9}) {
      for (double alpha : new double[] {1e-12, 1e-4, 0.5, 20, 1e4}) {
        double deviation = Math.sqrt(mean + alpha * mean * mean);
        for (double y :
            new double[] {
              0, 1, Math.rint(mean), Math.rint(mean + deviation), Math.rint(9 * mean)
            }) {
          Mixture counts =
              Mixture.of(
                  ComponentFamily.NEGATIVE_BINOMIAL,
                  new double[] {1},
                  new double[][] {{Math.log(mean)}},
                  new double[][] {{alpha}});
          double expected = counts.logDensity(y);
          double found =
              browser
                  .evaluate("logCount(%s, %s, %s)".formatted(y, Math.log(mean), alpha))
                  .asDouble();
          assertEquals(
              expected,
              found,
              1e-9 * Math.max(1, Math.abs(expected)),
              mean + " " + alpha + " " + y);
        }
      }
    }
    double miss =
        browser
            .evaluate(
                """
                Math.max(...[1, 40].flatMap((K) => [1e-4, 0.5, 30, 5e3, 1e7].flatMap((mean) =>
                  [1e-9, 0.01, 0.7, 5].map((alpha) => {
                    const all = Array.from({ length: K }, (unused, k) => Math.log(mean) + k / 40);
                    const mixture = atTemperature({ family: "NEGATIVE_BINOMIAL", logWeight: all.map(() => 0),
                      location: all, scale: all.map(() => alpha) }, 1);
                    const y = densityGrid(mixture, 0, mean);
                    return Math.abs(totalProbability(mixture, y, y.map((v) => Math.exp(logDensity(mixture, v)))) - 1);
                  }))))\
                """)
            .asDouble();
    assertEquals(0, miss, 0.01, "largest miss of all probability");
    Mixture zeros =
        Mixture.of(
                ComponentFamily.NEGATIVE_BINOMIAL,
                new double[] {0.3, 0.7},
                new double[][] {{1}, {2}},
                new double[][] {{0.5}, {0.1}})
            .withAtoms(new double[] {0}, new double[] {0.4});
    for (double tau : new double[] {0.2, 1, 3}) {
      for (double y : new double[] {0, 1, 9}) {
        double found =
            browser
                .evaluate(
                    ("logDensity(atTemperature({family: 'NEGATIVE_BINOMIAL',"
                            + " logWeight: [Math.log(0.18), Math.log(0.42)], location: [1, 2],"
                            + " scale: [0.5, 0.1], atoms: [{value: 0, probability: 0.4}]}, %s), %s)")
                        .formatted(tau, y))
                .asDouble();
        assertEquals(zeros.temperature(Temperature.of(tau)).logDensity(y), found, 1e-9);
      }
    }
  }
}
