/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.Main;
import org.mdn4j.examples.kit.CapturedOutput;

/** Ctrl-C while a table is learned. */
@Tag("slow")
class InterruptionTest {
  @TempDir private Path folder;

  private List<String> arguments(String... more) throws IOException {
    Random random = new Random(1);
    List<String> lines = new ArrayList<>(List.of("x,y"));
    for (int n = 0; n < 400; n++) {
      double x = random.nextGaussian();
      lines.add(x + "," + (x + random.nextGaussian()));
    }
    Path csv = Files.write(folder.resolve("data.csv"), lines);
    List<String> arguments = new ArrayList<>(List.of("--csv", csv.toString(), "--target", "y"));
    arguments.addAll(List.of("--out", folder.resolve("out").toString()));
    arguments.addAll(List.of(more));
    return arguments;
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "it has no signals to send")
  @Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void theLastLineNamesTheCheckpoint() throws IOException, InterruptedException {
    assumeFalse(ignoresInterrupts(), "a shell started this in the background, deaf to SIGINT");
    Path checkpoint = folder.resolve("kept").resolve("fit.zip");
    Path errors = folder.resolve("errors.txt");
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                Main.class.getName(),
                "table"));
    // more members than can be done before the first line of progress
    command.addAll(arguments("--ensemble", "4000", "--checkpoint", checkpoint.toString()));
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    try (BufferedReader output = process.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.contains("validation NLL")) {
        line = output.readLine();
      }
      new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
      while (line != null) { // a pipe that is full would hold the process up
        line = output.readLine();
      }
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it goes on");
      assertEquals(130, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    List<String> said =
        Files.readAllLines(errors).stream()
            .filter(line -> !line.startsWith("WARNING: ") && !line.isEmpty()) // JDK 24 and later
            .toList();
    assertEquals(
        List.of(
            "table: Interrupted; with the same data and options --resume %s goes on from"
                    .formatted(checkpoint)
                + " here"),
        said);
    assertFalse(Files.exists(folder.resolve("out")), "nothing else is written");
    try (CapturedOutput output = new CapturedOutput()) {
      String[] others =
          arguments("--ensemble", "4001", "--resume", checkpoint.toString()).toArray(String[]::new);
      assertEquals(2, TabularRegression.execute(others));
      assertTrue(output.err().contains("fit.zip was written with other options"), output.err());
    }
  }

  /** Whether SIGINT, signal 2, is ignored here and so in all child processes; false if unknown. */
  private static boolean ignoresInterrupts() throws IOException {
    Path status = Path.of("/proc/self/status");
    return Files.exists(status)
        && Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .anyMatch(
                line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) >> 1 & 1) == 1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void withoutACheckpointItSaysSo(boolean given) throws IOException {
    List<String> arguments = arguments();
    if (given) {
      arguments.add("--checkpoint");
    }
    try (CapturedOutput output = new CapturedOutput()) {
      Thread.currentThread().interrupt();
      assertEquals(130, TabularRegression.execute(arguments.toArray(String[]::new)));
      assertTrue(Thread.interrupted(), "the caller hears of it, too");
      assertEquals(
          "table: Interrupted; nothing was kept, as %s%n"
              .formatted(given ? "no epoch had ended" : "without --checkpoint"),
          output.err());
    } finally {
      Thread.interrupted();
    }
  }
}
