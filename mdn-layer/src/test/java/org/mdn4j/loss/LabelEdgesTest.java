/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels at the edges of what they may be. */
class LabelEdgesTest {
  private static final double TWO_TO_24 = 0x1p24;

  private static double score(MixtureSpec spec, INDArray raw, double... label) {
    INDArray labels = Nd4j.createFromArray(new double[][] {label});
    return new LossMixtureNLL(spec)
        .computeScore(labels, raw, new ActivationIdentity(), null, false);
  }

  /**
   * Between 2²⁴ and the next FLOAT there is an integer, and a FLOAT network is told from which of
   * them a label is.
   */
  @Test
  void countsBeyondWhatAFloatHoldsAreTakenAsTheyAre() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(1)
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .atoms(TWO_TO_24)
            .censored()
            .build();
    INDArray raw = Nd4j.createFromArray(new float[][] {{0, (float) (24 * Math.log(2)), -30, 3}});
    INDArray exact = raw.castTo(DataType.DOUBLE);
    MixtureBatch mixture = MixtureBatch.of(spec, exact);
    for (double y : new double[] {TWO_TO_24 - 1, TWO_TO_24, TWO_TO_24 + 1, TWO_TO_24 + 3}) {
      double expected = -mixture.get(0).logLikelihood(y);
      assertEquals(expected, score(spec, raw, y, y), 1e-6 * (1 + expected), "of " + y);
      assertEquals(expected, score(spec, exact, y, y), 1e-12 * expected, "of " + y);
      double wide = -mixture.get(0).logLikelihood(y, y + 1);
      assertEquals(wide, score(spec, raw, y, y + 1), 1e-6 * (1 + wide), "from " + y);
    }
    assertNotEquals(
        score(spec, raw, TWO_TO_24, TWO_TO_24),
        score(spec, raw, TWO_TO_24 + 1, TWO_TO_24 + 1),
        1,
        "only the first is the atom");
    assertThrows(
        IllegalArgumentException.class,
        () -> score(spec, raw, TWO_TO_24 + 0.5, TWO_TO_24 + 0.5),
        "no integer, though rounded to FLOAT it is one");
  }

  @ParameterizedTest
  @CsvSource({
    "GAUSSIAN, 4, Infinity, 0.8185946141203637", // Φ(2) − Φ(−1)
    "GAUSSIAN, -Infinity, 1, 0.8185946141203637",
    "LAPLACE, 4, Infinity, 0.7483926377959725" // 1 − ½ exp(−1) − ½ exp(−2)
  })
  void anIntervalThatIsOnlyTheEndOfARangeIsRefused(
      ComponentFamily family, double lower, double upper, double share) {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(1)
            .family(family)
            .truncatedBelow(1)
            .truncatedAbove(4)
            .censored()
            .build();
    INDArray raw = Nd4j.createFromArray(new double[][] {{0, 2, 0}});
    Exception refused =
        assertThrows(IllegalArgumentException.class, () -> score(spec, raw, lower, upper));
    assertTrue(
        refused.getMessage().contains("has more of the truncation [1.0, 4.0] than its end"),
        refused.getMessage());
    INDArray labels = Nd4j.createFromArray(new double[][] {{lower, upper}});
    for (Engine engine : new Engine[] {Engine.SAMEDIFF, Engine.FUSED}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> engine.likelihood(spec).score(labels, raw, null),
          engine.name());
    }
    // An atom there has a probability
    MixtureSpec atEnds = spec.withAtoms(1, 4);
    INDArray withAtoms = Nd4j.createFromArray(new double[][] {{0, 2, 0, 0, 0}});
    assertEquals(
        Math.log(2 + share),
        score(atEnds, withAtoms, lower, upper),
        1e-12,
        "one of 1, 1 and share");
  }
}
