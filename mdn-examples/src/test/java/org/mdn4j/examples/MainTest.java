/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.kit.CapturedOutput;

class MainTest {

  @Test
  void helpListsAllExamples() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, Main.execute("--help"));
      for (String name :
          new String[] {
            "sine",
            "arm",
            "wind",
            "demand",
            "survival",
            "rain",
            "pixels",
            "writing",
            "table",
            "predict",
            "notebook",
            "study"
          }) {
        assertTrue(output.out().contains("\n  " + name + " "), output::out);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sine",
        "starts",
        "arm",
        "wind",
        "demand",
        "survival",
        "rain",
        "pixels",
        "writing",
        "table",
        "predict",
        "notebook",
        "study",
        "sine-weights",
        "stroke-weights",
        "convert-notebook"
      })
  void eachExampleTellsItsOptions(String name) {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, Main.execute(name, "--help"));
      assertTrue(output.out().startsWith("Usage: mdn4j " + name), output::out);
    }
  }

  @Test
  void optionsAloneAreThoseOfTheInvertedSine() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, Main.execute("--components", "0"));
      assertTrue(output.err().startsWith("sine: "), output::err);
    }
  }

  @Test
  void mistypedNameListsWhatThereIs() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, Main.execute("sin"));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().startsWith("mdn4j: Expected one of sine, arm,"), output::err);
      assertTrue(output.err().contains("got sin"), output::err);
    }
  }
}
