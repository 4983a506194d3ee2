/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.ConformalSummary;
import org.mdn4j.eval.DistributionEffect;
import org.mdn4j.eval.EnsembleUncertainty;
import org.mdn4j.eval.ExchangeableRows;
import org.mdn4j.eval.PermutationImportance;
import org.mdn4j.regression.columns.FrameColumns;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.FittedEnsemble;

/**
 * How far predictions can be trusted: intervals and regions with a guaranteed coverage, where the
 * uncertainty comes from, how unlike the rows of the fit a row is, and what the model looks at.
 * From {@link MixtureRegressor#trust()}.
 */
public final class PredictionTrust {
  private static final int PERMUTATIONS = 5;

  private final Fitted fitted;

  PredictionTrust(Fitted fitted) {
    this.fitted = fitted;
  }

  /**
   * Returns whether the model was conformalized.
   *
   * @return whether {@link #conformal()} is there
   */
  public boolean isConformal() {
    return fitted.trust().conformal() != null;
  }

  /**
   * Returns the conformal calibration.
   *
   * @return the calibration, with its groups
   * @throws IllegalStateException if there is none: see {@link MixtureRegressor#conformalize} and
   *     {@link MixtureRegressorBuilder#conformalFraction}
   */
  public Conformal conformal() {
    if (!isConformal()) {
      throw new IllegalStateException(
          "Expected a conformalized model: call conformalize(...) with rows that it was not fitted"
              + " to, or set conformalFraction(...) before the fit");
    }
    return fitted.trust().conformal();
  }

  /**
   * Returns intervals with a guaranteed coverage, by the calibration of each row's group where it
   * has one; see {@link Conformal} for the guarantee and what voids it.
   *
   * @param features {@code [N][C]}
   * @param coverage in (0, 1)
   * @return {@code [N][D]}, each for the target alone, in its units
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(double[][])}, or if the
   *     coverage is not in (0, 1)
   * @throws IllegalStateException if the model was not conformalized
   */
  public List<List<Interval>> intervals(double[][] features, double coverage) {
    return intervals(predict(features), null, coverage);
  }

  /**
   * Returns intervals with a guaranteed coverage, as {@link #intervals(double[][], double)}.
   *
   * @param frame with the columns that the model takes, and that of the groups, if there are any
   * @param coverage in (0, 1)
   * @return {@code [N][D]}, each for the target alone, in its units
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(Frame)}, or if the coverage
   *     is not in (0, 1)
   * @throws IllegalStateException if the model was not conformalized
   */
  public List<List<Interval>> intervals(Frame frame, double coverage) {
    return intervals(fitted.ensemble().predict(frame), groups(frame), coverage);
  }

  private List<List<Interval>> intervals(
      MixtureBatch predicted, List<String> groups, double coverage) {
    Conformal all = conformal();
    return IntStream.range(0, predicted.size())
        .parallel()
        .mapToObj(
            row ->
                IntStream.range(0, predicted.targets())
                    .mapToObj(
                        d ->
                            all.forGroup(group(groups, row), coverage)
                                .interval(predicted.get(row), d, coverage))
                    .toList())
        .toList();
  }

  /**
   * Returns regions with a guaranteed coverage, by the calibration of each row's group where it has
   * one: where the distribution has branches, several intervals.
   *
   * @param features {@code [N][C]}
   * @param coverage in (0, 1)
   * @return per row disjoint intervals in ascending order, in the target's units
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(double[][])}, if there are
   *     several targets, or the coverage is not in (0, 1)
   * @throws IllegalStateException if the model was not conformalized
   */
  public List<List<Interval>> regions(double[][] features, double coverage) {
    return regions(predict(features), null, coverage);
  }

  /**
   * Returns regions with a guaranteed coverage, as {@link #regions(double[][], double)}.
   *
   * @param frame with the columns that the model takes, and that of the groups, if there are any
   * @param coverage in (0, 1)
   * @return per row disjoint intervals in ascending order, in the target's units
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(Frame)}, if there are
   *     several targets, or the coverage is not in (0, 1)
   * @throws IllegalStateException if the model was not conformalized
   */
  public List<List<Interval>> regions(Frame frame, double coverage) {
    return regions(fitted.ensemble().predict(frame), groups(frame), coverage);
  }

  private List<List<Interval>> regions(
      MixtureBatch predicted, List<String> groups, double coverage) {
    Conformal all = conformal();
    return IntStream.range(0, predicted.size())
        .parallel()
        .mapToObj(
            row -> all.forGroup(group(groups, row), coverage).region(predicted.get(row), coverage))
        .toList();
  }

  /**
   * Returns coverage and mean width on test rows, of the model's own intervals and regions and of
   * the conformal ones.
   *
   * @param features {@code [N][C]}, of rows that were neither fitted nor calibrated to
   * @param targets {@code [N][D]}
   * @return both at 50, 80, 90 and 95 %
   * @throws IllegalArgumentException as {@link MixtureRegressor#evaluate(double[][], double[][])}
   * @throws IllegalStateException if the model was not conformalized
   */
  public ConformalSummary summary(double[][] features, double[][] targets) {
    return ConformalSummary.of(
        conformal(), predict(features), Table.of("targets", targets).toMatrix(), null);
  }

  /**
   * Returns coverage and mean width on test rows, of the model's own intervals and regions and of
   * the conformal ones.
   *
   * @param frame with the columns of features and targets, of rows that were neither fitted nor
   *     calibrated to; weighted, if the model was fitted with a column of weights and the frame has
   *     it
   * @return both at 50, 80, 90 and 95 %
   * @throws IllegalArgumentException as {@link MixtureRegressor#evaluate(Frame)}
   * @throws IllegalStateException if the model was not conformalized
   */
  public ConformalSummary summary(Frame frame) {
    Frame counting = fitted.ensemble().counting(frame);
    return ConformalSummary.weighted(
        conformal(),
        fitted.ensemble().predict(counting),
        fitted.ensemble().targets(counting).toMatrix(),
        groups(counting),
        fitted.ensemble().weights(counting));
  }

  /**
   * Returns where the uncertainty of an ensemble's predictions comes from: what the data leave open
   * and what the members disagree on.
   *
   * @param features {@code [N][C]}
   * @return the questions that can be asked; of one member the disagreement is 0
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(double[][])}
   */
  public EnsembleUncertainty uncertainty(double[][] features) {
    requireArrays();
    return new EnsembleUncertainty(fitted.ensemble().members(Table.of("features", features)));
  }

  /**
   * Returns where the uncertainty of an ensemble's predictions comes from: what the data leave open
   * and what the members disagree on.
   *
   * @param frame with the columns that the model takes
   * @return the questions that can be asked; of one member the disagreement is 0
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(Frame)}
   */
  public EnsembleUncertainty uncertainty(Frame frame) {
    return new EnsembleUncertainty(fitted.ensemble().members(frame));
  }

  /**
   * Returns how like the rows of the fit rows are: the share of the fit's rows that are at least as
   * far from the others. Near 0 a row is unlike anything that was fitted to, and no statement about
   * it can be trusted; of the fit's own rows it is uniform. See {@link
   * org.mdn4j.eval.TrainingDistance}.
   *
   * @param features {@code [N][C]}
   * @return {@code [N]}, in [0, 1]
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(double[][])}
   * @throws IllegalStateException if the model was written by a version without distances
   */
  public double[] typicality(double[][] features) {
    requireArrays();
    return typicality(Table.of("features", features));
  }

  /**
   * Returns how like the rows of the fit rows are, as {@link #typicality(double[][])}.
   *
   * @param frame with the columns that the model takes
   * @return {@code [N]}, in [0, 1]
   * @throws IllegalArgumentException as {@link MixtureRegressor#predict(Frame)}
   * @throws IllegalStateException if the model was written by a version without distances
   */
  public double[] typicality(Frame frame) {
    return typicality(fitted.ensemble().requireColumns().expand(frame, FrameColumns.NO_GUESS));
  }

  private double[] typicality(Table numbers) {
    if (fitted.trust().distance() == null) {
      throw new IllegalStateException(
          "Expected a model that knows rows of its fit: it was written by an older version");
    }
    return fitted.trust().distance().shares(fitted.ensemble().standardized(numbers));
  }

  /**
   * Returns how much each feature matters to the predictions of a frame: by how much the mean NLL
   * rises when its cells are permuted among the rows. See {@link PermutationImportance}.
   *
   * @param frame with the columns of features and targets, best of rows that were not fitted to;
   *     weighted, if the model was fitted with a column of weights and the frame has it
   * @return one per feature, in the order of {@link MixtureRegressor#featureNames()}, from five
   *     permutations
   * @throws IllegalArgumentException as {@link MixtureRegressor#evaluate(Frame)}, or if there is
   *     just one row
   */
  public List<PermutationImportance.Importance> importance(Frame frame) {
    FittedEnsemble ensemble = fitted.ensemble();
    return importance(
        exchangeable(frame),
        ensemble.targets(frame),
        ensemble.weights(frame),
        ensemble.requireColumns().names().size());
  }

  /**
   * Returns how much each feature matters to predictions, as {@link #importance(Frame)}.
   *
   * @param features {@code [N][C]}, best of rows that were not fitted to
   * @param targets {@code [N][D]}
   * @return one per feature, from five permutations
   * @throws IllegalArgumentException as {@link MixtureRegressor#evaluate(double[][], double[][])},
   *     or if there is just one row
   */
  public List<PermutationImportance.Importance> importance(
      double[][] features, double[][] targets) {
    return importance(
        exchangeable(features),
        Table.targets(targets, fitted.ensemble().isCensored()),
        null,
        features[0].length);
  }

  private static List<PermutationImportance.Importance> importance(
      ExchangeableRows rows, Table targets, double[] weights, int features) {
    return PermutationImportance.of(
        rows,
        targets.toMatrix(),
        weights,
        IntStream.range(0, features).mapToObj(c -> new int[] {c}).toList(),
        PERMUTATIONS,
        1);
  }

  /**
   * Returns rows whose cells can be exchanged, as {@link PermutationImportance} and {@link
   * DistributionEffect} ask for.
   *
   * @param frame with the columns that the model takes
   * @return its rows, whose columns are numbered as {@link MixtureRegressor#featureNames()}
   * @throws IllegalArgumentException if the model was fitted to arrays
   */
  public ExchangeableRows exchangeable(Frame frame) {
    List<String> names = fitted.ensemble().requireColumns().names();
    Frame features = frame.select(names);
    return new ExchangeableRows() {
      @Override
      public int size() {
        return features.rows();
      }

      @Override
      public MixtureBatch predict(int[] rows, Exchange... exchanges) {
        Frame cells = features.select(rows);
        for (Exchange exchange : exchanges) {
          List<String> moved = IntStream.of(exchange.columns()).mapToObj(names::get).toList();
          cells = cells.with(features.select(moved).select(exchange.donors()));
        }
        return fitted.ensemble().predict(cells);
      }
    };
  }

  /**
   * Returns rows whose cells can be exchanged, as {@link #exchangeable(Frame)}.
   *
   * @param features {@code [N][C]}
   * @return the rows
   * @throws IllegalArgumentException if the model was fitted to a frame
   */
  public ExchangeableRows exchangeable(double[][] features) {
    requireArrays();
    return ExchangeableRows.of(features, this::predict);
  }

  private MixtureBatch predict(double[][] features) {
    return fitted.ensemble().predict(Table.of("features", features));
  }

  private void requireArrays() {
    FittedEnsemble ensemble = fitted.ensemble();
    require(
        ensemble.columns() == null,
        "Expected a Frame with the columns that the model was fitted to");
  }

  private List<String> groups(Frame frame) {
    return fitted.trust().groups() == null ? null : groups(frame, fitted.trust().groups());
  }

  /** Returns the names of the groups in a column, null where the cell is missing. */
  static List<String> groups(Frame frame, String column) {
    require(
        frame.has(column),
        "Expected the column of groups '%s', there are %s",
        column,
        frame.names());
    return Arrays.asList(FrameColumns.groups(frame, column));
  }

  private static String group(List<String> groups, int row) {
    return groups == null ? null : groups.get(row);
  }
}
