/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.Serializable;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.regression.fit.Budget;
import org.mdn4j.regression.fit.Trained;
import org.mdn4j.regression.fit.TrainingRun;
import org.mdn4j.regression.fit.TrainingTask;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.RowInfo;
import org.mdn4j.regression.model.StandardizedData;

/**
 * The training of one network, as one task of Spark's. What goes in and comes out are bytes, so
 * that it does not matter how Spark serialises.
 */
final class TrainingCall implements Function<byte[], byte[]> {
  private static final long serialVersionUID = 1;

  private final Broadcast<Object[]> table;

  /**
   * Creates the work of a task.
   *
   * @param table as {@link #table} gives it
   */
  TrainingCall(Broadcast<Object[]> table) {
    this.table = table;
  }

  /**
   * Returns what is sent of a table, arrays that any serialisation takes: features, labels, weights
   * and groups, of which the last two may be null.
   */
  static Object[] table(StandardizedData data) {
    return new Object[] {
      data.features(), data.labels(), data.info().weights(), data.info().groups()
    };
  }

  /**
   * What a task is to do.
   *
   * @param options of the fit
   * @param logJacobian of the targets' units
   * @param continuous how many features are encoded
   * @param targets how many there are
   * @param encoding in the setup's bins
   * @param atoms of the target, standardised
   * @param columnsPerTarget of the labels
   * @param task the training
   * @param secondsLeft of the fit's budget, when it was ordered; infinite for no limit
   * @param ordered when that was, in milliseconds since 1970
   */
  record Order(
      RegressorOptions options,
      double logJacobian,
      int continuous,
      int targets,
      FeatureEncoding encoding,
      double[] atoms,
      int columnsPerTarget,
      TrainingTask task,
      double secondsLeft,
      long ordered)
      implements Serializable {

    /**
     * Returns what is left of the budget. A task may have waited for a free core: that counts, by
     * the clocks of two machines.
     */
    private Budget budget() {
      if (secondsLeft == Double.POSITIVE_INFINITY) {
        return new Budget(null);
      }
      double waited = Math.max(0, (System.currentTimeMillis() - ordered) / 1e3);
      return new Budget(Duration.ofMillis((long) (1e3 * Math.max(0, secondsLeft - waited))));
    }
  }

  /**
   * What a task has done: one of both is null.
   *
   * @param trained what came out
   * @param problem why nothing came out, which would be the same in a second attempt
   */
  record Report(Trained trained, RuntimeException problem) implements Serializable {}

  @Override
  public byte[] call(byte[] bytes) {
    SafeBackend.install();
    Order order = (Order) Bytes.toObject(bytes);
    Budget budget = order.budget();
    Object[] parts = table.value();
    StandardizedData data =
        new StandardizedData(
            (float[]) parts[0],
            order.continuous(),
            order.encoding(),
            (float[]) parts[1],
            order.targets(),
            new RowInfo((float[]) parts[2], (int[]) parts[3]),
            order.atoms(),
            order.columnsPerTarget());
    Report report;
    try {
      report =
          new Report(
              TrainingRun.run(
                  order.options(),
                  data,
                  order.logJacobian(),
                  order.task(),
                  budget,
                  TrainingCall::requireNotKilled),
              null);
    } catch (IllegalArgumentException | IllegalStateException e) {
      if (e instanceof CancellationException) {
        throw e;
      }
      report = new Report(null, e);
    }
    return Bytes.of(report);
  }

  private static void requireNotKilled() {
    if (TaskContext.get().isInterrupted()) {
      throw new CancellationException("The task was killed");
    }
  }
}
