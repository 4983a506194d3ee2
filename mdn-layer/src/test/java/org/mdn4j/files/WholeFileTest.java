/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFileTest {
  @TempDir Path folder;

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void whatFailsLeavesTheOlderFileAndNothingElse() throws IOException {
    Path file = folder.resolve("a");
    WholeFile.write(file, new byte[] {1});
    IOException full = new IOException("No space left on device");
    assertEquals(
        full,
        assertThrows(
            IOException.class,
            () ->
                WholeFile.write(
                    file,
                    draft -> {
                      Files.write(draft, new byte[] {2});
                      throw full;
                    })));
    assertArrayEquals(new byte[] {1}, Files.readAllBytes(file));
    assertEquals(List.of(file), files());
    assertThrows(
        IOException.class, () -> WholeFile.write(folder.resolve("none").resolve("a"), new byte[0]));
  }

  /** As the process's files are, not only for the owner as Java's temporary files. */
  @Test
  void theFileHasTheUsualPermissions() throws IOException {
    Path usual = Files.createFile(folder.resolve("usual"));
    Path file = folder.resolve("a");
    WholeFile.write(file, new byte[] {1});
    assertEquals(Files.getPosixFilePermissions(usual), Files.getPosixFilePermissions(file));
  }

  /** The draft's name does not grow with the file's. */
  @Test
  void theLongestNames() throws IOException {
    Path file = folder.resolve("é".repeat(127)); // 254 bytes; file systems take 255
    WholeFile.write(file, new byte[] {1});
    assertEquals(List.of(file), files());
  }

  @Test
  void anInterruptDoesNotDisturb() throws IOException {
    Path file = folder.resolve("a");
    Thread.currentThread().interrupt();
    try {
      WholeFile.write(file, new byte[] {1, 2, 3});
      assertArrayEquals(new byte[] {1, 2, 3}, WholeFile.read(file, 3));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertThrows(MalformedFileException.class, () -> WholeFile.read(file, 2));
  }
}
