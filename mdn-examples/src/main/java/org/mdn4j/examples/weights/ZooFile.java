/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.zip.Adler32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.mdn4j.examples.kit.WholeFile;

/** Writing of networks as the zoo loads them. */
final class ZooFile {
  private static final FileTime EPOCH = FileTime.fromMillis(0);

  private ZooFile() {}

  /**
   * Writes a network without the time of writing, so that the same network is the same file.
   *
   * @param net the network
   * @param file where to
   * @return Adler-32 of the file
   * @throws IOException if it cannot be written
   */
  static long write(MultiLayerNetwork net, Path file) throws IOException {
    WholeFile.write(file, path -> writeUntimed(net, path));
    Adler32 checksum = new Adler32();
    checksum.update(Files.readAllBytes(file));
    return checksum.getValue();
  }

  private static void writeUntimed(MultiLayerNetwork net, Path file) throws IOException {
    Path timed = Files.createTempFile("network", ".zip");
    try {
      ModelSerializer.writeModel(net, timed.toFile(), false);
      try (ZipFile from = new ZipFile(timed.toFile());
          ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(file))) {
        List<? extends ZipEntry> entries = Collections.list(from.entries());
        entries.sort(Comparator.comparing(ZipEntry::getName));
        for (ZipEntry entry : entries) {
          ZipEntry copy = new ZipEntry(entry.getName());
          copy.setLastModifiedTime(EPOCH);
          to.putNextEntry(copy);
          to.write(from.getInputStream(entry).readAllBytes());
        }
      }
    } finally {
      Files.deleteIfExists(timed);
    }
  }
}
