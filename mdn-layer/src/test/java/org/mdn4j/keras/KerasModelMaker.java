/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.mdn4j.keras.KerasConfigs.base;
import static org.mdn4j.keras.KerasConfigs.map;
import static org.mdn4j.keras.KerasConfigs.mdnConfig;
import static org.mdn4j.keras.KerasConfigs.mdnShapes;
import static org.mdn4j.keras.KerasConfigs.with;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mdn4j.keras.KerasRun.Shape;

/** Makes small models of one kind. */
abstract class KerasModelMaker {
  private final List<KerasModels.Case> cases = new ArrayList<>();

  /** Makes the models. */
  abstract void make();

  List<KerasModels.Case> made() {
    make();
    return cases;
  }

  Keras3Archive archive() {
    return new Keras3Archive(100 + cases.size());
  }

  void add(String name, Keras3Archive archive, Shape... inputs) {
    cases.add(new KerasModels.Case(name, archive, List.of(inputs)));
  }

  static Map<String, int[]> shapes(String path, int... shape) {
    return Map.of(path, shape);
  }

  /** Input [N, 3], a dense layer of 5, the layer, MDN. */
  void ofRow(String name, String className, Map<String, Object> config, Map<String, int[]> shapes) {
    add(
        name,
        archive()
            .input("x", 3)
            .dense("d", 3, 5, "linear")
            .layer(className, config, shapes)
            .mdn("mdn", 5, 2, 2),
        Shape.row(3));
  }

  /** Input [N, 7, 2], the layer, a mixture at each step of that size. */
  void ofSequence(
      String name,
      String className,
      Map<String, Object> config,
      Map<String, int[]> shapes,
      int size) {
    add(
        name,
        archive()
            .input("x", null, 2)
            .layer(className, config, shapes)
            .layer(
                "TimeDistributed",
                with(base("td"), "layer", mdnInside("mdn", 3, 2)),
                mdnShapes("layer/", size, 3, 2)),
        Shape.sequence(7, 2));
  }

  static Map<String, Object> mdnInside(String name, int components, int targets) {
    return map(
        "module",
        null,
        "class_name",
        "MDN",
        "config",
        mdnConfig(name, components, targets),
        "registered_name",
        "MDN");
  }

  static Map<String, Object> prelu(List<Integer> sharedAxes) {
    return with(
        base("p"),
        "alpha_initializer",
        null,
        "alpha_regularizer",
        null,
        "alpha_constraint",
        null,
        "shared_axes",
        sharedAxes);
  }

  static Map<String, int[]> vectors(int count, int size) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      shapes.put("vars/" + i, new int[] {size});
    }
    return shapes;
  }

  Keras3Archive last() {
    return cases.get(cases.size() - 1).archive();
  }

  static Map<String, int[]> convShapes(int width, int in, int filters) {
    Map<String, int[]> shapes = new LinkedHashMap<>();
    shapes.put("vars/0", new int[] {width, in, filters});
    shapes.put("vars/1", new int[] {filters});
    return shapes;
  }
}
