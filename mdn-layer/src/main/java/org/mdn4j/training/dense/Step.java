/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;

/**
 * The sum of the rows' scores and gradients of a minibatch. Its blocks of rows go to lanes, and
 * lanes to the common {@link java.util.concurrent.ForkJoinPool}; how many of either there are
 * depends on the minibatch alone, and lanes' gradients are added in their order, so that the result
 * does not depend on the number of threads.
 */
final class Step {
  private static final int BLOCK_ROWS = 64;
  private static final int MOST_LANES = 16;

  private final Chain chain;
  private final Parameters parameters;
  private final boolean parallel;
  private final List<Task> known = new ArrayList<>();
  private Task[] tasks = {}; // of the lanes of the present step

  // Of the present step.
  private Minibatch batch;
  private int blocks;
  private int lanes;
  private int iteration;
  private int epoch;
  private Watch watch;

  Step(Chain chain, Parameters parameters, boolean parallel) {
    this.chain = chain;
    this.parameters = parameters;
    this.parallel = parallel;
  }

  /**
   * Takes a minibatch forward and back.
   *
   * @param gradients the sum of the rows' gradients afterwards
   * @param watch what looks at layers' outputs, or null
   * @return the sum of the rows' weighted scores
   */
  double run(Minibatch batch, Reals gradients, int iteration, int epoch, Watch watch) {
    this.batch = batch;
    this.iteration = iteration;
    this.epoch = epoch;
    this.watch = watch;
    blocks = (batch.rows() + BLOCK_ROWS - 1) / BLOCK_ROWS;
    lanes = Math.min(blocks, MOST_LANES);
    prepareTasks();
    if (parallel && lanes > 1) {
      ForkJoinTask.invokeAll(tasks);
    } else {
      for (Task task : tasks) {
        task.compute();
      }
    }
    double score = tasks[0].lane.score();
    for (int i = 1; i < lanes; i++) {
      score += tasks[i].lane.score();
      Products.add(gradients.length(), tasks[i].lane.gradients(), tasks[0].lane.gradients());
    }
    gradients.read(tasks[0].lane.gradients(), gradients.length());
    return score;
  }

  private void prepareTasks() {
    while (known.size() < lanes) {
      known.add(new Task(known.size(), new Lane(chain, parameters, BLOCK_ROWS)));
    }
    if (tasks.length != lanes) {
      tasks = known.subList(0, lanes).toArray(Task[]::new);
    }
    for (Task task : tasks) {
      task.reinitialize();
    }
  }

  private final class Task extends RecursiveAction {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final transient Lane lane;

    Task(int index, Lane lane) {
      this.index = index;
      this.lane = lane;
    }

    @Override
    protected void compute() {
      int first = (int) ((long) index * blocks / lanes);
      int end = (int) ((long) (index + 1) * blocks / lanes);
      lane.run(batch, first, end, blocks, iteration, epoch, watch);
    }
  }
}
