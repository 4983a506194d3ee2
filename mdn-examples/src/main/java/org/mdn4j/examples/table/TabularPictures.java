/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.ObservedPredictedPlot;
import org.mdn4j.examples.plot.SurvivalCurves;

/** The pictures of predictions of a table's test rows. */
final class TabularPictures {
  private static final int MOST_DRAWN = 400; // rows; more would hide each other

  private TabularPictures() {}

  /** Returns the distributions of one target. */
  static List<Mixture> marginals(MixtureBatch predicted, int target) {
    return IntStream.range(0, predicted.size())
        .mapToObj(predicted::get)
        .map(one -> one.targets() > 1 ? one.marginal(target) : one)
        .toList();
  }

  /**
   * Returns the mean predicted survival of each target that has a Kaplan-Meier estimate.
   *
   * @param test rows, of censored targets
   * @param models predictions of the rows by the models' names
   */
  static List<SurvivalCurves> survival(TabularData test, Map<String, MixtureBatch> models) {
    List<SurvivalCurves> curves = new ArrayList<>();
    List<String> names = test.targets().names();
    for (int target = 0; target < names.size() && test.outcomes().censored(); target++) {
      Optional<SurvivalView> view = SurvivalView.of(test.outcomes(), target, test.weights());
      if (view.isPresent()) {
        int of = target;
        Map<String, double[]> means = new LinkedHashMap<>();
        models.forEach(
            (name, predicted) -> means.put(name, view.get().mean(marginals(predicted, of))));
        curves.add(
            new SurvivalCurves(names.get(target), view.get().grid(), means, view.get().observed()));
      }
    }
    return curves;
  }

  /** Draws predictions against what was observed, and survival beside them. */
  static void predictions(
      TabularData test, MixtureBatch predicted, List<SurvivalCurves> survival, Path file)
      throws IOException {
    Outcomes observed = test.outcomes();
    int count = Math.min(MOST_DRAWN, observed.rows());
    int[] drawn =
        IntStream.range(0, count).map(i -> (int) ((long) i * observed.rows() / count)).toArray();
    List<ObservedPredictedPlot.Target> panels = new ArrayList<>();
    List<String> names = test.targets().names();
    for (int target = 0; target < names.size(); target++) {
      List<Mixture> marginals = marginals(predicted, target);
      int of = target;
      int[] exact = IntStream.of(drawn).filter(n -> observed.isExact(n, of)).toArray();
      int[] open = IntStream.of(drawn).filter(n -> !observed.isExact(n, of)).toArray();
      int[] ordered = IntStream.concat(IntStream.of(exact), IntStream.of(open)).toArray();
      panels.add(
          new ObservedPredictedPlot.Target(
              names.get(target),
              IntStream.of(ordered).mapToDouble(n -> observed.shown(n, of)).toArray(),
              IntStream.of(ordered).mapToObj(marginals::get).toList(),
              exact.length));
    }
    String rows = (count < observed.rows() ? count + " of " : "") + observed.rows() + " test rows";
    ObservedPredictedPlot.write(rows, panels, survival, file);
  }

  /** Draws the calibration of a model with atoms above that of one without. */
  static void atoms(MixtureEvaluation with, MixtureEvaluation without, Path file)
      throws IOException {
    Map<String, MixtureEvaluation> both = new LinkedHashMap<>();
    both.put("with atoms", with);
    both.put("without atoms", without);
    CalibrationPlot.write(both, 0, file);
  }
}
