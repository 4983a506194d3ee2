/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.file;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.mdn4j.files.SafeJson;
import org.mdn4j.files.WholeFile;

/**
 * Writes a zip of texts and numbers, whole or not at all. Numbers are stored, not compressed, so
 * that a reader knows their size.
 */
public final class FileWriter {
  private final ZipOutputStream zip;

  private FileWriter(ZipOutputStream zip) {
    this.zip = zip;
  }

  /** A function that writes the entries of a file. */
  public interface Content {
    void writeTo(FileWriter writer) throws IOException;
  }

  /**
   * Writes a file; its folder must be there.
   *
   * @throws IOException if it cannot be written; an older file then is as it was
   */
  public static void write(Path file, Content content) throws IOException {
    WholeFile.write(
        file,
        draft -> {
          // Not by a channel, which an interrupt of the thread would close.
          try (FileOutputStream out = new FileOutputStream(draft.toFile());
              ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(out))) {
            content.writeTo(new FileWriter(zip));
            zip.finish();
            zip.flush();
            out.getFD().sync();
          }
        });
  }

  /** Writes a JSON description, within the limits that {@link FileReader} reads. */
  void json(String name, Object value) throws IOException {
    String json = SafeJson.requireWithin(SafeJson.write(value), SafeJson.Limits.DESCRIPTION);
    if (json.length() > FileReader.LONGEST_TEXT) {
      throw new IOException(
          "%s would have %s bytes, of which %s can be read again"
              .formatted(name, json.length(), FileReader.LONGEST_TEXT));
    }
    text(name, json);
  }

  void text(String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  /** Writes 32-bit floats, the most significant byte first. */
  public void floats(String name, float[] numbers) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(Math.multiplyExact(numbers.length, Float.BYTES));
    bytes.asFloatBuffer().put(numbers);
    CRC32 checksum = new CRC32();
    checksum.update(bytes.array());
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(bytes.capacity());
    entry.setCrc(checksum.getValue());
    zip.putNextEntry(entry);
    zip.write(bytes.array());
    zip.closeEntry();
  }
}
