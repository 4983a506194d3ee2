/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.frame.UnseenCategory;
import org.mdn4j.regression.report.ColumnSummary;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The columns of the frame that a model was fitted to.
 *
 * @param features those that it takes, in order
 * @param targets the names of those that it predicts
 * @param weights the name of that of row weights, or null
 */
public record FrameColumns(
    @JsonProperty("features") List<FeatureColumn> features,
    @JsonProperty("targets") List<String> targets,
    @JsonProperty("weights") String weights) {

  /** Stands for no guess: what is missing, and was not when the model was fitted, stays so. */
  public static final int NO_GUESS = -1;

  /** Checks what was read from a file. */
  public FrameColumns {
    require(
        features != null
            && !features.isEmpty()
            && features.stream().noneMatch(Objects::isNull)
            && targets != null
            && !targets.isEmpty()
            && targets.stream().noneMatch(Objects::isNull),
        "Expected columns of features and of targets");
    features = List.copyOf(features);
    targets = List.copyOf(targets);
    List<String> names = new ArrayList<>(targets);
    features.forEach(column -> names.add(column.name()));
    require(
        new HashSet<>(names).size() == names.size(),
        "Expected columns of different names, got %s",
        names);
    require(
        features.stream().anyMatch(column -> !column.constant()),
        "Expected a feature that varies, all are constant: %s",
        features.stream().map(FeatureColumn::name).toList());
  }

  /** Returns the names of the features. */
  public List<String> names() {
    return features.stream().map(FeatureColumn::name).toList();
  }

  /** Returns what a report says of the columns of features. */
  public List<ColumnSummary> summaries(Frame frame) {
    return features.stream().map(column -> ColumnLearner.summary(frame, column)).toList();
  }

  /** Returns how many continuous numbers a row becomes, which come first. */
  public int continuous() {
    return features.stream().mapToInt(FeatureColumn::continuous).sum();
  }

  /** Returns how many numbers a row becomes. */
  public int numbers() {
    return continuous() + features.stream().mapToInt(FeatureColumn::flags).sum();
  }

  /** Returns which guess of each column is the n-th, {@code [guesses()][columns]}. */
  public int[][] guessOrder() {
    return Arrays.stream(Mixing.ORDER)
        .map(row -> IntStream.range(0, features.size()).map(c -> row[c % Mixing.COLUMNS]).toArray())
        .toArray(int[][]::new);
  }

  /** Returns how many guesses stand for a missing cell that was never missing in the fit. */
  public static int guesses() {
    return FeatureColumn.GUESSES;
  }

  /**
   * Returns whether cells are missing, or categories unseen, in columns that had none in the fit.
   */
  public boolean needsGuesses(Frame frame) {
    for (FeatureColumn column : features) {
      if (!column.constant()) {
        ColumnCells cells = ColumnCells.of(frame, column);
        if (!column.missing() && IntStream.range(0, frame.rows()).anyMatch(cells::isUnknown)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Returns the cells whose category the fit has not seen. */
  public List<UnseenCategory> unseen(Frame frame) {
    List<UnseenCategory> unseen = new ArrayList<>();
    for (FeatureColumn column : features) {
      if (column.kind() == ColumnKind.CATEGORY && !column.constant()) {
        String[] cells = frame.categories(column.name());
        Map<String, Integer> places = column.places();
        for (int row = 0; row < cells.length; row++) {
          if (cells[row] != null && column.place(cells[row], places) < 0) {
            unseen.add(new UnseenCategory(row, column.name(), cells[row]));
          }
        }
      }
    }
    return unseen;
  }

  /**
   * Returns the numbers that rows become: continuous ones, NaN where a cell is missing, and flags.
   *
   * @param guess which of the guesses stands for what is missing and was not in the fit, or {@link
   *     #NO_GUESS}
   * @return {@code [N, numbers()]}
   * @throws IllegalArgumentException if a column is not there or of another kind
   */
  public Table expand(Frame frame, int guess) {
    int width = numbers();
    Table.requireSize("features", frame.rows(), width);
    double[] cells = new double[frame.rows() * width];
    List<String> names = new ArrayList<>();
    int continuous = 0;
    int flag = continuous();
    for (int c = 0; c < features.size(); c++) {
      FeatureColumn column = features.get(c);
      if (column.constant()) {
        continue;
      }
      ColumnCells of = ColumnCells.of(frame, column);
      int guessed =
          guess == NO_GUESS || column.missing()
              ? NO_GUESS
              : Mixing.ORDER[guess][c % Mixing.COLUMNS];
      for (int row = 0; row < frame.rows(); row++) {
        of.put(row, guessed, cells, row * width + continuous, row * width + flag);
      }
      continuous += column.continuous();
      flag += column.flags();
      for (int i = 0; i < column.continuous(); i++) {
        names.add(column.name());
      }
    }
    return new Table(cells, frame.rows(), width, names);
  }

  /**
   * Returns the names of the groups that a column's cells say rows belong to.
   *
   * @return {@code [N]}, null where a cell is missing
   */
  public static String[] groups(Frame frame, String column) {
    if (frame.kind(column) == ColumnKind.CATEGORY) {
      return frame.categories(column);
    }
    return Arrays.stream(frame.numbers(column))
        .mapToObj(group -> Double.isNaN(group) ? null : Double.toString(group))
        .toArray(String[]::new);
  }

  /** In which order guesses are taken; made when something is guessed for the first time. */
  private static final class Mixing {
    static final int COLUMNS = 1000;
    static final int[][] ORDER = mixed();

    /**
     * Returns which guess of each column is the n-th: all of each column, and of columns together
     * as evenly as can be, by a sequence of Sobol. Source: S. Joe and F. Y. Kuo, <i>Constructing
     * Sobol sequences with better two-dimensional projections</i> (2008).
     */
    private static int[][] mixed() {
      SobolSequenceGenerator points = new SobolSequenceGenerator(COLUMNS);
      return IntStream.range(0, FeatureColumn.GUESSES)
          .mapToObj(
              n ->
                  Arrays.stream(points.nextVector())
                      .mapToInt(share -> (int) (share * FeatureColumn.GUESSES))
                      .toArray())
          .toArray(int[][]::new);
    }
  }
}
