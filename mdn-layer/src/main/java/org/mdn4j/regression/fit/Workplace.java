/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** A place where trainings run: threads of this process, or the machines of a cluster. */
public interface Workplace extends AutoCloseable {
  /** Opens a place where the trainings of a fit can run. */
  @FunctionalInterface
  interface Opener {
    /**
     * Opens it; whoever opens it closes it.
     *
     * @param data of the fit
     * @param budget at whose end trainings stop with their best parameters so far
     */
    Workplace open(FitData data, Budget budget);
  }

  /**
   * Runs trainings, none of which depends on another, and waits for all.
   *
   * @return what they have come to, in the order of the tasks
   * @throws CancellationException if the thread is interrupted; its flag is set again then
   * @throws IllegalStateException if no epoch of a training had a finite validation NLL
   */
  List<Trained> run(List<TrainingTask> tasks);

  /**
   * Runs trainings as {@link #run(List)}; cores that would be idle meanwhile may begin others.
   *
   * @param likely trainings that may be asked for next, the likeliest first; what has been begun of
   *     them is lost where the next ones are others
   */
  default List<Trained> run(List<TrainingTask> tasks, List<TrainingTask> likely) {
    return run(tasks);
  }

  /**
   * Waits for trainings and returns what they have come to.
   *
   * @throws CancellationException if the thread is interrupted; its flag is set again then
   */
  static List<Trained> results(List<Future<Trained>> trainings) {
    List<Trained> results = new ArrayList<>();
    try {
      for (Future<Trained> training : trainings) {
        results.add(training.get());
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

  /** Ends what still runs. */
  @Override
  void close();
}
