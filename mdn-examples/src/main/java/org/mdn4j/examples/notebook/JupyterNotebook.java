/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.notebook;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.mdn4j.examples.kit.WholeFile;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/** A notebook in Jupyter's format, nbformat 4.5. */
final class JupyterNotebook {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The kernel's own command that puts what a notebook uses on its class path. */
  private static final String CLASS_PATH =
      """
      // The command that opens this notebook has written the class path into this jar
      %jar ../target/notebooks/class-path.jar""";

  private static final byte[] PNG_END = {'I', 'E', 'N', 'D', (byte) 0xae, 0x42, 0x60, (byte) 0x82};

  private final ObjectNode root;

  private JupyterNotebook(ObjectNode root) {
    this.root = root;
  }

  /**
   * Creates a notebook without outputs; a cell that sets the class path follows the first prose.
   */
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
    node.put("id", "cell-%s".formatted(array.size()));
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

  /**
   * Copies the outputs of an executed copy, but for that of the class path, which names a folder.
   */
  void takeOutputs(JupyterNotebook executed) {
    JsonNode from = executed.root.get("cells");
    JsonNode cells = root.get("cells");
    for (int i = 0; i < cells.size(); i++) {
      if (isCode(cells.get(i))) {
        ObjectNode cell = (ObjectNode) cells.get(i);
        cell.set("execution_count", from.get(i).get("execution_count"));
        if (!String.join("", sourceOf(cell)).equals(CLASS_PATH)) {
          cell.set("outputs", from.get(i).get("outputs"));
          cell.get("outputs").forEach(JupyterNotebook::completePicture);
        }
      }
    }
  }

  /**
   * Completes a picture: the kernel (2.3.0) leaves out up to two bytes of PNG's last chunk, a
   * constant.
   */
  private static void completePicture(JsonNode output) {
    JsonNode picture = output.path("data").path("image/png");
    if (picture.isMissingNode()) {
      return;
    }
    byte[] bytes = Base64.getMimeDecoder().decode(picture.asText());
    int missing = 0;
    while (missing < PNG_END.length && !endsWith(bytes, PNG_END.length - missing)) {
      missing++;
    }
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.writeBytes(bytes);
    whole.write(PNG_END, PNG_END.length - missing, missing);
    ((ObjectNode) output.get("data"))
        .put("image/png", Base64.getEncoder().encodeToString(whole.toByteArray()));
  }

  private static boolean endsWith(byte[] bytes, int count) {
    return Arrays.equals(bytes, bytes.length - count, bytes.length, PNG_END, 0, count);
  }

  /** Returns the notebook without its outputs. */
  JsonNode withoutOutputs() {
    ObjectNode copy = root.deepCopy();
    for (JsonNode cell : copy.get("cells")) {
      if (isCode(cell)) {
        ((ObjectNode) cell).putNull("execution_count").putArray("outputs");
      }
    }
    return copy;
  }

  /** Returns the code cells, outputs included. */
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
