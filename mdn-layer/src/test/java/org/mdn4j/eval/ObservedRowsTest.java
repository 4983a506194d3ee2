/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

class ObservedRowsTest {
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(3).targets(2).build();
  private static final RandomRows ROWS = RandomRows.of(SPEC, 4, 2, 1, DataType.DOUBLE);
  private static final MixtureBatch PREDICTED = MixtureBatch.of(SPEC, ROWS.raw());

  @Test
  void withoutAMaskAllRowsAreWhole() {
    ObservedRows rows = ObservedRows.of(PREDICTED, ROWS.labels(), null);
    assertEquals(4, rows.size());
    for (int n = 0; n < 4; n++) {
      assertArrayEquals(new int[] {0, 1}, rows.targets(n));
      assertArrayEquals(ROWS.labels().getRow(n).toDoubleVector(), rows.labels(n));
      assertEquals(
          PREDICTED.get(n).logDensity(rows.labels(n)), rows.mixture(n).logDensity(rows.labels(n)));
    }
  }

  @Test
  void rowMasksOfBothShapesLeaveRowsOut() {
    INDArray labels = ROWS.labels().dup();
    labels.putScalar(1, 0, Double.NaN);
    INDArray mask = Nd4j.createFromArray(0.5f, 0, 1, 0);
    for (INDArray shaped : new INDArray[] {mask, mask.reshape(4, 1)}) {
      ObservedRows rows = ObservedRows.of(PREDICTED, labels, shaped);
      assertEquals(2, rows.size());
      assertArrayEquals(labels.getRow(0).toDoubleVector(), rows.labels(0));
      assertArrayEquals(labels.getRow(2).toDoubleVector(), rows.labels(1));
      assertEquals(
          PREDICTED.get(2).logDensity(rows.labels(1)), rows.mixture(1).logDensity(rows.labels(1)));
    }
  }

  @Test
  void targetMasksLeaveTheMarginal() {
    INDArray labels = ROWS.labels().dup();
    labels.putScalar(1, 0, Double.NaN);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 1}, {0, 0}, {1, 0}});
    ObservedRows rows = ObservedRows.of(PREDICTED, labels, mask);
    assertEquals(3, rows.size());
    assertArrayEquals(new int[] {0, 1}, rows.targets(0));
    assertArrayEquals(new int[] {1}, rows.targets(1));
    assertArrayEquals(new int[] {0}, rows.targets(2));
    double y = labels.getDouble(1, 1);
    assertArrayEquals(new double[] {y}, rows.labels(1));
    assertEquals(PREDICTED.get(1).marginal(1).logDensity(y), rows.mixture(1).logDensity(y));
  }

  @Test
  void allMaskedIsNoRows() {
    INDArray nan = Nd4j.valueArrayOf(new long[] {4, 2}, Double.NaN, DataType.DOUBLE);
    assertEquals(0, ObservedRows.of(PREDICTED, nan, Nd4j.zeros(4, 1)).size());
    assertEquals(0, ObservedRows.of(PREDICTED, nan, Nd4j.zeros(4, 2)).size());
  }

  @Test
  void oneTargetTakesEveryMask() {
    MixtureSpec spec = MixtureSpec.builder().components(2).build();
    RandomRows rows = RandomRows.of(spec, 3, 2, 1, DataType.FLOAT);
    INDArray mask = Nd4j.createFromArray(1f, 0, 1);
    for (INDArray shaped : new INDArray[] {mask, mask.reshape(3, 1)}) {
      assertEquals(
          2, ObservedRows.of(MixtureBatch.of(spec, rows.raw()), rows.labels(), shaped).size());
    }
    RandomRows single = RandomRows.of(spec, 1, 2, 1, DataType.FLOAT);
    assertEquals(
        1,
        ObservedRows.of(MixtureBatch.of(spec, single.raw()), single.labels(), Nd4j.ones(1, 1))
            .size());
  }

  /** If this fails, DL4J merges row masks rightly, and the Javadoc's warning can go. */
  @Test
  void dataSetMergeSpoilsRowMasksOfSeveralTargets() {
    DataSet hidden = new DataSet(Nd4j.ones(1, 1), Nd4j.ones(1, 2), null, Nd4j.zeros(1, 1));
    DataSet merged = DataSet.merge(List.of(hidden, hidden));
    INDArray perTarget = Nd4j.createFromArray(new float[][] {{0, 1}, {0, 1}});
    assertEquals(perTarget, merged.getLabelsMaskArray());
  }

  @Test
  void mistakesAreNamed() {
    INDArray nan = ROWS.labels().dup();
    nan.putScalar(2, 1, Double.NaN);
    refuses("NaN at row 2, column 1", nan, null);
    INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1}, {0, 1}, {0, 1}, {1, 0}});
    refuses("NaN at row 2, column 1", nan, mask);
    refuses("[4, 2], one row per mixture, got [4, 3]", Nd4j.ones(4, 3), null);
    refuses("[4, 2], one row per mixture, got [3, 2]", Nd4j.ones(3, 2), null);
    refuses("got [4, 2, 5]", Nd4j.ones(4, 2, 5), null);
    refuses("got [3, 1]", ROWS.labels(), Nd4j.ones(3, 1));
    refuses("got [1, 4]", ROWS.labels(), Nd4j.ones(1, 4));
    refuses("weights >= 0", ROWS.labels(), Nd4j.ones(4, 1).neg());
    refuses("weights >= 0", ROWS.labels(), Nd4j.createFromArray(1, 1, Double.NaN, 1));
    refuses("0 or 1", ROWS.labels(), Nd4j.ones(4, 2).mul(0.5));
  }

  private static void refuses(String message, INDArray labels, INDArray mask) {
    Exception mistake =
        assertThrows(
            IllegalArgumentException.class, () -> ObservedRows.of(PREDICTED, labels, mask));
    assertTrue(mistake.getMessage().contains(message), mistake::getMessage);
  }
}
