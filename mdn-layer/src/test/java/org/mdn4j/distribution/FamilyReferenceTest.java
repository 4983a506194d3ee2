/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.StudentTs;
import org.mdn4j.distribution.questions.Answers;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Families against values at high precision; families.py beside the file made them. */
class FamilyReferenceTest {
  private static final List<JsonNode> FAMILIES = read();

  private final Differences differences = new Differences();

  private static List<JsonNode> read() {
    try (InputStream in = FamilyReferenceTest.class.getResourceAsStream("families.json")) {
      return list(new ObjectMapper().readTree(in).get("families"));
    } catch (IOException e) {
      throw new IllegalStateException("Could not read families.json", e);
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private interface Check {
    void of(int number, ComponentFamily family, JsonNode reference);
  }

  private void forEach(Check check) {
    assertEquals(5, FAMILIES.size());
    for (int i = 0; i < FAMILIES.size(); i++) {
      JsonNode reference = FAMILIES.get(i);
      check.of(i, ComponentFamily.valueOf(reference.get("family").textValue()), reference);
    }
    differences.assertNone();
  }

  private static IndependentTargets components(ComponentFamily family, List<JsonNode> parameters) {
    double[] locations = parameters.stream().mapToDouble(p -> p.get(0).doubleValue()).toArray();
    double[] scales = parameters.stream().mapToDouble(p -> p.get(1).doubleValue()).toArray();
    if (family != ComponentFamily.STUDENT_T) {
      return IndependentTargets.of(family, 1, locations, scales);
    }
    double[] degrees = parameters.stream().mapToDouble(p -> p.get(2).doubleValue()).toArray();
    double[] logScales = Arrays.stream(scales).map(Math::log).toArray();
    return new StudentTs(1, locations, scales, logScales, degrees);
  }

  /** Also where probabilities are far below the smallest double. */
  @Test
  void densitiesAndTails() {
    forEach(
        (i, family, reference) -> {
          for (JsonNode single : reference.get("components")) {
            JsonNode parameters =
                new ObjectMapper()
                    .createArrayNode()
                    .add(single.get("location"))
                    .add(single.get("scale"))
                    .add(single.get("degrees"));
            IndependentTargets component = components(family, List.of(parameters));
            for (JsonNode value : single.get("values")) {
              double y = value.get("y").doubleValue();
              String where = family + " " + parameters + " at " + y;
              double density = value.get("logDensity").doubleValue();
              differences.check(
                  i, "log density %s", where, density, component.logDensity(0, y), near(density));
              if (value.has("logCdf")) {
                double below = value.get("logCdf").doubleValue();
                double above = value.get("logSurvival").doubleValue();
                differences.check(
                    i, "log cdf %s", where, below, component.logCdf(0, y), near(below));
                differences.check(
                    i, "log survival %s", where, above, component.logSurvival(0, y), near(above));
                double cdf = Math.exp(below);
                differences.check(
                    i, "cdf %s", where, cdf, component.cdf(0, y), cdf * near(below) + 1e-300);
                double survival = Math.exp(above);
                differences.check(
                    i,
                    "survival %s",
                    where,
                    survival,
                    component.survival(0, y),
                    survival * near(above) + 1e-300);
              }
            }
          }
        });
  }

  /** 1e-14 of a logarithm and 5e-13 of what it is the logarithm of. */
  private static double near(double logarithm) {
    return 5e-13 + 1e-14 * Math.abs(logarithm);
  }

  @Test
  void entropiesAndDivergences() {
    forEach(
        (i, family, reference) -> {
          JsonNode pairs = reference.get("pairs");
          IndependentTargets components = components(family, list(pairs.get("parameters")));
          for (int k = 0; k < components.count(); k++) {
            double entropy = pairs.get("entropies").get(k).doubleValue();
            differences.check(i, "entropy of %s", k, entropy, components.entropy(k), 1e-12);
          }
          for (JsonNode pair : pairs.get("values")) {
            int from = pair.get("from").intValue();
            int to = pair.get("to").intValue();
            String which = family + " " + from + " to " + to;
            double divergence = pair.get("divergence").doubleValue();
            differences.check(
                i,
                "divergence %s",
                which,
                divergence,
                Answers.of(components).klDivergence(from, components, to),
                1e-10 * (1 + divergence));
            double distance = pair.get("bhattacharyya").doubleValue();
            differences.check(
                i,
                "Bhattacharyya %s",
                which,
                distance,
                Answers.of(components).bhattacharyyaDistance(from, to),
                1e-10);
          }
        });
  }

  @Test
  void scores() {
    forEach(
        (i, family, reference) -> {
          JsonNode mixture = reference.get("mixture");
          IndependentTargets components = components(family, list(mixture.get("parameters")));
          double[] logits = ReferenceMixtures.doubles(mixture.get("weights"));
          Arrays.setAll(logits, k -> Math.log(logits[k]));
          Mixture scored = new Mixture(new WeightedComponents(logits, components));
          for (JsonNode score : mixture.get("scores")) {
            double y = score.get("y").doubleValue();
            double crps = score.get("crps").doubleValue();
            differences.check(
                i, "CRPS %s", family + " at " + y, crps, scored.crps(y), 1e-10 * crps);
          }
        });
  }
}
