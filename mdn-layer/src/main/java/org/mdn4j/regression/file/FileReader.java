/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.mdn4j.files.MalformedFileException;
import org.mdn4j.files.SafeJson;
import org.mdn4j.files.SafeZip;
import org.nd4j.shade.jackson.annotation.JsonIgnoreProperties;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Reads what {@link FileWriter} wrote, and trusts nothing: no more than a bound of a text, and of
 * numbers exactly as many as expected, which the file must hold uncompressed.
 */
final class FileReader {
  static final int LONGEST_TEXT = 1 << 25;

  private final SafeZip zip;

  private FileReader(SafeZip zip) {
    this.zip = zip;
  }

  /** A function that reads the entries of a file. */
  interface Content<T> {
    T of(FileReader reader) throws IOException;
  }

  /**
   * Reads a file of a known kind.
   *
   * @param kind what it should be, for messages
   * @throws IOException if there is none, or its content is rejected; the message is one sentence
   */
  static <T> T read(Path file, String kind, Content<T> content) throws IOException {
    try (SafeZip zip = new SafeZip(file)) {
      return content.of(new FileReader(zip));
    } catch (MalformedFileException | RuntimeException e) {
      throw refused(file, kind, MalformedFileException.firstLine(e), e);
    }
  }

  /** Creates the exception that says what is wrong with a file. */
  static IOException refused(Path file, String kind, String reason, Exception cause) {
    return new IOException(
        "%s is not %s that can be read: %s".formatted(file, kind, reason), cause);
  }

  String text(String name) throws MalformedFileException {
    return zip.text(name, LONGEST_TEXT);
  }

  /** What a description says of itself; the rest is not read yet. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  private record Head(
      @JsonProperty("format") String format, @JsonProperty("formatVersion") int formatVersion) {}

  /**
   * Returns the version of the format of the description that says what the file is.
   *
   * @param format its name of the format
   * @param latest the latest version that can be read
   */
  int version(String name, String format, int latest) throws MalformedFileException {
    Head head = json(name, Head.class);
    if (!format.equals(head.format())) {
      throw new MalformedFileException(
          "its format is \"%s\", expected \"%s\"".formatted(head.format(), format));
    }
    if (head.formatVersion() < 1 || head.formatVersion() > latest) {
      throw new MalformedFileException(
          "it has version %s of the format, this version of mdn4j reads version %s"
              .formatted(head.formatVersion(), latest == 1 ? "1" : "1 to " + latest));
    }
    return head.formatVersion();
  }

  /** Reads a JSON description. */
  <T> T json(String name, Class<T> type) throws MalformedFileException {
    try {
      return SafeJson.read(text(name), SafeJson.Limits.DESCRIPTION, type);
    } catch (MalformedFileException e) {
      throw new MalformedFileException("%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  /** Returns how many numbers an entry has; no more than fit into the file. */
  int count(String name) throws MalformedFileException {
    long size = zip.storedSize(name).orElse(-1);
    if (size < 0 || size % Float.BYTES != 0 || size > Integer.MAX_VALUE - Float.BYTES) {
      throw new MalformedFileException("%s is not a list of stored numbers".formatted(name));
    }
    return (int) (size / Float.BYTES);
  }

  /** Reads finite numbers, as many as expected. */
  float[] floats(String name, long expected) throws MalformedFileException {
    int count = count(name);
    if (count != expected) {
      throw new MalformedFileException(
          "%s should hold %s numbers, got %s".formatted(name, expected, count));
    }
    float[] numbers = new float[count];
    ByteBuffer.wrap(zip.bytes(name, count * Float.BYTES)).asFloatBuffer().get(numbers);
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new MalformedFileException("%s holds %s".formatted(name, number));
      }
    }
    return numbers;
  }
}
