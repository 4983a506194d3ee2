/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What a mask hides is neither looked at nor scored, whatever the family asks of a label. */
class HiddenLabelsTest {
  private static final IActivation IDENTITY = new ActivationIdentity();

  static List<MixtureSpec> specs() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (ComponentFamily family : ComponentFamily.values()) {
      specs.add(MixtureSpec.builder().components(2).targets(2).family(family).build());
    }
    specs.add(MixtureSpec.builder().components(2).targets(2).covariance(Covariance.FULL).build());
    return specs;
  }

  @ParameterizedTest
  @MethodSource("specs")
  void hiddenRowsAndTargetsMayHoldAnything(MixtureSpec spec) {
    RandomRows rows = RandomRows.of(spec, 4, 3, 8, DataType.DOUBLE);
    LossMixtureNLL loss = new LossMixtureNLL(spec);
    INDArray perRow = Nd4j.createFromArray(1.0, 0, 1, 0).reshape(4, 1);
    INDArray perTarget = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 0}, {0, 1}, {1, 0}});
    for (INDArray mask : new INDArray[] {perRow, perTarget}) {
      INDArray broad = mask == perRow ? mask.repeat(1, 2) : mask;
      double[] expected = new double[4];
      for (int n = 0; n < 4; n++) {
        double[] seen = broad.getRow(n).toDoubleVector();
        double[] y = rows.labels().getRow(n).toDoubleVector();
        if (seen[0] + seen[1] > 0) {
          double[] raw = rows.raw().getRow(n).toDoubleVector();
          expected[n] = PlainMixtureScore.of(spec, y, raw, seen);
        }
      }
      INDArray gradient = loss.computeGradient(rows.labels(), rows.raw(), IDENTITY, mask);
      for (double hidden : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY, 1e300}) {
        INDArray labels = rows.labels().dup();
        for (int n = 0; n < 4; n++) {
          for (int d = 0; d < 2; d++) {
            if (broad.getDouble(n, d) == 0) {
              labels.putScalar(n, d, hidden);
            }
          }
        }
        INDArray scores = loss.computeScoreArray(labels, rows.raw(), IDENTITY, mask);
        assertArrayEquals(expected, scores.reshape(-1).toDoubleVector(), 1e-10);
        assertEquals(gradient, loss.computeGradient(labels, rows.raw(), IDENTITY, mask));
      }
      assertEquals(0, gradient.getRow(1).amaxNumber().doubleValue());
    }
  }

  @Test
  void aTargetThatCountsIsStillRefused() {
    MixtureSpec spec =
        MixtureSpec.builder().components(2).family(ComponentFamily.LOG_NORMAL).build();
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 3, spec.parameterCount());
    INDArray labels = Nd4j.createFromArray(1.0, 0, 0).reshape(3, 1);
    INDArray mask = Nd4j.createFromArray(1.0, 0, 0.5).reshape(3, 1);
    LossMixtureNLL loss = new LossMixtureNLL(spec);
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> loss.computeScore(labels, raw, IDENTITY, mask, true));
    assertEquals(
        "Expected targets above 0 for LOG_NORMAL components, got 0.0 at row 2, column 0",
        e.getMessage());
  }
}
