/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafeZipTest {
  @TempDir Path folder;

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("a.zip"), bytes);
  }

  private String refused(byte[] zip, String entry) throws IOException {
    Path file = file(zip);
    return assertThrows(
            MalformedFileException.class,
            () -> {
              try (SafeZip opened = new SafeZip(file)) {
                opened.bytes(entry, 1 << 30);
              }
            })
        .getMessage();
  }

  @Test
  void entriesAreReadAsTheyAre() throws IOException {
    Path file = file(Zips.zip(Map.of("a.json", random(10), "b.bin", random(2_000))));
    try (SafeZip zip = new SafeZip(file)) {
      assertEquals(Set.of("a.json", "b.bin"), Set.copyOf(zip.names()));
      assertTrue(zip.has("a.json"));
      assertArrayEquals(random(10), zip.bytes("a.json", 10));
      assertArrayEquals(random(2_000), zip.bytes("b.bin", 2_000));
      assertEquals(OptionalLong.of(2_000), zip.storedSize("b.bin"));
      assertEquals(OptionalLong.empty(), zip.storedSize("a.json"));
      assertEquals(
          "b.bin is larger than 1999 bytes",
          assertThrows(MalformedFileException.class, () -> zip.bytes("b.bin", 1_999)).getMessage());
      assertEquals(
          "it has no c",
          assertThrows(MalformedFileException.class, () -> zip.bytes("c", 1)).getMessage());
    }
  }

  /** Every single byte of what is stored and of what is compressed. */
  @Test
  void aFlippedBitIsNoticed() throws IOException {
    for (String name : new String[] {"a.bin", "a.json"}) {
      byte[] whole = Zips.zip(Map.of(name, random(60)));
      int begins = 30 + name.length();
      for (int at = begins; at < begins + 60; at++) {
        byte[] flipped = whole.clone();
        flipped[at] ^= 4;
        String message = refused(flipped, name);
        assertTrue(message.contains(name + " is damaged"), message);
      }
    }
  }

  /** 100 MB of zeros in 100 kB, and what many entries share. */
  @Test
  void bombsAreNotUnpacked() throws IOException {
    byte[] bomb = Zips.zip(Map.of("a.json", new byte[100_000_000]));
    long most = 16L * bomb.length + (1 << 25);
    assertEquals("a.json is larger than %d bytes".formatted(most), refused(bomb, "a.json"));

    Map<String, byte[]> entries = new LinkedHashMap<>();
    for (int i = 10; i < 20; i++) {
      entries.put(i + ".json", new byte[10_000_000]);
    }
    Path file = file(Zips.zip(entries));
    try (SafeZip zip = new SafeZip(file)) {
      int read = 0;
      for (String name : zip.names()) {
        try {
          read += zip.bytes(name, 1 << 30).length;
        } catch (MalformedFileException e) {
          assertTrue(e.getMessage().contains("is larger than"), e.getMessage());
        }
      }
      assertEquals((16 * zip.size() + (1 << 25)) / 10_000_000 * 10_000_000, read);
      assertTrue(read < 50_000_000, read + " of 100 million bytes");
    }
  }

  @Test
  void namesComeOnce() throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put("a.json", random(5));
    entries.put("a.jso~", random(6));
    String twice = new String(Zips.zip(entries), ISO_8859_1).replace("a.jso~", "a.json");
    assertEquals(
        "it has the entry \"a.json\" twice", refused(twice.getBytes(ISO_8859_1), "a.json"));
  }

  /** The directory claims another size than there is. */
  @Test
  void sizesAreCompared() throws IOException {
    for (int size : new int[] {0, 59, 61, Integer.MAX_VALUE}) {
      byte[] zip = Zips.zip(Map.of("a.json", random(60)));
      int directory = new String(zip, ISO_8859_1).indexOf("PK\001\002");
      ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN).putInt(directory + 24, size);
      String message = refused(zip, "a.json");
      assertTrue(message.contains("damaged"), message);
    }
  }

  @Test
  void whatIsNoZipIsRefused() throws IOException {
    assertThrows(NoSuchFileException.class, () -> new SafeZip(folder.resolve("none")));
    assertThrows(MalformedFileException.class, () -> new SafeZip(folder));
    for (int length : new int[] {0, 1, 21, 22, 100}) {
      assertTrue(refused(random(length), "a").startsWith("it is truncated or no zip"));
    }
  }

  @Test
  void anInterruptDoesNotDisturb() throws IOException {
    Path file = file(Zips.zip(Map.of("a.json", random(10))));
    Thread.currentThread().interrupt();
    try (SafeZip zip = new SafeZip(file)) {
      assertArrayEquals(random(10), zip.bytes("a.json", 10));
    } finally {
      assertTrue(Thread.interrupted());
    }
  }
}
