/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.Serializable;
import java.util.concurrent.CancellationException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.mdn4j.backend.SafeBackend;
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

  private final Broadcast<float[][]> table;

  /**
   * Creates the work of a task.
   *
   * @param table as {@link #table} gives it
   */
  TrainingCall(Broadcast<float[][]> table) {
    this.table = table;
  }

  /**
   * Returns what is sent of a table: features, labels and, where rows count differently, weights.
   */
  static float[][] table(StandardizedData data) {
    float[] weights = data.info().weights();
    return weights == null
        ? new float[][] {data.features(), data.labels()}
        : new float[][] {data.features(), data.labels(), weights};
  }

  /**
   * What a task is to do.
   *
   * @param options of the fit
   * @param logJacobian of the targets' units
   * @param continuous how many features are encoded
   * @param targets how many there are
   * @param encoding in the setup's bins
   * @param task the training
   */
  record Order(
      RegressorOptions options,
      double logJacobian,
      int continuous,
      int targets,
      FeatureEncoding encoding,
      TrainingTask task)
      implements Serializable {}

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
    float[][] parts = table.value();
    StandardizedData data =
        new StandardizedData(
            parts[0],
            order.continuous(),
            order.encoding(),
            parts[1],
            order.targets(),
            parts.length == 2 ? RowInfo.NONE : new RowInfo(parts[2], null));
    Report report;
    try {
      report =
          new Report(
              TrainingRun.run(
                  order.options(),
                  data,
                  order.logJacobian(),
                  order.task(),
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
