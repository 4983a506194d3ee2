/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.integration.SimpsonIntegrator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ContaminationTest {
  private static final NormalDistribution NARROW = new NormalDistribution(0, 1);
  private static final NormalDistribution WIDE = new NormalDistribution(0, 3);

  /** N(0, 1) in each row. */
  private static MixtureBatch standard(int rows) {
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    return MixtureBatch.of(spec, Nd4j.zeros(DataType.DOUBLE, rows, 3));
  }

  private static INDArray column(double[] y) {
    return Nd4j.createFromArray(y).reshape(-1, 1);
  }

  private static double[] draw(int rows, double share, long seed) {
    Random random = new Random(seed);
    return random.doubles(rows).map(u -> (u < share ? 3 : 1) * random.nextGaussian()).toArray();
  }

  /** E[ε | rows] with the prior 39 (1 − ε)³⁸, by quadrature. */
  private static double expected(double[] y, double[] counts) {
    double[] powers = {0, 1};
    double[] integrals = new double[2];
    double shift = logLikelihood(y, counts, 0.05);
    for (int i = 0; i < 2; i++) {
      double power = powers[i];
      UnivariateFunction f =
          share ->
              Math.pow(share, power)
                  * 39
                  * Math.pow(1 - share, 38)
                  * Math.exp(logLikelihood(y, counts, share) - shift);
      integrals[i] = new SimpsonIntegrator(1e-10, 1e-14, 12, 40).integrate(1_000_000, f, 0, 1);
    }
    return integrals[1] / integrals[0];
  }

  private static double logLikelihood(double[] y, double[] counts, double share) {
    double sum = 0;
    for (int n = 0; n < y.length; n++) {
      sum += counts[n] * Math.log((1 - share) * NARROW.density(y[n]) + share * WIDE.density(y[n]));
    }
    return sum;
  }

  @Test
  void isTheExpectationGivenTheRows() {
    for (double share : new double[] {0, 0.05, 0.4, 1}) {
      for (int rows : new int[] {5, 70}) {
        double[] y = draw(rows, share, 3);
        double[] ones = new double[rows];
        Arrays.fill(ones, 1);
        double found = Contamination.of(standard(rows), column(y), null);
        assertEquals(expected(y, ones), found, 1e-3 * found + 1e-5, share + ", " + rows);
      }
    }
  }

  /** Of a thousand rows ε is found within five of its standard errors. */
  @Test
  void manyRowsTellIt() {
    for (double share : new double[] {0.02, 0.1, 0.5}) {
      double found = Contamination.of(standard(5000), column(draw(5000, share, 4)), null);
      assertEquals(share, found, 5 * 2.5 * Math.sqrt(share / 5000));
    }
  }

  /** Rows that all but exclude the wide component leave (1 + 0) / (1 + 9 + n), nearly. */
  @Test
  void whereNothingSurprisesItIsTheRuleOfSuccession() {
    double[] y = new double[90]; // p/q = 3 each
    double found = Contamination.of(standard(90), column(y), null);
    assertTrue(1.0 / 130 < found && found < 1.2 / 100, () -> "" + found);
  }

  @Test
  void impossibleRowsAreSurprises() {
    double[] y = draw(100, 0, 5);
    double before = Contamination.of(standard(100), column(y), null);
    y[7] = 1e9;
    y[8] = -60;
    y[9] = 60;
    double after = Contamination.of(standard(100), column(y), null);
    assertTrue(before < 0.03, () -> "" + before);
    double[] nearer = y.clone(); // no less impossible, and both densities are doubles
    nearer[7] = 20;
    nearer[8] = 20;
    nearer[9] = 20;
    double[] ones = new double[100];
    Arrays.fill(ones, 1);
    assertEquals(expected(nearer, ones), after, 1e-3 * after);
  }

  /** Only ratios of weights count, and rows of other weights as fewer rows. */
  @Test
  void rowsCountByTheirWeights() {
    double[] y = draw(60, 0.2, 6);
    double[] weights = new double[60];
    double[] counts = new double[60];
    for (int n = 0; n < 60; n++) {
      weights[n] = 1e-3 * (1 + n % 3);
      counts[n] = (1 + n % 3) * (60.0 * 2) / (20 * (1 + 4 + 9));
    }
    double found = Contamination.of(standard(60), column(y), weights);
    assertEquals(expected(y, counts), found, 1e-3 * found);
    double[] equal = new double[60];
    Arrays.fill(equal, 7);
    assertEquals(
        Contamination.of(standard(60), column(y), null),
        Contamination.of(standard(60), column(y), equal),
        1e-12);
  }
}
