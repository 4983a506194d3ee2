/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;

class InvertedSineTruthTest {
  private static final int COUNT = 2000;
  private static final InvertedSineData DATA =
      InvertedSineData.draw(COUNT, RandomSource.XO_RO_SHI_RO_128_PP.create(8L));

  /** Mean NLL within 4 standard errors of the floor; PIT and region ranks uniform. */
  @Test
  void dataAreDrawnFromIt() {
    double[] nll = new double[COUNT];
    double[] pit = new double[COUNT];
    double[] above = new double[COUNT];
    for (int n = 0; n < COUNT; n++) {
      InvertedSineTruth truth = new InvertedSineTruth(DATA.s()[n]);
      nll[n] = -truth.logDensity(DATA.t()[n]);
      pit[n] = truth.cdf(DATA.t()[n]);
      above[n] = truth.massAbove(DATA.t()[n]);
    }
    double mean = Arrays.stream(nll).average().orElseThrow();
    double variance = Arrays.stream(nll).map(v -> (v - mean) * (v - mean)).sum() / (COUNT - 1);
    assertEquals(InvertedSineData.floorNll(), mean, 4 * Math.sqrt(variance / COUNT));
    KolmogorovSmirnovTest test = new KolmogorovSmirnovTest();
    UniformRealDistribution uniform = new UniformRealDistribution(0, 1);
    assertTrue(test.kolmogorovSmirnovTest(uniform, pit) > 1e-4);
    assertTrue(test.kolmogorovSmirnovTest(uniform, above) > 1e-4);
  }

  @Test
  void fiveBranchesAtZero() {
    InvertedSineTruth truth = new InvertedSineTruth(0);
    assertArrayEquals(new double[] {-7.61, -4.64, 0, 4.64, 7.61}, truth.modes(0.05), 0.01);
    assertEquals(0.5, truth.cdf(0), 1e-9);
    assertEquals(0, truth.cdf(-10.5), 0);
    assertEquals(1, truth.cdf(10.5), 1e-12);
  }

  /** CRPS = E|T − t| − ½ E|T − T'|, with both expectations as sums over the cdf's quantiles. */
  @Test
  void crpsIsThatOfItsQuantiles() {
    InvertedSineTruth truth = new InvertedSineTruth(3);
    int count = 2000;
    double[] quantiles = new double[count];
    double t = -10.5;
    for (int i = 0; i < count; i++) {
      while (truth.cdf(t) < (i + 0.5) / count) {
        t += 0.001;
      }
      quantiles[i] = t;
    }
    double spread = 0;
    for (double a : quantiles) {
      for (double b : quantiles) {
        spread += Math.abs(a - b) / count / count;
      }
    }
    for (double y : new double[] {-9, 0.5, 8}) {
      double distance = Arrays.stream(quantiles).map(q -> Math.abs(q - y)).average().orElseThrow();
      assertEquals(distance - 0.5 * spread, truth.crps(y), 0.005);
    }
  }
}
