/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Arrays;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Specifications as text: JSON, and what people read. */
final class SpecText {
  private static final int LONGEST_QUOTE = 1_000;
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);

  private SpecText() {}

  /** Returns a specification as {@link MixtureSpec#toJson} does. */
  static String json(MixtureSpec spec) {
    try {
      return JSON.writeValueAsString(spec);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A specification could not be written as JSON: " + spec, e);
    }
  }

  /** Reads a specification as {@link MixtureSpec#fromJson} does. */
  static MixtureSpec read(String json) {
    try {
      return SafeJson.read(JSON, json, SafeJson.Limits.DESCRIPTION, MixtureSpec.class);
    } catch (MalformedFileException e) {
      String got = String.valueOf(json);
      throw new IllegalArgumentException(
          "Expected a JSON object with components, targets and covariance, got: %s (%s)"
              .formatted(
                  got.length() <= LONGEST_QUOTE ? got : got.substring(0, LONGEST_QUOTE) + "…",
                  e.getMessage()),
          e);
    }
  }

  /**
   * Returns the options that differ from their defaults, and those that every specification has.
   */
  static String describe(MixtureSpec spec) {
    StringBuilder text =
        new StringBuilder(
            "MixtureSpec(components=%s, targets=%s".formatted(spec.components(), spec.targets()));
    text.append(", covariance=").append(spec.covariance());
    text.append(", scaleFloor=").append(spec.scaleFloor());
    if (spec.family() != ComponentFamily.GAUSSIAN) {
      text.append(", family=").append(spec.family());
    }
    spec.degreesOfFreedom().ifPresent(nu -> text.append(", degreesOfFreedom=").append(nu));
    if (spec.sharedScales()) {
      text.append(", sharedScales");
    }
    spec.fixedScales()
        .ifPresent(scales -> text.append(", fixedScales=").append(Arrays.toString(scales)));
    if (spec.scaleTransform() != ScaleTransform.EXP) {
      text.append(", scaleTransform=").append(spec.scaleTransform());
    }
    spec.bounds().ifPresent(bounds -> text.append(", bounds=").append(bounds));
    if (spec.atoms().length > 0) {
      text.append(", atoms=").append(Arrays.toString(spec.atoms()));
    }
    if (spec.censored()) {
      text.append(", censored");
    }
    spec.truncation().ifPresent(range -> text.append(", truncation=").append(range));
    return text.append(')').toString();
  }
}
