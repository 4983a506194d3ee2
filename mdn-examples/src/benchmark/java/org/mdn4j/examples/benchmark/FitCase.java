/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/**
 * A net, and how it is trained.
 *
 * @param rows of the minibatch
 * @param inputs numbers in a row of features
 * @param hidden units of each hidden layer
 * @param components of the mixture that it puts out
 * @param swish whether hidden units are x sigmoid(x) instead of tanh(x)
 * @param weightDecay λ, so that a step also takes rate · λ times the weights away; 0 for none
 * @param clipping the largest norm of a layer's gradient; 0 for any
 */
record FitCase(
    int rows,
    int inputs,
    int[] hidden,
    int components,
    boolean swish,
    double weightDecay,
    double clipping) {

  /**
   * Returns the case of a name.
   *
   * @param name fit_N and a number of rows; fit_wide; fit_table, which is the table regressor's
   *     step; predict_dense_1e6, its net over a million rows
   */
  static FitCase of(String name) {
    return switch (name) {
      case "fit_wide" -> new FitCase(512, 16, new int[] {256, 256, 256}, 10, true, 0, 0);
      case "fit_table" -> new FitCase(64, 8, new int[] {50, 50}, 10, true, 1e-3, 1);
      case "predict_dense_1e6" -> new FitCase(1_000_000, 8, new int[] {50, 50}, 10, true, 0, 0);
      default -> narrow(Integer.parseInt(name.substring("fit_N".length())));
    };
  }

  /** Returns the case of a net of 1-64-64-60 units with tanh. */
  static FitCase narrow(int rows) {
    return new FitCase(rows, 1, new int[] {64, 64}, 20, false, 0, 0);
  }

  /** Returns the form of the net's output. */
  MixtureSpec spec() {
    return MixtureSpec.builder().components(components).covariance(Covariance.SPHERICAL).build();
  }

  /** Returns the numbers of units, inputs first. */
  int[] widths() {
    int[] widths = new int[hidden.length + 2];
    widths[0] = inputs;
    System.arraycopy(hidden, 0, widths, 1, hidden.length);
    widths[widths.length - 1] = spec().parameterCount();
    return widths;
  }

  /**
   * Returns the number of exponentials of a step: one for each hidden unit, and those of the
   * likelihood.
   */
  long exponentials() {
    long units = 0;
    for (int width : hidden) {
      units += width;
    }
    LikelihoodCase likelihood = new LikelihoodCase(rows, components, 1, Covariance.SPHERICAL);
    return rows * units + likelihood.exponentials();
  }

  /** Returns the number of parameters. */
  int parameters() {
    int[] widths = widths();
    int count = 0;
    for (int layer = 1; layer < widths.length; layer++) {
      count += (widths[layer - 1] + 1) * widths[layer];
    }
    return count;
  }
}
