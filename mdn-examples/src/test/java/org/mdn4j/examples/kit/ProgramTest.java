/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.mdn4j.examples.notebook.Notebook;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;

/** What {@link Program} does for all examples. */
class ProgramTest {

  /** An example that only tells which executioner ND4J has. */
  @Command(name = "Example", mixinStandardHelpOptions = true)
  static final class Example implements Callable<Integer> {
    private Example() {}

    public static void main(String[] args) {
      Program.main(new Example(), args);
    }

    @Override
    public Integer call() {
      System.out.println(Nd4j.getExecutioner().getClass().getSimpleName());
      return 0;
    }
  }

  @Test
  void examplesKeepTheMemoryOfArraysAlive() throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
    command.addAll(Notebook.kernelOptions(null, Path.of(""))); // those of a process that trains
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(Example.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    assertEquals("SafeOpExecutioner", output.strip());
  }
}
