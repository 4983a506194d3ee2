/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Rows with equal labels have samples of their own. */
class EqualLabelsTest {
  private static final MixtureSpec PLANE = MixtureSpec.builder().components(1).targets(2).build();

  /** At the centre of a two-dimensional standard normal the energy score is √(π/2) (1 − √½). */
  private static final double SCORE = Math.sqrt(Math.PI / 2) * (1 - Math.sqrt(0.5));

  private static MixtureEvaluation evaluation(int... minibatches) {
    MixtureEvaluation evaluation = MixtureEvaluation.builder(PLANE).samples(9).levels().build();
    for (int rows : minibatches) {
      INDArray raw = Nd4j.zeros(DataType.DOUBLE, rows, PLANE.parameterCount());
      evaluation.eval(Nd4j.zeros(DataType.DOUBLE, rows, 2), raw);
    }
    return evaluation;
  }

  @Test
  void theErrorFallsWithTheRows() {
    double before = Double.POSITIVE_INFINITY;
    for (int rows : new int[] {25, 400, 6400}) {
      MixtureEvaluation evaluation = evaluation(rows);
      double error = evaluation.energyScoreStandardError();
      assertEquals(SCORE, evaluation.energyScore(), 5 * error);
      assertTrue(error < 0.5 * before, rows + " rows: " + error);
      before = error;
    }
    // One row of 9 pairs has a deviation of about 0.4/√9; √6400 = 80.
    assertEquals(0.13 / 80, before, 0.5 * 0.13 / 80);
    assertTrue(evaluation(25).stats().contains("±"));
  }

  @Test
  void minibatchesDoNotMatter() {
    assertEquals(evaluation(60).energyScore(), evaluation(1, 29, 30).energyScore(), 1e-14);
    MixtureEvaluation again = evaluation(60);
    again.reset();
    again.eval(
        Nd4j.zeros(DataType.DOUBLE, 60, 2),
        Nd4j.zeros(DataType.DOUBLE, 60, PLANE.parameterCount()));
    assertEquals(evaluation(60).energyScore(), again.energyScore(), 0);
  }

  /** evaluation-of-labels.json was written when seeds came from the labels alone. */
  @Test
  void readsWhatWasWrittenBefore() throws IOException {
    String json;
    try (InputStream in = EqualLabelsTest.class.getResourceAsStream("evaluation-of-labels.json")) {
      json = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    MixtureEvaluation read = MixtureEvaluation.fromJson(json);
    assertEquals(3, read.rows());
    assertEquals(1.0245340212774694, read.energyScore(), 0);
    assertEquals(2.879543733076012, read.nll(), 0);
    assertEquals(json, read.toJson());
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 2, read.spec().parameterCount());
    read.eval(Nd4j.zeros(DataType.DOUBLE, 2, 2), raw);
    assertEquals(5, read.rows());
  }
}
