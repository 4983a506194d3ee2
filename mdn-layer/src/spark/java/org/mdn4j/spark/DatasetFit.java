/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.time.Duration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.mdn4j.backend.SafeBackend;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.fit.FitTable;
import org.mdn4j.regression.fit.TableFit;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.RegressorOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fit of an ensemble to a dataset's rows, on Spark's executors.
 *
 * @param spark where tasks run
 * @param options of the regressor
 * @param parallelism how many trainings may run at a time; 0 for all
 * @param maxTableBytes how large a member's table may be as floats
 * @param budget seconds that the fit may take; 0 for no limit
 */
record DatasetFit(
    JavaSparkContext spark,
    RegressorOptions options,
    int parallelism,
    long maxTableBytes,
    double budget) {
  private static final Logger LOG = LoggerFactory.getLogger(DatasetFit.class);

  /** Fits an ensemble to the rows of a dataset. */
  Fitted fit(Dataset<?> dataset, DatasetRows.Columns columns) {
    long began = System.nanoTime();
    SafeBackend.install();
    DatasetRows rows = DatasetRows.of(dataset, columns);
    long rowBytes = (long) rows.columns() * Float.BYTES;
    long most = Math.min(Integer.MAX_VALUE / rows.columns(), maxTableBytes / rowBytes);
    if (rows.rows() <= most) {
      LOG.info(
          "Mixture regression on all {} rows of {} numbers, {} bytes",
          rows.rows(),
          rows.columns(),
          rows.rows() * rowBytes);
      return fit(PackedTable.all(rows).toFitTable(rows), began, null);
    }
    require(
        most > 0,
        "Expected a maxTableBytes of at least a row, %d bytes, got %d",
        rowBytes,
        maxTableBytes);
    boolean own = !rows.haveGroups() && options.conformalFraction() == 0;
    LOG.warn(
        "The table has {} rows of {} numbers, {} bytes as floats, more than the {} of maxTableBytes:"
            + " {} from {} rows{}, drawn by the seed",
        rows.rows(),
        rows.columns(),
        rows.rows() * rowBytes,
        maxTableBytes,
        own ? "each member learns" : "all members learn",
        most,
        own ? " of its own" : ", the same because of groups or rows that are held out");
    MemberSamples samples = new MemberSamples(rows, options.seed(), (int) most);
    return fit(samples.first().toFitTable(rows), began, own ? samples : null);
  }

  /**
   * Fits an ensemble.
   *
   * @param samples of the members; null where all train on the table
   */
  private Fitted fit(FitTable table, long began, MemberSamples samples) {
    return TableFit.run(
        options,
        new FitSettings(
            parallelism == 0 ? spark.defaultParallelism() : parallelism,
            null,
            false,
            null,
            Duration.ZERO,
            false,
            left(began)),
        table,
        (data, limit) ->
            new SparkWorkplace(
                spark,
                data,
                limit,
                parallelism,
                samples == null ? null : member -> samples.of(member, data)));
  }

  /** Returns what the rows' collection has left of the budget; null for no limit. */
  private Duration left(long began) {
    return budget == 0
        ? null
        : Duration.ofNanos((long) Math.max(1, budget * 1e9 - (System.nanoTime() - began)));
  }
}
