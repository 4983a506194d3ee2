/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/**
 * Keeps numbers from becoming denormal, which makes each operation with them a hundred times as
 * slow. An average that decays by 0.9 a step would stay denormal for ever once its gradients are 0:
 * the next smaller number rounds back to it.
 *
 * <p>x + c − c is x rounded to a multiple of the last place of c, which is 10⁻⁷ c in FLOAT and 2 ·
 * 10⁻¹⁶ c in DOUBLE; and x itself from 10⁸ or 10¹⁶ times as much on.
 */
final class Denormals {
  /** c for what parameters are changed by: far below the last place of any of them. */
  static final float FLOAT = 1e-24f;

  /** c in DOUBLE. */
  static final double DOUBLE = 1e-280;

  private Denormals() {}

  /** Returns c for averages of squares whose root is added to ε: too small to show in that sum. */
  static float underRoot(float epsilon) {
    return epsilon * epsilon * 1e-9f;
  }

  /** Returns c for averages of squares whose root is added to ε: too small to show in that sum. */
  static double underRoot(double epsilon) {
    return epsilon * epsilon * 1e-18;
  }

  static float flush(float x, float c) {
    return (x + c) - c;
  }

  static double flush(double x, double c) {
    return (x + c) - c;
  }
}
