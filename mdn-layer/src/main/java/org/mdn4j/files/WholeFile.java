/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;

/**
 * Writing of files as a whole or not at all, and reading of whole files, neither by a channel,
 * which an interrupt of the thread would close.
 *
 * <p>Each is written beside its place first, under a name of its own ({@code mdn4j-….part}), and
 * then takes its place in one step. Several threads or processes may write the same file: the last
 * one wins. Nothing is left of what failed; only a process that was killed leaves its draft.
 */
public final class WholeFile {
  private WholeFile() {}

  /** The content of a file. */
  @FunctionalInterface
  public interface Content {
    /**
     * Writes the whole content.
     *
     * @param draft an empty file
     * @throws IOException if it cannot be written
     */
    void writeTo(Path draft) throws IOException;
  }

  /**
   * Writes a file, replacing an older one.
   *
   * @param file where to, in a folder that exists
   * @param content writes and closes the draft
   * @throws IOException if it cannot be written; an older file then is as it was
   */
  public static void write(Path file, Content content) throws IOException {
    Path place = file.toAbsolutePath();
    if (!Files.isDirectory(place.getParent())) {
      throw new NoSuchFileException(file.toString(), null, "its folder is not there");
    }
    Path draft = place.resolveSibling("mdn4j-%s.part".formatted(UUID.randomUUID()));
    Files.createFile(draft); // fails if there is one, and has a new file's usual permissions
    try {
      content.writeTo(draft);
      Files.move(draft, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * Writes a file of the given bytes, replacing an older one.
   *
   * @param file where to, in a folder that exists
   * @param bytes all that it shall hold
   * @throws IOException if it cannot be written; an older file then is as it was
   */
  public static void write(Path file, byte[] bytes) throws IOException {
    write(
        file,
        draft -> {
          try (FileOutputStream out = new FileOutputStream(draft.toFile())) {
            out.write(bytes);
          }
        });
  }

  /**
   * Reads a file.
   *
   * @param file the file
   * @param longest how many bytes it may have
   * @return all its bytes
   * @throws MalformedFileException if it has more
   * @throws IOException if it cannot be read
   */
  public static byte[] read(Path file, int longest) throws IOException {
    try (InputStream in = new FileInputStream(file.toFile())) {
      byte[] bytes = in.readNBytes(longest);
      if (in.read() >= 0) {
        throw new MalformedFileException(
            "it is larger than the %s bytes that are read".formatted(longest));
      }
      return bytes;
    }
  }
}
