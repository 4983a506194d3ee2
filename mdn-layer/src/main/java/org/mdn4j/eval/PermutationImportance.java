/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.ExchangeableRows.Exchange;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What a model looks at: by how much the mean NLL rises when the cells of a column, or of several
 * together, are permuted among the rows, so that they say nothing of their row any more.
 *
 * <pre>
 *   I = E[ −log p(Y | X with the columns from X') ] − E[ −log p(Y | X) ]
 * </pre>
 *
 * <p>0 for columns that the model does not use; below 0, beyond the error, for columns that it is
 * misled by. It tells of this model on these rows, not of causes. Where columns tell the same, each
 * has little importance, since the other is left: permute them together. A permuted row may be one
 * that never occurs (a child of 60 years), on which the model guesses. Use rows that the model was
 * not trained on. Source: A. Fisher, C. Rudin and F. Dominici, <i>All models are wrong, but many
 * are useful</i>, JMLR 20 (2019), section 3.
 */
public final class PermutationImportance {
  private PermutationImportance() {}

  /**
   * The importance of columns.
   *
   * @param columns indices of the columns that were permuted together
   * @param nats the rise of the mean NLL
   * @param standardError standard deviation of the rise over other rows of the same source, with
   *     what they are as cells that others get, and over other permutations; at most √2 times too
   *     large where few permutations of noisy predictions were taken. NaN where the rise is
   *     infinite
   */
  public record Importance(List<Integer> columns, double nats, double standardError) {}

  /**
   * Computes importances. It takes one prediction of all rows, and one for each group of columns
   * and repeat.
   *
   * @param rows N rows and the model
   * @param labels as {@link MixtureBatch#logLikelihood} takes them
   * @param weights {@code [N]}, by which rows count and are drawn as donors, at least 0; null for
   *     equal ones
   * @param columns groups of columns, each permuted together
   * @param repeats number of permutations, at least 1; the mean of all is returned. All groups have
   *     the same permutations
   * @param seed the same seed gives the same permutations
   * @return one per group, in the order of the groups
   * @throws IllegalArgumentException if there are fewer than two rows with weight, labels or
   *     weights do not fit, a label is NaN, there is no repeat, or a row has no density as it is
   */
  public static List<Importance> of(
      ExchangeableRows rows,
      INDArray labels,
      double[] weights,
      List<int[]> columns,
      int repeats,
      long seed) {
    require(repeats >= 1, "Expected at least 1 repeat, got %d", repeats);
    WeightedRows weighted = new WeightedRows(rows.size(), weights);
    int[] counted = weighted.counted();
    require(counted.length >= 2, "Expected at least 2 rows with weight, got %d", counted.length);
    MixtureBatch predicted = rows.predict(counted);
    INDArray y = labels.rank() == 1 ? labels.reshape(labels.length(), 1) : labels;
    require(
        y.size(0) == rows.size(),
        "Expected labels of %d rows, got shape %s",
        rows.size(),
        Arrays.toString(labels.shape()));
    INDArray ofCounted = counted.length == rows.size() ? y : y.getRows(counted);
    double[] before = predicted.logLikelihood(ofCounted).toDoubleVector();
    for (int i = 0; i < before.length; i++) {
      require(
          before[i] > Double.NEGATIVE_INFINITY,
          "Expected labels where the model has density, row %d is of none",
          counted[i]);
    }
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    int[][] donors = new int[repeats][];
    for (int r = 0; r < repeats; r++) {
      donors[r] = weighted.draw(counted.length, random);
    }
    List<Importance> importances = new ArrayList<>();
    for (int[] group : columns) {
      Rises rises = new Rises(weighted, counted, repeats);
      for (int[] ofRepeat : donors) {
        double[] after =
            rows.predict(counted, new Exchange(group, ofRepeat))
                .logLikelihood(ofCounted)
                .toDoubleVector();
        for (int i = 0; i < after.length; i++) {
          rises.add(i, ofRepeat[i], before[i] - after[i]);
        }
      }
      importances.add(
          new Importance(Arrays.stream(group).boxed().toList(), rises.mean(), rises.error()));
    }
    return List.copyOf(importances);
  }

  /**
   * The rises of rows' NLL. Their mean is one over pairs of a row and a donor; by Hájek's
   * projection it varies as the mean over single rows of what a row adds as the one and as the
   * other.
   */
  private static final class Rises {
    private final WeightedRows weighted;
    private final int[] counted;
    private final double[] received; // [counted], sums of the rises
    private final double[] given; // [N], sums of the receivers' shares times their rises
    private final double[] givenShares; // [N]
    private final int repeats;

    Rises(WeightedRows weighted, int[] counted, int repeats) {
      this.weighted = weighted;
      this.repeats = repeats;
      this.counted = counted;
      this.received = new double[counted.length];
      int rows = counted[counted.length - 1] + 1;
      this.given = new double[rows];
      this.givenShares = new double[rows];
    }

    void add(int i, int donor, double rise) {
      double share = weighted.share(counted[i]);
      received[i] += rise;
      given[donor] += share * rise;
      givenShares[donor] += share;
    }

    double mean() {
      double mean = 0;
      for (int i = 0; i < counted.length; i++) {
        mean += weighted.share(counted[i]) * received[i] / repeats;
      }
      return mean;
    }

    double error() {
      double mean = mean();
      double sum = 0;
      for (int i = 0; i < counted.length; i++) {
        int row = counted[i];
        double asDonor = givenShares[row] > 0 ? given[row] / givenShares[row] - mean : 0;
        sum += Math.pow(weighted.share(row) * (received[i] / repeats - mean + asDonor), 2);
      }
      return Math.sqrt(sum * counted.length / (counted.length - 1));
    }
  }
}
