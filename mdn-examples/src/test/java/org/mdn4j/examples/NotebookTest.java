/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the notebooks as JShell does, snippet by snippet. */
class NotebookTest {

  @Test
  void invertedSineRunsFromTopToBottom(@TempDir Path out) throws IOException {
    List<String> options = new ArrayList<>(Notebook.remoteOptions(2));
    options.add("-Dnotebook.out=" + out);
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (PrintStream stream = new PrintStream(printed, true, StandardCharsets.UTF_8);
        JShell shell =
            JShell.builder()
                .out(stream)
                .err(stream)
                .remoteVMOptions(options.toArray(String[]::new))
                .build()) {
      String classPath =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      shell.addToClasspath(classPath);
      run(shell, Files.readString(Path.of("notebooks/inverted-sine.jsh")));

      assertEquals(Double.POSITIVE_INFINITY, number(shell, "farLinear"));
      assertTrue(Double.isFinite(number(shell, "farLog")));
      // Two Gaussians at −1 and 1, deviation 0.5, seen from 1000: the nearer one decides.
      double nearer = 0.5 * 1998 * 1998 + Math.log(0.5) + 0.5 * Math.log(2 * Math.PI) + Math.log(2);
      assertEquals(nearer, number(shell, "farLog"), 1e-9 * nearer);
      double testNll = number(shell, "testNll");
      assertTrue(testNll > 1.25 && testNll < 3, () -> "NLL " + testNll);
    }
    for (String picture : List.of("prediction.png", "temperatures.gif", "pdf-slice.png")) {
      assertTrue(Files.size(out.resolve(picture)) > 10_000, picture);
    }
    String text = printed.toString(StandardCharsets.UTF_8);
    assertTrue(text.contains("WHY A MEAN FAILS") && text.contains("logsumexp"), text);
  }

  @Test
  void missingNotebookIsOneLine() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, Notebook.execute("no-such.jsh"));
      assertEquals("Notebook: There is no notebook no-such.jsh", output.err().strip());
    }
  }

  private static void run(JShell shell, String source) {
    SourceCodeAnalysis analysis = shell.sourceCodeAnalysis();
    String rest = source;
    while (!rest.isBlank()) {
      SourceCodeAnalysis.CompletionInfo next = analysis.analyzeCompletion(rest);
      String snippet = next.source() == null ? rest : next.source();
      for (SnippetEvent event : shell.eval(snippet)) {
        assertEquals(Snippet.Status.VALID, event.status(), () -> problem(shell, event));
        assertNull(event.exception(), () -> problem(shell, event));
      }
      rest = next.source() == null ? "" : next.remaining();
    }
  }

  private static String problem(JShell shell, SnippetEvent event) {
    return event.snippet().source()
        + "\n"
        + shell.diagnostics(event.snippet()).map(it -> it.getMessage(null)).toList()
        + event.exception();
  }

  private static double number(JShell shell, String variable) {
    return Double.parseDouble(shell.eval(variable).get(0).value());
  }
}
