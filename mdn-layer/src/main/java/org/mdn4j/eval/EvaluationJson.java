/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.Arrays;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.nd4j.serde.json.JsonMappers;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Deserialisation of evaluations by ND4J's settings, which name their class: it must be ours. */
final class EvaluationJson {
  private static final ObjectMapper MAPPER =
      SafeJson.naming(JsonMappers.getMapper().copy(), MixtureEvaluation.class);

  private static final int BYTES_PER_FIGURE = 32;
  private static final long LEAST_FIGURES = 1 << 21;

  private EvaluationJson() {}

  static MixtureEvaluation read(String json) {
    long figures = Math.max(LEAST_FIGURES, Runtime.getRuntime().maxMemory() / 4 / BYTES_PER_FIGURE);
    MixtureEvaluation evaluation;
    try {
      evaluation =
          SafeJson.read(MAPPER, json, new SafeJson.Limits(16, figures), MixtureEvaluation.class);
    } catch (MalformedFileException e) {
      throw refused(e.getMessage(), e);
    }
    String damage = evaluation.damage();
    if (damage != null) {
      throw refused(damage, null);
    }
    return evaluation;
  }

  private static IllegalArgumentException refused(String reason, Exception cause) {
    return new IllegalArgumentException(
        "Expected a MixtureEvaluation as JSON, got another text: " + reason, cause);
  }

  static boolean hasLength(double[] figures, long length) {
    return figures != null && figures.length == length;
  }

  static boolean hasSums(double[] sums, int length) {
    return hasLength(sums, length) && Arrays.stream(sums).allMatch(sum -> sum >= 0);
  }

  static boolean hasCounts(long[] counts, int length) {
    return counts != null
        && counts.length == length
        && Arrays.stream(counts).allMatch(count -> count >= 0);
  }
}
