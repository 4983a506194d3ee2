/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

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
import org.mdn4j.examples.kit.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program that opens a notebook, with this project and its libraries on the class path. */
@Command(
    name = "notebook",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Opens a notebook.",
      "One for JShell (.jsh) runs from top to bottom and leaves the session open; /exit ends it. One"
          + " for Jupyter (.ipynb) opens in the browser."
    })
public final class Notebook implements Callable<Integer> {
  /** The file in which the notebooks for Jupyter look for their class path. */
  static final Path CLASS_PATH = Path.of("mdn-examples/target/notebooks/class-path.jar");

  @Parameters(
      arity = "0..1",
      paramLabel = "FILE",
      description = "the notebook",
      defaultValue = "mdn-examples/notebooks/inverted-sine.jsh")
  Path notebook;

  @Option(
      names = "--epochs",
      description = "passes over the training data; the notebook's own number if not given")
  Integer epochs;

  @Option(
      names = "--out",
      description = "folder for the pictures",
      defaultValue = "mdn-examples/target/notebooks")
  Path out;

  @Option(
      names = "--no-windows",
      description = "print where each picture is, and show none, even where there is a display")
  boolean noWindows;

  @Option(names = "--jupyter", description = "the program jupyter", defaultValue = "jupyter")
  String jupyter;

  private Notebook() {}

  static int execute(String... args) {
    return Program.run(new Notebook(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException, URISyntaxException {
    Program.require(epochs == null || epochs >= 1, "--epochs: expected at least 1, got %d", epochs);
    Program.require(Files.isReadable(notebook), "There is no notebook %s", notebook);
    Program.requireFolder(out);
    boolean forJupyter = notebook.toString().endsWith(".ipynb");
    Program.require(
        forJupyter || notebook.toString().endsWith(".jsh"),
        "Expected a notebook for JShell (.jsh) or Jupyter (.ipynb), got %s",
        notebook);
    return forJupyter ? openJupyter() : openJShell();
  }

  private int openJShell() throws IOException, InterruptedException, URISyntaxException {
    System.out.println("Pictures go to the folder " + out);
    Path jshell = Path.of(System.getProperty("java.home"), "bin", "jshell");
    List<String> command = new ArrayList<>(List.of(jshell.toString(), "--class-path", classPath()));
    for (String option : kernelOptions(epochs, out)) {
      command.add("-R" + option);
    }
    if (!noWindows && Picture.canBeShown(classPath())) {
      command.add("-R-Djava.awt.headless=false"); // the last one counts
    }
    command.add(notebook.toString());
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  private int openJupyter() throws IOException, InterruptedException, URISyntaxException {
    Jupyter program = new Jupyter(jupyter);
    program.requirePresent();
    Jupyter.writeClassPath(classPath(), CLASS_PATH);
    return program.open(notebook, kernelOptions(epochs, out));
  }

  /**
   * Returns the options of the JVM that runs a notebook's code.
   *
   * @param epochs passes over the training data; null for the notebook's own number
   * @param out folder for the pictures
   */
  public static List<String> kernelOptions(Integer epochs, Path out) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "-Xmx2g",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED", // JDK 24 and later warn without, of JavaCPP
                "-Dsun.misc.unsafe.memory.access=allow",
                "-Djava.awt.headless=true",
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dnotebook.out=" + out.toAbsolutePath()));
    if (epochs != null) {
      options.add("-Dnotebook.epochs=" + epochs);
    }
    return options;
  }

  /**
   * Returns the class path that this program itself was loaded from: Maven's exec:java has a class
   * loader of its own.
   */
  static String classPath() throws URISyntaxException {
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
