/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.mdn4j.Covariance;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a minibatch's mixtures answer to an output, as Spark's values, row by row. */
final class Answers {
  private Answers() {}

  /**
   * Returns the value of each row.
   *
   * @param labels {@code [N, D]}, or null if the output needs none
   * @param known whether a row has all its labels; others get null
   * @param seed of the samples of this minibatch
   */
  static IntFunction<Object> of(
      Output output,
      MixtureBatch predicted,
      Covariance covariance,
      INDArray labels,
      boolean[] known,
      long seed) {
    double[] arguments = output.arguments();
    int targets = predicted.targets();
    return switch (output.kind()) {
      case MEAN -> perTarget(numbers(predicted.mean()), targets);
      case STANDARD_DEVIATION -> {
        double[] variances = numbers(predicted.variance());
        Arrays.setAll(variances, i -> Math.sqrt(variances[i]));
        yield perTarget(variances, targets);
      }
      case QUANTILES -> {
        double[] quantiles = numbers(predicted.quantile(arguments));
        yield row -> part(quantiles, row, arguments.length);
      }
      case INTERVAL -> {
        double level = arguments[0];
        double[] ends = numbers(predicted.quantile((1 - level) / 2, (1 + level) / 2));
        yield row -> RowFactory.create(ends[2 * row], ends[2 * row + 1]);
      }
      case REGION -> row -> region(predicted.get(row), arguments[0]);
      case LOG_DENSITY -> where(known, predicted.logDensity(labels));
      case PIT -> where(known, predicted.cdf(labels));
      case CRPS -> where(known, predicted.crps(labels));
      case SAMPLES ->
          samples(numbers(predicted.sample((int) arguments[0], seed)), arguments[0], targets);
      case MIXTURE -> row -> mixture(predicted.get(row), covariance);
    };
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

  private static IntFunction<Object> where(boolean[] known, INDArray values) {
    double[] numbers = numbers(values);
    return row -> known[row] ? (Object) numbers[row] : null;
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

  private static Row[] region(Mixture mixture, double level) {
    List<Interval> intervals = mixture.highestDensityRegion(level);
    return intervals.stream()
        .map(interval -> RowFactory.create(interval.lower(), interval.upper()))
        .toArray(Row[]::new);
  }

  private static Row mixture(Mixture mixture, Covariance covariance) {
    return RowFactory.create(
        mixture.weights(),
        mixture.locations(),
        covariance == Covariance.FULL ? mixture.covariances() : mixture.scales());
  }
}
