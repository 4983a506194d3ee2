/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import org.mdn4j.rows.Places;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The shapes in which outcomes of a batch may come.
 *
 * @param places of the rows in the output; null: of a matrix
 * @param size number of rows
 * @param targets D
 */
record OutcomeShape(Places places, int size, int targets) {
  /** Returns whether there are two columns or channels per target, its lower and upper end. */
  boolean hasEnds(INDArray labels) {
    return labels.rank() == 2 && labels.size(1) == 2L * targets
        || places != null && places.fits(labels, 2L * targets);
  }

  /** Returns values as {@link MixtureBatch#rows(INDArray, int)} does. */
  INDArray rows(INDArray y, int columns) {
    if (places != null && places.fits(y, columns)) {
      return places.matrix(y);
    }
    if (columns == 1 && y.rank() == 1 && y.length() == size) {
      return y.reshape(size, 1);
    }
    long[] expected = {size, columns};
    require(
        Arrays.equals(y.shape(), expected),
        "Expected targets of shape %s, got %s",
        Arrays.toString(expected)
            + (columns == 1 ? " or [%s]".formatted(size) : "")
            + (places == null
                ? ""
                : " or the output's with %s channels"
                    .formatted(columns == targets ? "D" : columns)),
        Arrays.toString(y.shape()));
    return y;
  }
}
