/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

/**
 * The form of an example between two layers.
 *
 * @param isSequence whether it has steps, {@code [T, F]} in Keras's order; a row {@code [F]} if not
 * @param steps T, {@link #UNKNOWN} where sequences may have any length; 0 for a row
 * @param size F; {@link #UNKNOWN} where rows may have any length
 */
public record Form(boolean isSequence, long steps, long size) {
  static final long UNKNOWN = -1;

  static Form row(long size) {
    return new Form(false, 0, size);
  }

  static Form sequence(long steps, long size) {
    return new Form(true, steps, size);
  }

  Form withSize(long newSize) {
    return new Form(isSequence, steps, newSize);
  }

  /** Returns how many numbers an example has, {@link #UNKNOWN} where it may have any number. */
  long length() {
    if (steps == UNKNOWN || size == UNKNOWN) {
      return UNKNOWN;
    }
    return isSequence ? steps * size : size;
  }

  /** Returns how many dimensions Keras's array has, that of the examples included. */
  int rank() {
    return isSequence ? 3 : 2;
  }

  @Override
  public String toString() {
    String features = size == UNKNOWN ? "any" : Long.toString(size);
    if (!isSequence) {
      return "[N, " + features + "]";
    }
    return "[N, " + (steps == UNKNOWN ? "T" : Long.toString(steps)) + ", " + features + "]";
  }
}
