/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Gaussian mixtures and their values at high precision; gaussian-mixtures.py beside the files says
 * how they were made.
 */
final class ReferenceMixtures {
  private ReferenceMixtures() {}

  static List<JsonNode> oneTarget() {
    return read("gaussian-mixtures-one-target.json");
  }

  static List<JsonNode> severalTargets() {
    return read("gaussian-mixtures-several-targets.json");
  }

  private static List<JsonNode> read(String resource) {
    try (InputStream in = ReferenceMixtures.class.getResourceAsStream(resource)) {
      List<JsonNode> mixtures = new ArrayList<>();
      new ObjectMapper().readTree(in).get("mixtures").forEach(mixtures::add);
      return mixtures;
    } catch (IOException e) {
      throw new IllegalStateException("Could not read " + resource, e);
    }
  }

  static Mixture mixture(JsonNode reference) {
    return Mixture.gaussian(
        doubles(reference.get("weights")),
        matrix(reference.get("means")),
        matrix(reference.get("deviations")));
  }

  static double[] doubles(JsonNode array) {
    double[] values = new double[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).doubleValue();
    }
    return values;
  }

  /** Rows of an array of arrays; of an array of numbers, one number to a row. */
  private static double[][] matrix(JsonNode rows) {
    double[][] values = new double[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      JsonNode row = rows.get(i);
      values[i] = row.isArray() ? doubles(row) : new double[] {row.doubleValue()};
    }
    return values;
  }
}
