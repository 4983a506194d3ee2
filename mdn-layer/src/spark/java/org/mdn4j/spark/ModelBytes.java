/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.regression.file.ModelFile;
import org.mdn4j.regression.model.Fitted;

/** A model's file as bytes, and the models that a process has read from such. */
final class ModelBytes {
  private static final int MOST_MODELS = 8;

  /** The models last used, by the checksum of their file: one for all tasks of a process. */
  private static final Map<String, Fitted> LOADED = new LinkedHashMap<>(16, 0.75f, true);

  private ModelBytes() {}

  /** Returns the bytes of a model's file. */
  static byte[] of(Fitted fitted) {
    return withFile(
        file -> {
          new ModelFile(fitted).write(file);
          return Files.readAllBytes(file);
        });
  }

  /** Returns a checksum that tells files apart. */
  static String key(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * Returns a model, read when this process first asks for it.
   *
   * @param key of the bytes
   * @param bytes gives them where they are needed
   */
  static synchronized Fitted fitted(String key, Supplier<byte[]> bytes) {
    Fitted known = LOADED.get(key);
    if (known == null) {
      known = read(bytes.get());
      LOADED.put(key, known);
      if (LOADED.size() > MOST_MODELS) {
        LOADED.remove(LOADED.keySet().iterator().next());
      }
    }
    return known;
  }

  /**
   * Reads a model.
   *
   * @throws UncheckedIOException if the bytes are not those of a model's file
   */
  static Fitted read(byte[] bytes) {
    SafeBackend.install();
    return withFile(
        file -> {
          Files.write(file, bytes);
          return ModelFile.read(file).fitted();
        });
  }

  interface Use<T> {
    T of(Path file) throws IOException;
  }

  /** Lets a temporary file be used, which is deleted then. */
  static <T> T withFile(Use<T> use) {
    try {
      Path file = Files.createTempFile("mdn4j-", ".zip");
      try {
        return use.of(file);
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }
}
