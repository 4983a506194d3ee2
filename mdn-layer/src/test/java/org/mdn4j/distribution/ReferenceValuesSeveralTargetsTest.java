/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mdn4j.distribution.ReferenceMixtures.doubles;

import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.shade.jackson.databind.JsonNode;

/** Mixtures over two and three targets against values at high precision. */
class ReferenceValuesSeveralTargetsTest {
  private static final List<JsonNode> REFERENCES = ReferenceMixtures.severalTargets();

  private final Differences differences = new Differences();

  @AfterEach
  void noDifferences() {
    differences.assertNone();
  }

  @Test
  void thereAreThirty() {
    assertEquals(30, REFERENCES.size());
  }

  @Test
  void logDensityAndResponsibilities() {
    for (int i = 0; i < REFERENCES.size(); i++) {
      Mixture mixture = ReferenceMixtures.mixture(REFERENCES.get(i));
      for (JsonNode point : REFERENCES.get(i).get("points")) {
        double[] y = doubles(point.get("y"));
        double logDensity = logDensity(i, "log p(%s)", point, y, mixture);
        double[] expected = doubles(point.get("responsibilities"));
        double[] actual = mixture.responsibilities(y);
        for (int k = 0; k < expected.length; k++) {
          // Differences of log densities, whose rounding is relative to their size.
          double size = 1 + Math.abs(logDensity) + Math.abs(Math.log(expected[k]));
          double tolerance = expected[k] == 0 ? 1e-299 : 1e-13 * size * expected[k];
          String question = "r_" + k + "(%s)";
          differences.check(i, question, Arrays.toString(y), expected[k], actual[k], tolerance);
        }
      }
    }
  }

  private double logDensity(int i, String question, JsonNode at, double[] y, Mixture mixture) {
    double expected = at.get("logDensity").doubleValue();
    double tolerance = 1e-12 * Math.max(1, Math.abs(expected));
    differences.check(i, question, Arrays.toString(y), expected, mixture.logDensity(y), tolerance);
    return expected;
  }

  @Test
  void meanAndCovariance() {
    for (int i = 0; i < REFERENCES.size(); i++) {
      Mixture mixture = ReferenceMixtures.mixture(REFERENCES.get(i));
      double[] mean = doubles(REFERENCES.get(i).get("mean"));
      JsonNode covariance = REFERENCES.get(i).get("covariance");
      double[] spread = new double[mean.length];
      Arrays.setAll(spread, d -> Math.sqrt(covariance.get(d).get(d).doubleValue()));
      for (int d = 0; d < mean.length; d++) {
        double size = Math.abs(mean[d]) + spread[d];
        differences.check(i, "mean %s", d, mean[d], mixture.mean()[d], 1e-13 * size);
        for (int e = 0; e < mean.length; e++) {
          double expected = covariance.get(d).get(e).doubleValue();
          double actual = mixture.covariance()[d][e];
          String question = "covariance of " + d + " and %s";
          differences.check(i, question, e, expected, actual, 1e-13 * size * spread[e]);
        }
      }
    }
  }

  @Test
  void marginal() {
    for (int i = 0; i < REFERENCES.size(); i++) {
      Mixture mixture = ReferenceMixtures.mixture(REFERENCES.get(i));
      for (JsonNode at : REFERENCES.get(i).get("marginals")) {
        Mixture marginal = mixture.marginal(integers(at.get("targets")));
        String question = "marginal of " + at.get("targets") + ", log p(%s)";
        logDensity(i, question, at, doubles(at.get("y")), marginal);
      }
    }
  }

  @Test
  void conditional() {
    for (int i = 0; i < REFERENCES.size(); i++) {
      Mixture mixture = ReferenceMixtures.mixture(REFERENCES.get(i));
      for (JsonNode at : REFERENCES.get(i).get("conditionals")) {
        Mixture conditional =
            mixture.conditional(integers(at.get("given")), doubles(at.get("values")));
        String question = at.get("given") + " = " + at.get("values") + ", log p(%s)";
        logDensity(i, question, at, doubles(at.get("y")), conditional);
      }
    }
  }

  private static int[] integers(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::intValue).toArray();
  }
}
