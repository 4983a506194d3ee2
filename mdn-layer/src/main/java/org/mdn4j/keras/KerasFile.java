/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.WholeFile;

/**
 * The contents of a file of Keras, in memory.
 *
 * @param model the model's configuration as parsed JSON; null where the file has weights only
 * @param version the Keras that wrote it, as "2.2.5"; null where it does not say
 * @param layers the arrays of each layer that has any
 */
record KerasFile(Map<String, Object> model, String version, List<LayerArrays> layers) {
  private static final byte[] HDF5 = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};
  private static final int LARGEST = 1 << 30;
  private static final byte[] ZIP = {'P', 'K', 3, 4};

  /**
   * Reads a file.
   *
   * @throws Refusal if it is none of Keras's, or damaged
   * @throws IOException if it cannot be read
   */
  static KerasFile read(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      throw new Refusal(
          "Expected an HDF5 file or a .keras archive, got a folder; save the model as .h5 or .keras"
              + " instead of as a SavedModel");
    }
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "there is no such file");
    }
    byte[] start;
    try (InputStream in = new FileInputStream(path.toFile())) { // an interrupt does not close it
      start = in.readNBytes(HDF5.length);
    }
    try {
      if (Arrays.equals(start, HDF5)) {
        return Hdf5Reader.read(bytes(path));
      }
      if (start.length > ZIP.length && Arrays.equals(Arrays.copyOf(start, ZIP.length), ZIP)) {
        return KerasArchive.read(path);
      }
    } catch (NoClassDefFoundError e) {
      throw e.getMessage().startsWith("io/jhdf/") ? withoutReader(e) : e;
    }
    throw new Refusal(
        "Expected an HDF5 file or a .keras archive of Keras, got %s",
        start.length == 0 ? "an empty file" : "a file of another kind");
  }

  /** Returns an error that says how to add JHDF, which is an optional dependency. */
  private static NoClassDefFoundError withoutReader(NoClassDefFoundError cause) {
    NoClassDefFoundError error =
        new NoClassDefFoundError(
            "To read files of Keras, add the library io.jhdf:jhdf to the class path");
    error.initCause(cause);
    return error;
  }

  private static byte[] bytes(Path path) throws IOException {
    try {
      return WholeFile.read(path, LARGEST);
    } catch (MalformedFileException e) {
      throw new Refusal(e, "Expected an HDF5 file of at most %d bytes, got more", LARGEST);
    }
  }

  /** Returns whether Keras 3 wrote the file, and the file says so. */
  boolean isKeras3() {
    return version != null && version.startsWith("3.");
  }

  /** Returns whether Keras 2 wrote the file, and the file says so. */
  boolean isKeras2() {
    return version != null && version.startsWith("2.");
  }

  /**
   * Returns the arrays of a layer of the model: as Keras itself finds them, by its group in the
   * layout of Keras 3, by its name else.
   */
  LayerArrays layer(String name, String group) {
    return layers.stream()
        .filter(
            layer ->
                layer.group() == null ? layer.name().equals(name) : layer.group().equals(group))
        .findFirst()
        .orElseThrow(() -> new Refusal("The file has no weights for the layer \"%s\"", name));
  }
}
