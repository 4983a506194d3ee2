/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The README's table is that of the code. */
class KnownLayersTest {
  @Test
  void readme() throws IOException {
    Path readme = Path.of("README.md");
    String text = Files.readString(Files.exists(readme) ? readme : Path.of("..").resolve(readme));
    String table = String.join("\n", KnownLayers.table());
    assertTrue(text.contains(table), "Expected in the README:\n" + table);
    String activations = "`" + String.join("`, `", Activations.names()) + "`";
    assertTrue(
        text.replaceAll("\\s+", " ").contains(activations),
        "Expected in the README:\n" + activations);
  }
}
