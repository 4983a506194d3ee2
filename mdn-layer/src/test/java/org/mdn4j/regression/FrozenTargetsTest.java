/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.report.FitReport;

/**
 * Files of the first version that had atoms, intervals and counts (two members of two components,
 * four hidden units, four bins, 200 rows), and what the models predicted then at 0.5, 2.5 and, far
 * outside the range of the fit, at 30. FLOAT's matrix products may be summed in another order,
 * hence the tolerances.
 */
class FrozenTargetsTest {
  private static final double[][] AT = {{0.5}, {2.5}, {30}};

  @TempDir private Path folder;

  private MixtureRegressor load(String name) throws IOException {
    Path file = folder.resolve(name);
    try (InputStream older = getClass().getResourceAsStream(name)) {
      Files.copy(older, file);
    }
    return MixtureRegressor.load(file);
  }

  /** Power between none and all: 27 % of the rows were 0, 30 % were 1. */
  @Test
  void atoms() throws IOException {
    MixtureRegressor loaded = load("atoms.zip");
    MixtureBatch predicted = loaded.predict(AT);
    assertEquals(
        List.of(new FitReport.Atom(0, 0.27), new FitReport.Atom(1, 0.3)), loaded.report().atoms());
    assertEquals(2.484849682164409, loaded.scaleTemperature());
    assertArrayEquals(
        new double[] {0.015624635854970773, 0.7204810060388727, 0.9999971706959411},
        predicted.mean().toDoubleVector(),
        1e-5);
    Mixture calm = predicted.get(0);
    assertArrayEquals(new double[] {0, 1}, calm.atoms());
    assertArrayEquals(
        new double[] {0.8499625340176787, 0.0016501992388609924}, calm.atomProbabilities(), 1e-5);
    assertEquals(-0.16256300809548233, calm.logLikelihood(0), 1e-5);
    assertEquals(-3.670606344084728, calm.logDensity(0.4), 1e-4);
    assertEquals(0.03857298902499632, calm.quantile(0.9), 1e-5);
    assertEquals(0.8635818723116108, predicted.get(1).survival(0.4), 1e-5);
    assertEquals(1, predicted.get(1).quantile(0.9));
  }

  /** Times 10 + 5 x + 3 ε, seen until an end within 30. */
  @Test
  void censored() throws IOException {
    MixtureRegressor loaded = load("censored.zip");
    MixtureBatch predicted = loaded.predict(AT);
    assertEquals(1, loaded.targets());
    assertEquals(1.1718604718647874, loaded.scaleTemperature());
    assertArrayEquals(
        new double[] {12.691425972093546, 22.065342439099503, 36.57888455658287},
        predicted.mean().toDoubleVector(),
        1e-3);
    assertEquals(0.042773850004306016, predicted.get(0).survival(20), 1e-5);
    assertEquals(25.219979292502824, predicted.get(1).quantile(0.9), 1e-3);
    double[] longer = {15, Double.POSITIVE_INFINITY};
    assertEquals(-0.002001734241554587, predicted.get(1).logLikelihood(longer), 1e-5);
    assertEquals(
        0.002001734241554587,
        loaded.evaluate(new double[][] {AT[1]}, new double[][] {longer}).nll(),
        1e-5);
  }

  /** Counts of which 40 % of the rows were 0. */
  @Test
  void zeroInflatedCounts() throws IOException {
    MixtureRegressor loaded = load("counts.zip");
    MixtureBatch predicted = loaded.predict(AT);
    assertEquals(List.of(new FitReport.Atom(0, 0.405)), loaded.report().atoms());
    assertEquals(ComponentFamily.NEGATIVE_BINOMIAL, predicted.get(0).family());
    assertEquals(0.25, loaded.scaleTemperature(), 1e-5);
    assertArrayEquals(
        new double[] {1.559943424440309, 4.506873782703237, 9.807840521699031},
        predicted.mean().toDoubleVector(),
        1e-4);
    Mixture few = predicted.get(0);
    assertEquals(0.38000847883319605, few.atomProbabilities()[0], 1e-5);
    assertEquals(0.43181215936734024, few.probabilityOf(0), 1e-5);
    assertEquals(0.1532812816488192, few.survival(3), 1e-5);
    assertEquals(4, few.quantile(0.9));
    assertEquals(11, predicted.get(1).quantile(0.9));
    assertEquals(-3.0257346137282752, predicted.get(1).logLikelihood(1), 1e-4);
  }

  /**
   * Of the first version with wide components beside the networks' own: 10 + 5 sin x, and outliers.
   */
  @Test
  void contaminated() throws IOException {
    MixtureRegressor loaded = load("contaminated.zip");
    MixtureBatch predicted = loaded.predict(AT);
    assertEquals(0.03814193201319821, loaded.contamination());
    assertEquals(0.6210378371478013, loaded.scaleTemperature());
    assertEquals(6, predicted.components());
    assertArrayEquals(
        new double[] {12.263961369290454, 12.730713142827417, 12.017932588591636},
        predicted.mean().toDoubleVector(),
        1e-4);
    assertArrayEquals(
        new double[] {1.1631955202982038, 1.8132522679958942, 6.2507332784149545},
        predicted.variance().reshape(-1).toDoubleVector(),
        1e-3);
    assertEquals(0.007642493160614217, predicted.get(0).logDensity(12.4), 1e-4);
    assertEquals(-38.695678947349485, predicted.get(0).logDensity(40), 1e-2);
    assertEquals(17.419962213844038, predicted.get(1).quantile(0.995), 1e-3);
    MixtureRegressor first = loaded.firstMember();
    assertEquals(0.6537650619217166, first.scaleTemperature());
    assertEquals(0.24582914958963367, first.predict(AT).get(0).logDensity(12.4), 1e-4);
    assertEquals(0.019225344114519094, predicted.get(1).weights()[2], 1e-15);
    assertEquals(0.018916587898679112, predicted.get(1).weights()[5], 1e-15);
  }
}
