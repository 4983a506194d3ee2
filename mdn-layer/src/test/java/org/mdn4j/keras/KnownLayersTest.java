/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The guide's table is that of the code. */
class KnownLayersTest {
  @Test
  void guide() throws IOException {
    String text = Files.readString(Path.of("guide/keras-and-nd4j.md"));
    String table = String.join("\n", KnownLayers.table());
    assertTrue(text.contains(table), "Expected in the guide:\n" + table);
    String activations = "`" + String.join("`, `", Activations.names()) + "`";
    assertTrue(
        text.replaceAll("\\s+", " ").contains(activations),
        "Expected in the guide:\n" + activations);
  }
}
