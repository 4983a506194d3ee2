/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeZip;

/**
 * A reader of {@code .keras} archives of Keras 3, each a zip of two JSON files and an HDF5 file.
 * Nothing is unpacked to disk, and no entry is read beyond a limit, whatever size it claims.
 */
final class KerasArchive {
  private static final int MAX_ENTRIES = 1000;
  private static final int MAX_JSON = 1 << 24;
  private static final int MAX_WEIGHTS = 1 << 30;

  private KerasArchive() {}

  static KerasFile read(Path path) throws IOException {
    try (SafeZip zip = new SafeZip(path)) {
      requireHarmless(zip.names());
      Map<String, Object> metadata = json(zip, "metadata.json");
      String version = Json.text(metadata.get("keras_version"), "keras_version of metadata.json");
      if (!version.startsWith("3.")) {
        throw new Refusal("Expected an archive of Keras 3, got one of %s; save it as .h5", version);
      }
      Map<String, Object> model = json(zip, "config.json");
      byte[] weights = bytes(zip, "model.weights.h5", MAX_WEIGHTS);
      return new KerasFile(model, version, Hdf5Reader.read(weights).layers());
    } catch (MalformedFileException e) {
      throw new Refusal(e, "The .keras archive is damaged or cut short: %s", e.getMessage());
    }
  }

  private static void requireHarmless(List<String> names) {
    if (names.size() > MAX_ENTRIES) {
      throw new Refusal(
          "Expected an archive of at most %d entries, got %d", MAX_ENTRIES, names.size());
    }
    for (String name : names) {
      if (name.startsWith("/") || name.contains("..") || name.matches("(?s).*[\\\\:\\x00].*")) {
        throw new Refusal("The archive's entry \"%s\" points out of it", name);
      }
    }
  }

  private static Map<String, Object> json(SafeZip zip, String name) throws MalformedFileException {
    return Json.object(new String(bytes(zip, name, MAX_JSON), StandardCharsets.UTF_8), name);
  }

  private static byte[] bytes(SafeZip zip, String name, int limit) throws MalformedFileException {
    if (!zip.has(name)) {
      throw new Refusal("Expected a .keras archive, got a zip without %s", name);
    }
    return zip.bytes(name, limit);
  }
}
