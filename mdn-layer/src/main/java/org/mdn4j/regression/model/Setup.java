/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.io.Serializable;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * What validation chooses.
 *
 * @param noise that is added in training
 * @param bins per feature; 0 for features that are not encoded
 * @param units of each hidden layer; 0 for those that the options name
 */
public record Setup(NoiseLevel noise, int bins, int units) implements Serializable {

  /** Creates a setup with the hidden units that the options name. */
  public Setup(NoiseLevel noise, int bins) {
    this(noise, bins, 0);
  }

  /** Returns the options with these hidden units. */
  public RegressorOptions applied(RegressorOptions options) {
    return units == 0 ? options : options.with("hiddenUnits", units);
  }

  @Override
  public String toString() {
    return "noise %s%s%s"
        .formatted(
            noise,
            bins == 0 ? "" : ", %d bins".formatted(bins),
            units == 0 ? "" : ", %d hidden units".formatted(units));
  }
}
