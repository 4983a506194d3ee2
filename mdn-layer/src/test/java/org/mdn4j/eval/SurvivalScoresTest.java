/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.factory.Nd4j;

class SurvivalScoresTest {
  /** Remission under 6-MP of 21 children, in weeks; negative: still in remission. */
  private static final double[] REMISSION = {
    6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35
  };

  private static final double[] TIMES = {1, 2, 3, 4, 5};
  private static final boolean[] SEEN = {true, false, true, false, true};

  private static double[] times() {
    return Arrays.stream(REMISSION).map(Math::abs).toArray();
  }

  private static boolean[] seen() {
    boolean[] seen = new boolean[REMISSION.length];
    for (int n = 0; n < seen.length; n++) {
      seen[n] = REMISSION[n] > 0;
    }
    return seen;
  }

  /**
   * The table of E. J. Freireich et al., Blood 21 (1963), as textbooks have it (D. G. Kleinbaum and
   * M. Klein, Survival Analysis, 2012, chapter 2): S to four digits; standard errors by Greenwood.
   */
  @Test
  void remissionsHaveTheTextbooksCurve() {
    KaplanMeier curve = KaplanMeier.of(times(), seen());
    double[] at = {6, 7, 10, 13, 16, 22, 23};
    double[] expected = {0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482};
    double[] errors = {0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346};
    assertArrayEquals(at, curve.times());
    for (int i = 0; i < at.length; i++) {
      assertEquals(expected[i], curve.survival(at[i]), 5e-5);
      assertEquals(errors[i], curve.standardError(at[i]), 5e-5);
      assertEquals(curve.survival(at[i]), curve.survival(at[i] + 0.5));
    }
    assertEquals(18.0 / 21, curve.survival(6), 1e-15);
    assertEquals(1, curve.survival(5.99));
    assertEquals(0, curve.standardError(5.99));
    assertEquals(23, curve.quantile(0.5)); // the median of the table
    assertEquals(Double.POSITIVE_INFINITY, curve.quantile(0.6));
  }

  @Test
  void weightsAreRowsOfThatNumber() {
    double[] times = {3, 1, 2};
    boolean[] seen = {true, true, false};
    KaplanMeier weighted = KaplanMeier.of(times, seen, new double[] {2, 1, 3});
    KaplanMeier repeated =
        KaplanMeier.of(
            new double[] {3, 3, 1, 2, 2, 2}, new boolean[] {true, true, true, false, false, false});
    for (double time : new double[] {0, 1, 2, 3}) {
      assertEquals(repeated.survival(time), weighted.survival(time), 1e-15);
      assertEquals(repeated.standardError(time), weighted.standardError(time), 1e-15);
    }
    assertEquals(5.0 / 6, weighted.survival(2.5), 1e-15);
    assertEquals(0, weighted.survival(3));
  }

  /** Scores of rows with weights are those of rows that are repeated as often. */
  @Test
  void scoresCountWeightsAsRows() {
    Random random = new Random(3);
    int rows = 40;
    double[] times = new double[rows];
    boolean[] seen = new boolean[rows];
    double[] weights = new double[rows];
    double[] risks = new double[rows];
    double[] survivals = new double[rows];
    for (int n = 0; n < rows; n++) {
      times[n] = 1 + random.nextInt(15); // with ties
      seen[n] = random.nextInt(3) > 0;
      weights[n] = random.nextInt(4);
      risks[n] = random.nextInt(6) - 0.1 * times[n];
      survivals[n] = random.nextDouble();
    }
    int[] repeated =
        IntStream.range(0, rows)
            .flatMap(n -> IntStream.generate(() -> n).limit((long) weights[n]))
            .toArray();
    boolean[] seenRepeated = new boolean[repeated.length];
    IntStream.range(0, repeated.length).forEach(i -> seenRepeated[i] = seen[repeated[i]]);
    SurvivalScores weighted = SurvivalScores.of(times, seen, weights);
    SurvivalScores as = SurvivalScores.of(pick(times, repeated), seenRepeated);
    assertEquals(as.concordance(pick(risks, repeated)), weighted.concordance(risks), 1e-14);
    assertEquals(
        as.weightedConcordance(pick(risks, repeated), 9),
        weighted.weightedConcordance(risks, 9),
        1e-14);
    assertEquals(as.brier(7, pick(survivals, repeated)), weighted.brier(7, survivals), 1e-14);
    assertThrows(
        IllegalArgumentException.class, () -> SurvivalScores.of(times, seen, new double[rows]));
  }

  private static double[] pick(double[] values, int[] rows) {
    return IntStream.of(rows).mapToDouble(row -> values[row]).toArray();
  }

  @Test
  void labelsOfIntervalsGiveTheSame() {
    double infinity = Double.POSITIVE_INFINITY;
    double[][] ends = {{1, 1}, {2, infinity}, {3, 3}};
    KaplanMeier curve = KaplanMeier.of(Nd4j.createFromArray(ends));
    assertEquals(2.0 / 3, curve.survival(1), 1e-15);
    assertEquals(0, curve.survival(3));
    assertThrows(
        IllegalArgumentException.class,
        () -> KaplanMeier.of(Nd4j.createFromArray(new double[][] {{1, 2}})));
    assertThrows(
        IllegalArgumentException.class, () -> KaplanMeier.of(new double[0], new boolean[0]));
    assertThrows(
        IllegalArgumentException.class,
        () -> KaplanMeier.of(new double[] {Double.NaN}, new boolean[] {true}));
  }

  /** Rows 1 and 3 come first of 4 and 2 later ones; by hand. */
  @Test
  void concordanceCountsKnownPairs() {
    SurvivalScores scores = SurvivalScores.of(TIMES, SEEN);
    assertEquals(1, scores.concordance(new double[] {5, 4, 3, 2, 1}));
    assertEquals(0, scores.concordance(new double[] {1, 2, 3, 4, 5}));
    assertEquals(0.5, scores.concordance(new double[5]));
    assertEquals(4.0 / 6, scores.concordance(new double[] {0.8, 0.9, 0.5, 0.6, 0.1}), 1e-15);
    assertEquals(4.5 / 6, scores.concordance(new double[] {0.8, 0.9, 0.5, 0.5, 0.1}), 1e-15);
    // G(3−) = 3/4: (3 + 16/9) of (4 + 32/9)
    double[] risks = {0.8, 0.9, 0.5, 0.6, 0.1};
    assertEquals(43.0 / 68, scores.weightedConcordance(risks, 10), 1e-15);
    assertEquals(0.75, scores.weightedConcordance(risks, 3), 1e-15);
    assertTrue(Double.isNaN(SurvivalScores.of(TIMES, new boolean[5]).concordance(new double[5])));
  }

  /** Against the definition, over all pairs, with many equal times and risks. */
  @Test
  void concordanceIsThatOfAllPairs() {
    Random random = new Random(2);
    for (int trial = 0; trial < 20; trial++) {
      int rows = 1 + random.nextInt(60);
      double[] times = random.doubles(rows, 0, 12).map(Math::floor).toArray();
      double[] risks = random.doubles(rows, 0, 6).map(Math::floor).toArray();
      boolean[] seen = new boolean[rows];
      for (int n = 0; n < rows; n++) {
        seen[n] = random.nextInt(3) > 0;
      }
      double pairs = 0;
      double right = 0;
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j < rows; j++) {
          boolean first = times[i] < times[j] || times[i] == times[j] && !seen[j];
          if (i != j && seen[i] && first) {
            pairs++;
            right += risks[i] > risks[j] ? 1 : risks[i] == risks[j] ? 0.5 : 0;
          }
        }
      }
      assertEquals(right / pairs, SurvivalScores.of(times, seen).concordance(risks), 1e-12);
    }
  }

  /** At equal times an event comes before an end of observation, but not before another event. */
  @Test
  void equalTimesAreComparableWhereOneIsCensored() {
    SurvivalScores one = SurvivalScores.of(new double[] {2, 2}, new boolean[] {true, false});
    assertEquals(1, one.concordance(new double[] {2, 1}));
    SurvivalScores both = SurvivalScores.of(new double[] {2, 2}, new boolean[] {true, true});
    assertTrue(Double.isNaN(both.concordance(new double[] {2, 1})));
  }

  /** G is 3/4 from 2 and 3/8 from 4 on; (0.04 + 0.25/(3/4) + 0.09/(3/4) + 0.01/(3/4)) / 5. */
  @Test
  void brierScoreWeightsByTheChanceOfBeingObserved() {
    SurvivalScores scores = SurvivalScores.of(TIMES, SEEN);
    double[] survivals = {0.2, 0.4, 0.5, 0.7, 0.9};
    double atThree = (0.04 + (0.25 + 0.09 + 0.01) / 0.75) / 5;
    assertEquals(atThree, scores.brier(3, survivals), 1e-15);
    double atOne = (0.04 + 0.36 + 0.25 + 0.09 + 0.01) / 5;
    assertEquals(atOne, scores.brier(1, survivals), 1e-15);
    double[][] curves = new double[5][2];
    for (int n = 0; n < 5; n++) {
      curves[n][0] = survivals[n];
      curves[n][1] = survivals[n];
    }
    assertEquals(
        0.5 * (atOne + atThree), scores.integratedBrier(new double[] {1, 3}, curves), 1e-15);
    assertThrows(
        IllegalArgumentException.class, () -> scores.integratedBrier(new double[] {3, 1}, curves));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            SurvivalScores.of(TIMES, new boolean[] {true, true, true, true, false})
                .brier(5, survivals));
    assertThrows(
        IllegalArgumentException.class, () -> scores.brier(3, new double[] {1.1, 0, 0, 0, 0}));
  }

  /**
   * Without censoring the Brier score is the mean squared error, and that of the truth is lower
   * than another's on average: over exponential times with independent ends.
   */
  @Test
  void theWeightsUndoCensoring() {
    Random random = new Random(4);
    int rows = 20_000;
    double[] times = new double[rows];
    boolean[] seen = new boolean[rows];
    double[] free = new double[rows];
    boolean[] all = new boolean[rows];
    double[] survivals = new double[rows];
    for (int n = 0; n < rows; n++) {
      double rate = 0.5 + random.nextDouble();
      free[n] = -Math.log(1 - random.nextDouble()) / rate;
      double end = -Math.log(1 - random.nextDouble()) / 0.5;
      seen[n] = free[n] <= end;
      all[n] = true;
      times[n] = Math.min(free[n], end);
      survivals[n] = Math.exp(-rate);
    }
    double censored = SurvivalScores.of(times, seen).brier(1, survivals);
    double uncensored = SurvivalScores.of(free, all).brier(1, survivals);
    double error = 0;
    for (int n = 0; n < rows; n++) {
      double miss = (free[n] > 1 ? 1 : 0) - survivals[n];
      error += miss * miss / rows;
    }
    assertEquals(error, uncensored, 1e-12);
    assertEquals(uncensored, censored, 0.005); // some three standard errors
  }
}
