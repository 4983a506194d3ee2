/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Program;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The program that makes Jupyter's notebooks from JShell's, so that the two cannot differ. */
@Command(
    name = "convert-notebook",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    sortOptions = false,
    description = "Writes NAME.ipynb beside NAME.jsh; with --execute its outputs are in it.")
public final class NotebookConverter implements Callable<Integer> {
  private static final Path WORK = Path.of("mdn-examples/target/notebooks/executed");

  @Parameters(
      arity = "0..*",
      paramLabel = "FILE",
      description = "notebooks for JShell; all if none is named")
  List<Path> sources = List.of();

  @Option(names = "--execute", description = "run the notebooks in Jupyter and keep their outputs")
  boolean execute;

  @Option(names = "--jupyter", description = "the program jupyter", defaultValue = "jupyter")
  String jupyter;

  private NotebookConverter() {}

  static int execute(String... args) {
    return Program.run(new NotebookConverter(), args);
  }

  @Override
  public Integer call() throws IOException, InterruptedException, URISyntaxException {
    if (sources.isEmpty()) {
      sources = sourcesIn(Path.of("mdn-examples/notebooks"));
    }
    for (Path source : sources) {
      Program.require(Files.isReadable(source), "There is no notebook %s", source);
      Program.require(
          source.toString().endsWith(".jsh"),
          "Expected a notebook for JShell, .jsh, got %s",
          source);
    }
    if (execute) {
      new Jupyter(jupyter).requirePresent();
      Jupyter.writeClassPath(Notebook.classPath(), Notebook.CLASS_PATH);
    }
    for (Path source : sources) {
      JupyterNotebook notebook = convert(source);
      if (execute) {
        takeOutputs(notebook, source);
      }
      Path target = withEnding(source, ".ipynb");
      notebook.write(target);
      System.out.println("Written to " + target);
    }
    return 0;
  }

  /**
   * Executes a draft beside the source, where the notebook's relative paths lead to its libraries,
   * and copies its outputs.
   */
  private void takeOutputs(JupyterNotebook notebook, Path source)
      throws IOException, InterruptedException {
    Path draft = withEnding(source, ".draft.ipynb");
    try {
      notebook.write(draft);
      new Jupyter(jupyter).execute(draft, Notebook.kernelOptions(null, WORK), WORK);
    } finally {
      Files.deleteIfExists(draft);
    }
    notebook.takeOutputs(JupyterNotebook.read(WORK.resolve(draft.getFileName())));
  }

  static List<Path> sourcesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsh")).sorted().toList();
    }
  }

  static JupyterNotebook convert(Path source) throws IOException {
    return JupyterNotebook.of(
        NotebookSource.cells(source.getFileName().toString(), Files.readString(source)));
  }

  private static Path withEnding(Path source, String ending) {
    return source.resolveSibling(source.getFileName().toString().replaceFirst("\\.jsh$", ending));
  }
}
