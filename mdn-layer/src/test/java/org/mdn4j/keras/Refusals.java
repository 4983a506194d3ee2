/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** Holds refusals against what they have to say. */
final class Refusals {
  private Refusals() {}

  static KerasFile file(Map<String, Object> model, Path folder) throws IOException {
    return new KerasFile(
        model, "3.15.1", Hdf5Reader.read(dense().entries(folder).get("model.weights.h5")).layers());
  }

  static Keras3Archive dense() {
    return new Keras3Archive(1)
        .input("x", 3)
        .dense("h", 3, 4, "tanh", "x")
        .mdn("mdn", 4, 2, 2, "h");
  }

  static void assertRefused(Path folder, Map<String, Object> model, String... parts)
      throws IOException {
    assertRefused(file(model, folder), parts);
  }

  static void assertRefused(KerasFile file, String... parts) {
    Refusal refusal =
        assertThrows(
            Refusal.class,
            () -> {
              KerasModel model = KerasModel.of(file);
              ImportedNetwork network = new ImportedNetwork(file, model);
              if (model.isSequential()) {
                network.sequential();
              } else {
                network.graph();
              }
            });
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
    }
  }
}
