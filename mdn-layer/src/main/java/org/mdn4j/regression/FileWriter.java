/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a zip of texts and numbers, whole or not at all: beside the file first, then it takes the
 * file's name in one step. Numbers are stored, not compressed, so that a reader knows their size.
 */
final class FileWriter implements AutoCloseable {
  private final Path file;
  private final Path draft;
  private final FileOutputStream out;
  private final ZipOutputStream zip;
  private boolean complete;

  /** Starts a file; its folder must be there. */
  FileWriter(Path file) throws IOException {
    this.file = file.toAbsolutePath();
    this.draft = this.file.resolveSibling(this.file.getFileName() + ".part");
    this.out = new FileOutputStream(draft.toFile()); // an interrupt does not close it
    this.zip = new ZipOutputStream(new BufferedOutputStream(out));
  }

  void text(String name, String text) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    zip.write(text.getBytes(StandardCharsets.UTF_8));
    zip.closeEntry();
  }

  /** 32-bit floats, the most significant byte first. */
  void floats(String name, float[] numbers) throws IOException {
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

  /** Everything was written: puts the file in its place. */
  void complete() throws IOException {
    zip.finish();
    zip.flush();
    out.getFD().sync();
    complete = true;
  }

  @Override
  public void close() throws IOException {
    try {
      zip.close();
      if (complete) {
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
