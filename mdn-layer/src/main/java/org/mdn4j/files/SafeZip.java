/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Reader of zip files of unknown origin. No name comes twice, every entry is compared with its
 * checksum and its size, none is read beyond a limit, and all together not beyond sixteen times the
 * file's size (and 32 MB): what a bomb unpacks to, or entries that share their bytes, is not. An
 * interrupt of the thread does not disturb it.
 */
public final class SafeZip implements AutoCloseable {
  private static final int MOST_ENTRIES = 1 << 16;
  private static final int EXPANSION = 16;
  private static final long ALWAYS = 1 << 25;

  private final ZipFile zip;
  private final long size;
  private long left;

  /**
   * Opens a file.
   *
   * @param file the zip
   * @throws NoSuchFileException if there is none
   * @throws MalformedFileException if it is no file, no zip, or has an entry twice
   * @throws IOException if it cannot be read
   */
  public SafeZip(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString(), null, "there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new MalformedFileException("it is not a file");
    }
    size = Files.size(file);
    left = EXPANSION * size + ALWAYS;
    zip = opened(file);
    try {
      requireDifferentNames();
    } catch (MalformedFileException e) {
      zip.close();
      throw e;
    }
  }

  private static ZipFile opened(Path file) throws MalformedFileException {
    try {
      return new ZipFile(file.toFile());
    } catch (IOException | RuntimeException e) {
      throw new MalformedFileException(
          "it is truncated or no zip (%s)".formatted(MalformedFileException.firstLine(e)), e);
    }
  }

  private void requireDifferentNames() throws MalformedFileException {
    if (zip.size() > MOST_ENTRIES) {
      throw new MalformedFileException(
          "it has %s entries, expected at most %s".formatted(zip.size(), MOST_ENTRIES));
    }
    Set<String> names = new HashSet<>();
    for (String name : names()) {
      if (!names.add(name)) {
        throw new MalformedFileException("it has the entry \"%s\" twice".formatted(name));
      }
    }
  }

  /**
   * Returns the names of the entries.
   *
   * @return the entries' names, in the file's order
   */
  public List<String> names() {
    return Collections.list(zip.entries()).stream().map(ZipEntry::getName).toList();
  }

  /**
   * Returns the length of the file.
   *
   * @return bytes
   */
  public long size() {
    return size;
  }

  /**
   * Returns whether there is an entry of a name.
   *
   * @param name its name
   * @return whether it is there
   */
  public boolean has(String name) {
    return zip.getEntry(name) != null;
  }

  /**
   * Returns the size in bytes of an entry that is stored without compression, and so not larger
   * than the file.
   *
   * @param name its name
   * @return its size; empty if it is compressed
   * @throws MalformedFileException if it is not there
   */
  public OptionalLong storedSize(String name) throws MalformedFileException {
    ZipEntry entry = entry(name);
    boolean stored =
        entry.getMethod() == ZipEntry.STORED
            && entry.getSize() == entry.getCompressedSize()
            && entry.getSize() <= size;
    return stored ? OptionalLong.of(entry.getSize()) : OptionalLong.empty();
  }

  /**
   * Reads an entry.
   *
   * @param name its name
   * @param longest how many bytes it may have
   * @return all its bytes
   * @throws MalformedFileException if it is not there, longer, or damaged
   */
  public byte[] bytes(String name, int longest) throws MalformedFileException {
    ZipEntry entry = entry(name);
    int most = (int) Math.min(longest, left);
    byte[] bytes;
    try (InputStream in = zip.getInputStream(entry)) {
      bytes = in.readNBytes(most);
      if (bytes.length == most && in.read() >= 0) {
        throw new MalformedFileException("%s is larger than %s bytes".formatted(name, most));
      }
    } catch (MalformedFileException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new MalformedFileException(
          "%s is damaged or cut short (%s)".formatted(name, MalformedFileException.firstLine(e)),
          e);
    }
    left -= bytes.length;
    CRC32 checksum = new CRC32(); // ZipFile itself does not compare it
    checksum.update(bytes);
    if (bytes.length != entry.getSize() || checksum.getValue() != entry.getCrc()) {
      throw new MalformedFileException(name + " is damaged: it does not have its checksum");
    }
    return bytes;
  }

  /**
   * Reads an entry as text in UTF-8.
   *
   * @param name its name
   * @param longest how many bytes it may have
   * @return the text
   * @throws MalformedFileException as {@link #bytes}
   */
  public String text(String name, int longest) throws MalformedFileException {
    return new String(bytes(name, longest), StandardCharsets.UTF_8);
  }

  private ZipEntry entry(String name) throws MalformedFileException {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new MalformedFileException("it has no " + name);
    }
    return entry;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
