/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.report;

import java.io.Serializable;

/**
 * Standard deviations of the Gaussian noise that is added afresh at each training step, in standard
 * deviations of the columns. It smooths the learned density, as a kernel's bandwidth does. Source:
 * J. Rothfuss et al., <i>Noise regularization for conditional density estimation</i> (2019),
 * arXiv:1907.08982.
 *
 * @param inputs of the noise on the features, at least 0; 0 for none
 * @param targets of the noise on the targets, at least 0; 0 for none
 */
public record NoiseLevel(double inputs, double targets) implements Serializable {
  /** The level without any noise. */
  public static final NoiseLevel NONE = new NoiseLevel(0, 0);

  /**
   * Creates a noise level.
   *
   * @param inputs of the noise on the features, at least 0; 0 for none
   * @param targets of the noise on the targets, at least 0; 0 for none
   * @throws IllegalArgumentException if a value is negative or not finite
   */
  public NoiseLevel {
    if (!(inputs >= 0 && targets >= 0 && Double.isFinite(inputs + targets))) {
      throw new IllegalArgumentException(
          "Expected noise of at least 0 on inputs and targets, got %s and %s"
              .formatted(inputs, targets));
    }
  }

  @Override
  public String toString() {
    return inputs + ":" + targets;
  }
}
