/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * Reads what {@link FileWriter} wrote, and trusts nothing: no more than a bound of a text, and of
 * numbers exactly as many as expected, which the file must hold uncompressed.
 */
final class FileReader implements AutoCloseable {
  private static final int LONGEST_TEXT = 1 << 24;

  private final Path file;
  private final String kind;
  private final ZipFile zip;

  /**
   * Opens a file.
   *
   * @param kind what it should be, for messages
   * @throws IOException if there is none, or it is not a zip
   */
  FileReader(Path file, String kind) throws IOException {
    this.file = file;
    this.kind = kind;
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    if (!Files.isRegularFile(file)) {
      throw refused("it is not a file", null);
    }
    try {
      this.zip = new ZipFile(file.toFile());
    } catch (ZipException e) {
      throw refused("it is truncated or no zip (%s)".formatted(e.getMessage()), e);
    }
  }

  /** A text of at most 16 MB. */
  String text(String name) throws IOException {
    byte[] bytes = bytes(entry(name), LONGEST_TEXT + 1);
    if (bytes.length > LONGEST_TEXT) {
      throw refused("%s is longer than %d bytes".formatted(name, LONGEST_TEXT), null);
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * The description that says what the file is.
   *
   * @param format its name of the format
   * @param version the version of the format that can be read
   */
  <T> T json(String name, String format, int version, Class<T> type) throws IOException {
    JsonNode json;
    String text = text(name);
    try {
      json = SafeJson.read(text);
    } catch (JsonProcessingException e) {
      throw e;
    } catch (IOException e) {
      throw refused("%s: %s".formatted(name, e.getMessage()), e);
    }
    String found = json.path("format").asText();
    if (!format.equals(found)) {
      throw refused("its format is \"%s\", expected \"%s\"".formatted(found, format), null);
    }
    int foundVersion = json.path("formatVersion").asInt();
    if (foundVersion != version) {
      throw refused(
          "it has version %d of the format, this version of mdn4j reads version %d"
              .formatted(foundVersion, version),
          null);
    }
    return SafeJson.read(json, type);
  }

  /** How many numbers there are; no more than fit into the file. */
  int count(String name) throws IOException {
    ZipEntry entry = entry(name);
    boolean stored =
        entry.getMethod() == ZipEntry.STORED
            && entry.getSize() == entry.getCompressedSize()
            && entry.getSize() <= Files.size(file)
            && entry.getSize() % Float.BYTES == 0
            && entry.getSize() <= Integer.MAX_VALUE - Float.BYTES;
    if (!stored) {
      throw refused("%s is not a list of stored numbers".formatted(name), null);
    }
    return (int) (entry.getSize() / Float.BYTES);
  }

  /** Finite numbers, as many as expected. */
  float[] floats(String name, long expected) throws IOException {
    int count = count(name);
    if (count != expected) {
      throw refused("%s should hold %d numbers, got %d".formatted(name, expected, count), null);
    }
    byte[] bytes = bytes(entry(name), count * Float.BYTES + 1);
    if (bytes.length != count * Float.BYTES) {
      throw refused("%s is truncated".formatted(name), null);
    }
    float[] numbers = new float[count];
    ByteBuffer.wrap(bytes).asFloatBuffer().get(numbers);
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw refused("%s holds %s".formatted(name, number), null);
      }
    }
    return numbers;
  }

  /** What is wrong with the file. */
  IOException refused(String reason, Throwable cause) {
    return new IOException(
        "%s is not %s that can be read: %s".formatted(file, kind, reason), cause);
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  private ZipEntry entry(String name) throws IOException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw refused("it has no " + name, null);
    }
    return entry;
  }

  private byte[] bytes(ZipEntry entry, int most) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes(most);
      CRC32 checksum = new CRC32(); // ZipFile itself does not compare it
      checksum.update(bytes);
      if (bytes.length < most && checksum.getValue() != entry.getCrc()) {
        throw refused("%s is damaged".formatted(entry.getName()), null);
      }
      return bytes;
    } catch (ZipException e) {
      throw refused("%s is damaged (%s)".formatted(entry.getName(), e.getMessage()), e);
    } catch (EOFException e) {
      throw refused("%s is truncated".formatted(entry.getName()), e);
    }
  }
}
