/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.List;
import java.util.Map;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Access to configurations as maps and lists, with checks of each value. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final SafeJson.Limits LIMITS = new SafeJson.Limits(200, 1 << 19);

  private Json() {}

  /** Parses an object that is nested no deeper than Keras nests. */
  static Map<String, Object> object(String text, String what) {
    try {
      return SafeJson.object(text, LIMITS);
    } catch (MalformedFileException e) {
      throw new Refusal(
          e, "Expected a JSON object in %s, got other text: %s", what, e.getMessage());
    }
  }

  @SuppressWarnings("unchecked") // JSON's objects have texts as keys
  static Map<String, Object> object(Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new Refusal("Expected an object as %s, got %s", what, value);
  }

  @SuppressWarnings("unchecked") // any list is one of objects
  static List<Object> list(Object value, String what) {
    if (value instanceof List<?> list) {
      return (List<Object>) list;
    }
    throw new Refusal("Expected a list as %s, got %s", what, value);
  }

  static String text(Object value, String what) {
    if (value instanceof String text) {
      return text;
    }
    throw new Refusal("Expected text as %s, got %s", what, value);
  }
}
