/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;

/** Two branches, y = 2 and y = −2, as many rows of either, of which the upper ones weigh more. */
class WeightsTest {
  private static final int ROWS = 300;
  private static final double[][] X = new double[ROWS][1];
  private static final double[][] Y = new double[ROWS][1];
  private static final double[] WEIGHTS = new double[ROWS];

  static {
    Random random = new Random(1);
    for (int n = 0; n < ROWS; n++) {
      boolean upper = n % 2 == 0;
      X[n][0] = random.nextDouble();
      Y[n][0] = (upper ? 2 : -2) + 0.3 * random.nextGaussian();
      WEIGHTS[n] = upper ? 3 : 1;
    }
  }

  private static MixtureRegressor quick() {
    return MixtureRegressor.builder()
        .components(2)
        .noise(new NoiseLevel(0.02, 0.02))
        .bins(0)
        .maxEpochs(25)
        .quiet()
        .build();
  }

  private static double[] means(MixtureRegressor regressor) {
    return regressor.predict(X).mean().toDoubleVector();
  }

  /** The share of the upper branch, averaged over x. */
  private static double upper(MixtureRegressor regressor) {
    return IntStream.range(0, ROWS)
        .mapToDouble(row -> 1 - regressor.predict(X).get(row).cdf(0))
        .average()
        .orElseThrow();
  }

  @Test
  void aHeavierBranchIsMoreLikely() {
    // 3 of 4; the standard error of the branch's share among the rows is 0.025
    assertEquals(0.75, upper(quick().fit(X, Y, WEIGHTS)), 0.05);
    assertEquals(0.5, upper(quick().fit(X, Y)), 0.05);
  }

  @Test
  void repeatedRowsOfOneGroupGiveTheSame() {
    int[] rows =
        IntStream.range(0, ROWS)
            .flatMap(row -> row % 2 == 0 ? IntStream.of(row, row, row) : IntStream.of(row))
            .toArray();
    double[][] x = Arrays.stream(rows).mapToObj(row -> X[row]).toArray(double[][]::new);
    double[][] y = Arrays.stream(rows).mapToObj(row -> Y[row]).toArray(double[][]::new);
    MixtureRegressor weighted = quick().fit(X, Y, WEIGHTS);
    MixtureRegressor repeated = quick().fit(x, y, null, rows);

    assertEquals(upper(repeated), upper(weighted), 0.04);
    assertEquals(repeated.evaluate(x, y).nll(), weighted.evaluate(x, y).nll(), 0.03);
    assertEquals(repeated.evaluate(x, y).nll(), weighted.evaluate(X, Y, WEIGHTS).nll(), 0.03);
    assertEquals(
        weighted.evaluate(x, y).nll(),
        weighted.evaluate(X, Y, WEIGHTS).nll(),
        1e-7); // FLOAT in other blocks
  }

  @Test
  void aWeightedEvaluationIsReadAsItWasWritten() {
    MixtureEvaluation evaluation = quick().fit(X, Y, WEIGHTS).evaluate(X, Y, WEIGHTS);

    assertEquals(evaluation, MixtureEvaluation.fromJson(evaluation.toJson()));
  }

  @Test
  void equalWeightsAreNone() {
    double[] sevens = new double[ROWS];
    Arrays.fill(sevens, 7e-3);

    assertArrayEquals(means(quick().fit(X, Y)), means(quick().fit(X, Y, sevens)));
  }

  @Test
  void rowsOfWeightZeroAreLeftOut() {
    double[][] x =
        Stream.concat(Arrays.stream(X), Stream.of(new double[] {1e9})).toArray(double[][]::new);
    double[][] y =
        Stream.concat(Arrays.stream(Y), Stream.of(new double[] {-1e9})).toArray(double[][]::new);
    double[] weights = Arrays.copyOf(WEIGHTS, ROWS + 1);

    assertArrayEquals(means(quick().fit(X, Y, WEIGHTS)), means(quick().fit(x, y, weights)));
  }

  @Test
  void aFramesColumnGivesThem() {
    Frame frame =
        Frame.builder()
            .numbers("x", IntStream.range(0, ROWS).mapToDouble(row -> X[row][0]).toArray())
            .numbers("y", IntStream.range(0, ROWS).mapToDouble(row -> Y[row][0]).toArray())
            .numbers("w", WEIGHTS)
            .categories(
                "g", IntStream.range(0, ROWS).mapToObj(row -> "g" + row / 2).toArray(String[]::new))
            .build();
    MixtureRegressor byFrame =
        quick().fit(frame, ColumnRoles.targets("y").weights("w").groups("g"));
    MixtureRegressor byArrays =
        quick().fit(X, Y, WEIGHTS, IntStream.range(0, ROWS).map(row -> row / 2).toArray());

    assertArrayEquals(means(byArrays), byFrame.predict(frame).mean().toDoubleVector());
    assertEquals(
        byArrays.evaluate(X, Y, WEIGHTS).nll(), byFrame.evaluate(frame).nll(), "weighted, too");
  }

  /** Two groups, one of which validates and calibrates for all members. */
  @Test
  void twoGroupsAreEnough() {
    MixtureRegressor fitted =
        quick().fit(X, Y, WEIGHTS, IntStream.range(0, ROWS).map(row -> row % 2).toArray());
    assertTrue(Double.isFinite(fitted.evaluate(X, Y).nll()));
  }

  @Test
  void whatCannotBeAWeightIsRejected() {
    for (double wrong : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      double[] weights = WEIGHTS.clone();
      weights[5] = wrong;
      assertEquals(
          "Expected finite weights of at least 0, got " + wrong + " in row 5",
          assertThrows(IllegalArgumentException.class, () -> quick().fit(X, Y, weights))
              .getMessage());
    }
    assertEquals(
        "Expected rows of positive weight, all 300 have weight 0",
        assertThrows(IllegalArgumentException.class, () -> quick().fit(X, Y, new double[ROWS]))
            .getMessage());
    assertEquals(
        "Expected as many weights as rows, 300, got 2",
        assertThrows(IllegalArgumentException.class, () -> quick().fit(X, Y, new double[2]))
            .getMessage());
    assertEquals(
        "Expected as many groups as rows, 300, got 2",
        assertThrows(IllegalArgumentException.class, () -> quick().fit(X, Y, WEIGHTS, new int[2]))
            .getMessage());
    String message =
        assertThrows(IllegalArgumentException.class, () -> quick().fit(X, Y, null, new int[ROWS]))
            .getMessage();
    assertEquals(
        "Expected groups of which some have at least 2 rows to train on, as many as components, and"
            + " others at least 2 to validate, got 1 groups, which divide into 300 and 0 rows",
        message);
  }
}
