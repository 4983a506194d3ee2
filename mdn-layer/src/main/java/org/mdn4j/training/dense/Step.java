/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The sum of the rows' scores and gradients of a minibatch. Its rows are divided into blocks, and
 * blocks into runs, which workers take one after the other, each on a thread of the common {@link
 * ForkJoinPool}. How many blocks and runs there are depends on the network and the minibatch alone;
 * each run has a sum of its own, and these are added in their order, so that the result does not
 * depend on the number of threads or on which of them took what.
 */
final class Step {
  private static final int MOST_RUNS = 16;

  /** A minibatch of more rows has several blocks, even if one would hold it. */
  private static final int ROWS_ALONE = 64;

  private static final int BLOCKS_OF_FEW_ROWS = 4;

  private final Chain chain;
  private final Parameters parameters;
  private final int mostWorkers;
  private final int blockRows;
  private final List<Task> known = new ArrayList<>();
  private final List<GradientSum> sums = new ArrayList<>();
  private final AtomicInteger nextRun = new AtomicInteger();
  private Task[] tasks = {}; // of the present step

  // Of the present step.
  private Minibatch batch;
  private int blocks;
  private int runs;
  private int iteration;
  private int epoch;
  private Watch watch;

  Step(Chain chain, Parameters parameters, boolean parallel) {
    this.chain = chain;
    this.parameters = parameters;
    this.mostWorkers = parallel ? ForkJoinPool.getCommonPoolParallelism() + 1 : 1;
    this.blockRows = Worker.blockRows(chain);
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
    int rows = batch.rows();
    blocks = blocks(rows, blockRows);
    runs = Math.min(blocks, MOST_RUNS);
    prepare();
    if (tasks.length == 1) {
      tasks[0].compute();
    } else {
      ForkJoinTask.invokeAll(tasks);
    }
    GradientSum sum = sums.get(0);
    double score = sum.score;
    for (int i = 1; i < runs; i++) {
      score += sums.get(i).score;
      Products.add(gradients.length(), sums.get(i).all, sum.all);
    }
    gradients.read(sum.all, gradients.length());
    return score;
  }

  private void prepare() {
    while (sums.size() < runs) {
      sums.add(new GradientSum(chain, parameters.values.length()));
    }
    int workers = Math.min(runs, mostWorkers);
    while (known.size() < workers) {
      known.add(new Task(new Worker(chain, parameters, blockRows)));
    }
    if (tasks.length != workers) {
      tasks = known.subList(0, workers).toArray(Task[]::new);
    }
    for (Task task : tasks) {
      task.reinitialize();
    }
    nextRun.set(0);
  }

  /** Returns the number of blocks that rows are divided into. */
  static int blocks(int rows, int blockRows) {
    return Math.max(
        (rows + blockRows - 1) / blockRows,
        Math.min(BLOCKS_OF_FEW_ROWS, (rows + ROWS_ALONE - 1) / ROWS_ALONE));
  }

  /** Returns the first row of a block: they are of equal size, so that threads end together. */
  static int firstRow(int block, int blocks, int rows) {
    return (int) ((long) block * rows / blocks);
  }

  private void run(Worker worker, int run) {
    int from = (int) ((long) run * blocks / runs);
    int to = (int) ((long) (run + 1) * blocks / runs);
    GradientSum sum = sums.get(run);
    sum.score = 0;
    for (int block = from; block < to; block++) {
      int first = firstRow(block, blocks, batch.rows());
      int rows = firstRow(block + 1, blocks, batch.rows()) - first;
      double keep = block == from ? 0 : 1;
      sum.score += worker.run(batch, first, rows, sum, keep, iteration, epoch, watch);
    }
  }

  private final class Task extends RecursiveAction {
    private static final long serialVersionUID = 1L;

    private final transient Worker worker;

    Task(Worker worker) {
      this.worker = worker;
    }

    @Override
    protected void compute() {
      for (int run = nextRun.getAndIncrement(); run < runs; run = nextRun.getAndIncrement()) {
        run(worker, run);
      }
    }
  }
}
