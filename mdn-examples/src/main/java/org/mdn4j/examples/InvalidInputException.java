/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

/** Something is wrong with what the user gave; the message says in one line what and where. */
public final class InvalidInputException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message one line
   * @param values what its format specifiers stand for
   */
  public InvalidInputException(String message, Object... values) {
    super(message.formatted(values));
  }
}
