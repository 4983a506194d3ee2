/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.io.Serializable;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Layer;
import org.mdn4j.rows.BadEntryException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The work of a head before and after a pass over its labels. The score that the backward pass
 * finds on its way is kept for the {@code computeScore} that DL4J calls after it in the same
 * iteration; whatever changes in between forgets it. If labels or mask are rejected, the mask is
 * cleared: DL4J, which clears masks after each minibatch, would leave it for the next one.
 */
final class LabelPass implements Serializable {
  private static final long serialVersionUID = 1L;

  private transient Double sum; // null: there was no pass, or something has changed since
  private transient INDArray mask;

  /** A function that names the place of an entry. */
  interface Place {
    String of(long row, long column);
  }

  /**
   * Runs a pass over the labels of a head.
   *
   * @param place what the head's user calls an entry of the rows
   */
  static <T> T run(Layer head, Place place, Supplier<T> pass) {
    try {
      return pass.get();
    } catch (BadEntryException e) {
      head.setMaskArray(null);
      throw new IllegalArgumentException(
          "%s at %s".formatted(e.problem(), place.of(e.row(), e.column())), e);
    } catch (RuntimeException e) {
      head.setMaskArray(null);
      throw e;
    }
  }

  void remember(double sum, INDArray mask) {
    this.sum = sum;
    this.mask = mask;
  }

  void forget() {
    sum = null;
    mask = null;
  }

  /**
   * Returns the score, once.
   *
   * @param mask the present label mask
   * @return the sum over the pass's rows, or null if there was no pass with these inputs
   */
  Double take(INDArray mask) {
    Double taken = this.mask == mask ? sum : null;
    forget();
    return taken;
  }
}
