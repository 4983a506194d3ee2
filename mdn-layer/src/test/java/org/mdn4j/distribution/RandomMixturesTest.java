/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Probabilities, densities and quantiles of random mixtures with atoms, ranges and temperatures, of
 * scales from 1e-290 to 1e290, in both tails, against random-mixtures.json, which
 * random-mixtures.py beside it made with mpmath.
 */
class RandomMixturesTest {
  private static final double TOLERANCE = 1e-10;

  private static double[] numbers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .mapToDouble(number -> Double.parseDouble(number.asText()))
        .toArray();
  }

  private static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
  }

  private static Mixture mixture(JsonNode one) {
    ComponentFamily family = ComponentFamily.valueOf(one.get("family").asText());
    double[] weights = numbers(one.get("weights"));
    double[][] locations = column(numbers(one.get("locations")));
    double[][] scales = column(numbers(one.get("scales")));
    Mixture mixture =
        family == ComponentFamily.STUDENT_T
            ? Mixture.studentT(weights, locations, scales, numbers(one.get("degrees")))
            : Mixture.of(family, weights, locations, scales);
    double[] atoms = numbers(one.get("atoms"));
    if (atoms.length > 0) {
      mixture = mixture.withAtoms(atoms, numbers(one.get("probabilities")));
    }
    double[] range = numbers(one.get("range"));
    if (range.length > 0) {
      mixture = mixture.truncated(range[0], range[1]);
    }
    double[] temperature = numbers(one.get("temperature"));
    return temperature.length == 0
        ? mixture
        : mixture.temperature(new Temperature(temperature[0], temperature[1]));
  }

  private static double answer(Mixture mixture, String question, double[] at) {
    return switch (question) {
      case "cdf" -> mixture.cdf(at[0]);
      case "survival" -> mixture.survival(at[0]);
      case "logCdf" -> mixture.logCdf(at[0]);
      case "logSurvival" -> mixture.logSurvival(at[0]);
      case "logLikelihood" -> mixture.logLikelihood(at);
      case "probability" -> mixture.probability(at[0], at[1]);
      case "logProbability" -> mixture.logProbability(at[0], at[1]);
      case "quantile" -> mixture.quantile(at[0]);
      case "survivalQuantile" -> mixture.survivalQuantile(at[0]);
      default -> throw new IllegalArgumentException(question);
    };
  }

  private static boolean isRight(Mixture mixture, String question, double[] values, double answer) {
    if (values.length == 2) { // two quantiles of nearly the same probability
      return Math.nextDown(values[0]) <= answer && answer <= Math.nextUp(values[1]);
    }
    double value = values[0];
    double size = Math.abs(value);
    if (question.startsWith("log")) {
      // Log densities near 0 are rounded as sums near 1 are, and log probabilities are not.
      boolean plain = mixture.atoms().length == 0 && mixture.truncation().isEmpty();
      boolean density = plain && question.equals("logLikelihood");
      size = density || size > 0.1 ? Math.max(1, size) : size;
    }
    return answer == value || Math.abs(answer - value) <= TOLERANCE * size + Double.MIN_VALUE;
  }

  @Test
  void answersAreThoseOfMpmath() throws IOException {
    JsonNode cases;
    try (InputStream in = RandomMixturesTest.class.getResourceAsStream("random-mixtures.json")) {
      cases = new ObjectMapper().readTree(in);
    }
    List<String> faults = new ArrayList<>();
    int questions = 0;
    for (JsonNode one : cases) {
      Mixture mixture = mixture(one);
      for (JsonNode asked : one.get("questions")) {
        String question = asked.get("question").asText();
        double[] at = numbers(asked.get("arguments"));
        double[] values = numbers(asked.get("values"));
        double answer = answer(mixture, question, at);
        questions++;
        if (!isRight(mixture, question, values, answer)) {
          faults.add(
              question
                  + Arrays.toString(at)
                  + " = "
                  + answer
                  + ", expected "
                  + Arrays.toString(values)
                  + " of "
                  + mixture);
        }
      }
    }
    assertTrue(questions > 2000, "questions: " + questions);
    assertEquals(List.of(), faults);
  }
}
