/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shapes that arrays of sequences or images must have, checked and named as their users know
 * them, not as rows.
 */
final class Shapes {

  /**
   * A shape that is accepted.
   *
   * @param names its dimensions, as in "[N, D, T]"
   * @param sizes their sizes
   * @param use what it stands for, or null
   */
  record Shape(String names, long[] sizes, String use) {
    @Override
    public String toString() {
      return "%s = %s%s"
          .formatted(names, Arrays.toString(sizes), use == null ? "" : " (" + use + ")");
    }
  }

  private Shapes() {}

  /**
   * Checks an array.
   *
   * @param name what it is, for the message
   * @param array the array, or null
   * @param layer the layer that rejects the array, for the message
   * @param shapes those of which it must have one
   * @throws IllegalArgumentException if it is null or has another shape
   */
  static void require(String name, INDArray array, String layer, Shape... shapes) {
    if (array != null
        && Arrays.stream(shapes).anyMatch(s -> Arrays.equals(s.sizes(), array.shape()))) {
      return;
    }
    throw new IllegalArgumentException(
        "Expected %s of shape %s, got %s - %s"
            .formatted(
                name,
                List.of(shapes).stream().map(Shape::toString).collect(Collectors.joining(" or ")),
                array == null ? "none" : Arrays.toString(array.shape()),
                layer));
  }
}
