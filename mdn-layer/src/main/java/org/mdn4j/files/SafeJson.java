/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static org.mdn4j.files.MalformedFileException.require;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import org.nd4j.shade.jackson.core.JsonFactory;
import org.nd4j.shade.jackson.core.JsonParser;
import org.nd4j.shade.jackson.core.JsonToken;
import org.nd4j.shade.jackson.core.type.TypeReference;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Reader of JSON of unknown origin. Before a document is used, its tokens are counted one by one:
 * how deep it nests, how many there are, how many keys an object and how many digits a number has,
 * so that memory and time depend on its length only. After that, a key that occurs twice is
 * rejected, and no class that the document names is instantiated ({@link NetworkJson} instantiates
 * those that are allowed).
 */
public final class SafeJson {
  private static final int MOST_KEYS = 10_000;
  private static final int MOST_DIGITS = 1_000;
  private static final JsonFactory PLAIN =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();
  private static final ObjectMapper MAPPER = strict(new ObjectMapper());

  private SafeJson() {}

  /**
   * The most that a document may hold.
   *
   * @param depth of nested objects and arrays
   * @param tokens brackets, keys and values together
   */
  public record Limits(int depth, long tokens) {
    /** The limits of a description: 64 levels, two million tokens. */
    public static final Limits DESCRIPTION = new Limits(64, 1 << 21);

    /** Returns the same depth with another number of tokens. */
    Limits withTokens(long tokens) {
      return new Limits(depth, tokens);
    }
  }

  /**
   * Sets a mapper to reject keys that occur twice.
   *
   * @param mapper a mapper of its own
   * @return the same mapper
   */
  static ObjectMapper strict(ObjectMapper mapper) {
    mapper.getFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
    return mapper;
  }

  /**
   * Sets a mapper to read documents that name classes.
   *
   * @param mapper a mapper of its own
   * @param classes all that may be named
   * @return the same mapper
   */
  public static ObjectMapper naming(ObjectMapper mapper, Class<?>... classes) {
    return strict(mapper).setAnnotationIntrospector(new AllowedTypes(Set.of(), classes));
  }

  /**
   * Checks a document's size, token by token.
   *
   * @param json the document
   * @param limits how much it may hold
   * @return the same document
   * @throws MalformedFileException if it is not JSON, or holds more
   */
  public static String requireWithin(String json, Limits limits) throws MalformedFileException {
    int[] keys = new int[limits.depth() + 1]; // of the objects that are open, from outside
    int depth = 0;
    long tokens = 0;
    try (JsonParser parser = PLAIN.createParser(json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        require(++tokens <= limits.tokens(), "it has more than %d tokens", limits.tokens());
        require(depth > 0 || tokens == 1, "it goes on behind its end", depth);
        if (token.isStructStart()) {
          depth++;
          require(
              depth <= limits.depth(),
              "it nests deeper than %d; expected JSON nested at most %1$d deep",
              limits.depth());
          keys[depth] = 0;
        } else if (token.isStructEnd()) {
          depth--;
        } else if (token == JsonToken.FIELD_NAME) {
          require(++keys[depth] <= MOST_KEYS, "an object has more than %d keys", MOST_KEYS);
        } else if (token.isNumeric()) {
          require(
              parser.getTextLength() <= MOST_DIGITS,
              "a number has more than %d digits",
              MOST_DIGITS);
        }
      }
    } catch (MalformedFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw MalformedFileException.of(e);
    }
    return json;
  }

  /**
   * Reads a value from a document.
   *
   * @param <T> the value's type
   * @param json the document
   * @param limits how much it may hold
   * @param type the value's type
   * @return the value, not null
   * @throws MalformedFileException if it is not JSON, holds more, has a key twice or does not fit
   *     the type
   */
  public static <T> T read(String json, Limits limits, Class<T> type)
      throws MalformedFileException {
    return read(MAPPER, json, limits, type);
  }

  /**
   * Reads a value from a document, by a mapper with settings of its own. Where the type lets a
   * document name classes, the mapper must be one of {@link #naming}.
   *
   * @param <T> the value's type
   * @param mapper knows the value's type
   * @param json the document
   * @param limits how much it may hold
   * @param type the value's type
   * @return the value, not null
   * @throws MalformedFileException as {@link #read(String, Limits, Class)}
   */
  public static <T> T read(ObjectMapper mapper, String json, Limits limits, Class<T> type)
      throws MalformedFileException {
    return made(() -> mapper.readValue(requireWithin(json, limits), type));
  }

  /**
   * Reads an object as maps, lists, strings, numbers and booleans.
   *
   * @param json the document
   * @param limits how much it may hold
   * @return the object
   * @throws MalformedFileException if it is no object, holds more, or has a key twice
   */
  public static Map<String, Object> object(String json, Limits limits)
      throws MalformedFileException {
    TypeReference<Map<String, Object>> type = new TypeReference<>() {};
    return made(() -> MAPPER.readValue(requireWithin(json, limits), type));
  }

  private interface Reading<T> {
    T run() throws IOException;
  }

  private static <T> T made(Reading<T> reading) throws MalformedFileException {
    T value;
    try {
      value = reading.run();
    } catch (MalformedFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw MalformedFileException.of(e);
    }
    if (value == null) {
      throw new MalformedFileException("the whole document is null, expected a value");
    }
    return value;
  }

  /**
   * Writes a value, over several lines.
   *
   * @param value what to write
   * @return JSON that {@link #read} reads
   * @throws IOException if it cannot be written
   */
  public static String write(Object value) throws IOException {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }
}
