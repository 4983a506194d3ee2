/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.mdn4j.regression.file.Checkpoints;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.MemberNetwork;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.ScaleCalibration;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.FitReport;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the members. The first one goes through {@link Trials}; the setup that is chosen there
 * goes on to its end, and is that of the other members, too. They are independent after that;
 * {@link ScaleCalibration} has the last word. At a barrier nobody goes on before all have arrived,
 * so that the outcome does not depend on the threads.
 */
final class EnsembleTraining {
  private static final int MOST_MEMBERS = 50;
  private static final int[] WIDER = {2, 4};

  private final RegressorOptions options;
  private final StandardizedData data;
  private final double logJacobian;
  private final int threads;
  private final TrainingWatch watch;
  private final Checkpoints checkpoints;
  private final Map<Integer, StandardizedData> encoded = new ConcurrentHashMap<>(); // by bins
  private final Budget budget;
  private double slowestTrial; // seconds of some that ran side by side
  private volatile boolean cancelled;

  EnsembleTraining(
      RegressorOptions options,
      StandardizedData data,
      double logJacobian,
      int threads,
      TrainingWatch watch,
      Checkpoints checkpoints,
      Budget budget) {
    this.options = options;
    this.data = data;
    this.logJacobian = logJacobian;
    this.threads = threads;
    this.watch = watch;
    this.checkpoints = checkpoints;
    this.budget = budget;
  }

  /**
   * What came out.
   *
   * @param options with the members and hidden units that there are
   * @param encoding of the features
   * @param members the networks
   * @param scaleTemperature of their squared scales
   * @param report how they got there
   */
  record Outcome(
      RegressorOptions options,
      FeatureEncoding encoding,
      List<MemberNetwork> members,
      double scaleTemperature,
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
    ExecutorService executor = Executors.newFixedThreadPool(threads, EnsembleTraining::daemon);
    try {
      Trials trials = trials(executor);
      Setup chosen = trials.chosen();
      List<Member> members = new ArrayList<>();
      int wave = options.members();
      do {
        members.addAll(wave(executor, trials, chosen, members.size(), wave, began));
        wave = Math.min(threads, MOST_MEMBERS - members.size());
      } while (budget.isLimited() && wave > 0 && budget.hasTimeFor(slowest(members)));
      return new Outcome(
          chosen.applied(options).with("members", members.size()),
          data(chosen).encoding(),
          members.stream().map(Member::network).toList(),
          scaleTemperature(
              members.stream().map(one -> one.training().result()).toList(), data(chosen)),
          new FitReport(
              chosen.noise(),
              chosen.bins(),
              trials.report(),
              members.stream().map(one -> one.training().report()).toList(),
              members.get(0).seconds(),
              secondsSince(began),
              List.of(),
              List.of()));
    } finally {
      stop(executor);
      checkpoints.flush();
    }
  }

  /**
   * A training that has ended.
   *
   * @param network that is kept of it
   * @param seconds that it took; of the first member, with all trials
   */
  private record Member(Training training, MemberNetwork network, double seconds) {}

  private List<Member> wave(
      ExecutorService executor, Trials trials, Setup chosen, int first, int count, long began) {
    return all(
        executor,
        IntStream.range(first, first + count).boxed().toList(),
        member -> {
          long start = System.nanoTime();
          Training training = member == 0 ? trials.get(chosen) : open(member, chosen);
          boolean alone = isAlone(count);
          runWhile(training, member, chosen, false, alone, one -> !one.plateau().finished());
          MemberNetwork network = refitted(training, member, chosen, alone, secondsSince(start));
          return new Member(training, network, secondsSince(member == 0 ? began : start));
        });
  }

  private static double slowest(List<Member> members) {
    return members.stream()
        .skip(1)
        .mapToDouble(Member::seconds)
        .max()
        .orElse(members.get(0).seconds());
  }

  private MemberNetwork refitted(
      Training training, int member, Setup setup, boolean alone, double seconds) {
    if (!options.refit() || !training.gainsFromRefit() || !budget.hasTimeFor(seconds)) {
      return training.result();
    }
    return training.network(
        training
            .refit()
            .run(
                alone,
                epoch -> {
                  watch.refitted(training, member, setup, epoch);
                  requireNotCancelled();
                }));
  }

  /**
   * Calibrates the networks as they were validated: none has trained on the rows that calibrate.
   */
  private double scaleTemperature(List<MemberNetwork> networks, StandardizedData encoded) {
    int[] rows = Split.calibration(options, data);
    INDArray features = encoded.features(rows);
    return ScaleCalibration.of(
        networks.stream().map(one -> one.predict(features)).toList(),
        data.labels(rows),
        data.info().weights(rows));
  }

  /** Returns the first member with each setup that is to be tried, at its first plateau. */
  private Trials trials(ExecutorService executor) {
    Trials trials = new Trials(options);
    attempt(executor, trials, trials.ofBins());
    attempt(executor, trials, trials.ofNoise());
    if (options.triesWider()) {
      attempt(executor, trials, List.of(trials.wider(options.widerUnits())));
    }
    if (budget.isLimited() && options.trunk() == null) {
      for (int factor : WIDER) {
        Setup wider = trials.wider(factor * options.hiddenUnits());
        if (trials.get(wider) == null && budget.hasHalfTimeFor(factor * slowestTrial)) {
          attempt(executor, trials, List.of(wider));
        }
      }
    }
    return trials;
  }

  private void attempt(ExecutorService executor, Trials trials, List<Setup> setups) {
    boolean choosing = options.trials() > 1;
    boolean alone = isAlone(setups.size());
    long start = System.nanoTime();
    trials.add(
        setups,
        all(
            executor,
            setups,
            setup -> {
              Training training = open(0, setup);
              if (choosing) {
                runWhile(training, 0, setup, true, alone, one -> one.plateau().stage() == 0);
              }
              return training;
            }));
    slowestTrial = Math.max(slowestTrial, secondsSince(start));
  }

  /** Returns whether of some trainings only one runs at a time. */
  private boolean isAlone(int trainings) {
    return Math.min(trainings, threads) == 1;
  }

  private Training open(int member, Setup setup) {
    return new Training(
        options, data(setup), logJacobian, setup, member, checkpoints.saved(member, setup));
  }

  private StandardizedData data(Setup setup) {
    return encoded.computeIfAbsent(setup.bins(), data::encoded);
  }

  private void runWhile(
      Training training,
      int member,
      Setup setup,
      boolean choosing,
      boolean alone,
      Predicate<Training> goesOn) {
    if (!goesOn.test(training)) {
      watch.wasDone();
    }
    while (goesOn.test(training)) {
      requireNotCancelled();
      training.epoch(alone);
      if (budget.isOver()) {
        training.end();
      }
      checkpoints.update(training.state(), member, setup);
      watch.epochDone(training, member, setup, choosing);
    }
    if (!Double.isFinite(training.plateau().best())) {
      throw new IllegalStateException(
          "No epoch of member %d had a finite validation NLL: lower the learning rate"
              .formatted(member));
    }
  }

  private void requireNotCancelled() {
    if (cancelled) {
      throw new CancellationException();
    }
  }

  private interface Work<A, B> {
    B apply(A argument);
  }

  /** Runs all, on the executor's threads, and waits for them. */
  private <A, B> List<B> all(ExecutorService executor, List<A> arguments, Work<A, B> work) {
    List<Future<B>> futures =
        arguments.stream()
            .map(
                argument ->
                    executor.submit(
                        () -> {
                          requireNotCancelled();
                          return work.apply(argument);
                        }))
            .toList();
    List<B> results = new ArrayList<>();
    try {
      for (Future<B> future : futures) {
        results.add(future.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("Interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException problem) {
        throw problem;
      }
      throw new IllegalStateException(e.getCause());
    }
    return results;
  }

  /** Lets running epochs end: a network must not be left in the middle of a step. */
  private void stop(ExecutorService executor) {
    cancelled = true;
    executor.shutdown();
    boolean interrupted = Thread.interrupted();
    boolean ended = false;
    while (!ended) {
      try {
        ended = executor.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Creates a thread that gives its workspaces back at its end, not after each training: ND4J
   * collects all garbage then, and 1.0.0-M2.1 can lose a buffer that an operation of another thread
   * needs.
   */
  private static Thread daemon(Runnable work) {
    Thread thread =
        new Thread(
            () -> {
              work.run();
              Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
            },
            "mixture-regressor");
    thread.setDaemon(true);
    return thread;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
