/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

/** Checks of what a {@link Conformal} holds, which may come from a file. */
final class ConformalChecks {
  /** So large a share of the rows' mass may be rounding. */
  private static final double ROUNDING = 1e-9;

  private ConformalChecks() {}

  /** Checks numbers from 0 to the most that there can be. */
  static void requireAscending(String name, double[] values, double most) {
    double before = 0;
    for (double value : values) {
      require(
          before <= value && value <= most,
          "Expected %s in [0, %s] in ascending order, got %s after %s",
          name,
          most,
          value,
          before);
      before = value;
    }
  }

  /** Checks what rows weigh from each to the last: steps of at most 1, the same sum everywhere. */
  static void requireMasses(double[] masses, int rows, double[] first) {
    require(
        masses != null && masses.length == rows,
        "Expected %d masses, one per row, got %s",
        rows,
        masses == null ? null : masses.length);
    double after = 0;
    for (int n = rows - 1; n >= 0; n--) {
      require(
          after < masses[n] && masses[n] - after <= 1 + ROUNDING * masses[n],
          "Expected masses that rise by more than 0 and at most 1 towards the first, got %s before"
              + " %s",
          masses[n],
          after);
      after = masses[n];
    }
    require(
        Math.abs(masses[0] - first[0]) <= ROUNDING * first[0],
        "Expected masses of the same sum, got %s and %s",
        first[0],
        masses[0]);
  }
}
