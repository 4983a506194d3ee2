/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.DistributionEffect;
import org.mdn4j.eval.ExchangeableRows;
import org.mdn4j.eval.PermutationImportance.Importance;
import org.mdn4j.examples.page.FeatureView;
import org.mdn4j.examples.page.MovingColumn;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;

/** What a model looks at, found on test rows. */
final class FeatureViews {
  private static final int MOST_ROWS = 2000;
  private static final int MOST_EFFECTS = 6; // per target
  private static final int POINTS = 15;
  private static final int SAMPLES = 50; // rows that an effect is averaged over
  private static final int MOST_DRAWN = 500; // residuals; more would hide each other

  private FeatureViews() {}

  /**
   * Returns the views of all columns, for each target those that matter most first; effects of
   * some.
   *
   * @param test rows that the model has not been trained on
   * @param predicted of the same rows
   */
  static List<FeatureView> of(MixtureRegressor model, TabularData test, MixtureBatch predicted) {
    int count = Math.min(MOST_ROWS, test.frame().rows());
    Frame rows = test.frame().select(evenly(test.frame().rows(), count));
    List<Importance> importance = count < 2 ? List.of() : model.trust().importance(rows);
    List<FeatureView> views = new ArrayList<>();
    for (int target = 0; target < model.targets(); target++) {
      List<Importance> ordered =
          importance.stream()
              .sorted(Comparator.comparingDouble(Importance::nats).reversed())
              .toList();
      for (int i = 0; i < ordered.size(); i++) {
        views.add(view(model, test, predicted, rows, target, ordered.get(i), i < MOST_EFFECTS));
      }
    }
    return views;
  }

  private static FeatureView view(
      MixtureRegressor model,
      TabularData test,
      MixtureBatch predicted,
      Frame rows,
      int target,
      Importance importance,
      boolean withEffect) {
    String name = model.featureNames().get(importance.columns().get(0));
    MovingColumn axis = MovingColumn.of(test.frame(), name, POINTS);
    boolean drawn = withEffect && axis.moves();
    return new FeatureView(
        name,
        axis.title(),
        test.targets().names().get(target),
        importance.nats(),
        importance.standardError(),
        axis.names(),
        drawn ? effect(model, rows, target, importance, name) : null,
        drawn ? residuals(test, predicted, target, axis) : null);
  }

  private static FeatureView.Effect effect(
      MixtureRegressor model, Frame rows, int target, Importance importance, String name) {
    MovingColumn axis = MovingColumn.of(rows, name, POINTS);
    int[] donors =
        axis.names().isEmpty()
            ? DistributionEffect.grid(axis.places(), POINTS)
            : IntStream.range(0, axis.names().size()).map(axis::rowOf).toArray();
    List<DistributionEffect> effects =
        DistributionEffect.of(
            model.trust().exchangeable(rows),
            null,
            target,
            SAMPLES,
            1,
            new ExchangeableRows.Exchange(
                importance.columns().stream().mapToInt(column -> column).toArray(), donors));
    return new FeatureView.Effect(
        IntStream.of(donors).mapToDouble(row -> axis.places()[row]).toArray(),
        effects.stream().mapToDouble(DistributionEffect::median).toArray(),
        ends(effects.stream().map(DistributionEffect::half).toList()),
        ends(effects.stream().map(DistributionEffect::ninety).toList()));
  }

  private static double[][] ends(List<Interval> intervals) {
    return new double[][] {
      intervals.stream().mapToDouble(Interval::lower).toArray(),
      intervals.stream().mapToDouble(Interval::upper).toArray()
    };
  }

  /** Returns what was observed less the median, of known values; null where there is none. */
  private static FeatureView.Residuals residuals(
      TabularData test, MixtureBatch predicted, int target, MovingColumn axis) {
    int[] known =
        IntStream.of(axis.known()).filter(row -> test.outcomes().isExact(row, target)).toArray();
    if (known.length == 0) {
      return null;
    }
    int[] shown =
        IntStream.of(evenly(known.length, Math.min(MOST_DRAWN, known.length)))
            .map(i -> known[i])
            .toArray();
    return new FeatureView.Residuals(
        IntStream.of(shown).mapToDouble(row -> axis.places()[row]).toArray(),
        IntStream.of(shown)
            .mapToDouble(
                row ->
                    test.outcomes().shown(row, target)
                        - (predicted.targets() == 1
                                ? predicted.get(row)
                                : predicted.get(row).marginal(target))
                            .quantile(0.5))
            .toArray());
  }

  private static int[] evenly(int rows, int count) {
    return IntStream.range(0, count).map(i -> (int) ((long) i * rows / count)).toArray();
  }
}
