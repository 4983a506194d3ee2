/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arrays of one layer.
 *
 * @param name the layer's name; null where the file does not tell it
 * @param group the name of its group in the layout of Keras 3; null in that of Keras 2, which lists
 *     layers in order
 * @param arrays by their path inside the layer, in the file's order: {@code lstm/kernel:0} in the
 *     layout of Keras 2, {@code cell/vars/0} in that of Keras 3
 */
record LayerArrays(String name, String group, Map<String, INDArray> arrays) {
  private static final String KERNEL = "kernel";
  private static final String RECURRENT_KERNEL = "recurrent_kernel";
  private static final String BIAS = "bias";
  private static final List<String> DIRECTIONS = List.of("forward_", "backward_");
  private static final List<List<String>> MIXTURE_PARTS =
      List.of(List.of("mus", "mdn_mus"), List.of("sigmas", "mdn_sigmas"), List.of("pis", "mdn_pi"));

  /** The purpose of a layer's arrays, as far as they tell. */
  enum Kind {
    DENSE,
    RECURRENT,
    MIXTURE
  }

  /** Returns the name of the layer in messages. */
  String label() {
    return name == null ? group : name;
  }

  /**
   * Returns the number of the layer among those of its class, by which Keras 3 names its group:
   * dense, dense_1, ….
   */
  int number() {
    String digits = group.substring(group.lastIndexOf('_') + 1);
    return digits.matches("\\d{1,9}") ? Integer.parseInt(digits) : 0;
  }

  /** Returns the name of the layer's group without that number. */
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
   * Returns the arrays of a dense or recurrent layer by Keras's names: kernel, recurrent_kernel,
   * bias.
   */
  Map<String, INDArray> named() {
    String first = arrays.isEmpty() ? "vars/" : arrays.keySet().iterator().next();
    String folder = first.replaceFirst("vars/.*$", "");
    List<String> names =
        kind() == Kind.RECURRENT ? List.of(KERNEL, RECURRENT_KERNEL, BIAS) : List.of(KERNEL, BIAS);
    return taken(folder, names.subList(0, Math.min(names.size(), arrays.size())));
  }

  /**
   * Returns all arrays of a layer, each by its name, and checks their shapes.
   *
   * @param folder where they lie inside the layer's group in the layout of Keras 3, as {@code
   *     cell/}
   * @param shapes what there is to be
   * @return by the names in Keras
   * @throws Refusal if one is missing, or there is another, or one has another shape
   */
  Map<String, INDArray> taken(String folder, ArrayShapes shapes) {
    Map<String, INDArray> taken = taken(folder, shapes.names());
    shapes.requireOf(taken, label());
    return taken;
  }

  /** Returns all arrays of a layer, each by its name, whatever their shapes. */
  Map<String, INDArray> taken(String folder, List<String> names) {
    Map<String, INDArray> taken = new LinkedHashMap<>();
    arrays.forEach(
        (path, array) -> {
          String known = group == null ? lastName(path) : numbered(path, folder, names);
          if (!names.contains(known)) {
            throw new Refusal(
                "The layer \"%s\" has the array \"%s\", and ought to have %s only",
                label(), path, names);
          }
          if (taken.put(known, array) != null) {
            throw new Refusal("The layer \"%s\" has several arrays \"%s\"", label(), known);
          }
        });
    if (taken.size() < names.size()) {
      throw new Refusal(
          "Expected the arrays %s of the layer \"%s\", got %s", names, label(), arrays.keySet());
    }
    return taken;
  }

  private static String numbered(String path, String folder, List<String> names) {
    for (int i = 0; i < names.size(); i++) {
      if (path.equals(folder + "vars/" + i)) {
        return names.get(i);
      }
    }
    return path;
  }

  /**
   * Returns the name in {@code lstm/lstm_cell/kernel:0}, or in {@code td_mdn/kernel_1:0} of Keras
   * 2.2.
   */
  private static String lastName(String path) {
    return path.substring(path.lastIndexOf('/') + 1)
        .replaceFirst(":\\d+$", "")
        .replaceFirst("_\\d+$", "");
  }

  /** Returns the arrays of a bidirectional layer's one direction, 0 forwards and 1 backwards. */
  LayerArrays ofDirection(int direction) {
    Map<String, INDArray> part = new LinkedHashMap<>();
    arrays.forEach(
        (path, array) -> {
          if (directionOf(path) == direction) {
            part.put(group == null ? path : path.substring(path.indexOf('/') + 1), array);
          }
        });
    return new LayerArrays(label(), group, part);
  }

  /** Returns the direction with which the innermost such name of the path begins. */
  private int directionOf(String path) {
    String[] names = path.split("/");
    for (int i = names.length - 1; i >= 0; i--) {
      for (int direction = 0; direction < DIRECTIONS.size(); direction++) {
        if (names[i].startsWith(DIRECTIONS.get(direction))) {
          return direction;
        }
      }
    }
    throw new Refusal(
        "The layer \"%s\" has the array \"%s\", which is of neither direction", label(), path);
  }

  /**
   * Returns kernel and bias of a mixture's means, scales and logits, in that order. They are found
   * by name, or by order in files of Keras 2.2, which number them.
   */
  List<INDArray> mixtureParts() {
    List<INDArray> parts = new ArrayList<>();
    for (List<String> names : MIXTURE_PARTS) {
      Map<String, INDArray> part = new HashMap<>();
      arrays.forEach(
          (path, array) -> {
            if (names.contains(owner(path))) {
              part.put(roleInMixture(path), array);
            }
          });
      if (part.size() == 2) {
        parts.add(part.get(KERNEL));
        parts.add(part.get(BIAS));
      }
    }
    if (parts.isEmpty() && arrays.size() == 6 && areNumberedAsInKeras22()) {
      parts.addAll(arrays.values());
    }
    if (parts.size() != 6 || arrays.size() != 6 || parts.contains(null)) {
      throw new Refusal(
          "Expected six arrays in the MDN layer \"%s\", a kernel and a bias each for means, scales"
              + " and logits, got %s",
          label(), arrays.keySet());
    }
    return parts;
  }

  /**
   * Returns the innermost layer that an array belongs to: {@code mus} of {@code
   * td_mdn/mus/kernel:0}.
   */
  private static String owner(String path) {
    List<String> names = new ArrayList<>(List.of(path.split("/")));
    names.remove(names.size() - 1);
    names.removeIf("vars"::equals);
    return names.isEmpty() ? "" : names.get(names.size() - 1);
  }

  private String roleInMixture(String path) {
    String last = lastName(path);
    if (group == null) {
      return last;
    }
    return last.equals("0") ? KERNEL : last.equals("1") ? BIAS : last;
  }

  private boolean areNumberedAsInKeras22() {
    List<String> names =
        arrays.keySet().stream().map(path -> path.substring(path.lastIndexOf('/') + 1)).toList();
    return group == null
        && names.equals(
            List.of("kernel:0", "bias:0", "kernel_1:0", "bias_1:0", "kernel_2:0", "bias_2:0"));
  }
}
