/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.columns.FrameColumns;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.frame.Frame;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Trained members and the units of their data.
 *
 * @param columns of the frame that it was fitted to; null if it was an array
 * @param features how features are standardised
 * @param encoding of standardised features
 * @param targets how targets are standardised
 * @param members the networks
 * @param scaleTemperature of the members' squared scales
 * @param firstScaleTemperature of the first member's, where it stands alone
 * @param atoms of the target, in original units
 */
public record FittedEnsemble(
    FrameColumns columns,
    Standardization features,
    FeatureEncoding encoding,
    Standardization targets,
    List<MemberNetwork> members,
    double scaleTemperature,
    double firstScaleTemperature,
    List<Double> atoms) {

  /**
   * Predicts in original units. What is missing, and was not in the fit, is guessed several times;
   * each row's mixture is the mean of what the guesses predict then.
   *
   * @throws IllegalArgumentException if a column of the fit is not there or of another kind, or the
   *     fit was to an array
   */
  public MixtureBatch predict(Frame frame) {
    FrameColumns known = requireColumns();
    if (!known.needsGuesses(frame)) {
      return predictNumbers(known.expand(frame, FrameColumns.NO_GUESS));
    }
    return MixtureBatch.average(
        IntStream.range(0, FrameColumns.guesses())
            .mapToObj(guess -> predictNumbers(known.expand(frame, guess)))
            .toArray(MixtureBatch[]::new));
  }

  /**
   * Returns the targets of a frame.
   *
   * @throws IllegalArgumentException if one is not there, holds no numbers, or a cell is missing
   */
  public Table targets(Frame frame) {
    return Table.targets(frame, requireColumns().targets(), isCensored());
  }

  /** Returns whether targets are intervals. */
  public boolean isCensored() {
    return members.get(0).spec().censored();
  }

  /** Returns the rows of a frame that count: those whose weight is not 0. */
  public Frame counting(Frame frame) {
    double[] weights = weights(frame);
    if (weights == null) {
      return frame;
    }
    int[] rows = IntStream.range(0, weights.length).filter(row -> weights[row] != 0).toArray();
    require(
        rows.length > 0, "Expected a weight above 0 in column '%s', all are 0", columns.weights());
    return frame.select(rows);
  }

  /** Returns the weights of a frame's rows; null where it has no column of weights. */
  public double[] weights(Frame frame) {
    String column = requireColumns().weights();
    return column == null || !frame.has(column) ? null : frame.numbers(column);
  }

  /** Returns the columns of the frame that it was fitted to. */
  public FrameColumns requireColumns() {
    require(
        columns != null,
        "Expected features in an array: the model was fitted to one, it knows no names");
    return columns;
  }

  /**
   * Predicts in original units.
   *
   * @throws IllegalArgumentException if the features have another width than those of the fit, or
   *     the fit was to a frame
   */
  public MixtureBatch predict(Table table) {
    require(
        columns == null,
        "Expected a Frame with the columns that the model was fitted to: %s",
        columns == null ? null : columns.names());
    return predictNumbers(table);
  }

  /**
   * Predicts in original units.
   *
   * @param table the numbers that features become
   * @throws IllegalArgumentException if they have another width than those of the fit
   */
  public MixtureBatch predictNumbers(Table table) {
    return inUnits(ScaleCalibration.pool(outputs(table), scaleTemperature));
  }

  /** Predicts by each member alone, in original units. */
  public List<MixtureBatch> members(Frame frame) {
    FrameColumns known = requireColumns();
    if (!known.needsGuesses(frame)) {
      return members(known.expand(frame, FrameColumns.NO_GUESS));
    }
    List<List<MixtureBatch>> guesses =
        IntStream.range(0, FrameColumns.guesses())
            .mapToObj(guess -> members(known.expand(frame, guess)))
            .toList();
    return IntStream.range(0, members.size())
        .mapToObj(
            m ->
                MixtureBatch.average(
                    guesses.stream().map(all -> all.get(m)).toArray(MixtureBatch[]::new)))
        .toList();
  }

  /**
   * Predicts by each member alone, in original units.
   *
   * @param numbers what features become
   */
  public List<MixtureBatch> members(Table numbers) {
    return outputs(numbers).stream()
        .map(one -> inUnits(one.predictions(scaleTemperature)))
        .toList();
  }

  private MixtureBatch inUnits(MixtureBatch standardized) {
    MixtureBatch original = standardized.rescale(targets.deviations()).shift(targets.means());
    return atoms.isEmpty()
        ? original
        : original.atAtoms(atoms.stream().mapToDouble(atom -> atom).toArray());
  }

  /** Returns rows of standardised features, NaN where a cell is missing, {@code [N][C]}. */
  public float[][] standardized(Table numbers) {
    return Trust.rows(
        features.apply("features", numbers),
        features.columns(),
        IntStream.range(0, numbers.rows()).toArray());
  }

  private List<MemberOutput> outputs(Table table) {
    require(
        table.columns() == features.columns(),
        "Expected %d features as in the fit, got %d",
        features.columns(),
        table.columns());
    float[] cells = features.apply("features", table);
    return table.rows() <= FeatureEncoding.CHUNK_ROWS
        ? outputs(cells, 0, table.rows())
        : inChunks(cells, table.rows());
  }

  private List<MemberOutput> outputs(float[] cells, int first, int rows) {
    INDArray inputs = encoding.encoded(cells, first, rows);
    return members.stream().map(member -> member.predict(inputs)).toList();
  }

  /** Encodes some rows at a time: encoded, all of them may take many times their memory. */
  private List<MemberOutput> inChunks(float[] cells, int rows) {
    List<MemberOutput> all =
        members.stream()
            .map(
                member ->
                    new MemberOutput(
                        member.spec(),
                        Nd4j.createUninitialized(
                            DataType.FLOAT, rows, member.spec().parameterCount()),
                        member.contamination()))
            .toList();
    for (int first = 0; first < rows; first += FeatureEncoding.CHUNK_ROWS) {
      int count = Math.min(FeatureEncoding.CHUNK_ROWS, rows - first);
      List<MemberOutput> some = outputs(cells, first, count);
      for (int m = 0; m < some.size(); m++) {
        all.get(m)
            .raw()
            .get(NDArrayIndex.interval(first, first + count), NDArrayIndex.all())
            .assign(some.get(m).raw());
      }
    }
    return all;
  }

  /**
   * Scores predictions of targets.
   *
   * @param weights of the rows, or null where all count alike
   * @throws IllegalArgumentException if the targets have another shape than the predictions, or
   *     weights are not usable
   */
  public MixtureEvaluation evaluate(MixtureBatch predicted, Table observed, double[] weights) {
    require(
        predicted.size() == observed.rows(),
        "Expected as many rows of targets as of features, %d, got %d",
        predicted.size(),
        observed.rows());
    MixtureSpec one = members.get(0).spec();
    require(
        observed.columns() == one.labelColumns(),
        "Expected %d targets as in the fit, got %d",
        one.labelColumns(),
        observed.columns());
    MixtureSpec all =
        MixtureSpec.builder()
            .components(predicted.components())
            .targets(one.targets())
            .covariance(one.covariance())
            .family(one.family())
            .scaleFloor(one.scaleFloor())
            .atoms(predicted.atoms())
            .build()
            .withLabels(one.censored(), Truncation.NONE);
    MixtureEvaluation evaluation = new MixtureEvaluation(all);
    if (weights == null) {
      evaluation.eval(observed.toMatrix(), predicted, null);
    } else {
      evaluation.evalWeighted(observed.toMatrix(), predicted, weights);
    }
    return evaluation;
  }

  public FittedEnsemble firstMember() {
    return new FittedEnsemble(
        columns,
        features,
        encoding,
        targets,
        members.subList(0, 1),
        firstScaleTemperature,
        firstScaleTemperature,
        atoms);
  }
}
