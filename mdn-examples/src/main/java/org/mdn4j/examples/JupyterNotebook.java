/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A notebook in Jupyter's format, nbformat 4.5. */
final class JupyterNotebook {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The kernel's own commands that put what a notebook uses on its class path. */
  private static final String CLASS_PATH =
      """
      // The class path: the command that opens this notebook has put the libraries there
      %jar ../target/notebooks/lib
      %classpath ../target/classes
      %classpath ../../mdn-layer/target/classes""";

  private final ObjectNode root;

  private JupyterNotebook(ObjectNode root) {
    this.root = root;
  }

  /** A notebook without outputs; a cell that sets the class path follows the first prose. */
  static JupyterNotebook of(List<NotebookSource.Cell> cells) {
    ObjectNode root = JSON.createObjectNode();
    root.put("nbformat", 4).put("nbformat_minor", 5);
    ObjectNode metadata = root.putObject("metadata");
    metadata
        .putObject("kernelspec")
        .put("display_name", "Java (rjk 2.3.0)")
        .put("language", "java")
        .put("name", Jupyter.KERNEL);
    metadata.putObject("language_info").put("name", "java").put("file_extension", ".jsh");
    ArrayNode array = root.putArray("cells");
    add(array, cells.get(0));
    add(array, new NotebookSource.Cell(false, CLASS_PATH));
    cells.subList(1, cells.size()).forEach(cell -> add(array, cell));
    return new JupyterNotebook(root);
  }

  static JupyterNotebook read(Path file) throws IOException {
    return new JupyterNotebook((ObjectNode) JSON.readTree(Files.readAllBytes(file)));
  }

  void write(Path file) throws IOException {
    WholeFile.writeJson(file, root);
  }

  private static void add(ArrayNode array, NotebookSource.Cell cell) {
    ObjectNode node = array.addObject();
    node.put("cell_type", cell.prose() ? "markdown" : "code");
    node.put("id", "cell-%d".formatted(array.size()));
    node.putObject("metadata");
    ArrayNode source = node.putArray("source");
    List<String> lines = cell.text().lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      source.add(i < lines.size() - 1 ? lines.get(i) + "\n" : lines.get(i));
    }
    if (!cell.prose()) {
      node.putNull("execution_count");
      node.putArray("outputs");
    }
  }

  /** Takes over the outputs of an executed copy; those of the class path name folders. */
  void takeOutputs(JupyterNotebook executed) {
    JsonNode from = executed.root.get("cells");
    JsonNode cells = root.get("cells");
    for (int i = 0; i < cells.size(); i++) {
      if (isCode(cells.get(i))) {
        ObjectNode cell = (ObjectNode) cells.get(i);
        cell.set("execution_count", from.get(i).get("execution_count"));
        if (!String.join("", sourceOf(cell)).equals(CLASS_PATH)) {
          cell.set("outputs", from.get(i).get("outputs"));
        }
      }
    }
  }

  /** Everything but the outputs. */
  JsonNode withoutOutputs() {
    ObjectNode copy = root.deepCopy();
    for (JsonNode cell : copy.get("cells")) {
      if (isCode(cell)) {
        ((ObjectNode) cell).putNull("execution_count").putArray("outputs");
      }
    }
    return copy;
  }

  /** The code cells, outputs included. */
  List<JsonNode> codeCells() {
    return list(root.get("cells")).stream().filter(JupyterNotebook::isCode).toList();
  }

  private static boolean isCode(JsonNode cell) {
    return cell.get("cell_type").asText().equals("code");
  }

  private static List<String> sourceOf(JsonNode cell) {
    return list(cell.get("source")).stream().map(JsonNode::asText).toList();
  }

  private static List<JsonNode> list(JsonNode array) {
    List<JsonNode> nodes = new ArrayList<>();
    array.forEach(nodes::add);
    return nodes;
  }
}
