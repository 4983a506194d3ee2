/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.ScaleTransform;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.factory.Nd4j;

class InitialBiasesTest {
  private static final double[] LOGITS = {Math.log(0.25), Math.log(0.75)};
  private static final double[][] LOCATIONS = {{1, -2}, {30, 4}};
  private static final double[][] SCALES = {{0.5, 2}, {7, 1}};

  @Test
  void standForTheMixture() {
    Mixture mixture = mixture(MixtureSpec.builder().components(2).targets(2).build());
    assertArrayEquals(new double[] {0.25, 0.75}, mixture.weights(), 1e-15);
    for (int k = 0; k < 2; k++) {
      assertArrayEquals(LOCATIONS[k], mixture.means()[k]);
      assertArrayEquals(SCALES[k], mixture.standardDeviations()[k], 1e-14);
    }
  }

  @Test
  void sphericalKeepsTheTotalVariance() {
    Mixture mixture =
        mixture(
            MixtureSpec.builder()
                .components(2)
                .targets(2)
                .covariance(Covariance.SPHERICAL)
                .build());
    double scale = Math.sqrt((0.25 + 4) / 2);
    assertArrayEquals(new double[] {scale, scale}, mixture.standardDeviations()[0], 1e-14);
  }

  @Test
  void scalesAreAboveTheFloor() {
    Mixture mixture =
        mixture(MixtureSpec.builder().components(2).targets(2).scaleFloor(0.8).build());
    assertEquals(2, mixture.standardDeviations()[0][1], 1e-14);
    assertEquals(0.8 + 0.05, mixture.standardDeviations()[0][0], 1e-14);
    assertTrue(mixture.standardDeviations()[1][1] > 0.8);
  }

  @Test
  void eluPlusOneStandsForTheSameMixture() {
    MixtureSpecBuilder elu =
        MixtureSpec.builder().components(2).targets(2).scaleTransform(ScaleTransform.ELU_PLUS_ONE);
    Mixture mixture = mixture(elu.build());
    for (int k = 0; k < 2; k++) {
      assertArrayEquals(SCALES[k], mixture.standardDeviations()[k], 1e-14);
    }
    mixture = mixture(elu.scaleFloor(0.8).build());
    assertEquals(7, mixture.standardDeviations()[1][0], 1e-14);
    assertEquals(0.8 + 0.05, mixture.standardDeviations()[0][0], 1e-14);
  }

  /** Inside of the bounds the same mixture; at 30, 7 and 4 the nearest that there is. */
  @Test
  void startsWithinBounds() {
    for (Covariance covariance : Covariance.values()) {
      MixtureSpecBuilder builder =
          MixtureSpec.builder().components(2).targets(2).covariance(covariance).scaleFloor(0.01);
      Mixture free = mixture(builder.build());
      Mixture mixture =
          mixture(
              builder
                  .scaleCeiling(2.5, 5)
                  .locationBounds(new double[] {-3, -9}, new double[] {5, 4})
                  .build());
      for (int k = 0; k < 2; k++) {
        for (int d = 0; d < 2; d++) {
          double location = k == 1 ? new double[] {4.96, 3.935}[d] : LOCATIONS[0][d];
          assertEquals(location, mixture.means()[k][d], 1e-12);
          double deviation = free.standardDeviations()[k][d];
          boolean wide = deviation > 2.5;
          // S − 0.1 is a share of exp(−0.1) of what is above the floor
          assertEquals(
              wide ? 0.01 + 2.49 * Math.exp(-0.1) : deviation,
              mixture.standardDeviations()[k][d],
              1e-12);
        }
      }
    }
  }

  private static Mixture mixture(MixtureSpec spec) {
    double[] biases = InitialBiases.of(spec, LOGITS, LOCATIONS, SCALES);
    return MixtureBatch.of(spec, Nd4j.createFromArray(new double[][] {biases})).get(0);
  }
}
