/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Checks JSON before anything is made of it: how deep it nests, that no key comes twice, and which
 * classes it names. DL4J's configurations name classes in the properties {@code @class} and {@code
 * type}; those may be DL4J's and ND4J's configuration classes, ours, and what the caller allows.
 */
final class SafeJson {
  private static final int DEEPEST = 64;
  private static final Set<String> PACKAGES =
      Set.of(
          "org.deeplearning4j.nn.conf",
          "org.deeplearning4j.nn.conf.constraint",
          "org.deeplearning4j.nn.conf.distribution",
          "org.deeplearning4j.nn.conf.dropout",
          "org.deeplearning4j.nn.conf.inputs",
          "org.deeplearning4j.nn.conf.layers",
          "org.deeplearning4j.nn.conf.layers.misc",
          "org.deeplearning4j.nn.conf.preprocessor",
          "org.deeplearning4j.nn.conf.weightnoise",
          "org.deeplearning4j.nn.weights",
          "org.mdn4j.layers",
          "org.mdn4j.loss",
          "org.nd4j.linalg.activations.impl",
          "org.nd4j.linalg.learning.config",
          "org.nd4j.linalg.learning.regularization",
          "org.nd4j.linalg.schedule");

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private SafeJson() {}

  /**
   * Reads a document that names no class.
   *
   * @throws IOException if it is not JSON, nests too deep, has a key twice or names a class
   */
  static JsonNode read(String json) throws IOException {
    return JSON.readTree(checked(json, null));
  }

  /**
   * Makes a value of a document that names no class.
   *
   * @throws IOException if it does not fit
   */
  static <T> T read(JsonNode node, Class<T> type) throws IOException {
    return JSON.treeToValue(node, type);
  }

  static String write(Object value) throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }

  /**
   * Checks a network's configuration.
   *
   * @param allowed classes beside those that are always allowed
   * @return the same document
   * @throws IOException if it is not JSON, nests too deep, has a key twice, or names a class that
   *     is not allowed
   */
  static String configuration(String json, Class<?>... allowed) throws IOException {
    return checked(
        json, Arrays.stream(allowed).map(Class::getName).collect(Collectors.toUnmodifiableSet()));
  }

  /** Token by token, so that depth costs no stack. */
  private static String checked(String json, Set<String> allowed) throws IOException {
    int depth = 0;
    try (JsonParser parser = JSON.getFactory().createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (depth > DEEPEST) {
          throw new IOException("it nests deeper than " + DEEPEST);
        }
        if (token == JsonToken.VALUE_STRING && namesAClass(parser.getCurrentName())) {
          requireAllowed(parser.getText(), allowed);
        }
      }
    }
    return json;
  }

  private static boolean namesAClass(String property) {
    return "@class".equals(property) || "type".equals(property);
  }

  private static void requireAllowed(String name, Set<String> allowed) throws IOException {
    boolean known =
        allowed != null
            && (allowed.contains(name)
                || PACKAGES.contains(name.substring(0, Math.max(0, name.lastIndexOf('.')))));
    if (!known) {
      throw new IOException(
          "it names the class %s, which is not allowed; a layer of your own can be allowed to load"
              .formatted(name));
    }
  }
}
