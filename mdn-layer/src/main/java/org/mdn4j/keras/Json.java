/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Configurations as maps and lists, each look into them checked. */
final class Json {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_DEPTH = 200;

  private Json() {}

  /** Parses an object that is nested no deeper than Keras nests. */
  static Map<String, Object> object(String text, String what) {
    try {
      requireShallow(text, what);
      return MAPPER.readValue(text, new TypeReference<Map<String, Object>>() {});
    } catch (IOException e) {
      throw new Refusal(e, "Expected a JSON object in %s, got text that is none", what);
    }
  }

  private static void requireShallow(String text, String what) throws IOException {
    int depth = 0;
    try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > MAX_DEPTH) {
          throw new Refusal(
              "Expected JSON nested at most %d deep in %s, got more", MAX_DEPTH, what);
        }
      }
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
