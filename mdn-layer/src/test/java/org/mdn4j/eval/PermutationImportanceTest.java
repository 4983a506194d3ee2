/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.PermutationImportance.Importance;

/**
 * Importances in closed form. Of y = Σ β_c x_c + ε, ε ~ N(0, σ²), with independent features of
 * variance 1, and the model that knows this, columns S have Σ_{c ∈ S} β_c²/σ² nats: of the NLL's ½
 * (Δ/σ)², where the difference of two features has variance 2.
 */
class PermutationImportanceTest {
  private static final double SIGMA = 0.5;

  private static double[][] normal(int rows, int columns, Random random) {
    double[][] cells = new double[rows][columns];
    for (double[] row : cells) {
      Arrays.setAll(row, c -> random.nextGaussian());
    }
    return cells;
  }

  private static double dot(double[] x, double[] slopes) {
    return IntStream.range(0, x.length).mapToDouble(c -> x[c] * slopes[c]).sum();
  }

  private static double[] labels(double[][] rows, double[] slopes, Random random) {
    return Arrays.stream(rows)
        .mapToDouble(x -> dot(x, slopes) + SIGMA * random.nextGaussian())
        .toArray();
  }

  /** Predicts by slopes. */
  private static ExchangeableRows model(double[][] rows, double... slopes) {
    return ExchangeableRows.of(
        rows,
        cells -> {
          double[] deviations = new double[cells.length];
          Arrays.fill(deviations, SIGMA);
          return Lines.gaussians(
              Arrays.stream(cells).mapToDouble(x -> dot(x, slopes)).toArray(), deviations);
        });
  }

  private static void assertNats(double expected, Importance importance) {
    assertEquals(expected, importance.nats(), 4 * importance.standardError(), importance::toString);
  }

  @Test
  void importancesOfALinearModel() {
    Random random = new Random(1);
    double[][] rows = normal(4000, 4, random);
    double[] slopes = {1, -0.5, 0, 0.1};
    double[] y = labels(rows, slopes, random);
    List<Importance> importances =
        PermutationImportance.of(
            model(rows, slopes),
            Lines.column(y),
            null,
            List.of(new int[] {0}, new int[] {1}, new int[] {2}, new int[] {3}, new int[] {1, 0}),
            4,
            1);
    assertNats(4, importances.get(0));
    assertNats(1, importances.get(1));
    assertEquals(new Importance(List.of(2), 0, 0), importances.get(2));
    assertNats(0.04, importances.get(3));
    assertNats(5, importances.get(4));
    assertEquals(List.of(1, 0), importances.get(4).columns());
    assertTrue(importances.get(0).standardError() < 0.2);
    assertEquals(
        importances,
        PermutationImportance.of(
            model(rows, slopes),
            Lines.column(y).reshape(4000),
            null,
            List.of(new int[] {0}, new int[] {1}, new int[] {2}, new int[] {3}, new int[] {1, 0}),
            4,
            1));
  }

  /** A model that uses a column that says nothing is no better with its right cells. */
  @Test
  void aColumnThatSaysNothing() {
    Random random = new Random(2);
    double[][] rows = normal(3000, 2, random);
    double[] y = labels(rows, new double[] {1, 0}, random);
    Importance importance =
        PermutationImportance.of(
                model(rows, 1, 0.2), Lines.column(y), null, List.of(new int[] {1}), 5, 2)
            .get(0);
    assertTrue(importance.standardError() > 0);
    assertNats(0, importance);
  }

  /** y = x + ε and a model that takes x from two equal columns: (¼ each) /σ², but 1/σ² together. */
  @Test
  void columnsThatTellTheSame() {
    Random random = new Random(3);
    double[][] rows = normal(3000, 2, random);
    for (double[] row : rows) {
      row[1] = row[0];
    }
    double[] y = labels(rows, new double[] {1, 0}, random);
    List<Importance> importances =
        PermutationImportance.of(
            model(rows, 0.5, 0.5),
            Lines.column(y),
            null,
            List.of(new int[] {0}, new int[] {1}, new int[] {0, 1}),
            3,
            1);
    assertNats(1, importances.get(0));
    assertNats(1, importances.get(1));
    assertNats(4, importances.get(2));
  }

  /** Over other rows of the same source the estimate varies as its error says. */
  @Test
  void standardErrors() {
    Random random = new Random(4);
    RunningMean values = new RunningMean();
    RunningMean errors = new RunningMean();
    for (int i = 0; i < 200; i++) {
      double[][] rows = normal(200, 1, random);
      double[] y = labels(rows, new double[] {1}, random);
      Importance importance =
          PermutationImportance.of(
                  model(rows, 1), Lines.column(y), null, List.of(new int[] {0}), 5, i)
              .get(0);
      values.add(importance.nats());
      errors.add(importance.standardError());
    }
    assertEquals(4 * 199.0 / 200, values.mean(), 4 * values.standardError());
    double ratio = errors.mean() / values.standardDeviation();
    assertTrue(0.85 < ratio && ratio < 1.35, "error over deviation: " + ratio);
  }

  /** Half of the rows are of another process, and do not count. */
  @Test
  void weights() {
    Random random = new Random(5);
    double[][] rows = normal(4000, 2, random);
    double[] slopes = {1, 0.5};
    double[] y = labels(rows, slopes, random);
    double[] weights = new double[4000];
    for (int n = 0; n < 4000; n++) {
      if (n % 2 == 0) {
        rows[n][0] *= 100;
        y[n] = n == 0 ? Double.NaN : 0;
      } else {
        weights[n] = 1 + n % 3;
      }
    }
    List<int[]> columns = List.of(new int[] {0}, new int[] {1});
    List<Importance> importances =
        PermutationImportance.of(model(rows, slopes), Lines.column(y), weights, columns, 5, 1);
    assertNats(4, importances.get(0));
    assertNats(1, importances.get(1));
    assertTrue(importances.get(0).standardError() < 0.4);
  }

  /** Weights of 3 and 1 are the rows three times and once. */
  @Test
  void weightsAreRepeatedRows() {
    Random random = new Random(6);
    double[][] rows = normal(600, 1, random);
    double[] y = labels(rows, new double[] {1}, random);
    double[] weights = new double[600];
    int[] repeated =
        IntStream.range(0, 600)
            .flatMap(n -> IntStream.range(0, rows[n][0] > 0 ? 3 : 1).map(i -> n))
            .toArray();
    for (int n : repeated) {
      weights[n]++;
    }
    Importance weighted =
        PermutationImportance.of(
                model(rows, 1), Lines.column(y), weights, List.of(new int[] {0}), 60, 1)
            .get(0);
    Importance copied =
        PermutationImportance.of(
                model(Arrays.stream(repeated).mapToObj(n -> rows[n]).toArray(double[][]::new), 1),
                Lines.column(Arrays.stream(repeated).mapToDouble(n -> y[n]).toArray()),
                null,
                List.of(new int[] {0}),
                60,
                1)
            .get(0);
    assertEquals(copied.nats(), weighted.nats(), 0.03 * copied.nats());
  }

  /** Rows that are no numbers: a name, and a number that only the model can read. */
  @Test
  void rowsOfOtherTypes() {
    Random random = new Random(7);
    int count = 2000;
    Object[][] columns = new Object[2][count];
    double[] y = new double[count];
    for (int n = 0; n < count; n++) {
      columns[0][n] = random.nextBoolean() ? "north" : "south";
      columns[1][n] = String.valueOf(random.nextInt(10));
      y[n] = ("north".equals(columns[0][n]) ? 1 : -1) + SIGMA * random.nextGaussian();
    }
    ExchangeableRows rows =
        new ExchangeableRows() {
          @Override
          public int size() {
            return count;
          }

          @Override
          public MixtureBatch predict(int[] asked, Exchange... exchanges) {
            Object[] names = Arrays.stream(asked).mapToObj(n -> columns[0][n]).toArray();
            for (Exchange exchange : exchanges) {
              if (exchange.columns()[0] == 0) {
                Arrays.setAll(names, i -> columns[0][exchange.donors()[i]]);
              }
            }
            double[] deviations = new double[asked.length];
            Arrays.fill(deviations, SIGMA);
            return Lines.gaussians(
                Arrays.stream(names).mapToDouble(name -> name.equals("north") ? 1 : -1).toArray(),
                deviations);
          }
        };
    List<Importance> importances =
        PermutationImportance.of(
            rows, Lines.column(y), null, List.of(new int[] {0}, new int[] {1}), 5, 1);
    assertNats(4, importances.get(0)); // half of the rows change, by 2: ½ · ½ (2/σ)²
    assertEquals(0, importances.get(1).nats());
  }

  @Test
  void argumentsThatDoNotFit() {
    double[][] rows = {{1}, {2}, {3}};
    ExchangeableRows model = model(rows, 1);
    List<int[]> columns = List.of(new int[] {0});
    double[] y = {1, 2, 3};
    assertRefused(
        "Expected at least 1 repeat, got 0",
        () -> PermutationImportance.of(model, Lines.column(y), null, columns, 0, 1));
    assertRefused(
        "Expected 3 weights, one per row, got 1",
        () -> PermutationImportance.of(model, Lines.column(y), new double[1], columns, 1, 1));
    assertRefused(
        "Expected weights of at least 0, got -1.0 in row 1",
        () ->
            PermutationImportance.of(
                model, Lines.column(y), new double[] {1, -1, 1}, columns, 1, 1));
    assertRefused(
        "Expected at least 2 rows with weight, got 1",
        () ->
            PermutationImportance.of(
                model, Lines.column(y), new double[] {0, 1, 0}, columns, 1, 1));
    assertRefused(
        "Expected labels of 3 rows, got shape [2, 1]",
        () -> PermutationImportance.of(model, Lines.column(1, 2), null, columns, 1, 1));
    assertRefused(
        "Expected labels where the model has density, row 1 is of none",
        () ->
            PermutationImportance.of(
                model, Lines.column(1, Double.POSITIVE_INFINITY, 3), null, columns, 1, 1));
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }
}
