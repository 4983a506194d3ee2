/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.JsonNodeFactory;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** Damages files at random, from single bits to what only someone who knows the format would do. */
final class Mutations {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final List<String> CLASSES =
      List.of(
          "org.deeplearning4j.nn.conf.layers.DenseLayer",
          "org.deeplearning4j.nn.conf.layers.LSTM",
          "org.deeplearning4j.nn.conf.layers.BatchNormalization",
          "org.deeplearning4j.nn.conf.layers.misc.RepeatVector",
          "org.deeplearning4j.nn.conf.layers.misc.FrozenLayer",
          "org.deeplearning4j.nn.conf.layers.OutputLayer",
          "org.deeplearning4j.nn.conf.distribution.BinomialDistribution",
          "org.deeplearning4j.nn.conf.distribution.serde.LegacyDistributionHelper",
          "org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor",
          "org.nd4j.linalg.activations.impl.ActivationPReLU",
          "org.nd4j.linalg.activations.impl.ActivationSoftmax",
          "org.nd4j.linalg.activations.IActivation",
          "org.nd4j.linalg.learning.config.Adam",
          "org.nd4j.linalg.lossfunctions.impl.LossMSE",
          "org.nd4j.serde.json.LegacyIActivationDeserializerHelper",
          "org.mdn4j.loss.LossMixtureNLL",
          "org.mdn4j.layers.MixtureDensityRnnOutputLayer",
          "java.util.HashMap",
          "java.lang.Object");

  private final Random random;

  Mutations(long seed) {
    this.random = new Random(seed);
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private boolean onceIn(int times) {
    return random.nextInt(times) == 0;
  }

  /** A few bytes changed, cut, doubled or moved. */
  byte[] bytes(byte[] original) {
    byte[] bytes = original.clone();
    for (int times = 1 + random.nextInt(4); times > 0 && bytes.length > 1; times--) {
      int at = random.nextInt(bytes.length);
      int length = Math.min(bytes.length - at, 1 << random.nextInt(8));
      switch (random.nextInt(8)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt(256);
        case 2 -> bytes = Arrays.copyOf(bytes, at);
        case 3 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
        case 4 ->
            System.arraycopy(bytes, random.nextInt(bytes.length - length + 1), bytes, at, length);
        case 5 -> bytes = spliced(bytes, at, at + length, new byte[0]);
        case 6 -> bytes = spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
        default -> {
          if (at + 8 <= bytes.length) { // an offset or a length, in HDF5's and zip's order
            long value = onceIn(2) ? random.nextInt(bytes.length) : random.nextLong();
            ByteBuffer.wrap(bytes).putLong(at, Long.reverseBytes(value));
          }
        }
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    ByteBuffer result = ByteBuffer.allocate(bytes.length - (to - from) + between.length);
    result.put(bytes, 0, from).put(between).put(bytes, to, bytes.length - to);
    return result.array();
  }

  /** A text changed as JSON, or as text. */
  String json(String original) throws IOException {
    if (onceIn(8)) {
      return text(original);
    }
    JsonNode tree = JSON.readTree(original);
    for (int times = onceIn(3) ? 1 + random.nextInt(3) : 1; times > 0; times--) {
      tree = changed(tree);
    }
    return JSON.writeValueAsString(tree);
  }

  private String text(String original) {
    int at = random.nextInt(original.length());
    int to = Math.min(original.length(), at + random.nextInt(20));
    String part = original.substring(at, to);
    int many = onceIn(100) ? 1_200_000 : 1_000;
    String between =
        switch (random.nextInt(9)) {
          case 0 -> "";
          case 1 -> part + part;
          case 2 -> "{},".repeat(many);
          case 3 -> "9".repeat(many);
          case 4 -> "[".repeat(many);
          case 5 -> "\"a\":0,".repeat(many);
          case 6 -> "\0\u00e9\ud83d";
          case 7 -> "a".repeat(many);
          default -> "NaN";
        };
    return original.substring(0, at) + between + original.substring(to);
  }

  private JsonNode changed(JsonNode tree) {
    List<JsonNode> places = new ArrayList<>();
    collect(tree, places);
    if (places.isEmpty()) {
      return value(tree);
    }
    JsonNode place = one(places);
    if (place instanceof ArrayNode array) {
      change(array);
    } else {
      change((ObjectNode) place);
    }
    return tree;
  }

  private static void collect(JsonNode node, List<JsonNode> into) {
    if (node.isContainerNode()) {
      into.add(node);
      node.forEach(child -> collect(child, into));
    }
  }

  private void change(ArrayNode array) {
    int at = array.isEmpty() ? 0 : random.nextInt(array.size());
    switch (random.nextInt(4)) {
      case 0 -> array.insert(at, value(NODES.nullNode()));
      case 1 -> array.remove(at);
      case 2 -> array.insert(at, array.isEmpty() ? NODES.numberNode(1) : array.get(at).deepCopy());
      default -> {
        if (!array.isEmpty()) {
          array.set(at, value(array.get(at)));
        }
      }
    }
  }

  private void change(ObjectNode object) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    if (names.isEmpty()) {
      object.set("@class", NODES.textNode(className()));
      return;
    }
    String name = one(names);
    switch (random.nextInt(12)) {
      case 0 -> object.remove(name);
      case 1 -> object.set(name + "x", object.remove(name));
      case 2 -> object.set(name, object.get(one(names)).deepCopy());
      case 3 -> object.set("@class", NODES.textNode(className()));
      case 4 -> object.set("dist", NODES.objectNode().put("type", className()));
      case 5 -> object.put("weightInit", "DISTRIBUTION").set("weightInitFn", NODES.nullNode());
      default -> object.set(name, value(object.get(name)));
    }
  }

  private String className() {
    return onceIn(2) ? one(Traps.names()) : one(CLASSES);
  }

  /** In place of a value: another one, of any kind. */
  private JsonNode value(JsonNode present) {
    if (present.isNumber() && onceIn(2)) {
      return NODES.numberNode(
          switch (random.nextInt(5)) {
            case 0 -> -present.asDouble();
            case 1 -> present.asDouble() * 2;
            case 2 -> present.asDouble() + 1;
            case 3 -> present.asDouble() - 1;
            default -> random.nextGaussian();
          });
    }
    if (present.isTextual() && present.asText().contains(".") && onceIn(2)) {
      return NODES.textNode(className() + (onceIn(4) ? "<" + one(Traps.names()) + ">" : ""));
    }
    return switch (random.nextInt(20)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.objectNode();
      case 3 -> NODES.arrayNode();
      case 4 ->
          NODES.textNode(one(List.of("", "NaN", "Infinity", "x", "2", "SGD", "FULL", "DOUBLE")));
      case 5 -> NODES.numberNode(one(List.of(-1, 0, 1, 2, 51, 1 << 20, Integer.MAX_VALUE)));
      case 6 -> NODES.numberNode(one(List.of(1L << 31, 1L << 32, 1L << 62, Long.MIN_VALUE)));
      case 7 -> NODES.numberNode(BigInteger.TWO.pow(64 + random.nextInt(200)));
      case 8 -> NODES.numberNode(one(List.of(1e308, 1e-308, -1e300, 0.5, 1e39)));
      case 9 -> NODES.textNode(className());
      case 10 -> NODES.objectNode().put("@class", className());
      case 11 -> NODES.objectNode().put("type", className());
      case 12 -> NODES.arrayNode().add(className()).add(NODES.objectNode());
      case 13 -> NODES.arrayNode().add(className()).add(present.deepCopy());
      case 14 -> NODES.objectNode().set("ReLU", NODES.objectNode().put("@class", className()));
      case 15 -> NODES.objectNode().set("deep", present.deepCopy());
      case 16 -> NODES.arrayNode().add(present.deepCopy());
      default -> present.isContainerNode() ? changed(present.deepCopy()) : NODES.nullNode();
    };
  }

  /** Numbers of 32 bits: more, fewer, or others. */
  byte[] numbers(byte[] original) {
    ByteBuffer numbers = ByteBuffer.wrap(original.clone());
    for (int times = 1 + random.nextInt(3); times > 0 && original.length >= 4; times--) {
      numbers.putFloat(
          4 * random.nextInt(original.length / 4),
          one(List.of(Float.NaN, Float.NEGATIVE_INFINITY, 3e38f, -3e38f, 1e20f, 0f, -1f, 1e-40f)));
    }
    return switch (random.nextInt(6)) {
      case 0 -> Arrays.copyOf(numbers.array(), original.length / 8 * 4);
      case 1 -> Arrays.copyOf(numbers.array(), original.length * 2);
      case 2 -> Arrays.copyOf(numbers.array(), original.length + 4);
      default -> numbers.array();
    };
  }

  /** A zip with an entry changed, missing, moved or damaged. */
  byte[] zip(byte[] original) throws IOException {
    if (onceIn(5)) {
      return bytes(original);
    }
    Map<String, byte[]> entries = new LinkedHashMap<>(Zips.entries(original));
    Set<String> stored = new HashSet<>(entries.keySet());
    stored.removeIf(name -> name.endsWith(".json"));
    String name = one(List.copyOf(entries.keySet()));
    byte[] content = entries.get(name);
    switch (random.nextInt(14)) {
      case 0 -> entries.remove(name);
      case 1 -> entries.put(name, entries.get(one(List.copyOf(entries.keySet()))));
      case 2 -> stored.remove(name);
      case 3 -> entries.put(name + "x", entries.remove(name));
      case 4 -> {
        String twin = name.substring(0, name.length() - 1) + "~";
        entries.put(twin, bytes(content));
        return renamed(Zips.zip(entries, stored), twin, name);
      }
      case 5 -> {
        if (onceIn(30)) {
          stored.remove(name);
          entries.put(name, new byte[100_000_000]);
        }
      }
      default -> entries.put(name, content(name, content));
    }
    return Zips.zip(entries, stored);
  }

  private byte[] content(String name, byte[] content) throws IOException {
    if (name.endsWith(".json")) {
      String text = new String(content, StandardCharsets.UTF_8);
      return withTrunk(json(text)).getBytes(StandardCharsets.UTF_8);
    }
    return name.endsWith(".bin") && random.nextBoolean() ? numbers(content) : bytes(content);
  }

  /** The network inside a description, changed too. */
  private String withTrunk(String json) {
    if (!json.contains("\"trunk\"") || onceIn(2)) {
      return json;
    }
    try {
      JsonNode tree = JSON.readTree(json);
      if (tree.path("options").path("trunk").isTextual()) {
        ObjectNode options = (ObjectNode) tree.get("options");
        options.put("trunk", json(options.get("trunk").asText()));
      }
      return JSON.writeValueAsString(tree);
    } catch (IOException e) {
      return json; // it is none any more
    }
  }

  private static byte[] renamed(byte[] zip, String from, String to) {
    String text = new String(zip, StandardCharsets.ISO_8859_1);
    return text.replace(from, to).getBytes(StandardCharsets.ISO_8859_1);
  }
}
