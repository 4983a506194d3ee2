/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains the members. The first one is trained with each noise level: all until their first
 * plateau, the better two to their end; the best of them is the first member, and its noise is that
 * of the others. All members are independent after that. Where there is a barrier nobody goes on
 * before all have arrived, so that the outcome does not depend on the threads.
 */
final class EnsembleTraining {
  private static final int FINALISTS = 2;

  private final RegressorOptions options;
  private final StandardizedData data;
  private final double logJacobian;
  private final int threads;
  private final TrainingWatch watch;
  private final Checkpoints checkpoints;
  private volatile boolean cancelled;

  EnsembleTraining(
      RegressorOptions options,
      StandardizedData data,
      double logJacobian,
      int threads,
      TrainingWatch watch,
      Checkpoints checkpoints) {
    this.options = options;
    this.data = data;
    this.logJacobian = logJacobian;
    this.threads = threads;
    this.watch = watch;
    this.checkpoints = checkpoints;
  }

  /**
   * What came out.
   *
   * @param members the networks
   * @param report how they got there
   */
  record Outcome(List<MemberNetwork> members, FitReport report) {}

  /**
   * Trains.
   *
   * @throws CancellationException if the thread is interrupted; its flag is set again then
   * @throws IllegalStateException if no epoch had a finite validation NLL
   */
  Outcome run() {
    return OneThreadPerOperation.during(this::train);
  }

  private Outcome train() {
    long began = System.nanoTime();
    ExecutorService executor = Executors.newFixedThreadPool(threads, EnsembleTraining::daemon);
    try {
      Map<NoiseLevel, Training> candidates = candidates(executor);
      NoiseLevel noise = best(candidates);
      double firstSeconds = secondsSince(began);
      watch.noiseChosen();

      List<Training> members = new ArrayList<>(List.of(candidates.get(noise)));
      members.addAll(
          all(
              executor,
              memberIndices(),
              member -> {
                Training training = open(member, noise);
                runWhile(training, member, noise, false, one -> !one.plateau().finished());
                return training;
              }));
      return new Outcome(
          members.stream().map(Training::result).toList(),
          new FitReport(
              noise,
              candidates.entrySet().stream()
                  .map(one -> new FitReport.Trial(one.getKey(), one.getValue().bestNll()))
                  .toList(),
              members.stream().map(Training::report).toList(),
              firstSeconds,
              secondsSince(began)));
    } finally {
      stop(executor);
      checkpoints.flush();
    }
  }

  private Map<NoiseLevel, Training> candidates(ExecutorService executor) {
    Map<NoiseLevel, Training> candidates = new LinkedHashMap<>();
    boolean choosing = options.noise().size() > 1;
    List<Training> opened =
        all(
            executor,
            options.noise(),
            noise -> {
              Training training = open(0, noise);
              runWhile(training, 0, noise, choosing, one -> one.plateau().stage() == 0);
              return training;
            });
    for (int i = 0; i < opened.size(); i++) {
      candidates.put(options.noise().get(i), opened.get(i));
    }
    List<NoiseLevel> finalists =
        candidates.keySet().stream()
            .sorted(Comparator.comparingDouble(noise -> candidates.get(noise).plateau().best()))
            .limit(FINALISTS)
            .toList();
    all(
        executor,
        finalists,
        noise -> {
          Training training = candidates.get(noise);
          runWhile(training, 0, noise, choosing, one -> !one.plateau().finished());
          return training;
        });
    return candidates;
  }

  /** The noise of the lowest validation score among those trained to their end. */
  private static NoiseLevel best(Map<NoiseLevel, Training> candidates) {
    return candidates.entrySet().stream()
        .filter(candidate -> candidate.getValue().plateau().finished())
        .min(Comparator.comparingDouble(candidate -> candidate.getValue().plateau().best()))
        .orElseThrow()
        .getKey();
  }

  private List<Integer> memberIndices() {
    List<Integer> indices = new ArrayList<>();
    for (int member = 1; member < options.members(); member++) {
      indices.add(member);
    }
    return indices;
  }

  private Training open(int member, NoiseLevel noise) {
    return new Training(
        options,
        data,
        logJacobian,
        noise,
        Seeds.derive(options.seed(), member),
        checkpoints.saved(member, noise));
  }

  private void runWhile(
      Training training,
      int member,
      NoiseLevel noise,
      boolean choosing,
      Predicate<Training> goesOn) {
    while (goesOn.test(training)) {
      if (cancelled) {
        throw new CancellationException();
      }
      training.epoch();
      checkpoints.update(training, member, noise);
      watch.epochDone(training, member, noise, choosing);
    }
    if (!Double.isFinite(training.plateau().best())) {
      throw new IllegalStateException(
          "No epoch of member %d had a finite validation NLL: lower the learning rate"
              .formatted(member));
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
                          try {
                            return work.apply(argument);
                          } finally {
                            Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
                          }
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

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "mixture-regressor");
    thread.setDaemon(true);
    return thread;
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
