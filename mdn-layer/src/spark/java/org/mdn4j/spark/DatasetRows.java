/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * The rows that an estimator is fitted to, as packed numbers: features, labels and, where there are
 * columns of them, the weight and the number of the group. Their order is that of the partitions,
 * and within each of its rows.
 */
final class DatasetRows {
  private static final long MOST_BYTES_OF_A_JOB = 1L << 28; // below spark.driver.maxResultSize

  /**
   * Which columns are read.
   *
   * @param features the name of a column of vectors, or of arrays of numbers
   * @param labels the columns of labels
   * @param weight the name of the column of weights, or null
   * @param group the name of the column of groups, or null
   */
  record Columns(String features, LabelColumns labels, String weight, String group)
      implements Serializable {
    /** Reads them of a dataset: features, numbers, and texts of groups. */
    private Column[] of(Dataset<?> dataset) {
      List<Column> columns = new ArrayList<>();
      columns.add(NamedColumns.features(dataset, features));
      labels.all().forEach(name -> columns.add(NamedColumns.number(dataset, name)));
      if (weight != null) {
        columns.add(NamedColumns.number(dataset, weight));
      }
      if (group != null) {
        columns.add(NamedColumns.text(dataset, group));
      }
      return columns.toArray(Column[]::new);
    }
  }

  private final JavaRDD<Row> rows;
  private final Columns columns;
  private final long[] counts; // rows of each partition
  private final int features;
  private final Map<String, Integer> groups = new HashMap<>(); // of what was collected last
  private int groupsSoFar;

  private DatasetRows(JavaRDD<Row> rows, Columns columns, long[] counts, int features) {
    this.rows = rows;
    this.columns = columns;
    this.counts = counts;
    this.features = features;
  }

  /**
   * Counts the rows of a dataset and the features of its first one; nothing is collected.
   *
   * @throws IllegalArgumentException if there is no row, or its first one has no features
   */
  static DatasetRows of(Dataset<?> dataset, Columns columns) {
    JavaRDD<Row> rows = dataset.select(columns.of(dataset)).javaRDD();
    List<long[]> parts = rows.mapPartitions(DatasetRows::counted).collect();
    long[] counts = parts.stream().mapToLong(part -> part[0]).toArray();
    require(Arrays.stream(counts).sum() > 0, "Expected rows to fit to, got none");
    long features = parts.stream().filter(part -> part[0] > 0).findFirst().orElseThrow()[1];
    DatasetRows all = new DatasetRows(rows, columns, counts, (int) features);
    require(
        features > 0,
        "Expected features in column '%s', got %s in %s",
        columns.features(),
        features < 0 ? "null" : "an empty vector",
        all.place(0));
    return all;
  }

  private static Iterator<long[]> counted(Iterator<Row> rows) {
    long count = 0;
    long features = -1;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (count++ == 0 && !row.isNullAt(0)) {
        features = FeatureRows.cells(row.get(0)).length;
      }
    }
    return List.of(new long[] {count, features}).iterator();
  }

  long rows() {
    return Arrays.stream(counts).sum();
  }

  int features() {
    return features;
  }

  /** Returns how many numbers a row's labels are. */
  int labels() {
    return columns.labels().numbers();
  }

  List<String> labelNames() {
    return columns.labels().namesOfNumbers();
  }

  boolean areWeighted() {
    return columns.weight() != null;
  }

  boolean haveGroups() {
    return columns.group() != null;
  }

  /** Returns where the weight of a packed row is. */
  int weightAt() {
    return features + labels();
  }

  /** Returns where the group of a packed row is. */
  int groupAt() {
    return weightAt() + (areWeighted() ? 1 : 0);
  }

  /** Returns how many numbers a packed row has. */
  int columns() {
    return groupAt() + (haveGroups() ? 1 : 0);
  }

  /**
   * Hands over all rows, packed, some at a time, in order.
   *
   * @throws IllegalArgumentException if a row is not usable; the message names it
   */
  void forEachChunk(Consumer<double[]> consumer) {
    collect(new Packing(columns, features, null), consumer, columns());
  }

  /**
   * Hands over the rows of positive weight whose key is below a bound, packed, some at a time, in
   * order; a last number is a row's own.
   *
   * @throws IllegalArgumentException if a row of these is not usable; the message names it
   */
  void forEachChunkOfSample(long seed, long bound, Consumer<double[]> consumer) {
    long[] firsts = new long[counts.length];
    for (int p = 1; p < firsts.length; p++) {
      firsts[p] = firsts[p - 1] + counts[p - 1];
    }
    collect(
        new Packing(columns, features, new Packing.Chosen(firsts, seed, bound)),
        consumer,
        columns() + 1);
  }

  /** Collects some partitions at a time, so that no job's result is too large. */
  private void collect(Packing packing, Consumer<double[]> consumer, int width) {
    JavaRDD<Object> packed = rows.mapPartitionsWithIndex(packing, true);
    groups.clear();
    groupsSoFar = 0;
    int first = 0;
    while (first < counts.length) {
      int end = first;
      long bytes = 0;
      do {
        bytes += counts[end++] * width * Double.BYTES;
      } while (end < counts.length
          && bytes + counts[end] * width * Double.BYTES <= MOST_BYTES_OF_A_JOB);
      int from = first;
      int[] partitions = new int[end - first];
      Arrays.setAll(partitions, i -> from + i);
      for (List<Object> chunks : packed.collectPartitions(partitions)) {
        for (Object chunk : chunks) {
          if (chunk instanceof String problem) {
            throw new IllegalArgumentException(problem);
          }
          Object[] parts = (Object[]) chunk;
          double[] numbers = (double[]) parts[0];
          if (haveGroups()) {
            numberGroups(numbers, width, (String[]) parts[1]);
          }
          consumer.accept(numbers);
        }
      }
      first = end;
    }
  }

  /** Gives groups numbers for all chunks, in place of those within a chunk; each null its own. */
  private void numberGroups(double[] rows, int width, String[] names) {
    for (int at = groupAt(); at < rows.length; at += width) {
      rows[at] =
          rows[at] < 0
              ? groupsSoFar++
              : groups.computeIfAbsent(names[(int) rows[at]], name -> groupsSoFar++);
    }
  }

  /**
   * Returns the names of the groups of what was collected last, by their numbers; null for none.
   */
  String[] namesOfGroups() {
    String[] names = new String[groupsSoFar];
    groups.forEach((name, number) -> names[number] = name);
    return names;
  }

  private Scoring.Place place(long row) {
    int partition = 0;
    while (row >= counts[partition]) {
      row -= counts[partition++];
    }
    return new Scoring.Place(row, partition);
  }
}
