/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;

/**
 * Packs the rows of a partition into chunks of some rows each: an array of their numbers, and one
 * of the names of the chunk's groups, by which groups are numbered there, −1 for none. An unusable
 * row ends it with a message in place of a chunk: another attempt would find the same.
 */
final class Packing implements Function2<Integer, Iterator<Row>, Iterator<Object>> {
  private static final long serialVersionUID = 1;
  private static final int CHUNK = 4096; // rows

  /**
   * Which rows are taken.
   *
   * @param firsts the number of each partition's first row
   * @param seed of the keys
   * @param bound below which a key is
   */
  record Chosen(long[] firsts, long seed, long bound) implements Serializable {}

  private final DatasetRows.Columns columns;
  private final int features;
  private final Chosen chosen; // or null for all

  Packing(DatasetRows.Columns columns, int features, Chosen chosen) {
    this.columns = columns;
    this.features = features;
    this.chosen = chosen;
  }

  @Override
  public Iterator<Object> call(Integer partition, Iterator<Row> rows) {
    return new Chunks(partition, rows);
  }

  private final class Chunks implements Iterator<Object> {
    private final int partition;
    private final Iterator<Row> rows;
    private final int labels = columns.labels().numbers();
    private final Double[] cells = new Double[columns.labels().all().size()];
    private final int weightAt = features + labels;
    private final int groupAt = weightAt + (columns.weight() == null ? 0 : 1);
    private final int numberAt = groupAt + (columns.group() == null ? 0 : 1);
    private final int width = numberAt + (chosen == null ? 0 : 1);
    private long count;
    private boolean failed;
    private Object next;

    Chunks(int partition, Iterator<Row> rows) {
      this.partition = partition;
      this.rows = rows;
      this.next = pack();
    }

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
      double[] chunk = new double[CHUNK * width];
      Map<String, Integer> groups = new LinkedHashMap<>();
      int filled = 0;
      try {
        while (filled < chunk.length && rows.hasNext()) {
          Row row = rows.next();
          if (isChosen(row)) {
            pack(row, chunk, filled, groups);
            filled += width;
          }
          count++;
        }
      } catch (IllegalArgumentException e) {
        failed = true;
        return e.getMessage();
      }
      return filled == 0
          ? null
          : new Object[] {Arrays.copyOf(chunk, filled), groups.keySet().toArray(String[]::new)};
    }

    private void pack(Row row, double[] chunk, int at, Map<String, Integer> groups) {
      Scoring.Place place = new Scoring.Place(count, partition);
      double[] read = FeatureRows.features(row.get(0), features, columns.features(), place);
      System.arraycopy(read, 0, chunk, at, features);
      for (int i = 0; i < cells.length; i++) {
        cells[i] = (Double) row.get(1 + i);
      }
      columns.labels().read(cells, chunk, at + features, true, place);
      if (columns.weight() != null) {
        double weight = FeatureRows.number(row.get(1 + cells.length), columns.weight(), place);
        if (weight < 0) {
          throw FeatureRows.unusable(
              "a weight of at least 0", columns.weight(), place, "" + weight);
        }
        chunk[at + weightAt] = weight;
      }
      if (columns.group() != null) {
        String group = row.getString(row.size() - 1);
        Integer known = group == null ? Integer.valueOf(-1) : groups.get(group);
        if (known == null) {
          known = groups.size();
          groups.put(group, known);
        }
        chunk[at + groupAt] = known;
      }
      if (chosen != null) {
        chunk[at + numberAt] = chosen.firsts()[partition] + count;
      }
    }

    private boolean isChosen(Row row) {
      return chosen == null
          || (Sample.key(chosen.seed(), chosen.firsts()[partition] + count) < chosen.bound()
              && !(columns.weight() != null
                  && Double.valueOf(0).equals(row.get(1 + cells.length))));
    }
  }
}
