/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.zoo;

import java.util.Arrays;

/** Checks of the shapes that a zoo model is made from. */
final class ZooShapes {
  private ZooShapes() {}

  static void requirePositive(String name, int number) {
    if (number < 1) {
      throw new IllegalArgumentException("Expected at least 1 %s, got %s".formatted(name, number));
    }
  }

  /** Returns the size of the only input, which must be a vector. */
  static int vector(int[][] inputShape) {
    if (inputShape.length != 1 || inputShape[0].length != 1 || inputShape[0][0] < 1) {
      throw new IllegalArgumentException(
          "Expected the input shape {{inputs}} with inputs >= 1, got "
              + Arrays.deepToString(inputShape));
    }
    return inputShape[0][0];
  }
}
