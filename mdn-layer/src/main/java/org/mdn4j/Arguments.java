/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/** Checks what a method was called with. */
@Internal
public final class Arguments {
  private Arguments() {}

  /**
   * Checks a condition.
   *
   * @param condition what must hold
   * @param message what is said if it does not, as a format
   * @param values of the message
   * @throws IllegalArgumentException if it does not hold
   */
  public static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new IllegalArgumentException(message.formatted(values));
    }
  }
}
