/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.util.Arrays;

/**
 * The trace of a pen, step by step, as an online handwriting database records it. The pen stands on
 * the paper at (0, 0); each step moves it, and draws a line if it stood on the paper before.
 *
 * @param offsets movement of each step, {@code [T][2]}, T at least 1
 * @param lifted whether the pen is lifted after the step, {@code [T]}; the next step then moves it
 *     through the air, and puts it down again
 */
public record PenTrace(double[][] offsets, boolean[] lifted) {
  /**
   * Creates a trace, checked and copied.
   *
   * @param offsets {@code [T][2]}, finite
   * @param lifted {@code [T]}
   * @throws IllegalArgumentException if there is no step, the lengths differ, or an offset has not
   *     two finite numbers
   */
  public PenTrace {
    if (offsets.length == 0 || offsets.length != lifted.length) {
      throw new IllegalArgumentException(
          "Expected as many offsets as lifts, at least 1, got %s and %s"
              .formatted(offsets.length, lifted.length));
    }
    for (double[] offset : offsets) {
      if (offset.length != 2 || !Arrays.stream(offset).allMatch(Double::isFinite)) {
        throw new IllegalArgumentException(
            "Expected offsets of 2 finite numbers, got " + Arrays.toString(offset));
      }
    }
    offsets = Arrays.stream(offsets).map(double[]::clone).toArray(double[][]::new);
    lifted = lifted.clone();
  }

  /**
   * Returns the number of steps.
   *
   * @return T
   */
  public int length() {
    return lifted.length;
  }

  /**
   * Returns the positions of the pen, the first of which is (0, 0).
   *
   * @return {@code [T + 1][2]}
   */
  public double[][] positions() {
    double[][] positions = new double[length() + 1][2];
    for (int t = 0; t < length(); t++) {
      positions[t + 1][0] = positions[t][0] + offsets[t][0];
      positions[t + 1][1] = positions[t][1] + offsets[t][1];
    }
    return positions;
  }

  /**
   * Returns the beginning of the trace.
   *
   * @param steps number of steps to keep, from 1 to T
   * @return the first steps
   * @throws IllegalArgumentException if the trace has fewer
   */
  public PenTrace first(int steps) {
    if (steps < 1 || steps > length()) {
      throw new IllegalArgumentException(
          "Expected from 1 to %s steps, got %s".formatted(length(), steps));
    }
    return new PenTrace(Arrays.copyOf(offsets, steps), Arrays.copyOf(lifted, steps));
  }
}
