/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Mixtures with atoms against values at high precision; atoms.py beside the file made them. To
 * 1e-10 of 1 + the value; a probability to 1e-10 of itself, by its logarithm.
 */
class AtomReferenceTest {
  static Stream<JsonNode> cases() throws IOException {
    try (InputStream in = AtomReferenceTest.class.getResourceAsStream("atoms.json")) {
      JsonNode cases = new ObjectMapper().readTree(in);
      assertEquals(24, cases.size());
      return StreamSupport.stream(cases.spliterator(), false);
    }
  }

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(node -> node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble())
        .toArray();
  }

  private static double[][] column(JsonNode array) {
    return Stream.of(numbers(array))
        .flatMapToDouble(java.util.Arrays::stream)
        .mapToObj(value -> new double[] {value})
        .toArray(double[][]::new);
  }

  private static Mixture mixture(JsonNode one) {
    ComponentFamily family = ComponentFamily.valueOf(one.get("family").asText());
    double[] weights = numbers(one.get("weights"));
    double[][] locations = column(one.get("locations"));
    double[][] scales = column(one.get("scales"));
    Mixture components =
        family == ComponentFamily.STUDENT_T
            ? Mixture.studentT(weights, locations, scales, numbers(one.get("degreesOfFreedom")))
            : Mixture.of(family, weights, locations, scales);
    return components.withAtoms(numbers(one.get("atoms")), numbers(one.get("probabilities")));
  }

  private static void assertNear(double expected, double actual, String what) {
    assertEquals(expected, actual, 1e-10 * (1 + Math.abs(expected)), what);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void probabilitiesAndDensities(JsonNode one) {
    Mixture mixture = mixture(one);
    double[] y = numbers(one.get("y"));
    double[] logCdf = numbers(one.get("logCdf"));
    double[] logSurvival = numbers(one.get("logSurvival"));
    double[] logLikelihood = numbers(one.get("logLikelihood"));
    for (int i = 0; i < y.length; i++) {
      String at = " at " + y[i];
      assertNear(logCdf[i], mixture.logCdf(y[i]), "log cdf" + at);
      assertNear(logSurvival[i], mixture.logSurvival(y[i]), "log survival" + at);
      assertNear(logLikelihood[i], mixture.logLikelihood(y[i]), "log likelihood" + at);
      double cdf = Math.exp(logCdf[i]);
      double survival = Math.exp(logSurvival[i]);
      assertEquals(cdf, mixture.cdf(y[i]), 1e-10 * cdf, "cdf" + at);
      assertEquals(survival, mixture.survival(y[i]), 1e-10 * survival, "survival" + at);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void moments(JsonNode one) {
    Mixture mixture = mixture(one);
    double variance = Double.parseDouble(one.get("variance").asText());
    assertNear(Double.parseDouble(one.get("mean").asText()), mixture.mean()[0], "mean");
    assertEquals(variance, mixture.variance()[0], 1e-10 * variance);
    assertEquals(variance, mixture.covariance()[0][0], 1e-10 * variance);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void scores(JsonNode one) {
    Mixture mixture = mixture(one);
    double[] y = numbers(one.get("y"));
    double[] crps = numbers(one.get("crps"));
    for (int i = 0; i < crps.length; i++) {
      assertEquals(crps[i], mixture.crps(y[i]), 1e-10 * crps[i], "CRPS of " + y[i]);
    }
  }

  /** To 1e-10 of 1 + the value, and what 1e-12 of the probability makes of it. */
  @ParameterizedTest
  @MethodSource("cases")
  void quantiles(JsonNode one) {
    Mixture mixture = mixture(one);
    double[] p = numbers(one.get("p"));
    double[] quantile = numbers(one.get("quantile"));
    double[] survivalQuantile = numbers(one.get("survivalQuantile"));
    for (int i = 0; i < p.length; i++) {
      assertQuantile(mixture, quantile[i], mixture.quantile(p[i]), p[i]);
      assertQuantile(mixture, survivalQuantile[i], mixture.survivalQuantile(p[i]), p[i]);
    }
  }

  private static void assertQuantile(Mixture mixture, double expected, double actual, double p) {
    double density = mixture.density(expected);
    double flat = density > 0 ? 1e-12 * p / density : 0;
    assertEquals(expected, actual, 1e-10 * (1 + Math.abs(expected)) + flat, "of " + p);
  }
}
