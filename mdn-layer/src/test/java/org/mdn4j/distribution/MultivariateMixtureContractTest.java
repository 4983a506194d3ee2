/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every mixture over several targets promises. */
abstract class MultivariateMixtureContractTest extends MixtureContractTest {
  /**
   * Integrated over its last target, the joint density is the marginal one of the others; so down
   * to one target, over which it integrates to one.
   */
  @ParameterizedTest
  @MethodSource("mixtures")
  void densityIntegratesToOne(Mixture mixture) {
    Mixture joint = mixture;
    while (joint.targets() > 1) {
      int last = joint.targets() - 1;
      Mixture others = joint.marginal(IntStream.range(0, last).toArray());
      PanelQuadrature quadrature = quadrature(joint.marginal(last));
      for (double[] y : joint.sample(5, random(20))) {
        double expected = others.density(Arrays.copyOf(y, last));
        Mixture integrand = joint;
        double integral =
            quadrature.integrate(
                t -> {
                  double[] moved = y.clone();
                  moved[last] = t;
                  return integrand.density(moved);
                });
        assertEquals(expected, integral, 1e-9 * expected);
      }
      joint = others;
    }
    assertEquals(1, quadrature(joint).integrate(joint::density), 1e-10);
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void marginalAndConditionalMultiplyToTheJoint(Mixture mixture) {
    int targets = mixture.targets();
    for (double[] y : mixture.sample(20, random(21))) {
      for (int subset = 1; subset < (1 << targets) - 1; subset++) {
        int[] given = targets(subset, targets);
        int[] rest = targets(~subset, targets);
        double joint =
            mixture.marginal(given).logDensity(pick(y, given))
                + mixture.conditional(given, pick(y, given)).logDensity(pick(y, rest));
        assertEquals(mixture.logDensity(y), joint, 1e-11 * (1 + Math.abs(joint)));
      }
    }
  }

  private static int[] targets(int subset, int count) {
    return IntStream.range(0, count).filter(d -> (subset >> d & 1) == 1).toArray();
  }

  private static double[] pick(double[] y, int[] targets) {
    return Arrays.stream(targets).mapToDouble(d -> y[d]).toArray();
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void theOrderOfMarginalTargetsIsTheGivenOne(Mixture mixture) {
    int[] reversed = IntStream.range(0, mixture.targets()).map(d -> -d - 1).toArray();
    Arrays.setAll(reversed, d -> mixture.targets() - 1 - d);
    Mixture turned = mixture.marginal(reversed);
    for (double[] y : mixture.sample(20, random(22))) {
      double expected = mixture.logDensity(y);
      assertEquals(
          expected, turned.logDensity(pick(y, reversed)), 1e-12 * (1 + Math.abs(expected)));
    }
  }

  /** Over many seeds it agrees with the means of the distances it is made of. */
  @ParameterizedTest
  @MethodSource("mixtures")
  void energyScoreIsUnbiased(Mixture mixture) {
    if (!hasVariance(mixture)) {
      return; // no standard error
    }
    double[] y = mixture.sample(1, random(23))[0];
    double[] scores =
        IntStream.range(0, 200).mapToDouble(i -> mixture.energyScore(y, 50, random(i))).toArray();
    assertTrue(Arrays.stream(scores).allMatch(score -> score >= 0));
    assertEquals(mixture.energyScore(y, 50, random(7)), mixture.energyScore(y, 50, random(7)), 0);
    double[][] first = mixture.sample(COUNT, random(24));
    double[][] second = mixture.sample(COUNT, random(25));
    double[] expected = new double[COUNT];
    Arrays.setAll(expected, n -> distance(first[n], y) - 0.5 * distance(first[n], second[n]));
    Estimate estimate = Estimate.ofMean(scores);
    Estimate reference = Estimate.ofMean(expected);
    assertEquals(
        reference.value(),
        estimate.value(),
        5 * Math.hypot(reference.standardError(), estimate.standardError()));
  }

  private static double distance(double[] a, double[] b) {
    return Math.sqrt(IntStream.range(0, a.length).mapToDouble(d -> Math.pow(a[d] - b[d], 2)).sum());
  }

  @ParameterizedTest
  @MethodSource("mixtures")
  void questionsForOneTargetAreRefused(Mixture mixture) {
    List<Executable> questions =
        List.of(
            () -> mixture.cdf(0),
            () -> mixture.survival(0),
            () -> mixture.quantile(0.5),
            () -> mixture.survivalQuantile(0.5),
            () -> mixture.interval(0.5),
            () -> mixture.highestDensityRegion(0.5),
            () -> mixture.crps(0),
            mixture::entropy);
    for (Executable question : questions) {
      Exception e = assertThrows(IllegalArgumentException.class, question);
      assertTrue(e.getMessage().contains("over " + mixture.targets()), e.getMessage());
    }
  }
}
