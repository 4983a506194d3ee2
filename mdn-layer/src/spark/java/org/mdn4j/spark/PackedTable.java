/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.util.List;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.fit.FitTable;

/**
 * Rows on the driver.
 *
 * @param features {@code [N · C]}
 * @param targets {@code [N · D]}
 * @param weights {@code [N]}, or null
 * @param groups of the rows, {@code [N]}, or null
 * @param numbers of the rows in the dataset, {@code [N]}; null where these are all
 */
record PackedTable(
    double[] features, double[] targets, double[] weights, int[] groups, long[] numbers) {

  /** Makes a table of as many rows, to be filled. */
  static PackedTable of(DatasetRows rows, int count, boolean sampled) {
    Table.requireSize("features", count, rows.features());
    Table.requireSize("labels", count, rows.labels());
    return new PackedTable(
        new double[count * rows.features()],
        new double[count * rows.labels()],
        rows.areWeighted() ? new double[count] : null,
        rows.haveGroups() ? new int[count] : null,
        sampled ? new long[count] : null);
  }

  /** Collects all rows. */
  static PackedTable all(DatasetRows rows) {
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

  /** Returns how many rows a sample has. */
  int rows() {
    return numbers.length;
  }

  /** Sets a row from where it lies in a packed chunk. */
  void set(int row, double[] chunk, int at, DatasetRows layout) {
    int columns = layout.features();
    int labels = layout.labels();
    System.arraycopy(chunk, at, features, row * columns, columns);
    System.arraycopy(chunk, at + columns, targets, row * labels, labels);
    if (weights != null) {
      weights[row] = chunk[at + layout.weightAt()];
    }
    if (groups != null) {
      groups[row] = (int) chunk[at + layout.groupAt()];
    }
    if (numbers != null) {
      numbers[row] = (long) chunk[at + layout.columns()];
    }
  }

  /** Sets a row from another table, without groups. */
  void set(int row, PackedTable other, int from, DatasetRows layout) {
    int columns = layout.features();
    int labels = layout.labels();
    System.arraycopy(other.features, from * columns, features, row * columns, columns);
    System.arraycopy(other.targets, from * labels, targets, row * labels, labels);
    if (weights != null) {
      weights[row] = other.weights[from];
    }
    numbers[row] = other.numbers[from];
  }

  /** Returns what a regressor is fitted to. */
  FitTable toFitTable(DatasetRows layout) {
    return FitTable.of(
        table(features, layout.features(), List.of()),
        table(targets, layout.labels(), layout.labelNames()),
        weights,
        groups);
  }

  static Table table(double[] cells, int columns, List<String> names) {
    return new Table(cells, cells.length / columns, columns, names);
  }
}
