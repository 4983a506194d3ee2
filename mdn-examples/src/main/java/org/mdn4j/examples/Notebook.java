/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Opens a notebook in JShell, with this project and its libraries on the class path. */
@Command(
    name = "Notebook",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = "Runs a notebook in JShell and leaves the session open; /exit ends it.")
public final class Notebook implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "the notebook",
      defaultValue = "mdn-examples/notebooks/inverted-sine.jsh")
  Path notebook;

  @Option(names = "--epochs", description = "passes over the training points", defaultValue = "150")
  int epochs;

  private Notebook() {}

  /**
   * Runs the program.
   *
   * @param args see {@code --help}
   */
  public static void main(String[] args) {
    Program.main(new Notebook(), args);
  }

  static int execute(String... args) {
    return Program.run(new Notebook(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException, URISyntaxException {
    Program.require(epochs >= 1, "--epochs: expected at least 1, got %d", epochs);
    Program.require(Files.isReadable(notebook), "There is no notebook %s", notebook);
    Path jshell = Path.of(System.getProperty("java.home"), "bin", "jshell");
    List<String> command = new ArrayList<>(List.of(jshell.toString(), "--class-path", classPath()));
    for (String option : remoteOptions(epochs)) {
      command.add("-R" + option);
    }
    command.add(notebook.toString());
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** Options of the JVM that runs a notebook's code. */
  static List<String> remoteOptions(int epochs) {
    return List.of(
        "-Xmx2g",
        "-XX:TieredStopAtLevel=1",
        "-Djava.awt.headless=true",
        "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
        "-Dnotebook.epochs=" + epochs);
  }

  /** What this program itself was loaded from: Maven's exec:java has a class loader of its own. */
  private static String classPath() throws URISyntaxException {
    if (!(Notebook.class.getClassLoader() instanceof URLClassLoader loader)) {
      return System.getProperty("java.class.path");
    }
    List<String> entries = new ArrayList<>();
    for (URL url : loader.getURLs()) {
      entries.add(Path.of(url.toURI()).toString());
    }
    return String.join(File.pathSeparator, entries);
  }
}
