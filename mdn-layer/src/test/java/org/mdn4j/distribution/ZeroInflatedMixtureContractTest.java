/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;

/** The contract for counts with atoms, which add to the probabilities of the same integers. */
@Tag("slow")
class ZeroInflatedMixtureContractTest extends NegativeBinomialMixtureContractTest {
  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        of("zero-inflated", counts(w(1), w(3.5), w(0.4)), w(0), w(0.3)),
        of("next to all zeros", counts(w(1), w(6), w(0.2)), w(0), w(0.95)),
        of("hardly an atom", counts(w(1, 3), w(2, 9), w(0.5, 0.05)), w(0), w(1e-9)),
        of("most zeros of a component", counts(w(3, 1), w(1e-3, 12.5), w(0.1, 0.2)), w(0), w(0.2)),
        of("a few and many", counts(w(1, 2), w(2, 40), w(0.3, 0.02)), w(0, 10), w(0.25, 0.1)),
        of("in the middle", counts(w(1), w(20), w(0.01)), w(20), w(0.5)),
        of("in a gap", counts(w(1, 1), w(3, 90), w(0.2, 0.01)), w(40), w(1e-4)),
        of("beyond all", counts(w(1), w(4), w(0.1)), w(999), w(0.1)),
        of("neighbours", counts(w(1), w(9), w(0.3)), w(4, 5, 6), w(0.1, 0.1, 0.2)),
        of("one without probability", counts(w(1), w(5), w(0.5)), w(0, 3), w(0.4, 0)));
  }

  private static Named<Mixture> of(
      String name, Mixture components, double[] values, double[] probabilities) {
    return Named.of(name, components.withAtoms(values, probabilities));
  }

  private static Mixture counts(double[] weights, double[] means, double[] dispersions) {
    return CountMixtures.of(weights, means, dispersions);
  }

  private static double[] w(double... values) {
    return values;
  }

  @Override
  double[] edges(Mixture mixture) {
    return DoubleStream.concat(
            Arrays.stream(super.edges(mixture)),
            Arrays.stream(mixture.atoms()).map(atom -> atom + 1))
        .toArray();
  }
}
