/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.mdn4j.ComponentFamily;

/** The contract for mixtures with atoms, whose cdf jumps, over every family on a line. */
@Tag("slow")
class AtomMixtureContractTest extends UnivariateMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        of("one atom", gaussian(), w(0), w(0.6)),
        of("both ends", gaussian(), w(-1, 4), w(0.2, 0.3)),
        of("far out", gaussian(), w(-1e3, 1e6), w(1e-9, 0.05)),
        of("three, one without probability", gaussian(), w(0, 1, 2), w(0.1, 0, 0.65)),
        of("equal ones", gaussian(), w(0, 1, 2), w(0.25, 0.25, 0.25)),
        of("next to all", gaussian(), w(0.5), w(0.98)),
        of("Laplace", family(ComponentFamily.LAPLACE), w(0, 2), w(0.3, 0.1)),
        of("logistic", family(ComponentFamily.LOGISTIC), w(0, 2), w(0.3, 0.1)),
        of(
            "Student's t",
            Mixture.studentT(w(1, 2), column(w(0, 3)), column(w(1, 0.5)), w(5, 9)),
            w(-2, 3),
            w(0.3, 0.1)),
        of(
            "log-normal",
            Mixture.of(ComponentFamily.LOG_NORMAL, w(1, 2), column(w(0, 1)), column(w(0.4, 0.3))),
            w(0, 2),
            w(0.4, 0.1)));
  }

  private static Named<Mixture> of(
      String name, Mixture components, double[] values, double[] probabilities) {
    return Named.of(name, components.withAtoms(values, probabilities));
  }

  private static Mixture gaussian() {
    return Mixture.gaussian(w(1, 3), column(w(-1, 2)), column(w(0.5, 1)));
  }

  private static Mixture family(ComponentFamily family) {
    return Mixture.of(family, w(1, 2), column(w(0, 3)), column(w(1, 0.5)));
  }

  private static double[] w(double... values) {
    return values;
  }

  private static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
  }

  private static boolean isPositive(Mixture mixture) {
    return mixture.family() == ComponentFamily.LOG_NORMAL;
  }

  @Override
  Interval support(Mixture mixture) {
    double lower = isPositive(mixture) ? 0 : Double.NEGATIVE_INFINITY;
    return new Interval(lower, Double.POSITIVE_INFINITY);
  }

  @Override
  List<Units> units(Mixture mixture) {
    return isPositive(mixture) ? List.of(new Units(w(0), w(2.5))) : super.units(mixture);
  }

  @Override
  double[] edges(Mixture mixture) {
    return DoubleStream.concat(
            Arrays.stream(FamilyMixtures.edges(mixture.withoutAtoms())),
            Arrays.stream(mixture.atoms()))
        .toArray();
  }
}
