/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;

/**
 * The rows that an estimator is fitted to, as packed numbers: features, labels and, if there is a
 * column of weights, the weight. Their order is that of the partitions, and within each of its
 * rows.
 */
final class DatasetRows {
  private static final int CHUNK = 4096; // rows that are packed into one array
  private static final long MOST_BYTES_OF_A_JOB = 1L << 28; // below spark.driver.maxResultSize

  private final JavaRDD<Row> rows;
  private final String featuresColumn;
  private final List<String> labelColumns;
  private final String weightColumn; // or null
  private final long[] counts; // rows of each partition
  private final int features;

  private DatasetRows(
      JavaRDD<Row> rows,
      String featuresColumn,
      List<String> labelColumns,
      String weightColumn,
      long[] counts,
      int features) {
    this.rows = rows;
    this.featuresColumn = featuresColumn;
    this.labelColumns = labelColumns;
    this.weightColumn = weightColumn;
    this.counts = counts;
    this.features = features;
  }

  /**
   * Counts the rows of a dataset and the features of its first one; nothing is collected.
   *
   * @throws IllegalArgumentException if there is no row, or its first one has no features
   */
  static DatasetRows of(
      Dataset<?> dataset, String featuresColumn, List<String> labelColumns, String weightColumn) {
    List<Column> columns = new ArrayList<>();
    columns.add(dataset.col(featuresColumn));
    labelColumns.forEach(name -> columns.add(number(dataset, name)));
    if (weightColumn != null) {
      columns.add(number(dataset, weightColumn));
    }
    JavaRDD<Row> rows = dataset.select(columns.toArray(Column[]::new)).javaRDD();
    List<long[]> parts = rows.mapPartitions(DatasetRows::counted).collect();
    long[] counts = parts.stream().mapToLong(part -> part[0]).toArray();
    require(Arrays.stream(counts).sum() > 0, "Expected rows to fit to, got none");
    long features = parts.stream().filter(part -> part[0] > 0).findFirst().orElseThrow()[1];
    DatasetRows all =
        new DatasetRows(rows, featuresColumn, labelColumns, weightColumn, counts, (int) features);
    require(
        features > 0,
        "Expected features in column '%s', got %s in %s",
        featuresColumn,
        features < 0 ? "null" : "an empty vector",
        all.place(0));
    return all;
  }

  private static Column number(Dataset<?> dataset, String name) {
    return functions.col(name).cast(DataTypes.DoubleType);
  }

  private static Iterator<long[]> counted(Iterator<Row> rows) {
    long count = 0;
    long features = -1;
    while (rows.hasNext()) {
      Row row = rows.next();
      if (count++ == 0 && !row.isNullAt(0)) {
        features = ((Vector) row.get(0)).size();
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

  int labels() {
    return labelColumns.size();
  }

  List<String> labelNames() {
    return labelColumns;
  }

  boolean areWeighted() {
    return weightColumn != null;
  }

  /** Returns how many numbers a packed row has. */
  int columns() {
    return features + labelColumns.size() + (weightColumn == null ? 0 : 1);
  }

  /**
   * Hands over all rows, packed, some at a time, in order.
   *
   * @throws IllegalArgumentException if a row is not usable; the message names it
   */
  void forEachChunk(Consumer<double[]> consumer) {
    collect(new Packing(this, null), consumer, columns());
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
    collect(new Packing(this, new Chosen(firsts, seed, bound)), consumer, columns() + 1);
  }

  /** Collects some partitions at a time, so that no job's result is too large. */
  private void collect(Packing packing, Consumer<double[]> consumer, int columns) {
    JavaRDD<Object> packed = rows.mapPartitionsWithIndex(packing, true);
    int first = 0;
    while (first < counts.length) {
      int end = first;
      long bytes = 0;
      do {
        bytes += counts[end++] * columns * Double.BYTES;
      } while (end < counts.length
          && bytes + counts[end] * columns * Double.BYTES <= MOST_BYTES_OF_A_JOB);
      int from = first;
      int[] partitions = new int[end - first];
      Arrays.setAll(partitions, i -> from + i);
      for (List<Object> chunks : packed.collectPartitions(partitions)) {
        for (Object chunk : chunks) {
          if (chunk instanceof String problem) {
            throw new IllegalArgumentException(problem);
          }
          consumer.accept((double[]) chunk);
        }
      }
      first = end;
    }
  }

  private Scoring.Place place(long row) {
    int partition = 0;
    while (row >= counts[partition]) {
      row -= counts[partition++];
    }
    return new Scoring.Place(row, partition);
  }

  /**
   * Which rows are taken.
   *
   * @param firsts the number of each partition's first row
   * @param seed of the keys
   * @param bound below which a key is
   */
  private record Chosen(long[] firsts, long seed, long bound) implements Serializable {}

  /**
   * Packs the rows of a partition into arrays of some rows each. An unusable row ends it with a
   * message in place of an array: another attempt would find the same.
   */
  private static final class Packing
      implements Function2<Integer, Iterator<Row>, Iterator<Object>> {
    private static final long serialVersionUID = 1;

    private final String featuresColumn;
    private final String[] numberColumns;
    private final int features;
    private final boolean weighted;
    private final Chosen chosen; // or null for all

    Packing(DatasetRows rows, Chosen chosen) {
      this.featuresColumn = rows.featuresColumn;
      List<String> names = new ArrayList<>(rows.labelColumns);
      if (rows.weightColumn != null) {
        names.add(rows.weightColumn);
      }
      this.numberColumns = names.toArray(String[]::new);
      this.features = rows.features;
      this.weighted = rows.weightColumn != null;
      this.chosen = chosen;
    }

    @Override
    public Iterator<Object> call(Integer partition, Iterator<Row> rows) {
      return new Iterator<>() {
        private long count;
        private boolean failed;
        private Object next = pack();

        @Override
        public boolean hasNext() {
          return next != null;
        }

        @Override
        public Object next() {
          if (next == null) {
            throw new NoSuchElementException();
          }
          Object chunk = next;
          next = failed ? null : pack();
          return chunk;
        }

        private Object pack() {
          int width = features + numberColumns.length + (chosen == null ? 0 : 1);
          double[] chunk = new double[CHUNK * width];
          int filled = 0;
          try {
            while (filled < chunk.length && rows.hasNext()) {
              Row row = rows.next();
              if (isChosen(row, partition, count)) {
                Scoring.Place place = new Scoring.Place(count, partition);
                System.arraycopy(
                    FeatureRows.features(row.get(0), features, featuresColumn, place),
                    0,
                    chunk,
                    filled,
                    features);
                for (int i = 0; i < numberColumns.length; i++) {
                  chunk[filled + features + i] =
                      FeatureRows.number(row.get(1 + i), numberColumns[i], place);
                }
                filled += width;
                if (chosen != null) {
                  chunk[filled - 1] = chosen.firsts()[partition] + count;
                }
              }
              count++;
            }
          } catch (IllegalArgumentException e) {
            failed = true;
            return e.getMessage();
          }
          return filled == 0 ? null : Arrays.copyOf(chunk, filled);
        }
      };
    }

    private boolean isChosen(Row row, int partition, long count) {
      return chosen == null
          || (Sample.key(chosen.seed(), chosen.firsts()[partition] + count) < chosen.bound()
              && !(weighted && Double.valueOf(0).equals(row.get(row.size() - 1))));
    }
  }
}
