/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.CatalystTypeConverters;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataType;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.Conformal;
import org.mdn4j.regression.model.Fitted;
import org.nd4j.linalg.api.ndarray.INDArray;
import scala.Function1;

/** What a minibatch's mixtures answer to an output, as Spark's values, row by row. */
final class Answers {
  private Answers() {}

  /**
   * Returns the value of each row.
   *
   * @param fitted the model that predicted
   * @param labels or null if the output needs none; rows without get null
   * @param groups of rows, by which a conformal output is calibrated; null for none
   * @param seed of what is random for this minibatch
   */
  static IntFunction<Object> of(
      Output output,
      MixtureBatch predicted,
      Fitted fitted,
      Observed labels,
      String[] groups,
      long seed) {
    double[] arguments = output.arguments();
    int targets = predicted.targets();
    Conformal conformal = fitted.trust().conformal();
    return switch (output.kind()) {
      case MEAN -> perTarget(numbers(predicted.mean()), targets);
      case STANDARD_DEVIATION -> {
        double[] variances = numbers(predicted.variance());
        Arrays.setAll(variances, i -> Math.sqrt(variances[i]));
        yield perTarget(variances, targets);
      }
      case QUANTILES -> several(predicted.quantile(arguments), arguments.length);
      case SURVIVAL -> several(predicted.survivalCurves(arguments), arguments.length);
      case INTERVAL -> {
        double level = arguments[0];
        double[] ends = numbers(predicted.quantile((1 - level) / 2, (1 + level) / 2));
        yield row -> RowFactory.create(ends[2 * row], ends[2 * row + 1]);
      }
      case REGION -> row -> rows(predicted.get(row).highestDensityRegion(arguments[0]));
      case CONFORMAL_INTERVAL ->
          row ->
              row(
                  ofGroup(conformal, groups, row, arguments[0])
                      .interval(predicted.get(row), arguments[0]));
      case CONFORMAL_REGION ->
          row ->
              rows(
                  ofGroup(conformal, groups, row, arguments[0])
                      .region(predicted.get(row), arguments[0]));
      case LOG_DENSITY -> {
        double[] logs = numbers(predicted.logLikelihood(labels.labels()));
        yield row -> labels.known()[row] ? (Object) logs[row] : null;
      }
      case PIT -> {
        double[] pits = labels.pit(predicted, seed);
        yield row -> labels.known()[row] ? (Object) pits[row] : null;
      }
      case CRPS -> {
        double[] scores = numbers(predicted.crps(labels.exact()));
        yield row -> labels.isExact(row) ? (Object) scores[row] : null;
      }
      case SAMPLES ->
          samples(numbers(predicted.sample((int) arguments[0], seed)), arguments[0], targets);
      case MIXTURE -> row -> mixture(predicted.get(row), fitted.options().covariance());
    };
  }

  private static Conformal ofGroup(Conformal all, String[] groups, int row, double coverage) {
    return all.forGroup(groups == null ? null : groups[row], coverage);
  }

  private static double[] numbers(INDArray values) {
    return values.reshape(-1).toDoubleVector();
  }

  private static double[] part(double[] values, int index, int width) {
    return Arrays.copyOfRange(values, index * width, (index + 1) * width);
  }

  private static IntFunction<Object> perTarget(double[] values, int targets) {
    return targets == 1 ? row -> values[row] : row -> part(values, row, targets);
  }

  private static IntFunction<Object> several(INDArray values, int width) {
    double[] numbers = numbers(values);
    return row -> part(numbers, row, width);
  }

  private static IntFunction<Object> samples(double[] samples, double perRow, int targets) {
    int count = (int) perRow;
    return row -> {
      double[] all = part(samples, row, count * targets);
      if (targets == 1) {
        return all;
      }
      double[][] each = new double[count][];
      Arrays.setAll(each, i -> part(all, i, targets));
      return each;
    };
  }

  private static Row row(Interval interval) {
    return RowFactory.create(interval.lower(), interval.upper());
  }

  private static Row[] rows(List<Interval> intervals) {
    return intervals.stream().map(Answers::row).toArray(Row[]::new);
  }

  private static Row mixture(Mixture mixture, Covariance covariance) {
    return RowFactory.create(
        mixture.weights(),
        mixture.locations(),
        covariance == Covariance.FULL ? mixture.covariances() : mixture.scales(),
        mixture.family().name(),
        mixture.family().isDiscrete(),
        mixture.atoms(),
        mixture.atomProbabilities());
  }

  /** Returns what makes values of a type into those of Spark's own rows. */
  static UnaryOperator<Object> toCatalyst(DataType type) {
    Function1<Object, Object> converter = CatalystTypeConverters.createToCatalystConverter(type);
    return value ->
        value instanceof Double || value == null
            ? value
            : value instanceof double[] numbers
                ? UnsafeArrayData.fromPrimitiveArray(numbers)
                : converter.apply(value);
  }
}
