/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;
import org.mdn4j.numerics.NegativeBinomial;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Counts against values at high precision; counts.py beside counts.json made them. */
class NegativeBinomialReferenceTest {
  private static final JsonNode CASES = read();

  private final Differences differences = new Differences();

  private static JsonNode read() {
    try (InputStream in = NegativeBinomialReferenceTest.class.getResourceAsStream("counts.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new IllegalStateException("Could not read counts.json", e);
    }
  }

  private static NegativeBinomial of(JsonNode reference) {
    return new NegativeBinomial(
        Math.exp(reference.get("mu").doubleValue()), Math.exp(reference.get("s").doubleValue()));
  }

  @Test
  void logProbabilities() {
    assertEquals(320, CASES.size());
    for (JsonNode reference : CASES) {
      double expected = reference.get("logP").doubleValue();
      double actual = of(reference).logProbability(reference.get("y").doubleValue());
      assertEquals(expected, actual, 1e-11 * Math.max(1, Math.abs(expected)), reference.toString());
    }
  }

  @Test
  void slopes() {
    for (JsonNode reference : CASES) {
      double y = reference.get("y").doubleValue();
      double ofMean = reference.get("slopeMu").doubleValue();
      // m is rounded, and so is y − m
      double rounding = 2 * Math.ulp(Math.exp(reference.get("mu").doubleValue()));
      assertEquals(ofMean, of(reference).meanSlope(y), 1e-12 * Math.abs(ofMean) + rounding);
      double ofDispersion = reference.get("slopeS").doubleValue();
      double actual = of(reference).dispersionSlope(y);
      assertEquals(
          ofDispersion, actual, 1e-10 * Math.max(1, Math.abs(ofDispersion)), reference.toString());
    }
  }

  /** Logarithms of both tails: right in relative terms of the smaller one. */
  @Test
  void tails() {
    int checked = 0;
    for (JsonNode reference : CASES) {
      if (reference.has("logCdf")) {
        double y = reference.get("y").doubleValue();
        double cdf = reference.get("logCdf").doubleValue();
        double survival = reference.get("logSurvival").doubleValue();
        NegativeBinomial count = of(reference);
        String name = reference.toString();
        double alpha = Math.exp(reference.get("s").doubleValue());
        double rounding = 1e-11 + 1e-14 * Math.max(1, alpha);
        assertEquals(cdf, count.logCdf(y), rounding * Math.max(1, Math.abs(cdf)), name);
        assertEquals(
            survival, count.logSurvival(y), rounding * Math.max(1, Math.abs(survival)), name);
        assertEquals(Math.exp(cdf), count.cdf(y), rounding * Math.exp(cdf) * Math.max(1, -cdf));
        assertEquals(
            Math.exp(survival),
            count.survival(y),
            rounding * Math.exp(survival) * Math.max(1, -survival));
        checked++;
      }
    }
    assertTrue(checked > 200, "checked " + checked);
  }

  /** With α = 1 the distribution is geometric: P(Y > y) = q^(y + 1), q = m/(1 + m). */
  @Test
  void tailsOfGeometricDistributions() {
    for (double mean : new double[] {1e-6, 0.1, 1, 30, 1e4, 1e9}) {
      NegativeBinomial count = new NegativeBinomial(mean, 1);
      for (double y : new double[] {0, 1, 5, 100, 1e4, 1e8, 1e9, 3e9, 2e10}) {
        double logSurvival = -(y + 1) * Math.log1p(1 / mean);
        assertEquals(logSurvival, count.logSurvival(y), 1e-11 * Math.max(1, -logSurvival));
        double cdf = -Math.expm1(logSurvival);
        assertEquals(cdf, count.cdf(y), 1e-11 * cdf, mean + " at " + y);
      }
    }
  }
}
