/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Locale;

/** Checks of the arguments that a method was called with. */
@Internal
public final class Arguments {
  private Arguments() {}

  /**
   * Checks that a condition holds.
   *
   * @param condition what must hold
   * @param message what is said if it does not, as a format
   * @param values of the message
   * @throws IllegalArgumentException if it does not hold
   */
  public static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, message, values));
    }
  }
}
