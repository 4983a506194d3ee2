/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.fit.OneThreadPerOperation;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.training.dense.DenseOutput;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Adds the outputs to the rows of a partition, minibatch by minibatch. */
final class Scoring implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = DenseOutput.BLOCK_ROWS;
  private static final int MINIBATCH = 8 * BLOCK;

  private final String key;
  private final Broadcast<byte[]> model;
  private final List<Output> outputs;
  private final int features;
  private final String featuresColumn;
  private final int[] labels;
  private final List<String> labelColumns;
  private final long seed;

  /**
   * Creates the work of a task.
   *
   * @param key of the model's bytes
   * @param features the index of the column of features
   * @param labels the indices of the columns of labels; empty if no output needs them
   * @param seed of samples
   */
  Scoring(
      String key,
      Broadcast<byte[]> model,
      List<Output> outputs,
      int features,
      String featuresColumn,
      int[] labels,
      List<String> labelColumns,
      long seed) {
    this.key = key;
    this.model = model;
    this.outputs = List.copyOf(outputs);
    this.features = features;
    this.featuresColumn = featuresColumn;
    this.labels = labels;
    this.labelColumns = List.copyOf(labelColumns);
    this.seed = seed;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    Fitted fitted = ModelBytes.fitted(key, model::value);
    TaskContext context = TaskContext.get();
    return new Scored(rows, fitted, context == null ? 0 : context.partitionId());
  }

  /** The rows with their outputs. */
  private final class Scored implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final Fitted fitted;
    private final int partition;
    private final int width;
    private final Row[] minibatch = new Row[MINIBATCH];
    private final double[] cells;
    private final double[][] observed; // [minibatch][D]
    private final boolean[] known = new boolean[MINIBATCH];
    private final IntFunction<?>[] answers = new IntFunction<?>[outputs.size()];
    private long taken; // rows before this minibatch
    private int count;
    private int next;

    Scored(Iterator<Row> rows, Fitted fitted, int partition) {
      this.rows = rows;
      this.fitted = fitted;
      this.partition = partition;
      this.width = fitted.ensemble().features().columns();
      this.cells = new double[MINIBATCH * width];
      this.observed = new double[MINIBATCH][labels.length];
    }

    @Override
    public boolean hasNext() {
      return next < count || rows.hasNext();
    }

    @Override
    public Row next() {
      if (next == count) {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        taken += count;
        fill();
        next = 0;
      }
      Row row = minibatch[next];
      Object[] values = new Object[row.size() + answers.length];
      for (int i = 0; i < row.size(); i++) {
        values[i] = row.get(i);
      }
      for (int i = 0; i < answers.length; i++) {
        values[row.size() + i] = answers[i].apply(next);
      }
      minibatch[next++] = null;
      return RowFactory.create(values);
    }

    private void fill() {
      for (count = 0; count < MINIBATCH && rows.hasNext(); count++) {
        Row row = rows.next();
        Object where = new Place(taken + count, partition);
        double[] read = FeatureRows.features(row.get(features), width, featuresColumn, where);
        System.arraycopy(read, 0, cells, count * width, width);
        known[count] = true;
        for (int d = 0; d < labels.length; d++) {
          Object label = row.get(labels[d]);
          known[count] &= label != null;
          observed[count][d] =
              label == null
                  ? 0
                  : FeatureRows.number(((Number) label).doubleValue(), labelColumns.get(d), where);
        }
        minibatch[count] = row;
      }
      int padded = (count + BLOCK - 1) / BLOCK * BLOCK;
      for (int n = count; n < padded; n++) { // so that no row depends on how many follow it
        System.arraycopy(cells, 0, cells, n * width, width);
      }
      MixtureBatch predicted =
          OneThreadPerOperation.during(() -> predict(Arrays.copyOf(cells, padded * width)));
      INDArray targets =
          labels.length == 0 ? null : Nd4j.createFromArray(Arrays.copyOf(observed, padded));
      long drawn = Seeds.derive(Seeds.derive(seed, partition), taken);
      for (int i = 0; i < answers.length; i++) {
        answers[i] =
            Answers.of(
                outputs.get(i), predicted, fitted.options().covariance(), targets, known, drawn);
      }
    }

    private MixtureBatch predict(double[] features) {
      try {
        return fitted
            .ensemble()
            .predict(new Table(features, features.length / width, width, List.of()));
      } catch (IllegalArgumentException e) {
        Standardization units = fitted.ensemble().features();
        for (int i = 0; i < count * width; i++) {
          if (!units.isNear(features[i], i % width)) {
            throw new IllegalArgumentException(
                "%s, index %s of column '%s' in %s"
                    .formatted(
                        e.getMessage(),
                        i % width,
                        featuresColumn,
                        new Place(taken + i / width, partition)),
                e);
          }
        }
        throw e;
      }
    }
  }

  /** Where a row stands; made into text only where it is needed. */
  record Place(long row, int partition) {
    @Override
    public String toString() {
      return "row %s of partition %s".formatted(row, partition);
    }
  }
}
