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
 * @param weightDecay λ; 0 for that of the options
 */
public record Setup(NoiseLevel noise, int bins, int units, double weightDecay)
    implements Serializable {

  /** Creates a setup with the hidden units and the weight decay that the options name. */
  public Setup(NoiseLevel noise, int bins) {
    this(noise, bins, 0, 0);
  }

  /** Returns the options with these hidden units and this weight decay. */
  public RegressorOptions applied(RegressorOptions options) {
    RegressorOptions wide = units == 0 ? options : options.with("hiddenUnits", units);
    return weightDecay == 0 ? wide : wide.with("weightDecay", weightDecay);
  }

  @Override
  public String toString() {
    return "noise %s%s%s%s"
        .formatted(
            noise,
            bins == 0 ? "" : ", %s bins".formatted(bins),
            units == 0 ? "" : ", %s hidden units".formatted(units),
            weightDecay == 0 ? "" : ", weight decay %s".formatted(weightDecay));
  }
}
