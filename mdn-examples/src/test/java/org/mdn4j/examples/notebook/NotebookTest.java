/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToDoubleFunction;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.PictureFiles;

/** Runs the notebooks for JShell as the program jshell does, line by line. */
@Tag("slow")
class NotebookTest {

  @Test
  void invertedSineRunsFromTopToBottom(@TempDir Path out) throws IOException {
    String printed =
        run(
            "inverted-sine",
            2,
            out,
            number -> {
              assertEquals(Double.POSITIVE_INFINITY, number.applyAsDouble("farLinear"));
              // Two Gaussians at −1 and 1, deviation 0.5, seen from 1000: the nearer one decides.
              double nearer =
                  0.5 * 1998 * 1998 + Math.log(0.5) + 0.5 * Math.log(2 * Math.PI) + Math.log(2);
              assertEquals(nearer, number.applyAsDouble("farLog"), 1e-9 * nearer);
              double testNll = number.applyAsDouble("testNll");
              assertTrue(testNll > 1.25 && testNll < 3, () -> "NLL " + testNll);
            });
    assertTrue(printed.contains("Why a mean fails") && printed.contains("logsumexp"), printed);
    PictureFiles.assertFolder(out, "prediction.png", "temperatures.gif", "pdf-slice.png");
    assertTrue(Files.size(out.resolve("temperatures.gif")) > 10_000);
  }

  @Test
  void askTheDistributionRunsFromTopToBottom(@TempDir Path out) throws IOException {
    run(
        "ask-the-distribution",
        30,
        out,
        number -> {
          double nll = number.applyAsDouble("evaluation.nll()");
          assertTrue(nll > 1.25 && nll < 2, () -> "NLL " + nll);
          assertTrue(
              number.applyAsDouble("regionWidth") < number.applyAsDouble("central.width()"),
              "the shortest region is not shorter than the central interval");
          assertTrue(number.applyAsDouble("modes.length") >= 2, "no branches were found");
          assertEquals(0.9, number.applyAsDouble("scores.regionCoverage(0.9)"), 0.05);
        });
    PictureFiles.assertFolder(
        out, "one-prediction.png", "regions.png", "calibration.png", "temperature.png");
  }

  @Test
  void yourOwnDataRunsFromTopToBottom(@TempDir Path out) throws IOException {
    run(
        "your-own-data",
        30,
        out,
        number -> {
          double gain = number.applyAsDouble("ofGaussian.nll() - testNll");
          assertTrue(gain > 0.1, () -> "the mixture gains " + gain);
          assertEquals(0, number.applyAsDouble("difference"));
        });
    PictureFiles.assertFolder(
        out, "deliveries.csv", "deliveries.zip", "own-calibration.png", "own-regions.png");
  }

  @Test
  void mistakesAreOneLine(@TempDir Path folder) throws IOException {
    assertRefused("There is no notebook no-such.jsh", "no-such.jsh");
    Path text = Files.createFile(folder.resolve("notebook.txt"));
    assertRefused(
        "Expected a notebook for JShell (.jsh) or Jupyter (.ipynb), got " + text, text.toString());
    assertRefused(
        "--epochs: expected at least 1, got 0", "--epochs", "0", "notebooks/inverted-sine.jsh");
  }

  private static void assertRefused(String message, String... options) {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, Notebook.execute(options));
      assertEquals("notebook: " + message, output.err().strip());
    }
  }

  /** What a test asks of the session when the notebook has run: the value of an expression. */
  @FunctionalInterface
  private interface Questions {
    void ask(ToDoubleFunction<String> number);
  }

  private static String run(String name, int epochs, Path out, Questions questions)
      throws IOException {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        JShell shell =
            JShell.builder()
                .out(stream)
                .err(stream)
                .remoteVMOptions(Notebook.kernelOptions(epochs, out).toArray(String[]::new))
                .build()) {
      shell.addToClasspath(
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
      String rest = "";
      for (String line : Files.readAllLines(Path.of("notebooks", name + ".jsh"))) {
        rest += line + "\n";
        if (line.endsWith(";") || line.endsWith("}")) { // elsewhere no snippet ends
          rest = evaluate(shell, rest);
        }
      }
      assertTrue(rest.isBlank(), rest);
      questions.ask(expression -> Double.parseDouble(shell.eval(expression).get(0).value()));
    }
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Evaluates what is complete; returns what is not. */
  private static String evaluate(JShell shell, String source) {
    CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(source);
    while (next.completeness().isComplete()) {
      for (SnippetEvent event : shell.eval(next.source())) {
        assertEquals(Snippet.Status.VALID, event.status(), () -> problem(shell, event));
        assertNull(event.exception(), () -> problem(shell, event));
      }
      next = shell.sourceCodeAnalysis().analyzeCompletion(next.remaining());
    }
    return next.remaining() == null ? "" : next.remaining();
  }

  private static String problem(JShell shell, SnippetEvent event) {
    return event.snippet().source()
        + "\n"
        + shell.diagnostics(event.snippet()).map(it -> it.getMessage(null)).toList()
        + event.exception();
  }
}
