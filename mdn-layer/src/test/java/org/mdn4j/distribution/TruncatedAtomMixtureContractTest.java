/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.mdn4j.ComponentFamily;

/** The contract for mixtures with atoms within a range, also with atoms at its ends. */
@Tag("slow")
class TruncatedAtomMixtureContractTest extends AtomMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        of("at both ends", ComponentFamily.GAUSSIAN, -1, 4, w(-1, 4), w(0.2, 0.3)),
        of("one inside", ComponentFamily.GAUSSIAN, 0.5, 4.5, w(-7, 2), w(0.3, 0.4)),
        of("Laplace", ComponentFamily.LAPLACE, -1, 3.5, w(0, 2), w(0.3, 0.1)),
        of("logistic", ComponentFamily.LOGISTIC, 0, 9, w(0, 2), w(0.3, 0.1)),
        of("log-normal", ComponentFamily.LOG_NORMAL, 0, 3, w(0, 2), w(0.4, 0.1)));
  }

  private static Named<Mixture> of(
      String name,
      ComponentFamily family,
      double lower,
      double upper,
      double[] atoms,
      double[] probabilities) {
    double[][] locations = {{0}, {family == ComponentFamily.LOG_NORMAL ? 1 : 3}};
    double[][] scales = {{1}, {0.5}};
    Mixture whole = Mixture.of(family, w(1, 2), locations, scales).withAtoms(atoms, probabilities);
    return Named.of(name, whole.truncated(lower, upper));
  }

  private static double[] w(double... values) {
    return values;
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(
        mixture.truncation().orElseThrow().lower(), mixture.truncation().orElseThrow().upper());
  }

  @Override
  double[] edges(Mixture mixture) {
    Interval support = support(mixture);
    return DoubleStream.concat(
            DoubleStream.of(support.lower(), support.upper()),
            Arrays.stream(super.edges(mixture.untruncated())).filter(support::contains))
        .toArray();
  }

  @Override
  List<Units> units(Mixture mixture) {
    return mixture.family() == ComponentFamily.LOG_NORMAL
        ? super.units(mixture)
        : List.of(new Units(w(1.5), w(2)), new Units(w(-1), w(-0.5)));
  }
}
