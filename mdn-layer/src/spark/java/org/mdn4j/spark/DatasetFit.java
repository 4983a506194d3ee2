/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import org.apache.spark.api.java.JavaSparkContext;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.fit.TableFit;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.RegressorOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The fit of an ensemble to a dataset's rows, on Spark's executors. */
final class DatasetFit {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetFit.class);

  private DatasetFit() {}

  /**
   * Fits an ensemble.
   *
   * @param parallelism how many trainings may run at a time; 0 for all
   * @param maxTableBytes how large a member's table may be as floats
   */
  static Fitted fit(
      JavaSparkContext spark,
      DatasetRows rows,
      RegressorOptions options,
      int parallelism,
      long maxTableBytes) {
    SafeBackend.install();
    long rowBytes = (long) rows.columns() * Float.BYTES;
    long most = Math.min(Integer.MAX_VALUE / rows.columns(), maxTableBytes / rowBytes);
    if (rows.rows() <= most) {
      LOG.info(
          "Mixture regression on all {} rows of {} numbers, {} bytes",
          rows.rows(),
          rows.columns(),
          rows.rows() * rowBytes);
      PackedTable table = all(rows);
      return TableFit.run(
          options,
          FitSettings.DEFAULT,
          table.toFitTable(rows),
          data -> new SparkWorkplace(spark, data, parallelism, null));
    }
    require(
        most > 0,
        "Expected a maxTableBytes of at least a row, %d bytes, got %d",
        rowBytes,
        maxTableBytes);
    LOG.warn(
        "The table has {} rows of {} numbers, {} bytes as floats, more than the {} of maxTableBytes:"
            + " each member learns from {} rows of its own, drawn by the seed",
        rows.rows(),
        rows.columns(),
        rows.rows() * rowBytes,
        maxTableBytes,
        most);
    MemberSamples samples = new MemberSamples(rows, options.seed(), (int) most);
    return TableFit.run(
        options,
        FitSettings.DEFAULT,
        samples.first().toFitTable(rows),
        data -> new SparkWorkplace(spark, data, parallelism, member -> samples.of(member, data)));
  }

  private static PackedTable all(DatasetRows rows) {
    PackedTable table = PackedTable.of(rows, (int) rows.rows(), false);
    int[] next = {0};
    rows.forEachChunk(
        chunk -> {
          for (int at = 0; at < chunk.length; at += rows.columns()) {
            if (next[0] < rows.rows()) {
              table.set(next[0], chunk, at, rows);
            }
            next[0]++;
          }
        });
    require(
        next[0] == rows.rows(),
        "Expected the dataset to have the same rows each time, got %d and then %d: cache it",
        rows.rows(),
        next[0]);
    return table;
  }
}
