/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import java.util.Map;
import org.mdn4j.BoundTransform;
import org.mdn4j.ColumnRange;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.CountMass;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What {@link ComponentGraph} needs to know of counts: their scores and derivatives, in DOUBLE. */
final class CountInputs {
  private final MixtureSpec spec;
  private final BoundTransform bounds;

  CountInputs(MixtureSpec spec, Limits limits) {
    this.spec = spec;
    this.bounds = new BoundTransform(spec, limits);
  }

  /**
   * Puts the values of the placeholders of counts.
   *
   * @param labels {@code [N, D]}, or {@code [N, 2 D]} of intervals
   * @param raw {@code [N, P]}
   * @param observed {@code [N, D]}, or null
   */
  void put(Map<String, INDArray> inputs, INDArray labels, INDArray raw, INDArray observed) {
    double[][] y = counts(labels, observed);
    double[][] rows = raw.castTo(DataType.DOUBLE).toDoubleMatrix();
    int k = spec.components();
    int d = spec.targets();
    int ends = spec.labelColumns() / d;
    CountMass mass = new CountMass();
    int size = y.length * k * d;
    double[] score = new double[size];
    double[] logMean = new double[size];
    double[] meanSlope = new double[size];
    double[] logDispersion = new double[size];
    double[] dispersionSlope = new double[size];
    for (int n = 0; n < y.length; n++) {
      clip(rows[n]);
      bounds.apply(rows[n]);
      for (int i = 0; i < k * d; i++) {
        int at = n * k * d + i;
        logMean[at] = rows[n][spec.columns().locations().from() + i];
        logDispersion[at] = logDispersion(rows[n], i / d, i % d);
        double lower = y[n][i % d * ends];
        mass.interval(lower, y[n][(i % d + 1) * ends - 1], logMean[at], logDispersion[at]);
        score[at] = -mass.value();
        meanSlope[at] = -mass.byLocation();
        dispersionSlope[at] = -mass.byLogScale();
      }
    }
    long[] shape = {y.length, k, d};
    inputs.put(ComponentGraph.COUNT_SCORE, Nd4j.create(score, shape, DataType.DOUBLE));
    inputs.put(ComponentGraph.COUNT_LOG_MEAN, Nd4j.create(logMean, shape, DataType.DOUBLE));
    inputs.put(ComponentGraph.COUNT_MEAN_SLOPE, Nd4j.create(meanSlope, shape, DataType.DOUBLE));
    inputs.put(
        ComponentGraph.COUNT_LOG_DISPERSION, Nd4j.create(logDispersion, shape, DataType.DOUBLE));
    inputs.put(
        ComponentGraph.COUNT_DISPERSION_SLOPE,
        Nd4j.create(dispersionSlope, shape, DataType.DOUBLE));
  }

  /** Limits parameters as the graph's placeholders are. */
  private void clip(double[] row) {
    if (!BoundsGraph.boundsLocations(spec)) {
      clip(row, spec.columns().locations(), Limits.MIN_LOG_MEAN, Limits.MAX_LOG_MEAN);
    }
    clip(row, spec.columns().scales(), bounds.lowest(), bounds.highest());
  }

  private static void clip(double[] row, ColumnRange range, double low, double high) {
    for (int column = range.from(); column < range.to(); column++) {
      row[column] = Math.max(low, Math.min(high, row[column]));
    }
  }

  private double logDispersion(double[] row, int k, int d) {
    return spec.fixedScales().isPresent()
        ? Math.log(spec.fixedScale(k, d))
        : spec.logScale(row[spec.columns().scale(k, d)]);
  }

  /** Returns the labels, of which those that the mask hides are 0. */
  private double[][] counts(INDArray labels, INDArray observed) {
    double[][] y = labels.toDoubleMatrix();
    int ends = spec.labelColumns() / spec.targets();
    for (int n = 0; n < y.length; n++) {
      for (int column = 0; column < y[n].length; column += ends) {
        if (observed != null && observed.getDouble(n, column / ends) == 0) {
          Arrays.fill(y[n], column, column + ends, 0);
        }
      }
    }
    return y;
  }
}
