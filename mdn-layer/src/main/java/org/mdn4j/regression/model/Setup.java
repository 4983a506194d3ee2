/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import org.mdn4j.regression.report.NoiseLevel;

/**
 * What validation chooses.
 *
 * @param noise that is added in training
 * @param bins per feature; 0 for features that are not encoded
 */
public record Setup(NoiseLevel noise, int bins) {
  @Override
  public String toString() {
    return bins == 0 ? "noise %s".formatted(noise) : "noise %s, %d bins".formatted(noise, bins);
  }
}
