/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.AttributeReference;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.JoinedRow;
import org.apache.spark.sql.catalyst.expressions.NamedExpression;
import org.apache.spark.sql.catalyst.plans.logical.MapPartitions;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.TaskCompletionListener;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.fit.OneThreadPerOperation;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.Seeds;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.training.dense.DenseOutput;
import scala.collection.AbstractIterator;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/**
 * Adds the outputs to the rows of a partition, minibatch by minibatch. Rows stay as Spark keeps
 * them: none is made into objects and back. For that the plan is put together of Spark's own parts,
 * a struct of all columns, a map over its partitions, and the columns of the struct that comes out;
 * {@link Dataset#mapPartitions} is the same but for its encoders.
 */
final class Scoring extends AbstractFunction1<Iterator<Object>, Iterator<Object>>
    implements Serializable {
  private static final long serialVersionUID = 1;
  private static final int BLOCK = DenseOutput.BLOCK_ROWS;
  private static final int MINIBATCH = 8 * BLOCK;
  private static final String ROW = "row";

  private final String key;
  private final Broadcast<byte[]> model;
  private final List<Output> outputs;
  private final StructType schema; // with the outputs
  private final String featuresColumn;
  private final int features; // its index
  private final boolean arrays; // features, not vectors
  private final LabelColumns labels; // null if no output needs them
  private final String groups; // column, null if no output needs it
  private final long seed;

  /**
   * Creates the work of a task.
   *
   * @param key of the model's bytes
   * @param schema of the rows that come out, whose last columns are the outputs
   * @param featuresColumn the name of the column of features
   * @param labels the columns of labels, or null if no output needs them
   * @param groups the name of the column of groups, or null if no output needs it
   * @param seed of what is random
   */
  Scoring(
      String key,
      Broadcast<byte[]> model,
      List<Output> outputs,
      StructType schema,
      String featuresColumn,
      LabelColumns labels,
      String groups,
      long seed) {
    this.key = key;
    this.model = model;
    this.outputs = List.copyOf(outputs);
    this.schema = schema;
    this.featuresColumn = featuresColumn;
    this.features = schema.fieldIndex(featuresColumn);
    this.arrays = NamedColumns.areArrays(schema, featuresColumn);
    this.labels = labels;
    this.groups = groups;
    this.seed = seed;
  }

  /** Returns a dataset's rows with their outputs; nothing is computed yet. */
  Dataset<Row> of(Dataset<Row> dataset) {
    Column row = functions.struct(functions.col("*"));
    if (isMore()) {
      List<Column> columns = new ArrayList<>(List.of(row));
      if (labels != null) {
        labels.all().forEach(name -> columns.add(NamedColumns.number(dataset, name)));
      }
      if (groups != null) {
        columns.add(NamedColumns.text(dataset, groups));
      }
      if (arrays) {
        columns.add(NamedColumns.features(dataset, featuresColumn));
      }
      row = functions.struct(columns.toArray(Column[]::new));
    }
    Dataset<Row> given = dataset.select(row.as(ROW));
    AttributeReference out =
        new AttributeReference(
            ROW,
            schema,
            false,
            Metadata.empty(),
            NamedExpression.newExprId(),
            JavaConverters.asScalaBuffer(List.<String>of()).toList());
    return Dataset.ofRows(
            dataset.sparkSession(), new MapPartitions(this, out, given.queryExecution().analyzed()))
        .select(ROW + ".*");
  }

  /**
   * Returns whether more is read than the row: labels as numbers, then a group's name, then
   * features that are no vector.
   */
  private boolean isMore() {
    return labels != null || groups != null || arrays;
  }

  @Override
  public Iterator<Object> apply(Iterator<Object> rows) {
    Fitted fitted = ModelBytes.fitted(key, model::value);
    TaskContext task = TaskContext.get();
    OneThreadPerOperation.begin(); // to set it for each minibatch takes a tenth of the time
    task.addTaskCompletionListener((TaskCompletionListener) ended -> OneThreadPerOperation.end());
    return new Scored(rows, fitted, task.partitionId());
  }

  /** The rows with their outputs. */
  private final class Scored extends AbstractIterator<Object> {
    private final Iterator<Object> rows;
    private final Fitted fitted;
    private final int partition;
    private final int width;
    private final int given = schema.size() - outputs.size(); // columns
    private final UnaryOperator<Object>[] converters = converters();
    private final InternalRow[] minibatch = new InternalRow[MINIBATCH];
    private final double[] cells;
    private final Double[] labelCells = new Double[labels == null ? 0 : labels.all().size()];
    private final double[][] observed; // [minibatch][D] or [minibatch][2 D]
    private final boolean[] known = new boolean[MINIBATCH];
    private final String[] groupNames = groups == null ? null : new String[MINIBATCH];
    private final IntFunction<?>[] answers = new IntFunction<?>[outputs.size()];
    private long taken; // rows before this minibatch
    private int count;
    private int next;

    Scored(Iterator<Object> rows, Fitted fitted, int partition) {
      this.rows = rows;
      this.fitted = fitted;
      this.partition = partition;
      this.width = fitted.ensemble().features().columns();
      this.cells = new double[MINIBATCH * width];
      this.observed = new double[MINIBATCH][labels == null ? 0 : labels.numbers()];
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // there are no arrays of generic types
    private UnaryOperator<Object>[] converters() {
      UnaryOperator[] all = new UnaryOperator[outputs.size()];
      Arrays.setAll(all, i -> Answers.toCatalyst(schema.apply(given + i).dataType()));
      return all;
    }

    @Override
    public boolean hasNext() {
      return next < count || rows.hasNext();
    }

    @Override
    public Object next() {
      if (next == count) {
        if (!rows.hasNext()) {
          throw new NoSuchElementException();
        }
        taken += count;
        fill();
        next = 0;
      }
      Object[] added = new Object[answers.length];
      for (int i = 0; i < added.length; i++) {
        added[i] = converters[i].apply(answers[i].apply(next));
      }
      InternalRow row = minibatch[next];
      minibatch[next++] = null;
      return new JoinedRow(row, new GenericInternalRow(added));
    }

    private void fill() {
      for (count = 0; count < MINIBATCH && rows.hasNext(); count++) {
        InternalRow read = (InternalRow) rows.next();
        Place where = new Place(taken + count, partition);
        InternalRow row = isMore() ? read.getStruct(0, given) : read;
        minibatch[count] = row.copy(); // Spark uses its memory again
        int at = count * width;
        if (arrays) {
          FeatureRows.readArray(
              read, read.numFields() - 1, width, cells, at, featuresColumn, where);
        } else {
          FeatureRows.read(minibatch[count], features, width, cells, at, featuresColumn, where);
        }
        if (labels != null) {
          for (int i = 0; i < labelCells.length; i++) {
            labelCells[i] = read.isNullAt(1 + i) ? null : read.getDouble(1 + i);
          }
          known[count] = labels.read(labelCells, observed[count], 0, false, where);
        }
        if (groups != null) {
          int group = 1 + labelCells.length;
          groupNames[count] = read.isNullAt(group) ? null : read.getUTF8String(group).toString();
        }
      }
      int padded = (count + BLOCK - 1) / BLOCK * BLOCK;
      for (int n = count; n < padded; n++) { // so that no row depends on how many follow it
        System.arraycopy(cells, 0, cells, n * width, width);
      }
      MixtureBatch predicted =
          predict(padded == MINIBATCH ? cells : Arrays.copyOf(cells, padded * width));
      Observed observations =
          labels == null
              ? null
              : new Observed(Arrays.copyOf(observed, padded), labels.censored(), known);
      long drawn = Seeds.derive(Seeds.derive(seed, partition), taken);
      for (int i = 0; i < answers.length; i++) {
        answers[i] = Answers.of(outputs.get(i), predicted, fitted, observations, groupNames, drawn);
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
