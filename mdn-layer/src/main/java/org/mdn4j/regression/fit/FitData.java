/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.regression.model.StandardizedData;

/**
 * What all trainings of a fit have in common.
 *
 * @param options whose trainer is FUSED or DL4J
 * @param data whose features are not encoded
 * @param features units of the features
 * @param targets units of the targets
 * @param encoded the same data by bins; made where they are needed
 */
public record FitData(
    RegressorOptions options,
    StandardizedData data,
    Standardization features,
    Standardization targets,
    Map<Integer, StandardizedData> encoded) {

  FitData(
      RegressorOptions options,
      StandardizedData data,
      Standardization features,
      Standardization targets) {
    this(options, data, features, targets, new ConcurrentHashMap<>());
  }

  /** Returns the data with features in a setup's bins. */
  public StandardizedData of(Setup setup) {
    return encoded.computeIfAbsent(setup.bins(), data::encoded);
  }
}
