/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.util.List;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * All that decides what a regressor learns from given data; see {@link MixtureRegressor.Builder}.
 *
 * @param noise the levels to choose from; the only one, if there is one
 * @param minibatch rows per step; 0 to let the number of rows decide
 * @param trunk a {@code MultiLayerConfiguration} as JSON, or null for the default
 */
record RegressorOptions(
    @JsonProperty("components") int components,
    @JsonProperty("covariance") Covariance covariance,
    @JsonProperty("family") ComponentFamily family,
    @JsonProperty("scaleFloor") double scaleFloor,
    @JsonProperty("members") int members,
    @JsonProperty("noise") List<NoiseLevel> noise,
    @JsonProperty("startFromData") boolean startFromData,
    @JsonProperty("learningRate") double learningRate,
    @JsonProperty("weightDecay") double weightDecay,
    @JsonProperty("gradientClipping") double gradientClipping,
    @JsonProperty("averagedEpochs") double averagedEpochs,
    @JsonProperty("patience") int patience,
    @JsonProperty("maxEpochs") int maxEpochs,
    @JsonProperty("minibatch") int minibatch,
    @JsonProperty("validationFraction") double validationFraction,
    @JsonProperty("trunk") String trunk,
    @JsonProperty("seed") long seed) {

  private static final int SMALLEST_MINIBATCH = 64;
  private static final int LARGEST_MINIBATCH = 512;
  private static final int STEPS_PER_EPOCH = 50;

  MixtureSpec spec(int targets) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .family(family)
        .scaleFloor(scaleFloor)
        .build();
  }

  RegressorOptions withMembers(int count) {
    return new RegressorOptions(
        components,
        covariance,
        family,
        scaleFloor,
        count,
        noise,
        startFromData,
        learningRate,
        weightDecay,
        gradientClipping,
        averagedEpochs,
        patience,
        maxEpochs,
        minibatch,
        validationFraction,
        trunk,
        seed);
  }

  /** About fifty steps per epoch, where that is a power of two in [64, 512]. */
  int minibatch(int trainingRows) {
    if (minibatch > 0) {
      return minibatch;
    }
    int size = SMALLEST_MINIBATCH;
    while (size < LARGEST_MINIBATCH && size * STEPS_PER_EPOCH * 3 / 2 < trainingRows) {
      size *= 2;
    }
    return size;
  }

  /** How many of the rows validate. */
  int validationRows(int rows) {
    return (int) Math.max(1, Math.round(validationFraction * rows));
  }
}
