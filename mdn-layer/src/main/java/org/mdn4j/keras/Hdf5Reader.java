/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import io.jhdf.HdfFile;
import io.jhdf.api.Attribute;
import io.jhdf.api.Dataset;
import io.jhdf.api.Group;
import io.jhdf.api.Node;
import io.jhdf.dataset.DatasetReader;
import io.jhdf.object.datatype.DataType;
import io.jhdf.object.datatype.FixedPoint;
import io.jhdf.object.datatype.FloatingPoint;
import io.jhdf.object.datatype.StringData;
import io.jhdf.object.datatype.VariableLength;
import io.jhdf.object.message.DataLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.mdn4j.files.MalformedFileException;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A reader of HDF5 files in the two layouts that Keras writes.
 *
 * <p>Keras 2, and Keras 3's {@code .h5}: a group per layer, its arrays at the paths that the
 * attribute {@code weight_names} lists, all under {@code model_weights} where the file holds a
 * whole model. Keras 3's {@code .weights.h5}: a group per layer under {@code layers}, its arrays
 * numbered in groups {@code vars}.
 */
final class Hdf5Reader {
  private static final int MAX_DEPTH = 8;
  private static final long MAX_TEXT = 1 << 28;
  private static final int MAX_SHARING = 4;

  private final HdfFile file;
  private long left; // bytes of arrays

  private Hdf5Reader(HdfFile file) {
    this.file = file;
    this.left = MAX_SHARING * file.size();
  }

  /** Reads a file's bytes. */
  static KerasFile read(byte[] bytes) {
    return guarded(
        () -> {
          try (HdfFile file = Hdf5Storage.open(bytes)) {
            return new Hdf5Reader(file).read();
          }
        });
  }

  /**
   * Returns what a reading gives; if it throws anything, as a damaged file may make its reader do,
   * the file is rejected. It makes room for as many records as a header claims, and calls itself as
   * deep as a tree seems to be.
   */
  private static <T> T guarded(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (Refusal e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
      throw new Refusal(
          e, "The HDF5 file is damaged or cut short (%s)", MalformedFileException.firstLine(e));
    }
  }

  private KerasFile read() {
    Attribute config = file.getAttribute("model_config");
    Map<String, Object> model = config == null ? null : Json.object(text(config), "model_config");
    if (file.getHdfBackingStorage().getSuperblock().getEndOfFileAddress() > file.size()) {
      throw new Refusal("The HDF5 file is damaged or cut short (it has %d bytes)", file.size());
    }
    Node weights = file.getChild("model_weights");
    Group root = weights instanceof Group group ? group : file;
    Attribute version =
        root.getAttribute("keras_version") == null
            ? file.getAttribute("keras_version")
            : root.getAttribute("keras_version");
    return new KerasFile(model, version == null ? null : text(version), layers(root));
  }

  private List<LayerArrays> layers(Group root) {
    List<String> names = texts(root, "layer_names");
    if (names != null) {
      return names.stream().map(name -> listedLayer(name, child(root, name))).toList();
    }
    Node numbered = root.getChild("layers");
    if (numbered != null) {
      requireNoLink(numbered);
    }
    if (numbered instanceof Group layers) {
      return layers.getChildren().values().stream()
          .filter(Group.class::isInstance)
          .map(layer -> numberedLayer((Group) layer))
          .filter(layer -> !layer.arrays().isEmpty())
          .toList();
    }
    throw new Refusal(
        "Expected the layers' weights as Keras saves them, got an HDF5 file with %s",
        root.getChildren().keySet());
  }

  private LayerArrays listedLayer(String name, Node node) {
    List<String> paths = texts(node, "weight_names");
    if (paths == null) {
      throw new Refusal("The layer \"%s\" has no list of its arrays (weight_names)", name);
    }
    Map<String, INDArray> arrays = new LinkedHashMap<>();
    for (String path : paths) {
      putUnlessIntegers(arrays, path, child((Group) node, path));
    }
    return new LayerArrays(name, null, arrays);
  }

  private LayerArrays numberedLayer(Group layer) {
    Map<String, INDArray> arrays = new TreeMap<>();
    collect(layer, "", arrays, 0);
    Attribute name =
        layer.getChild("vars") instanceof Group variables ? variables.getAttribute("name") : null;
    return new LayerArrays(name == null ? null : text(name), layer.getName(), arrays);
  }

  private void collect(Group group, String path, Map<String, INDArray> into, int depth) {
    if (depth > MAX_DEPTH) {
      throw new Refusal("The groups of \"%s\" lie deeper than Keras's do", path);
    }
    for (Node node : group.getChildren().values()) {
      requireNoLink(node);
      if (node instanceof Group inner) {
        collect(inner, path + inner.getName() + "/", into, depth + 1);
      } else {
        putUnlessIntegers(into, path + node.getName(), node);
      }
    }
  }

  /**
   * Adds an array unless it holds integers: these are seeds of dropout and counts of examples,
   * which do not affect the output.
   */
  private void putUnlessIntegers(Map<String, INDArray> arrays, String path, Node node) {
    if (!(node instanceof Dataset dataset && dataset.getDataType() instanceof FixedPoint)) {
      arrays.put(path, array(path, node));
    }
  }

  /** Returns the node at a path: no link, which could lead into another file. */
  private static Node child(Group group, String path) {
    Node node = group;
    for (String name : path.split("/")) {
      node = node instanceof Group inner ? inner.getChild(name) : null;
      if (node == null) {
        throw new Refusal("The array or layer \"%s\" is listed but not there", path);
      }
      requireNoLink(node);
    }
    return node;
  }

  private static void requireNoLink(Node node) {
    if (node.isLink()) {
      throw new Refusal("Expected arrays, got the link \"%s\"", node.getName());
    }
  }

  private INDArray array(String path, Node node) {
    if (!(node instanceof Dataset dataset)) {
      throw new Refusal("Expected an array at \"%s\", got a group", path);
    }
    int[] shape = dataset.getDimensions();
    long bytes = dataset.getSizeInBytes();
    if (shape.length > 5 || bytes < 0 || bytes > left) {
      throw new Refusal(
          "Expected an array of at most 5 dimensions, within the file's %d bytes, at \"%s\", got shape"
              + " %s",
          file.size(), path, Arrays.toString(shape));
    }
    left -= bytes;
    if (dataset.getDataLayout() == DataLayout.CHUNKED) {
      throw new Refusal(
          "Expected an array in one piece, as Keras writes it, at \"%s\", got one in chunks", path);
    }
    Object numbers = dataset.getDataType() instanceof FloatingPoint ? dataset.getDataFlat() : null;
    if (numbers instanceof float[] floats && shape.length > 0) {
      return Nd4j.createFromArray(floats).reshape('c', shape);
    }
    if (numbers instanceof double[] doubles && shape.length > 0) {
      return Nd4j.createFromArray(doubles).reshape('c', shape);
    }
    throw new Refusal(
        "Expected an array of floating-point numbers at \"%s\", got %s of shape %s",
        path, dataset.getJavaType(), Arrays.toString(shape));
  }

  private String text(Attribute attribute) {
    if (data(attribute) instanceof String text) {
      return text;
    }
    throw new Refusal("Expected text in the attribute \"%s\"", attribute.getName());
  }

  /** Returns the value of an attribute, which must be as long as it claims. */
  private Object data(Attribute attribute) {
    if (attribute.isEmpty()) {
      return null;
    }
    DataType type = attribute.getDataType();
    long length = type instanceof VariableLength ? file.size() : type.getSize();
    boolean fits =
        attribute.getSizeInBytes() >= 0
            && attribute.getSizeInBytes() <= attribute.getBuffer().remaining()
            && (attribute.getSize() == 1 || attribute.getSize() * (double) length <= MAX_TEXT);
    if (!fits || attribute.getDimensions().length > 1) {
      throw new Refusal(
          "Expected a list of at most %d bytes in the attribute \"%s\", got shape %s",
          MAX_TEXT, attribute.getName(), Arrays.toString(attribute.getDimensions()));
    }
    return DatasetReader.readDataset(
        inUtf8(type),
        attribute.getBuffer(),
        attribute.getDimensions(),
        file.getHdfBackingStorage());
  }

  /**
   * Returns the type as it is meant: Keras writes names in UTF-8, though the type of texts says
   * ASCII.
   */
  private static DataType inUtf8(DataType type) {
    ByteBuffer message = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    if (type instanceof StringData text) {
      message.put((byte) 0x13).put((byte) (0x10 | text.getPaddingType().ordinal()));
      message.putShort((short) 0).putInt(type.getSize());
    } else if (type instanceof VariableLength texts && texts.isVariableLengthString()) {
      message.put((byte) 0x19).put((byte) (1 | texts.getPaddingType().ordinal() << 4));
      message.putShort((short) 1).putInt(type.getSize());
      message.put((byte) 0x13).put(new byte[3]).putInt(1); // of characters
    } else {
      return type;
    }
    return DataType.readDataType(message.rewind());
  }

  /**
   * Returns a list of texts, which Keras cuts into name0, name1, … where it is long; null if not
   * there.
   */
  private List<String> texts(Node node, String name) {
    if (node.getAttribute(name) != null) {
      return texts(node.getAttribute(name));
    }
    List<String> texts = null;
    for (int part = 0; node.getAttribute(name + part) != null; part++) {
      texts = texts == null ? new ArrayList<>() : texts;
      texts.addAll(texts(node.getAttribute(name + part)));
    }
    return texts;
  }

  private List<String> texts(Attribute attribute) {
    if (attribute.isEmpty() || attribute.getSize() == 0) {
      return List.of(); // Keras writes an empty list as one of numbers
    }
    if (data(attribute) instanceof String[] texts) {
      return List.of(texts);
    }
    throw new Refusal("Expected a list of texts in the attribute \"%s\"", attribute.getName());
  }
}
