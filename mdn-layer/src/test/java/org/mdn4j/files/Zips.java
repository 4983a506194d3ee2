/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/** Zips taken apart and put together. */
public final class Zips {
  private Zips() {}

  /**
   * Takes a zip apart.
   *
   * @param zip its bytes
   * @return the entries by name, in order
   * @throws IOException if it is none
   */
  public static Map<String, byte[]> entries(byte[] zip) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        entries.put(entry.getName(), in.readAllBytes());
      }
    }
    return entries;
  }

  /**
   * Puts a zip together.
   *
   * @param entries by name, in order
   * @param stored names of those that are stored as they are
   * @return its bytes
   * @throws IOException never
   */
  public static byte[] zip(Map<String, byte[]> entries, Set<String> stored) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setLevel(1);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        ZipEntry header = new ZipEntry(entry.getKey());
        if (stored.contains(entry.getKey())) {
          CRC32 checksum = new CRC32();
          checksum.update(entry.getValue());
          header.setMethod(ZipEntry.STORED);
          header.setSize(entry.getValue().length);
          header.setCrc(checksum.getValue());
        }
        zip.putNextEntry(header);
        zip.write(entry.getValue());
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /**
   * Puts a zip together as this library writes it: texts compressed, numbers stored.
   *
   * @param entries by name, in order
   * @return its bytes
   * @throws IOException never
   */
  public static byte[] zip(Map<String, byte[]> entries) throws IOException {
    return zip(
        entries,
        entries.keySet().stream()
            .filter(name -> !name.endsWith(".json"))
            .collect(Collectors.toSet()));
  }
}
