/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.RegressorOptions;

/**
 * Learns the distribution of labels given features from a DataFrame, as {@link MixtureRegressor}
 * does from a table; the members of an ensemble, and the trials of noise and encoding before, train
 * side by side as tasks of Spark:
 *
 * <pre>{@code
 * MixtureRegressionModel model =
 *     new MixtureRegression().setLabelCol("price").setEnsemble(8).fit(houses);
 * model.setOutputs(Output.quantiles(0.05, 0.5, 0.95)).transform(newHouses);
 * }</pre>
 *
 * <p>The table is collected on the driver once, as doubles, to find the columns' units; as 32-bit
 * floats it goes to each executor by broadcast. Where it would have more bytes than {@link
 * #maxTableBytes} allows, which is found before anything else, each member learns from a sample of
 * rows of its own, drawn by the seed, and the log says so.
 *
 * <p>The rows count in the order of the partitions and within each of its rows, as {@code collect}
 * gives them. The same rows in this order, options and seed give the model that {@link
 * MixtureRegressor} gives on one machine, on equal processors bit for bit, whatever the number of
 * executors and partitions. Rows that come from a shuffle have no order of their own: sort them by
 * a key before, {@code dataset.orderBy("id")}, where the same model is wanted again.
 *
 * <p>A task that is lost with its executor is repeated by Spark and gives the same member; members
 * that have ended are on the driver.
 */
public final class MixtureRegression extends MixtureRegressionOptions
    implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;

  private final ColumnParams columns;
  private final Param<String> weightCol;
  private final Param<String> groupsCol;
  private final DoubleParam budget;
  private final IntParam parallelism;
  private final LongParam maxTableBytes;

  /** Creates an estimator with the defaults. */
  public MixtureRegression() {
    this(Identifiable$.MODULE$.randomUID("mixtureRegression"));
  }

  /**
   * Creates an estimator with the defaults.
   *
   * @param uid its name, different from those of other stages
   */
  public MixtureRegression(String uid) {
    super(uid);
    columns = new ColumnParams(this);
    weightCol =
        new Param<>(this, "weightCol", "the column of the rows' weights; empty where all are 1");
    groupsCol =
        new Param<>(
            this,
            "groupsCol",
            "the column of groups, whose rows all train or all validate; empty for none");
    budget =
        new DoubleParam(
            this,
            "budget",
            "the seconds that a fit may take, used for more members; 0 for what it takes",
            ParamValidators.gtEq(0));
    parallelism =
        new IntParam(
            this,
            "parallelism",
            "how many networks train at the same time at most; 0 for all",
            ParamValidators.gtEq(0));
    maxTableBytes =
        new LongParam(
            this,
            "maxTableBytes",
            "how large the table may be, as 32-bit floats",
            ParamValidators.gt(0));
    setDefault(weightCol, "");
    setDefault(groupsCol, "");
    setDefault(budget, 0.0);
    setDefault(parallelism, 0);
    setDefault(maxTableBytes, 1L << 30);
  }

  /** {@return the parameter of the column of features} */
  public Param<String> featuresCol() {
    return columns.featuresCol;
  }

  /**
   * Sets the column of features.
   *
   * @param name of a column of vectors, or of arrays of numbers; features by default
   * @return this estimator
   */
  public MixtureRegression setFeaturesCol(String name) {
    set(columns.featuresCol, name);
    return this;
  }

  /** {@return the parameter of the column of the label} */
  public Param<String> labelCol() {
    return columns.labelCol;
  }

  /**
   * Sets the column of the label.
   *
   * @param name of a column of numbers; label by default
   * @return this estimator
   */
  public MixtureRegression setLabelCol(String name) {
    set(columns.labelCol, name);
    return this;
  }

  /** {@return the parameter of the columns of several labels} */
  public StringArrayParam labelCols() {
    return columns.labelCols;
  }

  /**
   * Sets the columns of several labels, whose joint distribution is learned, in place of one; or,
   * with {@link #setCensored}, the columns of the lower and the upper end of each label, where a
   * null leaves that side open.
   *
   * @param names of columns of numbers
   * @return this estimator
   */
  public MixtureRegression setLabelCols(String... names) {
    set(columns.labelCols, names);
    return this;
  }

  /** {@return the parameter of the column of flags of censored labels} */
  public Param<String> censorCol() {
    return columns.censorCol;
  }

  /**
   * Sets the column of flags that make the label a censored one, as Spark's {@code
   * AFTSurvivalRegression} has it: 1 where the label was seen, 0 where it is known to be larger.
   *
   * @param name of a column of numbers; empty, as by default, for none
   * @return this estimator
   */
  public MixtureRegression setCensorCol(String name) {
    set(columns.censorCol, name);
    return this;
  }

  /** {@return the parameter of the column of groups} */
  public Param<String> groupsCol() {
    return groupsCol;
  }

  /**
   * Sets the column of groups, such as patients: the rows of a group all train, or all validate, or
   * all are held out to calibrate. A row with a null is a group of its own.
   *
   * @param name of a column of texts or numbers; empty, as by default, for none
   * @return this estimator
   */
  public MixtureRegression setGroupsCol(String name) {
    set(groupsCol, name);
    return this;
  }

  /** {@return the parameter of the column of weights} */
  public Param<String> weightCol() {
    return weightCol;
  }

  /**
   * Sets the column of the rows' weights; a row of weight 2 counts as two, one of 0 is left out.
   *
   * @param name of a column of numbers; empty, as by default, where all rows count alike
   * @return this estimator
   */
  public MixtureRegression setWeightCol(String name) {
    set(weightCol, name);
    return this;
  }

  /** {@return the parameter of the column of predicted means} */
  public Param<String> predictionCol() {
    return columns.predictionCol;
  }

  /**
   * Sets the column of predicted means, which the model adds.
   *
   * @param name of a new column, prediction by default; empty for none
   * @return this estimator
   */
  public MixtureRegression setPredictionCol(String name) {
    set(columns.predictionCol, name);
    return this;
  }

  /** {@return the parameter of the further columns} */
  public StringArrayParam outputs() {
    return columns.outputs;
  }

  /**
   * Sets the further columns that the model adds.
   *
   * @param outputs in the order of the columns
   * @return this estimator
   */
  public MixtureRegression setOutputs(Output... outputs) {
    set(columns.outputs, Arrays.stream(outputs).map(Output::toString).toArray(String[]::new));
    return this;
  }

  /** {@return the parameter of the number of networks that train at the same time} */
  public IntParam parallelism() {
    return parallelism;
  }

  /**
   * Sets the largest number of networks that train at the same time; the outcome does not depend on
   * it.
   *
   * @param networks at least 1, or 0, as by default, for as many as the cluster has cores for
   * @return this estimator
   * @throws IllegalArgumentException if it is negative
   */
  public MixtureRegression setParallelism(int networks) {
    set(parallelism, networks);
    return this;
  }

  /** {@return the parameter of the time that a fit may take} */
  public DoubleParam budget() {
    return budget;
  }

  /**
   * Sets the time that a fit may take, from when it is called: see {@link
   * MixtureRegressorBuilder#budget}. Executors tell the time by their clocks, which must agree with
   * the driver's.
   *
   * @param time to be used for more members; zero, as by default, for what those asked for take
   * @return this estimator
   * @throws IllegalArgumentException if it is negative
   */
  public MixtureRegression setBudget(Duration time) {
    set(budget, time.toNanos() / 1e9);
    return this;
  }

  /** {@return the parameter of the largest size of the table} */
  public LongParam maxTableBytes() {
    return maxTableBytes;
  }

  /**
   * Sets the largest size of a table that all members learn from: 4 bytes for each feature, label
   * and weight of each row. The driver needs about five times as much for a moment, an executor
   * twice.
   *
   * @param bytes positive; 2³⁰ by default
   * @return this estimator
   * @throws IllegalArgumentException if it is not positive
   */
  public MixtureRegression setMaxTableBytes(long bytes) {
    set(maxTableBytes, bytes);
    return this;
  }

  /**
   * Fits a model.
   *
   * @param dataset with the columns of features, labels and weights
   * @return the model
   * @throws IllegalArgumentException if a column is not there or not of its type, a row is not
   *     usable, which the message names, or as {@link MixtureRegressor#fit(double[][], double[][],
   *     double[])}
   * @throws IllegalStateException if training never reached a finite NLL
   */
  @Override
  public MixtureRegressionModel fit(Dataset<?> dataset) {
    transformSchema(dataset.schema());
    RegressorOptions regressor = regressorOptions();
    Fitted fitted =
        new DatasetFit(
                JavaSparkContext.fromSparkContext(dataset.sparkSession().sparkContext()),
                regressor,
                (Integer) getOrDefault(parallelism),
                (Long) getOrDefault(maxTableBytes),
                (Double) getOrDefault(budget))
            .fit(
                dataset,
                new DatasetRows.Columns(
                    getOrDefault(columns.featuresCol),
                    labels(regressor),
                    name(weightCol),
                    name(groupsCol)));
    MixtureRegressionModel model = new MixtureRegressionModel(uid(), ModelBytes.of(fitted));
    return copyValues(model, ParamMap.empty()).setParent(this);
  }

  @Override
  public StructType transformSchema(StructType schema) {
    RegressorOptions regressor = regressorOptions();
    LabelColumns labels = labels(regressor);
    labels.requireIn(schema);
    regressor.requireFor(labels.targets());
    if (name(weightCol) != null) {
      NamedColumns.requireNumber(schema, name(weightCol));
    }
    if (name(groupsCol) != null) {
      NamedColumns.requireColumn(schema, name(groupsCol));
    }
    return columns.withAdded(this, schema, PredictedForm.of(regressor, labels.targets()));
  }

  /** Returns the name of a column, or null for none. */
  private String name(Param<String> column) {
    String name = getOrDefault(column);
    return name.isEmpty() ? null : name;
  }

  private LabelColumns labels(RegressorOptions regressor) {
    return columns.labels(this, regressor.censored(), regressor.family().isDiscrete());
  }

  private RegressorOptions regressorOptions() {
    RegressorOptions regressor = options().options(this);
    return columns.hasCensor(this) ? regressor.with("censored", true) : regressor;
  }

  @Override
  public MixtureRegression copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * Returns a reader of estimators.
   *
   * @return the reader
   */
  public static MLReader<MixtureRegression> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Reads an estimator that was saved.
   *
   * @param path where it was saved, in any of Hadoop's file systems
   * @return the estimator
   * @throws IOException if there is none
   */
  public static MixtureRegression load(String path) throws IOException {
    return read().load(path);
  }
}
