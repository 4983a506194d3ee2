/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.ChildJvm;

/**
 * Thousands of damaged files of each kind, read with 512 MB and within two seconds each: every one
 * is read, or refused in a sentence. More of them by {@code -Dmdn4j.mutations=100000}, then also of
 * every layer of Keras; others by {@code -Dmdn4j.mutations.seed=…}.
 */
@Tag("slow")
class MutationTest {
  private static final int COUNT = Integer.getInteger("mdn4j.mutations", 2_000);
  private static final boolean MANY = COUNT > 10_000;
  private static final long SEED = Long.getLong("mdn4j.mutations.seed", 1);

  @TempDir(factory = InMemory.class)
  Path folder;

  /** In two processes at once, of about the same length. */
  @Test
  void everyFileIsReadOrRefused() throws Exception {
    List<Process> processes = new ArrayList<>();
    processes.add(start("MODEL", "NETWORK", "JSON"));
    processes.add(start("CHECKPOINT", "KERAS"));
    if (MANY) {
      processes.add(start("LAYERS"));
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (said.contains("FAULT") || MANY) {
        System.out.println(said); // the counts by outcome
      }
      assertEquals(0, status, said);
      assertTrue(!said.contains("FAULT"), said);
      for (String line : said.lines().filter(one -> one.contains(" files, ")).toList()) {
        assertTrue(line.contains("refused=") && line.contains("works="), line);
      }
    }
  }

  private Process start(String... kinds) throws IOException {
    Path own = Files.createDirectory(folder.resolve(kinds[0]));
    List<Object> arguments = new ArrayList<>(List.of(own, COUNT, SEED));
    arguments.addAll(List.of(kinds));
    return ChildJvm.start(
        MutationHarness.class, List.of("-Xmx512m", "-XX:+UseSerialGC"), arguments.toArray());
  }
}
