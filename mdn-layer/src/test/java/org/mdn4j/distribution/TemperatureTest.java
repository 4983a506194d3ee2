/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The formulas of {@link Temperature}; 1e-14 is some ε of numbers of size 1. */
class TemperatureTest {
  private static final double[] WEIGHTS = {0.2, 0.5, 0.3};
  private static final Mixture MIXTURE =
      Mixture.gaussian(
          WEIGHTS,
          new double[][] {{-1, 0}, {2, 5}, {7, -3}},
          new double[][] {{1, 2}, {3, 4}, {5, 6}});

  @ParameterizedTest
  @ValueSource(doubles = {0.1, 0.5, 1, 2, 10})
  void weightsArePowersAndVariancesAreMultiples(double tau) {
    double[] powers = Arrays.stream(WEIGHTS).map(w -> Math.pow(w, 1 / tau)).toArray();
    double sum = Arrays.stream(powers).sum();
    Mixture tempered = MIXTURE.temperature(Temperature.of(tau));
    assertArrayEquals(Arrays.stream(powers).map(p -> p / sum).toArray(), tempered.weights(), 1e-14);
    for (int k = 0; k < 3; k++) {
      for (int d = 0; d < 2; d++) {
        double sigma = MIXTURE.standardDeviations()[k][d];
        assertEquals(
            sigma * Math.sqrt(tau), tempered.standardDeviations()[k][d], 1e-14 * sigma * 4);
      }
    }
    assertArrayEquals(MIXTURE.means(), tempered.means());
  }

  @Test
  void weightsAndScalesAreSeparate() {
    Mixture weightsOnly = MIXTURE.temperature(new Temperature(0.5, 1));
    assertArrayEquals(MIXTURE.standardDeviations(), weightsOnly.standardDeviations());
    assertArrayEquals(
        new double[] {0.04 / 0.38, 0.25 / 0.38, 0.09 / 0.38}, weightsOnly.weights(), 1e-14);
    Mixture scalesOnly = MIXTURE.temperature(new Temperature(1, 4));
    assertArrayEquals(MIXTURE.weights(), scalesOnly.weights(), 1e-15);
    assertEquals(2 * 3, scalesOnly.standardDeviations()[1][0], 1e-14);
  }

  @Test
  void oneIsTheLearnedModel() {
    Mixture same = MIXTURE.temperature(Temperature.of(1));
    assertArrayEquals(MIXTURE.weights(), same.weights(), 1e-15);
    assertArrayEquals(MIXTURE.standardDeviations(), same.standardDeviations());
    assertEquals(new Temperature(2, 2), Temperature.of(2));
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1e-12, 1e-100})
  void samplesTendToTheHeaviestLocation(double tau) {
    Mixture cold = MIXTURE.temperature(Temperature.of(tau));
    for (double[] sample : cold.sample(1000, RandomSource.XO_RO_SHI_RO_128_PP.create(1))) {
      for (int d = 0; d < 2; d++) { // 10 σ: one chance in 1e23
        double sigma = 4 * Math.sqrt(tau);
        assertEquals(MIXTURE.heaviestLocation()[d], sample[d], 10 * sigma + 1e-14);
      }
    }
    assertArrayEquals(MIXTURE.heaviestLocation(), cold.mean(), 1e-14);
  }

  /** At the smallest τ that a double can hold the weights still are those of the limit. */
  @ParameterizedTest
  @ValueSource(doubles = {1e-300, 1e-308, Double.MIN_VALUE})
  void theSmallestTemperaturesGiveTheLimit(double tau) {
    double[] even = new double[100];
    Arrays.fill(even, 1);
    double[][] zeros = new double[100][1];
    double[][] ones = new double[100][1];
    Arrays.stream(ones).forEach(one -> one[0] = 1);
    Mixture cold = Mixture.gaussian(even, zeros, ones).temperature(new Temperature(tau, 1));
    for (double weight : cold.weights()) {
      assertEquals(0.01, weight, 1e-15);
    }
    even[7] = 2;
    Mixture one = Mixture.gaussian(even, zeros, ones).temperature(new Temperature(tau, 1));
    assertEquals(1, one.weights()[7], 0);
  }

  @Test
  void hotTendsToEqualWeights() {
    for (double weight : MIXTURE.temperature(new Temperature(1e15, 1)).weights()) {
      assertEquals(1.0 / 3, weight, 1e-14);
    }
  }

  @Test
  void aWeightOfZeroStaysZero() {
    Mixture mixture =
        Mixture.gaussian(new double[] {0, 1}, new double[][] {{9}, {1}}, new double[][] {{1}, {1}});
    for (double tau : new double[] {1e-9, 0.5, 1, 3, 1e9}) {
      assertArrayEquals(new double[] {0, 1}, mixture.temperature(Temperature.of(tau)).weights(), 0);
    }
  }

  @ParameterizedTest
  @ValueSource(
      doubles = {0, -0.0, -1, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void refused(double tau) {
    assertThrows(IllegalArgumentException.class, () -> Temperature.of(tau));
    Exception weights = assertThrows(IllegalArgumentException.class, () -> new Temperature(tau, 1));
    Exception scales = assertThrows(IllegalArgumentException.class, () -> new Temperature(1, tau));
    assertTrue(weights.getMessage().contains("weights") && weights.getMessage().contains("" + tau));
    assertTrue(scales.getMessage().contains("scales") && scales.getMessage().contains("" + tau));
  }
}
