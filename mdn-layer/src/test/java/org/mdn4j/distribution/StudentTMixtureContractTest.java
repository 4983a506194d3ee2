/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.distribution.FamilyMixtures.column;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.mdn4j.ComponentFamily;

/** The contract for mixtures of Student's t over one target. */
@Tag("slow")
class StudentTMixtureContractTest extends UnivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.concat(
        FamilyMixtures.overOneTarget(ComponentFamily.STUDENT_T),
        Stream.of(
            Named.of("Cauchy", mixture(w(1), w(0), w(1), w(1))),
            Named.of("with a mean only", mixture(w(1, 3), w(-1, 2), w(0.5, 1), w(1.8, 20))),
            Named.of("with a variance only", mixture(w(1, 2), w(0, 9), w(1, 1), w(3, 2.5))),
            Named.of("one without a mean", mixture(w(1, 2), w(0, 9), w(1, 1), w(3, 0.99))),
            Named.of("ν of 1e6", mixture(w(1, 2), w(0, 9), w(1, 1), w(1e6, 1e5)))));
  }

  private static Mixture mixture(
      double[] weights, double[] locations, double[] scales, double[] degrees) {
    return Mixture.studentT(weights, column(locations), column(scales), degrees);
  }

  private static double leastDegrees(Mixture mixture) {
    double[] degrees = mixture.degreesOfFreedom();
    return IntStream.range(0, degrees.length)
        .filter(k -> mixture.weights()[k] > 0)
        .mapToDouble(k -> degrees[k])
        .min()
        .orElseThrow();
  }

  @Override
  boolean hasMean(Mixture mixture) {
    return leastDegrees(mixture) > 1;
  }

  @Override
  boolean hasVariance(Mixture mixture) {
    return leastDegrees(mixture) > 2;
  }

  @Override
  boolean hasFourthMoment(Mixture mixture) {
    return leastDegrees(mixture) > 4;
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }
}
