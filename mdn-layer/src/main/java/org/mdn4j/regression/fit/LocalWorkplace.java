/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.mdn4j.regression.file.Checkpoints;
import org.mdn4j.regression.model.RefitState;
import org.nd4j.linalg.factory.Nd4j;

/** Runs trainings on threads of this process, with checkpoints, a listener and a budget. */
final class LocalWorkplace implements Workplace {
  private final FitData data;
  private final int threads;
  private final TrainingWatch watch;
  private final Checkpoints checkpoints;
  private final Budget budget;
  private final ExecutorService executor;
  private volatile boolean cancelled;

  LocalWorkplace(FitData data, FitSettings settings, Checkpoints checkpoints, Budget budget) {
    this.data = data;
    this.threads = settings.parallelism();
    this.watch = new TrainingWatch(data.options(), settings.listener(), settings.quiet());
    this.checkpoints = checkpoints;
    this.budget = budget;
    this.executor = Executors.newFixedThreadPool(threads, LocalWorkplace::daemon);
  }

  @Override
  public List<Trained> run(List<TrainingTask> tasks) {
    boolean alone = Math.min(tasks.size(), threads) == 1;
    return Workplace.results(
        tasks.stream().map(task -> executor.submit(() -> run(task, alone))).toList());
  }

  private Trained run(TrainingTask task, boolean alone) {
    requireNotCancelled();
    TrainingTask begun =
        task.from() != null
            ? task
            : new TrainingTask(
                task.member(),
                task.setup(),
                checkpoints.saved(task.member(), task.setup()),
                task.choosing());
    return TrainingRun.run(
        data.options(),
        data.of(task.setup()),
        data.targets().logJacobian(),
        begun,
        alone,
        new Attendant(task));
  }

  /** Attends to one training. */
  private final class Attendant implements TrainingRun.Watcher {
    private final TrainingTask task;

    Attendant(TrainingTask task) {
      this.task = task;
    }

    @Override
    public void before() {
      requireNotCancelled();
    }

    @Override
    public boolean isTimeOver() {
      return budget.isOver(task.choosing());
    }

    @Override
    public void after(Training training) {
      checkpoints.update(training.state(), task.member(), task.setup());
      watch.epochDone(training, task);
    }

    @Override
    public void wasDone() {
      watch.wasDone();
    }

    @Override
    public boolean hasTimeToRefit(double seconds) {
      return budget.hasTimeFor(seconds);
    }

    @Override
    public RefitState refitBegun() {
      return checkpoints.savedRefit(task.member(), task.setup());
    }

    @Override
    public void afterRefit(Training training, RefitState state) {
      checkpoints.update(state, task.member(), task.setup());
      watch.refitted(training, task, state.epochs());
      requireNotCancelled();
    }
  }

  private void requireNotCancelled() {
    if (cancelled) {
      throw new CancellationException();
    }
  }

  /** Lets running epochs end: a network must not be left in the middle of a step. */
  @Override
  public void close() {
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
    checkpoints.flush();
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
}
