/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.examples.kit.Program;

/**
 * A JShell file as the cells of a notebook. JShell runs the file as it is; what it prints of itself
 * is Markdown:
 *
 * <ul>
 *   <li>{@code System.out.println("""} at the start of a line, up to the line {@code """);}, is a
 *       prose cell. Its text is Markdown that also reads well in a terminal.
 *   <li>The lines between two prose cells are a code cell; a line {@code // %%} parts it in two.
 *   <li>Comments above the first prose are for the readers of the file, and in no cell.
 * </ul>
 */
final class NotebookSource {
  private static final String PROSE_STARTS = "System.out.println(\"\"\"";
  private static final String PROSE_ENDS = "\"\"\");";
  private static final String NEXT_CELL = "// %%";

  /**
   * A cell of prose or code.
   *
   * @param prose whether it is Markdown, in place of code
   * @param text its text, without blank lines around it
   */
  record Cell(boolean prose, String text) {}

  private final String name;
  private final List<Cell> cells = new ArrayList<>();

  private NotebookSource(String name) {
    this.name = name;
  }

  /**
   * Reads a notebook's cells.
   *
   * @param name the file's name, for messages
   * @param source the file's text
   * @return its cells
   * @throws IllegalArgumentException if prose has no end, or the notebook does not start with prose
   */
  static List<Cell> cells(String name, String source) {
    NotebookSource notebook = new NotebookSource(name);
    notebook.read(source.lines().toList());
    return List.copyOf(notebook.cells);
  }

  private void read(List<String> lines) {
    List<String> code = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.equals(PROSE_STARTS)) {
        addCode(code);
        int end = endOfProse(lines, i);
        addProse(lines.subList(i + 1, end), lines.get(end));
        i = end;
      } else if (line.equals(NEXT_CELL)) {
        addCode(code);
      } else {
        code.add(line);
      }
    }
    addCode(code);
  }

  private int endOfProse(List<String> lines, int start) {
    for (int i = start + 1; i < lines.size(); i++) {
      if (lines.get(i).strip().equals(PROSE_ENDS)) {
        return i;
      }
    }
    throw new Program.UserError(
        "%s: the prose that starts in line %s has no end, a line of its own with %s"
            .formatted(name, start + 1, PROSE_ENDS));
  }

  private void addProse(List<String> lines, String lastLine) {
    String indent = lastLine.substring(0, lastLine.indexOf(PROSE_ENDS));
    String text = String.join("\n", lines) + "\n" + indent;
    cells.add(new Cell(true, withoutBlankEnds(text.stripIndent().translateEscapes())));
  }

  private void addCode(List<String> lines) {
    String text = withoutBlankEnds(String.join("\n", lines));
    boolean onlyComments = lines.stream().allMatch(it -> it.isBlank() || it.startsWith("//"));
    Program.require(
        onlyComments || !cells.isEmpty(),
        "%s: expected prose before the first code, a line %s",
        name,
        PROSE_STARTS);
    if (!text.isEmpty() && !cells.isEmpty()) {
      cells.add(new Cell(false, text));
    }
    lines.clear();
  }

  private static String withoutBlankEnds(String text) {
    return text.replaceFirst("^(\\h*\\n)+", "").stripTrailing();
  }
}
