/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Mixtures at the edges of their parameters' ranges, against values at high precision; edges.py
 * beside the file made them.
 */
class EdgesReferenceTest {
  private static List<JsonNode> cases() {
    try (InputStream in = EdgesReferenceTest.class.getResourceAsStream("edges.json")) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      return StreamSupport.stream(cases.spliterator(), false).toList();
    } catch (IOException e) {
      throw new IllegalStateException("Could not read edges.json", e);
    }
  }

  private static double[] doubles(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(node -> Double.parseDouble(node.asText()))
        .toArray();
  }

  private static Mixture mixture(JsonNode reference) {
    ComponentFamily family = ComponentFamily.valueOf(reference.get("family").textValue());
    double[] weights = doubles(reference.get("weights"));
    double[][] locations = FamilyMixtures.column(doubles(reference.get("locations")));
    double[][] scales = FamilyMixtures.column(doubles(reference.get("scales")));
    return family == ComponentFamily.STUDENT_T
        ? Mixture.studentT(weights, locations, scales, doubles(reference.get("degrees")))
        : Mixture.of(family, weights, locations, scales);
  }

  private static double[] answer(String question, Mixture mixture, double[] with) {
    return switch (question) {
      case "logDensity" -> v(mixture.logDensity(with[0]));
      case "cdf" -> v(mixture.cdf(with[0]));
      case "survival" -> v(mixture.survival(with[0]));
      case "logSurvival" -> v(mixture.logSurvival(with[0]));
      case "quantile" -> v(mixture.quantile(with[0]));
      case "survivalQuantile" -> v(mixture.survivalQuantile(with[0]));
      case "probability" -> v(mixture.probability(with[0], with[1]));
      case "crps" -> v(mixture.crps(with[0]));
      case "entropy" -> v(mixture.entropy());
      case "entropyBounds" -> {
        Interval bounds = mixture.entropyBounds();
        yield v(bounds.lower(), bounds.upper());
      }
      case "mean" -> mixture.mean();
      case "variance" -> mixture.variance();
      case "standardDeviation" -> mixture.standardDeviations()[0];
      case "mode" -> mixture.mode();
      case "divergence" ->
          v(
              mixture.variationalKlDivergence(
                  Mixture.of(
                      mixture.family(), v(1), mixture.locations(), new double[][] {{with[0]}})));
      default -> throw new IllegalArgumentException(question);
    };
  }

  private static double[] v(double... values) {
    return values;
  }

  /** Of logarithms and what is like them, the tolerance is of 1 + their size. */
  private static double tolerance(String question, double expected, double relative) {
    boolean logarithm = question.startsWith("log") || question.startsWith("entropy");
    double size = Math.abs(expected) + (logarithm ? 1 : 0);
    return Double.isInfinite(expected) ? 0 : relative * size + 2 * Double.MIN_VALUE;
  }

  @Test
  void answersAreThoseOfHighPrecision() {
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> asked = new TreeMap<>();
    for (JsonNode reference : cases()) {
      String question = reference.get("question").textValue();
      double[] expected = doubles(reference.get("values"));
      Mixture mixture = mixture(reference);
      double[] actual = answer(question, mixture, doubles(reference.get("arguments")));
      assertEquals(expected.length, actual.length);
      asked.merge(question, 1, Integer::sum);
      for (int i = 0; i < expected.length; i++) {
        double tolerance =
            tolerance(question, expected[i], reference.get("tolerance").doubleValue());
        if (actual[i] != expected[i] && !(Math.abs(actual[i] - expected[i]) <= tolerance)) {
          wrong.add(
              "%s %s of %s: expected %s, got %s"
                  .formatted(
                      question, reference.get("arguments"), mixture, expected[i], actual[i]));
        }
      }
    }
    assertTrue(wrong.isEmpty(), () -> wrong.size() + " are wrong:\n" + String.join("\n", wrong));
    assertEquals(15, asked.size(), asked.toString());
  }
}
