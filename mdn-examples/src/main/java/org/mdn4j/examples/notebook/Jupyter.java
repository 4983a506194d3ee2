/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The Jupyter of this machine, with a kernel that runs Java by JShell.
 *
 * @param command the program {@code jupyter}
 */
record Jupyter(String command) {
  /** The kernel's name; see github.com/padreati/rapaio-jupyter-kernel. */
  static final String KERNEL = "rapaio-jupyter-kernel";

  private static final int STARTS = 3;

  private static final String INSTALL =
      "mvn dependency:copy -Dartifact=io.github.padreati:rapaio-jupyter-kernel:2.3.0"
          + " -DoutputDirectory=mdn-examples/target"
          + " && java -jar mdn-examples/target/rapaio-jupyter-kernel-2.3.0.jar -i -auto";

  /**
   * Checks that Jupyter and the kernel are there.
   *
   * @throws UserError if not; the message says which one, and how to get it
   */
  void requirePresent() throws IOException, InterruptedException {
    Path list = Files.createTempFile("kernels", ".json");
    try {
      int status =
          start(
                  new ProcessBuilder(command, "kernelspec", "list", "--json")
                      .redirectOutput(list.toFile())
                      .redirectError(ProcessBuilder.Redirect.DISCARD))
              .waitFor();
      Program.require(
          status == 0 && kernels(Files.readString(list)).contains(KERNEL),
          "Jupyter has no kernel for Java; this installs one: %s",
          INSTALL);
    } finally {
      Files.delete(list);
    }
  }

  private List<String> kernels(String json) {
    try {
      List<String> names = new ArrayList<>();
      new ObjectMapper()
          .readTree(json)
          .path("kernelspecs")
          .fieldNames()
          .forEachRemaining(names::add);
      return names;
    } catch (JsonProcessingException e) {
      throw new UserError(
          "%s kernelspec list --json: expected JSON, got %s"
              .formatted(command, json.lines().findFirst().orElse("nothing")));
    }
  }

  /**
   * Opens a notebook in the browser, until the user ends Jupyter.
   *
   * @param notebook the notebook
   * @param kernelOptions options of the kernel's JVM
   * @return Jupyter's exit status
   * @throws UserError if this Jupyter has no page
   */
  int open(Path notebook, List<String> kernelOptions) throws IOException, InterruptedException {
    ProcessBuilder version =
        new ProcessBuilder(command, "notebook", "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD);
    Program.require(
        start(version).waitFor() == 0,
        "Jupyter has no program for the browser: pip install notebook, or run the .jsh of the same name");
    ProcessBuilder process = new ProcessBuilder(command, "notebook", notebook.toString());
    setKernelOptions(process, kernelOptions);
    return start(process.inheritIO()).waitFor();
  }

  /**
   * Executes a notebook without a browser, in its own folder. Tries again when the kernel did not
   * answer: version 2.3.0 may take its first message before it is ready for it, and then never
   * answers (a NullPointerException in {@code Channels.getHandler}).
   *
   * @param notebook the notebook
   * @param kernelOptions options of the kernel's JVM
   * @param folder where a copy of the same name goes, with its outputs, and a log
   * @throws IOException if a cell failed; the log says which
   */
  void execute(Path notebook, List<String> kernelOptions, Path folder)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path log = folder.resolve(notebook.getFileName() + ".log");
    ProcessBuilder process =
        new ProcessBuilder(
            command,
            "nbconvert",
            "--to",
            "notebook",
            "--execute",
            "--ExecutePreprocessor.startup_timeout=40",
            "--ExecutePreprocessor.timeout=1200",
            "--output-dir",
            folder.toAbsolutePath().toString(),
            notebook.toString());
    setKernelOptions(process, kernelOptions);
    process.redirectErrorStream(true).redirectOutput(log.toFile());
    int status = -1;
    boolean started = false;
    for (int attempt = 1; attempt <= STARTS && !started; attempt++) {
      status = start(process).waitFor();
      started = !Files.readString(log).contains("Kernel didn't respond");
    }
    if (status != 0) {
      throw new IOException("%s could not be executed: see %s".formatted(notebook, log));
    }
  }

  /**
   * Writes a jar that holds nothing but a class path, in its manifest: the kernel prints every jar
   * that it is given, and this is one.
   *
   * @param classPath jars and folders; what does not exist is left out
   * @param jar the file; what was in it goes
   */
  static void writeClassPath(String classPath, Path jar) throws IOException {
    String entries =
        Arrays.stream(classPath.split(File.pathSeparator))
            .map(Path::of)
            .filter(Files::exists)
            .map(entry -> entry.toUri().toASCIIString())
            .collect(Collectors.joining(" "));
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, entries);
    Files.createDirectories(jar.toAbsolutePath().getParent());
    new JarOutputStream(Files.newOutputStream(jar), manifest).close();
  }

  private static void setKernelOptions(ProcessBuilder process, List<String> options) {
    String inherited = process.environment().getOrDefault("JDK_JAVA_OPTIONS", "");
    process
        .environment()
        .put(
            "JDK_JAVA_OPTIONS",
            Stream.concat(options.stream(), Stream.of("-D%s=true".formatted(Picture.IN_A_PAGE)))
                .map("\"%s\""::formatted)
                .collect(Collectors.joining(" ", inherited + " ", "")));
  }

  private Process start(ProcessBuilder process) throws IOException {
    try {
      return process.start();
    } catch (IOException e) {
      throw new UserError(
          "There is no program %s: install Jupyter, or run the .jsh of the same name"
              .formatted(command));
    }
  }
}
