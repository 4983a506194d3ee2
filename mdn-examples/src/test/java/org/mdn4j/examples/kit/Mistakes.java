/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/** How a program answers a mistake: status 2, one line on standard error, nothing written. */
public final class Mistakes {
  private Mistakes() {}

  public static void assertRefused(
      ToIntFunction<String[]> program, String options, String message, Path folder) {
    Path out = folder.resolve("out");
    String[] arguments =
        Stream.concat(Stream.of(options.split(" ")), Stream.of("--out", out.toString()))
            .toArray(String[]::new);
    assertOneLine(program, message, arguments);
    assertFalse(Files.exists(out));
  }

  public static void assertFileAsFolderRefused(ToIntFunction<String[]> program, Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    for (Path out : List.of(file, file.resolve("below"))) {
      assertOneLine(program, out.toString(), "--out", out.toString());
    }
    assertEquals("mine", Files.readString(file));
  }

  private static void assertOneLine(
      ToIntFunction<String[]> program, String message, String... arguments) {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, program.applyAsInt(arguments));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(message), output::err);
      assertEquals("", output.out());
    }
  }
}
