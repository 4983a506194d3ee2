/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The values for the parameters of a network, all checked before the first is set. */
final class ParameterValues {
  private record Value(Layer layer, String parameter, INDArray array) {}

  private final List<Value> values = new ArrayList<>();

  /**
   * Adds the values of one layer.
   *
   * @param name what to call the layer in messages
   * @param arrays by DL4J's names of the parameters
   * @throws Refusal if the layer has other parameters, or they have another shape
   */
  void add(String name, Layer layer, Map<String, INDArray> arrays) {
    Set<String> expected = layer.paramTable().keySet();
    if (!expected.equals(arrays.keySet())) {
      throw new Refusal(
          "Expected the parameters %s for the layer \"%s\", got %s",
          expected, name, arrays.keySet());
    }
    layer
        .paramTable()
        .forEach(
            (parameter, present) -> {
              INDArray array = arrays.get(parameter);
              if (!Arrays.equals(sides(present), sides(array))) {
                throw new Refusal(
                    "Expected an array of shape %s for %s of the layer \"%s\", got %s",
                    Arrays.toString(present.shape()),
                    parameter,
                    name,
                    Arrays.toString(array.shape()));
              }
              INDArray converted = array.castTo(present.dataType());
              if (converted.isNaN().any() || converted.isInfinite().any()) {
                throw new Refusal(
                    "Expected finite numbers for %s of the layer \"%s\", got others",
                    parameter, name);
              }
              values.add(new Value(layer, parameter, converted));
            });
  }

  /** Returns the shape but for sides of 1: DL4J keeps a bias as a row. */
  private static long[] sides(INDArray array) {
    return Arrays.stream(array.shape()).filter(side -> side != 1).toArray();
  }

  /**
   * Adds the values of a head.
   *
   * <p>Keras's columns are means, scales and logits, each component-major; ours begin with the
   * logits.
   *
   * @param name what to call the layer in messages
   * @param parts kernel and bias of each
   */
  void addMixture(String name, Layer head, MixtureSpec spec, List<INDArray> parts) {
    long inputs = head.getParam(DefaultParamInitializer.WEIGHT_KEY).size(0);
    requireShapes(name, spec, inputs, parts);
    add(
        name,
        head,
        Map.of(
            DefaultParamInitializer.WEIGHT_KEY,
            Nd4j.concat(1, parts.get(4), parts.get(0), parts.get(2)),
            DefaultParamInitializer.BIAS_KEY,
            Nd4j.concat(0, parts.get(5), parts.get(1), parts.get(3))));
  }

  /** Checks that a mixture's kernels and biases have the shapes of its specification. */
  static void requireShapes(String name, MixtureSpec spec, long inputs, List<INDArray> parts) {
    int[] widths = {
      spec.columns().locations().width(), spec.columns().scales().width(), spec.components()
    };
    for (int part = 0; part < parts.size(); part++) {
      int width = widths[part / 2];
      long[] expected = part % 2 == 0 ? new long[] {inputs, width} : new long[] {width};
      if (!Arrays.equals(expected, parts.get(part).shape())) {
        throw new Refusal(
            "Expected an array of shape %s for %d components and %d targets in the MDN layer \"%s\","
                + " got %s",
            Arrays.toString(expected),
            spec.components(),
            spec.targets(),
            name,
            Arrays.toString(parts.get(part).shape()));
      }
    }
  }

  /** Checks that there is a value for each of a network's parameters. */
  void requireCount(long expected) {
    long count = values.stream().mapToLong(value -> value.array().length()).sum();
    if (count != expected) {
      throw new IllegalStateException(
          "Values for %s of %s parameters are there".formatted(count, expected));
    }
  }

  /** Sets all parameters. */
  void apply() {
    for (Value value : values) {
      INDArray present = value.layer().getParam(value.parameter());
      present.assign(value.array().reshape(present.shape()));
    }
  }
}
