/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.NeededProgram;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.notebook.NotebookSource.Cell;
import org.nd4j.shade.jackson.databind.JsonNode;

/** The notebooks for Jupyter are those for JShell, with outputs. */
class NotebookConverterTest {
  private static final Path NOTEBOOKS = Path.of("notebooks");

  static List<Path> sources() throws IOException {
    return NotebookConverter.sourcesIn(NOTEBOOKS);
  }

  private static Path stored(Path source) {
    return Path.of(source.toString().replace(".jsh", ".ipynb"));
  }

  @Test
  void cellsFollowTheConvention() {
    String source =
        """
        // for readers of the file

        System.out.println(\"""

            # Title

                a formula, 1 \\\\ 2
            \""");
        int a = 1;

        // a comment
        System.out.println("code");
        // %%
        if (a > 0) {
          System.out.println(\"""
              code, too
              \""");
        }

        System.out.println(\"""
            End.
            \""");
        """;
    assertEquals(
        List.of(
            new Cell(true, "# Title\n\n    a formula, 1 \\ 2"),
            new Cell(false, "int a = 1;\n\n// a comment\nSystem.out.println(\"code\");"),
            new Cell(
                false,
                """
                if (a > 0) {
                  System.out.println(\"""
                      code, too
                      \""");
                }"""),
            new Cell(true, "End.")),
        NotebookSource.cells("name.jsh", source));
  }

  @Test
  void sourcesThatAreNoNotebooksAreRefused(@TempDir Path folder) throws IOException {
    Path open = folder.resolve("open.jsh");
    Files.writeString(open, "\nSystem.out.println(\"\"\"\n    # Title\n");
    assertRefused(
        "open.jsh: the prose that starts in line 2 has no end, a line of its own with \"\"\");",
        open.toString());
    Path bare = Files.writeString(folder.resolve("bare.jsh"), "int a = 1;\n");
    assertRefused(
        "bare.jsh: expected prose before the first code, a line System.out.println(\"\"\"",
        bare.toString());
    assertRefused("There is no notebook no-such.jsh", "no-such.jsh");
    Path text = Files.writeString(folder.resolve("a.txt"), "a");
    assertRefused("Expected a notebook for JShell, .jsh, got " + text, text.toString());
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".ipynb")));
    }
  }

  @Test
  void everyNotebookIsStoredInBothKinds() throws IOException {
    try (Stream<Path> files = Files.list(NOTEBOOKS)) {
      List<Path> ipynb = files.filter(file -> file.toString().endsWith(".ipynb")).sorted().toList();
      assertEquals(sources().stream().map(NotebookConverterTest::stored).toList(), ipynb);
    }
    assertEquals(3, sources().size());
  }

  @ParameterizedTest
  @MethodSource("sources")
  void storedCellsAreThoseOfTheSource(Path source) throws IOException {
    assertEquals(
        NotebookConverter.convert(source).withoutOutputs(),
        JupyterNotebook.read(stored(source)).withoutOutputs(),
        "run NotebookConverter --execute " + source);
  }

  @ParameterizedTest
  @MethodSource("sources")
  void storedOutputsAreWholeAndNameNoFolder(Path source) throws IOException {
    JupyterNotebook notebook = JupyterNotebook.read(stored(source));
    assertOutputs(notebook);
    String home = System.getProperty("user.home");
    String project = Path.of("").toAbsolutePath().getParent().toString();
    for (JsonNode cell : notebook.codeCells()) {
      String outputs = cell.get("outputs").toString();
      assertFalse(outputs.contains(home + "/") || outputs.contains(project), outputs);
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @MethodSource("sources")
  void runsInJupyter(Path source, @TempDir Path out) throws Exception {
    Jupyter jupyter = new Jupyter("jupyter");
    try {
      jupyter.requirePresent();
    } catch (Program.UserError missing) {
      NeededProgram.require(false, "Not run in Jupyter: " + missing.getMessage());
    }
    Jupyter.writeClassPath(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        Path.of("target/notebooks/class-path.jar"));
    jupyter.execute(stored(source), Notebook.kernelOptions(1, out), out);

    JupyterNotebook executed = JupyterNotebook.read(out.resolve(stored(source).getFileName()));
    JupyterNotebook notebook = NotebookConverter.convert(source);
    notebook.takeOutputs(executed);
    assertOutputs(notebook);
  }

  /** Every cell was run in order, none failed, and there are pictures. */
  private static void assertOutputs(JupyterNotebook notebook) throws IOException {
    List<JsonNode> cells = notebook.codeCells();
    List<byte[]> pictures = new ArrayList<>();
    for (int i = 0; i < cells.size(); i++) {
      assertEquals(i + 1, cells.get(i).get("execution_count").asInt());
      for (JsonNode output : cells.get(i).get("outputs")) {
        if (output.get("output_type").asText().equals("stream")) {
          assertEquals("stdout", output.get("name").asText(), output::toString);
        } else {
          assertTrue(output.path("data").has("image/png"), output::toString);
          pictures.add(Base64.getDecoder().decode(output.get("data").get("image/png").asText()));
        }
      }
    }
    assertTrue(pictures.size() >= 2, () -> pictures.size() + " pictures");
    for (byte[] picture : pictures) {
      String tail = new String(picture, picture.length - 8, 4);
      assertEquals("IEND", tail);
      assertTrue(PictureFiles.colours(ImageIO.read(new ByteArrayInputStream(picture))) > 10);
    }
  }

  @Test
  void missingJupyterIsOneLine() {
    String message = "There is no program no-such-jupyter: install Jupyter, or run the .jsh";
    String source = "notebooks/inverted-sine.jsh";
    assertRefused(message, "--execute", "--jupyter", "no-such-jupyter", source);
    try (CapturedOutput output = new CapturedOutput()) {
      String notebook = "notebooks/inverted-sine.ipynb";
      assertEquals(2, Notebook.execute("--jupyter", "no-such-jupyter", notebook));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(message), output::err);
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Jupyter is a shell script")
  void missingKernelAndForeignProgramAreOneLine(@TempDir Path folder) throws IOException {
    String source = "notebooks/inverted-sine.jsh";
    Path noKernel = script(folder.resolve("no-kernel"), "echo '{\"kernelspecs\": {}}'");
    assertRefused(
        "Jupyter has no kernel for Java; this installs one: mvn dependency:copy",
        "--execute",
        "--jupyter",
        noKernel.toString(),
        source);
    Path noPage =
        script(
            folder.resolve("no-page"),
            "[ $1 = kernelspec ] && echo '{\"kernelspecs\": {\"rapaio-jupyter-kernel\": {}}}'");
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(
          2, Notebook.execute("--jupyter", noPage.toString(), "notebooks/inverted-sine.ipynb"));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains("pip install notebook"), output::err);
    }
    Path foreign = script(folder.resolve("foreign"), "echo hello");
    assertRefused(
        foreign + " kernelspec list --json: expected JSON, got hello",
        "--execute",
        "--jupyter",
        foreign.toString(),
        source);
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "the stand-in for Jupyter is a shell script")
  void aFailedCellIsSaidWithItsLog(@TempDir Path folder) throws IOException {
    Path failing = script(folder.resolve("failing"), "echo the cell that failed; exit 1");
    IOException problem =
        assertThrows(
            IOException.class,
            () ->
                new Jupyter(failing.toString())
                    .execute(Path.of("notebooks/inverted-sine.ipynb"), List.of(), folder));
    Path log = folder.resolve("inverted-sine.ipynb.log");
    assertTrue(problem.getMessage().contains("could not be executed: see " + log));
    assertEquals("the cell that failed", Files.readString(log).strip());
  }

  /** The kernel lists what it is given: one jar, which leads to all others. */
  @Test
  void aJarLeadsToTheClassPath(@TempDir Path folder) throws Exception {
    Path classes = Files.createDirectory(folder.resolve("a folder ± of classes"));
    Files.writeString(classes.resolve("found.txt"), "found");
    Path jar = folder.resolve("new").resolve("class-path.jar");
    Jupyter.writeClassPath("no-such.jar" + File.pathSeparator + "no-such-2.jar", jar);
    Jupyter.writeClassPath("no-such.jar" + File.pathSeparator + classes, jar);
    try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null);
        InputStream found = loader.getResourceAsStream("found.txt")) {
      assertEquals("found", new String(found.readAllBytes(), StandardCharsets.UTF_8));
    }
    try (JarFile written = new JarFile(jar.toFile())) {
      assertEquals(
          classes.toUri().toASCIIString(),
          written.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH));
    }
  }

  @Test
  void inAPageTheKernelNamesOneJar() throws IOException {
    String first = JupyterNotebook.read(stored(sources().get(0))).codeCells().get(0).toString();
    assertTrue(first.contains("%jar ../target/notebooks/class-path.jar"), first);
    assertFalse(first.contains("%classpath"), first);
  }

  private static Path script(Path file, String command) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + command + "\n");
    assertTrue(file.toFile().setExecutable(true));
    return file;
  }

  private static void assertRefused(String message, String... options) {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, NotebookConverter.execute(options));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().startsWith("convert-notebook: " + message), output::err);
      assertEquals("", output.out());
    }
  }
}
