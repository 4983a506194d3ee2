/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.fit.FitData;
import org.mdn4j.regression.fit.TableFit;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.RowInfo;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.model.Split;
import org.mdn4j.regression.model.StandardizedData;

/**
 * A sample of rows for each member, of a table too large for one machine. All members have the
 * units of the first one's. The rows that calibrate the ensemble are the first one's, too: they
 * stand at the same places in each sample, so that each member finds them where it looks, and are
 * in no sample beside that. Rows have no groups.
 */
final class MemberSamples {
  private final DatasetRows rows;
  private final long seed;
  private final PackedTable first;

  /**
   * Draws the first sample.
   *
   * @param wanted how many rows each has; the table has as many
   */
  MemberSamples(DatasetRows rows, long seed, int wanted) {
    this.rows = rows;
    this.seed = seed;
    this.first = draw(0, wanted, row -> true);
  }

  PackedTable first() {
    return first;
  }

  /** Returns the sample of another member, features not encoded. */
  StandardizedData of(int member, FitData fit) {
    int count = first.rows();
    int[] calibrating = Split.calibration(fit.options(), fit.data());
    long[] taken =
        IntStream.of(calibrating).mapToLong(row -> first.numbers()[row]).sorted().toArray();
    PackedTable drawn =
        draw(member, count - taken.length, row -> Arrays.binarySearch(taken, row) < 0);
    boolean[] calibrates = new boolean[count];
    for (int row : calibrating) {
      calibrates[row] = true;
    }
    PackedTable sample = PackedTable.of(rows, count, true);
    int next = 0;
    for (int row = 0; row < count; row++) {
      if (calibrates[row]) {
        sample.set(row, first, row, rows);
      } else {
        sample.set(row, drawn, next++, rows);
      }
    }
    Table features = PackedTable.table(sample.features(), rows.features(), List.of());
    Table targets = PackedTable.table(sample.targets(), rows.labels(), rows.labelNames());
    return new StandardizedData(
        fit.features().apply("features", features),
        features.columns(),
        FeatureEncoding.none(features.columns()),
        TableFit.labels(fit.options(), targets, fit.targets()),
        fit.data().targets(),
        RowInfo.of(sample.weights(), null, IntStream.range(0, count).toArray()),
        fit.data().atoms(),
        fit.data().columnsPerTarget());
  }

  /** Draws rows; fewer than wanted only where there are no more. */
  private PackedTable draw(int member, int wanted, LongPredicate allowed) {
    long own = Seeds.derive(Seeds.derive(seed, member), Seeds.SAMPLE);
    int width = rows.columns() + 1;
    for (long expected = wanted; ; expected *= 2) {
      long bound = Sample.bound(expected, rows.rows());
      List<double[]> chunks = new ArrayList<>();
      rows.forEachChunkOfSample(own, bound, chunks::add);
      long[] keys =
          chunks.stream()
              .flatMapToLong(
                  chunk ->
                      IntStream.range(0, chunk.length / width)
                          .mapToLong(i -> (long) chunk[(i + 1) * width - 1]))
              .filter(allowed)
              .map(row -> Sample.key(own, row))
              .toArray();
      if (keys.length >= wanted || bound == Long.MAX_VALUE) {
        int count = Math.min(wanted, keys.length);
        long largest = count == 0 ? Long.MIN_VALUE : Sample.largest(keys, count);
        PackedTable table = PackedTable.of(rows, count, true);
        int next = 0;
        for (double[] chunk : chunks) {
          for (int at = 0; at < chunk.length; at += width) {
            long row = (long) chunk[at + width - 1];
            if (allowed.test(row) && Sample.key(own, row) <= largest) {
              table.set(next++, chunk, at, rows);
            }
          }
        }
        return table;
      }
    }
  }
}
