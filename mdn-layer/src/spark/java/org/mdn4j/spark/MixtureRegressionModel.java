/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.UserDefinedFunction;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.report.FitReport;

/**
 * Predicts distributions over DataFrames. The columns that it adds are the means, and those that
 * {@link #setOutputs} asks for. Each executor reads the network once, and asks it minibatch by
 * minibatch of a partition.
 *
 * <p>A row without features, with others than in the fit, or with a NaN among them, ends the job
 * with a message that names it.
 */
public final class MixtureRegressionModel extends Model<MixtureRegressionModel>
    implements MLWritable {
  private static final long serialVersionUID = 1;

  private final String uid;
  private final byte[] bytes;
  private final String key;
  private final ColumnParams columns;
  private final LongParam seed;
  private transient Broadcast<byte[]> sent;
  private transient SparkContext sentBy;

  /**
   * Creates a model from a file's bytes.
   *
   * @param bytes of a {@code ModelFile}
   */
  MixtureRegressionModel(String uid, byte[] bytes) {
    this.uid = uid;
    this.bytes = bytes;
    this.key = ModelBytes.key(bytes);
    this.columns = new ColumnParams(this);
    this.seed = new LongParam(this, "seed", "the seed of samples, and of what is random in pit");
    setDefault(seed, 1L);
  }

  @Override
  public String uid() {
    return uid;
  }

  /** {@return the parameter of the column of features} */
  public Param<String> featuresCol() {
    return columns.featuresCol;
  }

  /**
   * Sets the column of features.
   *
   * @param name of a column of vectors, or of arrays of numbers
   * @return this model
   */
  public MixtureRegressionModel setFeaturesCol(String name) {
    set(columns.featuresCol, name);
    return this;
  }

  /** {@return the parameter of the column of the label} */
  public Param<String> labelCol() {
    return columns.labelCol;
  }

  /**
   * Sets the column of the label, which some outputs need.
   *
   * @param name of a column of numbers
   * @return this model
   */
  public MixtureRegressionModel setLabelCol(String name) {
    set(columns.labelCol, name);
    return this;
  }

  /** {@return the parameter of the columns of several labels} */
  public StringArrayParam labelCols() {
    return columns.labelCols;
  }

  /**
   * Sets the columns of several labels, or of the ends of censored ones, as {@link
   * MixtureRegression#setLabelCols}.
   *
   * @param names of columns of numbers, as many as in the fit
   * @return this model
   */
  public MixtureRegressionModel setLabelCols(String... names) {
    set(columns.labelCols, names);
    return this;
  }

  /** {@return the parameter of the column of flags of censored labels} */
  public Param<String> censorCol() {
    return columns.censorCol;
  }

  /**
   * Sets the column of flags of a censored label, as {@link MixtureRegression#setCensorCol}.
   *
   * @param name of a column of numbers; empty for none
   * @return this model
   */
  public MixtureRegressionModel setCensorCol(String name) {
    set(columns.censorCol, name);
    return this;
  }

  /** {@return the parameter of the column of predicted means} */
  public Param<String> predictionCol() {
    return columns.predictionCol;
  }

  /**
   * Sets the column of predicted means.
   *
   * @param name of a new column; empty for none
   * @return this model
   */
  public MixtureRegressionModel setPredictionCol(String name) {
    set(columns.predictionCol, name);
    return this;
  }

  /** {@return the parameter of the further columns} */
  public StringArrayParam outputs() {
    return columns.outputs;
  }

  /**
   * Sets the further columns that are added.
   *
   * @param outputs in the order of the columns
   * @return this model
   */
  public MixtureRegressionModel setOutputs(Output... outputs) {
    set(columns.outputs, Arrays.stream(outputs).map(Output::toString).toArray(String[]::new));
    return this;
  }

  /** {@return the parameter of the seed of samples} */
  public LongParam seed() {
    return seed;
  }

  /**
   * Sets the seed of samples.
   *
   * @param value the seed; that of the fit by default
   * @return this model
   */
  public MixtureRegressionModel setSeed(long value) {
    set(seed, value);
    return this;
  }

  /**
   * Returns this model for use without Spark.
   *
   * @return a fitted regressor
   */
  public MixtureRegressor regressor() {
    return ModelBytes.withFile(
        file -> {
          Files.write(file, bytes);
          return MixtureRegressor.load(file);
        });
  }

  /**
   * Returns a report of the fit.
   *
   * @return noise, epochs, validation NLL
   */
  public FitReport report() {
    return fitted().report();
  }

  /**
   * Returns how many features a row has.
   *
   * @return C, as in the fit
   */
  public int numFeatures() {
    return fitted().ensemble().features().columns();
  }

  private Fitted fitted() {
    return ModelBytes.fitted(key, () -> bytes);
  }

  private int targets() {
    return fitted().ensemble().targets().columns();
  }

  byte[] bytes() {
    return bytes;
  }

  /**
   * Returns a DataFrame with the columns that the parameters ask for. Nothing is computed before
   * its rows are asked for.
   *
   * @param dataset with the column of features, and those of labels where an output needs them
   * @return all its columns, and the new ones
   * @throws IllegalArgumentException if a column is not there or not of its type, a new one is
   *     there already, or an output is for one target only, and there are several
   */
  @Override
  public Dataset<Row> transform(Dataset<?> dataset) {
    StructType schema = transformSchema(dataset.schema());
    PredictedForm form = PredictedForm.of(fitted());
    List<Output> added = columns.added(this);
    boolean labelled = added.stream().anyMatch(Output::isOfLabels);
    return new Scoring(
            key,
            sent(dataset.sparkSession()),
            added,
            schema,
            getOrDefault(columns.featuresCol),
            labelled ? columns.labels(this, form.censored(), form.counts()) : null,
            added.stream().anyMatch(Output::isConformal) ? form.groupsColumn() : null,
            (Long) getOrDefault(seed))
        .of(dataset.toDF());
  }

  /**
   * Returns this model with a calibration of conformal outputs, as {@link
   * MixtureRegressor#conformalize(org.mdn4j.regression.frame.Frame, String)} makes it. The rows are
   * collected on the driver, and all count alike.
   *
   * @param heldOut rows that the model was not fitted to, and on which nothing was chosen, with the
   *     columns of features and labels
   * @param groups the column of groups, each of which is calibrated by itself; empty for none. A
   *     row without one, or in one too small for the coverage asked for, is calibrated by all rows,
   *     as all are in a function of SQL
   * @return a new model, whose conformal outputs read the column of groups
   * @throws IllegalArgumentException if a column is not there or not of its type, a row is not
   *     usable, or the model was fitted to censored labels
   */
  public MixtureRegressionModel conformalize(Dataset<?> heldOut, String groups) {
    Fitted known = fitted();
    require(
        !known.ensemble().isCensored(),
        "Expected exact labels to calibrate on, the model was fitted to censored ones");
    String column = groups.isEmpty() ? null : groups;
    String features = getOrDefault(columns.featuresCol);
    LabelColumns labels = columns.labels(this, false, known.options().family().isDiscrete());
    NamedColumns.requireFeatures(heldOut.schema(), features);
    labels.requireIn(heldOut.schema());
    if (column != null) {
      NamedColumns.requireColumn(heldOut.schema(), column);
    }
    DatasetRows rows =
        DatasetRows.of(heldOut, new DatasetRows.Columns(features, labels, null, column));
    PackedTable table = PackedTable.all(rows);
    String[] names = rows.namesOfGroups();
    Fitted calibrated =
        known.conformalized(
            known
                .ensemble()
                .predict(PackedTable.table(table.features(), rows.features(), List.of())),
            PackedTable.table(table.targets(), rows.labels(), rows.labelNames()),
            column == null
                ? null
                : Arrays.stream(table.groups()).mapToObj(group -> names[group]).toList(),
            column,
            null);
    return copyValues(new MixtureRegressionModel(uid, ModelBytes.of(calibrated)), ParamMap.empty())
        .setParent(parent());
  }

  @Override
  public StructType transformSchema(StructType schema) {
    return columns.withAdded(this, schema, PredictedForm.of(fitted()));
  }

  /**
   * Creates a function for Spark SQL and columns, from a vector of features, or an array of
   * numbers, to what the parameters ask for: the only column's value, or a struct of several. It
   * predicts row by row; {@link #transform} is faster.
   *
   * @param session whose executors will run it
   * @return the function
   * @throws IllegalArgumentException if an output needs the label, or there is none
   */
  public UserDefinedFunction udf(SparkSession session) {
    List<Output> added = columns.added(this);
    require(!added.isEmpty(), "Expected a predictionCol or outputs: nothing would be returned");
    for (Output output : added) {
      if (output.isOfLabels()) {
        throw new IllegalArgumentException(
            "Expected outputs of features alone in a function, got " + output);
      }
    }
    StructField[] fields =
        added.stream()
            .map(output -> output.field(PredictedForm.of(fitted())))
            .toArray(StructField[]::new);
    RowScoring scoring = new RowScoring(key, sent(session), added, (Long) getOrDefault(seed));
    return functions.udf(
        scoring, fields.length == 1 ? fields[0].dataType() : new StructType(fields));
  }

  /**
   * Registers {@link #udf} in Spark SQL.
   *
   * @param session where
   * @param name of the function
   * @return the function
   */
  public UserDefinedFunction register(SparkSession session, String name) {
    return session.udf().register(name, udf(session));
  }

  private synchronized Broadcast<byte[]> sent(SparkSession session) {
    if (sent == null || sentBy != session.sparkContext()) {
      sentBy = session.sparkContext();
      sent = JavaSparkContext.fromSparkContext(sentBy).broadcast(bytes);
    }
    return sent;
  }

  @Override
  public MixtureRegressionModel copy(ParamMap extra) {
    return copyValues(new MixtureRegressionModel(uid, bytes), extra).setParent(parent());
  }

  @Override
  public MLWriter write() {
    return new ModelStorage.Writer(this);
  }

  /**
   * Returns a reader of models.
   *
   * @return the reader
   */
  public static MLReader<MixtureRegressionModel> read() {
    return new ModelStorage.Reader();
  }

  /**
   * Reads a model that was saved.
   *
   * @param path where it was saved, in any of Hadoop's file systems
   * @return the model
   * @throws IOException if there is none, or it is damaged
   */
  public static MixtureRegressionModel load(String path) throws IOException {
    return read().load(path);
  }

  @Override
  public String toString() {
    return "MixtureRegressionModel: uid=%s, features=%s, targets=%s, members=%s"
        .formatted(uid, numFeatures(), targets(), fitted().ensemble().members().size());
  }
}
