/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SafeJsonTest {
  private static final SafeJson.Limits FEW = new SafeJson.Limits(3, 20);

  private static String refused(String json) {
    String message =
        assertThrows(MalformedFileException.class, () -> SafeJson.object(json, FEW)).getMessage();
    assertEquals(1, message.lines().count(), message);
    assertTrue(message.length() < 600, message);
    return message;
  }

  @Test
  void objectsAreReadAsTheyAre() throws MalformedFileException {
    assertEquals(
        Map.of("a", List.of(1, 2.5, true), "b", Map.of("c", "d")),
        SafeJson.object(" {\"a\": [1, 2.5, true], \"b\": {\"c\": \"d\"}} ", FEW));
  }

  /** Of 20 tokens {@code {"a":[…]}} leaves 15 numbers. */
  @ParameterizedTest
  @CsvSource({"15, true", "16, false"})
  void tokensAreCounted(int numbers, boolean read) throws MalformedFileException {
    String json = "{\"a\": [" + "1,".repeat(numbers - 1) + "1]}";
    if (read) {
      assertEquals(1, SafeJson.object(json, FEW).size());
    } else {
      assertEquals("it has more than 20 tokens", refused(json));
    }
  }

  @Test
  void depthDigitsAndKeysAreBounded() throws MalformedFileException {
    SafeJson.object("{\"a\": [[1]]}", FEW);
    assertEquals(
        "it nests deeper than 3; expected JSON nested at most 3 deep", refused("{\"a\": [[[1]]]}"));
    SafeJson.object("{\"a\": %s}".formatted("9".repeat(1_000)), FEW);
    assertEquals(
        "a number has more than 1000 digits", refused("{\"a\": %s}".formatted("9".repeat(1_001))));
    assertEquals(
        "a number has more than 1000 digits",
        refused("{\"a\": 1e%s}".formatted("0".repeat(1_000))));
    StringBuilder keys = new StringBuilder("{\"a\": 1");
    for (int i = 0; i < 10_000; i++) {
      keys.append(",\"").append(i).append("\": 1");
    }
    assertEquals(
        "an object has more than 10000 keys",
        assertThrows(
                MalformedFileException.class,
                () ->
                    SafeJson.requireWithin(
                        keys.append('}').toString(), SafeJson.Limits.DESCRIPTION))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[1]",
        "1",
        "{",
        "}",
        "{\"a\": NaN}",
        "{\"a\": 01}",
        "{a: 1}",
        "{} {}",
        "{\"a\": 1, \"a\": 2}",
        "{\"a\": 1}x",
        "{\"a\": \"\u0000\"}",
        "\ufeff{}"
      })
  void whatIsNoObjectIsRefused(String json) {
    refused(json);
  }

  @Test
  void aLongTextIsNotQuotedWhole() {
    refused("{\"a\": " + "x".repeat(1_000_000));
    refused("{\"a\": \"" + "x".repeat(1_000_000));
  }
}
