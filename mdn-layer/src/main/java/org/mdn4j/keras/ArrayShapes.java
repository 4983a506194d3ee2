/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The arrays that a layer's configuration implies, in the order in which Keras creates them. */
final class ArrayShapes {
  private final Map<String, long[]> byName = new LinkedHashMap<>();

  ArrayShapes and(String name, long... shape) {
    byName.put(name, shape);
    return this;
  }

  ArrayShapes andIf(boolean isThere, String name, long... shape) {
    return isThere ? and(name, shape) : this;
  }

  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  /** Checks that arrays have these shapes. */
  void requireOf(Map<String, INDArray> arrays, String layer) {
    byName.forEach(
        (name, shape) -> {
          if (!Arrays.equals(shape, arrays.get(name).shape())) {
            throw new Refusal(
                "Expected an array of shape %s for %s of the layer \"%s\", got %s",
                Arrays.toString(shape), name, layer, Arrays.toString(arrays.get(name).shape()));
          }
        });
  }
}
