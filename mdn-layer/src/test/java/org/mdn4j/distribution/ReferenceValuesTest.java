/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * One-target mixtures against values at high precision: up to 20 components, scale ratios of 1000,
 * weights of 1e-12 and 0, identical components, gaps without mass.
 */
class ReferenceValuesTest {
  private static final List<JsonNode> REFERENCES = ReferenceMixtures.oneTarget();
  private static final List<Mixture> MIXTURES =
      REFERENCES.stream().map(ReferenceMixtures::mixture).toList();

  private final Differences differences = new Differences();

  @AfterEach
  void noDifferences() {
    differences.assertNone();
  }

  private interface Comparison {
    void of(int index, Mixture mixture, JsonNode reference);
  }

  private static void forEach(Comparison comparison) {
    for (int i = 0; i < MIXTURES.size(); i++) {
      comparison.of(i, MIXTURES.get(i), REFERENCES.get(i));
    }
  }

  @Test
  void referencesHoldTheHardCases() {
    assertTrue(REFERENCES.size() >= 200);
    assertEquals(20, MIXTURES.stream().mapToInt(Mixture::components).max().orElseThrow());
    assertTrue(count(r -> largest(r, "deviations") / smallest(r, "deviations") > 999) >= 50);
    assertTrue(count(r -> smallest(r, "weights") == 0) >= 50);
    assertTrue(count(r -> smallest(r, "weights") == 1e-12) >= 50);
    assertTrue(count(r -> identicalComponents(r) > 0) >= 50);
  }

  private static long count(Predicate<JsonNode> kind) {
    return REFERENCES.stream().filter(kind).count();
  }

  private static double largest(JsonNode reference, String name) {
    return Arrays.stream(ReferenceMixtures.doubles(reference.get(name))).max().orElseThrow();
  }

  private static double smallest(JsonNode reference, String name) {
    return Arrays.stream(ReferenceMixtures.doubles(reference.get(name))).min().orElseThrow();
  }

  private static long identicalComponents(JsonNode reference) {
    int components = reference.get("weights").size();
    return components
        - IntStream.range(0, components)
            .mapToObj(k -> reference.get("means").get(k) + " " + reference.get("deviations").get(k))
            .distinct()
            .count();
  }

  @Test
  void logDensity() {
    forEach(
        (i, mixture, reference) -> {
          for (JsonNode pair : reference.get("logDensity")) {
            double y = pair.get(0).doubleValue();
            double expected = pair.get(1).doubleValue();
            double tolerance = 1e-12 * Math.max(1, Math.abs(expected));
            differences.check(i, "log p(%s)", y, expected, mixture.logDensity(y), tolerance);
          }
        });
  }

  /** Both in relative terms, down to 3e-300. */
  @Test
  void cdfAndSurvival() {
    forEach(
        (i, mixture, reference) -> {
          for (JsonNode triple : reference.get("cdfAndSurvival")) {
            double y = triple.get(0).doubleValue();
            double below = triple.get(1).doubleValue();
            double above = triple.get(2).doubleValue();
            differences.check(i, "cdf(%s)", y, below, mixture.cdf(y), 1e-10 * below);
            differences.check(i, "survival(%s)", y, above, mixture.survival(y), 1e-10 * above);
          }
        });
  }

  @Test
  void crps() {
    forEach(
        (i, mixture, reference) -> {
          for (JsonNode pair : reference.get("crps")) {
            double y = pair.get(0).doubleValue();
            double expected = pair.get(1).doubleValue();
            differences.check(i, "crps(%s)", y, expected, mixture.crps(y), 1e-9 * expected);
          }
        });
  }

  /** The references are all y that are right within a relative 1e-9 of the smaller of p, 1 − p. */
  @Test
  void quantile() {
    forEach(
        (i, mixture, reference) -> {
          for (JsonNode bounds : reference.get("quantile")) {
            double p = bounds.get(0).doubleValue();
            within(i, "quantile(%s)", p, bounds, mixture.quantile(p));
          }
          for (JsonNode bounds : reference.get("survivalQuantile")) {
            double q = bounds.get(0).doubleValue();
            within(i, "survivalQuantile(%s)", q, bounds, mixture.survivalQuantile(q));
          }
        });
  }

  private void within(int i, String what, double argument, JsonNode bounds, double actual) {
    double lower = bounds.get(1).doubleValue();
    double upper = bounds.get(2).doubleValue();
    // Not by the middle and half the width: between neighbouring doubles there is no middle.
    double nearest = Math.max(lower, Math.min(upper, actual));
    differences.check(i, what, argument, nearest, actual, 0);
  }

  @Test
  void meanAndVariance() {
    forEach(
        (i, mixture, reference) -> {
          double mean = reference.get("mean").doubleValue();
          double variance = reference.get("variance").doubleValue();
          // E|y| is at most |mean| plus one deviation; rounding is relative to that.
          double spread = Math.sqrt(variance);
          double size = Math.abs(mean) + spread;
          differences.check(i, "mean", 0, mean, mixture.mean()[0], 1e-13 * size);
          double tolerance = 1e-13 * size * spread;
          differences.check(i, "variance", 0, variance, mixture.variance()[0], tolerance);
        });
  }

  /** As many as there are, on both sides of the separation where two merge. */
  @Test
  void modes() {
    forEach(
        (i, mixture, reference) -> {
          JsonNode modes = reference.get("modes");
          double[][] actual = mixture.modes();
          differences.check(i, "number of modes", 0, modes.size(), actual.length, 0);
          for (int m = 0; m < Math.min(modes.size(), actual.length); m++) {
            double expected = modes.get(m).get("y").doubleValue();
            // The density differs from its peak by 1e-18 there; rounding of y comes on top.
            double tolerance =
                1e-9 * modes.get(m).get("width").doubleValue() + 2 * Math.ulp(expected);
            differences.check(i, "mode %s", m, expected, actual[m][0], tolerance);
          }
        });
  }

  @Test
  void highestDensityRegion() {
    forEach(
        (i, mixture, reference) -> {
          for (JsonNode region : reference.get("regions")) {
            double level = region.get("level").doubleValue();
            List<Interval> actual = mixture.highestDensityRegion(level);
            double mass = actual.stream().mapToDouble(a -> mass(mixture, a)).sum();
            differences.check(i, "mass of region %s", level, level, mass, 1e-7);

            Interval central = mixture.interval(level);
            double width = actual.stream().mapToDouble(Interval::width).sum();
            double slack = 1e-5 * central.width();
            double most = Math.min(width, central.width());
            differences.check(i, "width of region %s", level, most, width, slack);
            if (mixture.components() == 1) {
              double lower = actual.get(0).lower();
              double upper = actual.get(0).upper();
              differences.check(i, "lower end of %s", level, central.lower(), lower, slack);
              differences.check(i, "upper end of %s", level, central.upper(), upper, slack);
            }
            ends(i, level, region, actual);
          }
        });
  }

  /** Each end is where it should be, within a mass of 1e-7. */
  private void ends(int i, double level, JsonNode region, List<Interval> actual) {
    JsonNode intervals = region.get("intervals");
    differences.check(i, "intervals of %s", level, intervals.size(), actual.size(), 0);
    double threshold = region.get("threshold").doubleValue();
    for (int j = 0; j < Math.min(intervals.size(), actual.size()); j++) {
      double lower = intervals.get(j).get(0).doubleValue();
      double upper = intervals.get(j).get(1).doubleValue();
      double tolerance = 1e-7 / threshold;
      differences.check(i, "lower end in %s", level, lower, actual.get(j).lower(), tolerance);
      differences.check(i, "upper end in %s", level, upper, actual.get(j).upper(), tolerance);
    }
  }

  private static double mass(Mixture mixture, Interval interval) {
    double below = mixture.cdf(interval.lower());
    return below < 0.5
        ? mixture.cdf(interval.upper()) - below
        : mixture.survival(interval.lower()) - mixture.survival(interval.upper());
  }

  @Test
  void entropy() {
    forEach(
        (i, mixture, reference) -> {
          double expected = reference.get("entropy").doubleValue();
          differences.check(i, "entropy", 0, expected, mixture.entropy(), 1e-9);
        });
  }
}
