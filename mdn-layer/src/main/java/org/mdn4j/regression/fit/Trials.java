/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.WeightedMean;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * The trials of the first member, each until its first plateau: with each number of bins and the
 * middle one of the noise levels; then, with the best number of bins, with each other noise level,
 * of which {@link NoiseChoice} takes one; then that one with a stronger weight decay, which is
 * taken likewise; at last the best of these with more hidden units.
 */
final class Trials {
  private final RegressorOptions options;
  private final Map<Setup, Trained> tried = new LinkedHashMap<>();

  Trials(RegressorOptions options) {
    this.options = options;
  }

  /** Returns what is tried first: numbers of bins. */
  List<Setup> ofBins() {
    NoiseLevel middle = options.noise().get((options.noise().size() - 1) / 2);
    return options.bins().stream().map(bins -> new Setup(middle, bins)).toList();
  }

  /** Returns what is tried then: noise levels. */
  List<Setup> ofNoise() {
    return withBestBins().filter(setup -> !tried.containsKey(setup)).toList();
  }

  /** Takes a training of the first member in, in place of an earlier one with its setup. */
  void put(Trained training) {
    tried.put(training.task().setup(), training);
  }

  /** What may be tried after that: the best with a stronger weight decay. */
  Setup stronger() {
    Setup best = ofOwnDecay();
    return new Setup(best.noise(), best.bins(), 0, options.strongerDecay());
  }

  /** What may be tried at last: the best with so many hidden units. */
  Setup wider(int units) {
    return wider(ofOwnUnits(), units);
  }

  /** Returns a setup with so many hidden units. */
  static Setup wider(Setup setup, int units) {
    return new Setup(setup.noise(), setup.bins(), units, setup.weightDecay());
  }

  /** Returns the setup that goes on. */
  Setup chosen() {
    Setup best = ofOwnUnits();
    for (Setup setup : tried.keySet()) {
      if (setup.units() != 0 && isClearlyBetter(tried.get(setup), tried.get(best))) {
        best = setup;
      }
    }
    return best;
  }

  /** Returns whether one is better by more than the standard error of the difference. */
  private static boolean isClearlyBetter(Trained wider, Trained own) {
    double[] scores = wider.validationScores();
    double[] gains = own.validationScores().clone();
    for (int n = 0; n < gains.length; n++) {
      gains[n] -= scores[n];
    }
    double[] weights = own.validationWeights();
    return WeightedMean.of(gains, weights) > WeightedMean.standardError(gains, weights);
  }

  private Setup ofOwnUnits() {
    Setup own = ofOwnDecay();
    Setup stronger = stronger();
    return tried.containsKey(stronger) ? smoothest(List.of(own, stronger)) : own;
  }

  private Setup ofOwnDecay() {
    return options.trials() == 1
        ? withBestBins().findFirst().orElseThrow()
        : smoothest(withBestBins().filter(tried::containsKey).toList());
  }

  private Setup smoothest(List<Setup> setups) {
    return setups.size() == 1
        ? setups.get(0)
        : setups.get(
            NoiseChoice.of(
                setups.stream().map(setup -> tried.get(setup).validationScores()).toList(),
                tried.get(setups.get(0)).validationWeights()));
  }

  /** Returns a training of the first member, or null if there was none with this setup. */
  Trained get(Setup setup) {
    return tried.get(setup);
  }

  List<FitReport.Trial> report() {
    return tried.entrySet().stream()
        .map(
            trial ->
                new FitReport.Trial(
                    trial.getKey().noise(),
                    trial.getKey().bins(),
                    trial.getKey().units(),
                    trial.getKey().weightDecay(),
                    trial.getValue().bestNll()))
        .toList();
  }

  /** Returns each noise level with the best number of bins. */
  private Stream<Setup> withBestBins() {
    int best =
        options.bins().size() == 1
            ? options.bins().get(0)
            : ofBins().stream()
                .filter(tried::containsKey) // a budget may not have had time for all
                .min(Comparator.comparingDouble(setup -> tried.get(setup).bestNll()))
                .orElseThrow()
                .bins();
    return options.noise().stream().map(noise -> new Setup(noise, best));
  }
}
