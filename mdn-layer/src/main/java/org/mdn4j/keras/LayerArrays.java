/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of one layer.
 *
 * @param name the layer's name; that of its group, where the file does not tell the name
 * @param group the name of its group in the layout of Keras 3; null in that of Keras 2, which lists
 *     layers in order
 * @param arrays by their path inside the layer, in the file's order: {@code lstm/kernel:0} in the
 *     layout of Keras 2, {@code cell/vars/0} in that of Keras 3
 */
record LayerArrays(String name, String group, Map<String, INDArray> arrays) {
  private static final String KERNEL = "kernel";
  private static final String RECURRENT_KERNEL = "recurrent_kernel";
  private static final String BIAS = "bias";
  private static final List<List<String>> MIXTURE_PARTS =
      List.of(List.of("mus", "mdn_mus"), List.of("sigmas", "mdn_sigmas"), List.of("pis", "mdn_pi"));

  /** What a layer's arrays are for, as far as they tell. */
  enum Kind {
    DENSE,
    RECURRENT,
    MIXTURE
  }

  /** Keras 3 counts the layers of a class in its group's name: dense, dense_1, …. */
  int number() {
    String digits = group.substring(group.lastIndexOf('_') + 1);
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
  }

  /** What the layer's group is called without that count. */
  String groupClass() {
    return group.replaceFirst("_\\d{1,9}$", "");
  }

  Kind kind() {
    if (arrays.keySet().stream()
        .anyMatch(path -> path.contains(RECURRENT_KERNEL) || path.contains("cell/vars/"))) {
      return Kind.RECURRENT;
    }
    return arrays.size() == 6 ? Kind.MIXTURE : Kind.DENSE;
  }

  /**
   * The arrays by the names that DL4J's import knows: kernel, recurrent_kernel, bias, gamma, ….
   * Keras 3 numbers them, which is understood for dense and recurrent layers.
   */
  Map<String, INDArray> named() {
    Map<String, INDArray> named = new HashMap<>();
    for (Map.Entry<String, INDArray> array : arrays.entrySet()) {
      String path = array.getKey();
      String last = path.substring(path.lastIndexOf('/') + 1);
      String known =
          group != null
              ? numbered(path, last)
              : last.replaceFirst(":\\d+$", "").replaceFirst("_\\d+$", "");
      if (named.put(known, array.getValue()) != null) {
        throw new Refusal("The layer \"%s\" has several arrays \"%s\"", name, known);
      }
    }
    return named;
  }

  private String numbered(String path, String index) {
    List<String> names =
        path.matches("cell/vars/\\d+")
            ? List.of(KERNEL, RECURRENT_KERNEL, BIAS)
            : List.of(KERNEL, BIAS);
    int known = List.of("0", "1", "2").indexOf(index);
    if (known < 0 || known >= names.size() || !path.matches("(cell/|layer/)?vars/\\d")) {
      throw new Refusal(
          "The array \"%s\" of the layer \"%s\" is of a kind that is not known in Keras 3's layout"
              + " (dense and LSTM layers are); save the model as .h5",
          path, name);
    }
    return names.get(known);
  }

  /**
   * Kernel and bias of a mixture's means, scales and logits, in that order. They are found by name,
   * or by order in files of Keras 2.2, which number them.
   */
  List<INDArray> mixtureParts() {
    List<INDArray> parts = new ArrayList<>();
    for (List<String> names : MIXTURE_PARTS) {
      arrays.forEach(
          (path, array) -> {
            if (Arrays.stream(path.split("/")).anyMatch(names::contains)) {
              parts.add(array);
            }
          });
    }
    if (parts.isEmpty()) {
      parts.addAll(arrays.values());
    }
    if (parts.size() != 6) {
      throw new Refusal(
          "Expected six arrays in the MDN layer \"%s\", a kernel and a bias each for means, scales"
              + " and logits, got %s",
          name, arrays.keySet());
    }
    return parts;
  }
}
