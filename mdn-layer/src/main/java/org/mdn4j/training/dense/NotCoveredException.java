/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.Locale;
import org.mdn4j.Internal;

/** Thrown where a part of a network is not covered; the message names it. */
@Internal
public final class NotCoveredException extends Exception {
  private static final long serialVersionUID = 1L;

  NotCoveredException(String reason) {
    super(reason);
  }

  /**
   * Checks that a network is covered.
   *
   * @param condition what must hold
   * @param otherwise the reason if it does not, as a format
   * @param values of the reason
   * @throws NotCoveredException if it does not hold
   */
  static void require(boolean condition, String otherwise, Object... values)
      throws NotCoveredException {
    if (!condition) {
      throw new NotCoveredException(String.format(Locale.ROOT, otherwise, values));
    }
  }
}
