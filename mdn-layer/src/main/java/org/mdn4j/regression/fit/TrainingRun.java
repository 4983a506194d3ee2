/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import org.mdn4j.regression.model.RefitState;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.TrainingState;

/** The run of one training, from its task to what it has come to. */
public final class TrainingRun {
  private TrainingRun() {}

  /** Is told how a run goes; what it throws ends the run. */
  interface Watcher {
    /** Called before each epoch. */
    default void before() {}

    /** Returns whether no epoch may follow, if there was one. */
    default boolean isTimeOver() {
      return false;
    }

    /** Called after each epoch. */
    default void after(Training training) {}

    /** Called in place of these for a training that had come far enough before. */
    default void wasDone() {}

    /** Returns whether a training on all rows may follow one that took so many seconds. */
    default boolean hasTimeToRefit(double seconds) {
      return true;
    }

    /** Returns where the training on all rows stood; null if it has not begun. */
    default RefitState refitBegun() {
      return null;
    }

    /** Called after each epoch on all rows. */
    default void afterRefit(Training training, RefitState state) {}
  }

  /**
   * Runs a training that no one else knows of, in a process that may be new.
   *
   * @param options whose trainer is FUSED or DL4J
   * @param encoded the data with features in the bins of the task's setup
   * @param logJacobian what to add to an NLL for original units
   * @param budget at whose end the training stops with its best parameters so far
   * @param goesOn is called before each epoch; what it throws ends the run
   * @throws IllegalStateException if no epoch had a finite validation NLL
   */
  public static Trained run(
      RegressorOptions options,
      StandardizedData encoded,
      double logJacobian,
      TrainingTask task,
      Budget budget,
      Runnable goesOn) {
    Watcher watcher =
        new Watcher() {
          @Override
          public void before() {
            goesOn.run();
          }

          @Override
          public boolean isTimeOver() {
            return budget.isOver(task.choosing());
          }

          @Override
          public boolean hasTimeToRefit(double seconds) {
            return budget.hasTimeFor(seconds);
          }

          @Override
          public void afterRefit(Training training, RefitState state) {
            goesOn.run();
          }
        };
    return OneThreadPerOperation.during(
        () -> run(options, encoded, logJacobian, task, false, watcher));
  }

  /**
   * Runs a training.
   *
   * @param alone whether no other network is being trained
   */
  static Trained run(
      RegressorOptions options,
      StandardizedData encoded,
      double logJacobian,
      TrainingTask task,
      boolean alone,
      Watcher watcher) {
    long start = System.nanoTime();
    Training training =
        new Training(options, encoded, logJacobian, task.setup(), task.member(), task.from());
    if (task.isDone(training)) {
      watcher.wasDone();
    }
    while (!task.isDone(training) && !(training.epochs() > 0 && watcher.isTimeOver())) {
      watcher.before();
      training.epoch(alone);
      watcher.after(training);
    }
    if (!Double.isFinite(training.plateau().best())) {
      throw new IllegalStateException(
          "No epoch of member %s had a finite validation NLL: lower the learning rate"
              .formatted(task.member()));
    }
    boolean refits =
        !task.choosing()
            && options.refit()
            && training.gainsFromRefit()
            && watcher.hasTimeToRefit(secondsSince(start));
    TrainingState state = training.state();
    return new Trained(
        task,
        training.spec(),
        state,
        training.bestNll(),
        task.choosing() ? training.validationScores() : null,
        training.validationWeights(),
        refits
            ? training
                .refit()
                .run(alone, watcher.refitBegun(), now -> watcher.afterRefit(training, now))
            : state.best(),
        task.choosing() || !options.contaminated() ? 0 : training.contamination(),
        secondsSince(start));
  }

  static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
