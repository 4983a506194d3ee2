/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.ScaleCalibration;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.FitReport;

/**
 * Trains the members. The first one goes through {@link Trials}; the setup that is chosen there
 * goes on to its end, and is that of the other members, too. They are independent after that;
 * {@link ScaleCalibration} has the last word. At a barrier nobody goes on before all have arrived,
 * so that the outcome does not depend on where trainings run.
 */
final class EnsembleTraining {
  private static final int MOST_MEMBERS = 50;
  private static final int[] WIDER = {2, 4};

  private final FitData data;
  private final RegressorOptions options;
  private final Workplace workplace;
  private final int atOnce;
  private final Budget budget;
  private double slowestTrial; // seconds

  /**
   * Prepares the training of all members.
   *
   * @param atOnce how many members are added at a time where the budget allows more
   */
  EnsembleTraining(FitData data, Workplace workplace, int atOnce, Budget budget) {
    this.data = data;
    this.options = data.options();
    this.workplace = workplace;
    this.atOnce = atOnce;
    this.budget = budget;
  }

  /**
   * What came out.
   *
   * @param options with the members and hidden units that there are
   * @param encoding of the features
   * @param members the networks
   * @param scaleTemperature of their squared scales
   * @param firstScaleTemperature of the first one's, alone
   * @param report how they got there
   */
  record Outcome(
      RegressorOptions options,
      FeatureEncoding encoding,
      List<MemberNetwork> members,
      double scaleTemperature,
      double firstScaleTemperature,
      FitReport report) {}

  /**
   * Trains all members, and chooses the noise before where there is a choice.
   *
   * @throws CancellationException if the thread is interrupted; its flag is set again then
   * @throws IllegalStateException if no epoch had a finite validation NLL
   */
  Outcome run() {
    return OneThreadPerOperation.during(this::train);
  }

  private Outcome train() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("Interrupted");
    }
    long began = System.nanoTime();
    Trials trials = trials();
    Setup chosen = trials.chosen();
    double choosing = TrainingRun.secondsSince(began);
    List<Trained> members = new ArrayList<>();
    int wave = options.members();
    while (wave > 0) {
      members.addAll(workplace.run(wave(trials, chosen, members.size(), wave)));
      wave = more(members, trials);
    }
    trials.put(members.get(0));
    StandardizedData encoded = data.of(chosen);
    double ofFirst = scaleTemperature(members.subList(0, 1), encoded);
    return new Outcome(
        chosen.applied(options).with("members", members.size()),
        encoded.encoding(),
        members.stream().map(one -> one.kept(options, encoded.encoding())).toList(),
        members.size() == 1 ? ofFirst : scaleTemperature(members, encoded),
        ofFirst,
        new FitReport(
            chosen.noise(),
            chosen.bins(),
            trials.report(),
            members.stream().map(Trained::report).toList(),
            choosing + members.get(0).seconds(),
            TrainingRun.secondsSince(began),
            List.of(),
            List.of()));
  }

  private static List<TrainingTask> wave(Trials trials, Setup chosen, int first, int count) {
    Trained begun = trials.get(chosen); // null where there was no choice
    return IntStream.range(first, first + count)
        .mapToObj(
            member ->
                new TrainingTask(
                    member, chosen, member == 0 && begun != null ? begun.state() : null, false))
        .toList();
  }

  /** Returns how many members more a budget has time for, so many at once as there may be, or 1. */
  private int more(List<Trained> members, Trials trials) {
    int most = budget.isLimited() ? Math.min(atOnce, MOST_MEMBERS - members.size()) : 0;
    return IntStream.of(most, Math.min(1, most))
        .filter(wave -> wave > 0 && budget.hasTimeFor(slowest(members, trials, wave)))
        .findFirst()
        .orElse(0);
  }

  /** Returns the seconds that so many members more will take, at most. */
  private static double slowest(List<Trained> members, Trials trials, int wave) {
    Trained first = members.get(0);
    Trained trial = trials.get(first.task().setup());
    double ofFirst = (trial == null ? 0 : trial.seconds()) + first.seconds();
    return members.stream()
        .skip(1)
        .mapToDouble(Trained::seconds)
        .max()
        .orElse(wave == 1 ? ofFirst : 2 * ofFirst); // it had all cores, which they share
  }

  /**
   * Calibrates the networks as they were validated: none has trained on the rows that calibrate. A
   * single one stays as it is where its mixtures should be those that it puts out.
   */
  private double scaleTemperature(List<Trained> members, StandardizedData encoded) {
    if (members.size() == 1 && !options.contaminated()) {
      return 1;
    }
    int[] rows = Split.calibration(options, encoded);
    return ScaleCalibration.of(
        members.stream()
            .map(one -> one.validated(options, encoded.encoding()).predict(encoded, rows))
            .toList(),
        encoded.labels(rows),
        encoded.info().weights(rows));
  }

  /** Returns the first member with each setup that is to be tried, at its first plateau. */
  private Trials trials() {
    Trials trials = new Trials(options);
    boolean mayWiden = budget.isLimited() && options.trunk() == null;
    if (options.trials() == 1 && !mayWiden) {
      return trials; // nothing to choose from
    }
    attempt(trials, trials.ofBins(), List.of());
    attempt(trials, trials.ofNoise(), List.of());
    if (options.triesStrongerDecay()) {
      attempt(trials, List.of(trials.stronger()), ifStronger(trials));
    }
    if (options.triesWider()) {
      attempt(
          trials,
          List.of(trials.wider(options.widerUnits())),
          wave(trials, trials.chosen(), 0, options.members()));
    }
    if (mayWiden) {
      for (int factor : WIDER) {
        Setup wider = trials.wider(factor * options.hiddenUnits());
        if (trials.get(wider) == null && hasTimeToTry(factor)) {
          attempt(trials, List.of(wider), List.of());
        }
      }
    }
    return trials;
  }

  /** Returns whether there is time for so many times what the slowest trial took; for the first. */
  private boolean hasTimeToTry(int times) {
    return slowestTrial == 0 || budget.hasHalfTimeFor(times * slowestTrial);
  }

  /** Returns what comes next if a stronger decay is taken, as it mostly is. */
  private List<TrainingTask> ifStronger(Trials trials) {
    Setup stronger = trials.stronger();
    List<TrainingTask> likely = new ArrayList<>();
    if (options.triesWider()) {
      likely.add(trial(Trials.wider(stronger, options.widerUnits())));
    }
    likely.addAll(wave(trials, stronger, 1, options.members() - 1));
    return likely;
  }

  private static TrainingTask trial(Setup setup) {
    return new TrainingTask(0, setup, null, true);
  }

  /** Tries setups; within a budget so many at once as there may be, while there is time. */
  private void attempt(Trials trials, List<Setup> setups, List<TrainingTask> likely) {
    int most = budget.isLimited() ? atOnce : Math.max(1, setups.size());
    for (int from = 0; from < setups.size() && hasTimeToTry(1); from += most) {
      List<TrainingTask> tasks =
          setups.subList(from, Math.min(setups.size(), from + most)).stream()
              .map(EnsembleTraining::trial)
              .toList();
      for (Trained trial : workplace.run(tasks, budget.isLimited() ? List.of() : likely)) {
        trials.put(trial);
        slowestTrial = Math.max(slowestTrial, trial.seconds());
      }
    }
  }
}
