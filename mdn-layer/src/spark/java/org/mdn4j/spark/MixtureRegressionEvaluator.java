/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable$;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Scores predicted distributions, so that Spark's {@code CrossValidator} and {@code
 * TrainValidationSplit} can choose among models. It reads what a {@link MixtureRegressionModel} has
 * added, so the estimator must be asked for the metric's output. Rows without a label do not count;
 * censored ones count by the probability of their interval in {@code nll}, by a PIT between those
 * of its ends in {@code coverageError}, and not in {@code crps}.
 *
 * <ul>
 *   <li>{@code nll}: the mean negative log-likelihood, in nats, of {@link Output#logDensity()}
 *   <li>{@code crps}: the mean continuous ranked probability score, of {@link Output#crps()}
 *   <li>{@code coverageError}: the mean, over the levels 10 % to 90 % of central intervals, of the
 *       distance between the level and the share of labels in them, of {@link Output#pit()}
 * </ul>
 */
public final class MixtureRegressionEvaluator extends Evaluator implements DefaultParamsWritable {
  private static final long serialVersionUID = 1;
  private static final int LEVELS = 9;

  /**
   * Which metric there is.
   *
   * @param name of it
   * @param output that it reads
   */
  private record Metric(String name, Output output) {}

  private static final List<Metric> METRICS =
      List.of(
          new Metric("nll", Output.logDensity()),
          new Metric("crps", Output.crps()),
          new Metric("coverageError", Output.pit()));

  private final String uid;
  private final Param<String> metricName;
  private final Param<String> outputCol;
  private final Param<String> weightCol;

  /** Creates an evaluator of the NLL. */
  public MixtureRegressionEvaluator() {
    this(Identifiable$.MODULE$.randomUID("mixtureRegressionEvaluator"));
  }

  /**
   * Creates an evaluator of the NLL.
   *
   * @param uid its name
   */
  public MixtureRegressionEvaluator(String uid) {
    this.uid = uid;
    metricName =
        new Param<>(
            this,
            "metricName",
            "nll, crps or coverageError",
            ParamValidators.inArray(METRICS.stream().map(Metric::name).toArray()));
    outputCol =
        new Param<>(
            this, "outputCol", "the column of the metric's output; empty for that of its name");
    weightCol =
        new Param<>(this, "weightCol", "the column of the rows' weights; empty where all are 1");
    setDefault(metricName, "nll");
    setDefault(outputCol, "");
    setDefault(weightCol, "");
  }

  @Override
  public String uid() {
    return uid;
  }

  /** {@return the parameter of the metric} */
  public Param<String> metricName() {
    return metricName;
  }

  /**
   * Sets the metric.
   *
   * @param name nll, crps or coverageError
   * @return this evaluator
   * @throws IllegalArgumentException if it is none of them
   */
  public MixtureRegressionEvaluator setMetricName(String name) {
    set(metricName, name);
    return this;
  }

  /** {@return the parameter of the column of the metric's output} */
  public Param<String> outputCol() {
    return outputCol;
  }

  /**
   * Sets the column of the metric's output, where it has been renamed.
   *
   * @param name of the column; empty for the output's own
   * @return this evaluator
   */
  public MixtureRegressionEvaluator setOutputCol(String name) {
    set(outputCol, name);
    return this;
  }

  /** {@return the parameter of the column of weights} */
  public Param<String> weightCol() {
    return weightCol;
  }

  /**
   * Sets the column of the rows' weights.
   *
   * @param name of a column of numbers; empty where all rows count alike
   * @return this evaluator
   */
  public MixtureRegressionEvaluator setWeightCol(String name) {
    set(weightCol, name);
    return this;
  }

  /**
   * Returns the metric of a DataFrame with predictions.
   *
   * @param dataset with the metric's output
   * @return the metric; lower is better
   * @throws IllegalArgumentException if a column is not there or not of numbers, or holds no value
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    Metric metric =
        METRICS.stream()
            .filter(known -> known.name().equals(getOrDefault(metricName)))
            .findFirst()
            .orElseThrow();
    String name = getOrDefault(outputCol);
    String column = name.isEmpty() ? metric.output().column() : name;
    StructType schema = dataset.schema();
    require(
        List.of(schema.fieldNames()).contains(column),
        "Expected the column '%s' for %s: ask the MixtureRegression for it by setOutputs(%s), or"
            + " name it by setOutputCol",
        column,
        metric.name(),
        "Output." + metric.output() + "()");
    NamedColumns.requireNumber(schema, column);
    Column value = NamedColumns.number(dataset, column);
    String weights = getOrDefault(weightCol);
    Column weight = functions.lit(1.0);
    if (!weights.isEmpty()) {
      NamedColumns.requireNumber(schema, weights);
      weight = NamedColumns.number(dataset, weights);
    }
    weight = functions.when(value.isNotNull(), weight);
    List<Column> means = new ArrayList<>();
    if (metric.name().equals("coverageError")) {
      for (int i = 1; i <= LEVELS; i++) {
        double level = i / (LEVELS + 1.0);
        Column inside = functions.abs(value.minus(0.5)).leq(level / 2).cast("double");
        means.add(functions.abs(mean(inside, weight).minus(level)));
      }
    } else {
      means.add(mean(metric.name().equals("nll") ? functions.negate(value) : value, weight));
    }
    Row row = dataset.select(means.toArray(Column[]::new)).head();
    require(!row.isNullAt(0), "Expected rows with a value in column '%s', got none", column);
    double sum = 0;
    for (int i = 0; i < row.size(); i++) {
      sum += row.getDouble(i);
    }
    return sum / row.size();
  }

  private static Column mean(Column value, Column weight) {
    return functions.sum(value.multiply(weight)).divide(functions.sum(weight));
  }

  @Override
  public boolean isLargerBetter() {
    return false;
  }

  @Override
  public MixtureRegressionEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /**
   * Returns a reader of evaluators.
   *
   * @return the reader
   */
  public static MLReader<MixtureRegressionEvaluator> read() {
    return new DefaultParamsReader<>();
  }

  /**
   * Reads an evaluator that was saved.
   *
   * @param path where it was saved
   * @return the evaluator
   * @throws IOException if there is none
   */
  public static MixtureRegressionEvaluator load(String path) throws IOException {
    return read().load(path);
  }
}
