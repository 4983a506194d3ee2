/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.lang.ref.Reference;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The mixture's negative log-likelihood and its gradient by the textbook's formulas, in plain loops
 * over doubles. It shares nothing with the main code but the order of the columns, which it spells
 * out again: logits, locations k·D + d, scale parameters k·S + d.
 *
 * <pre>
 *   r_k      = softmax_k( log π_k + Σ_d log N_kd )
 *   dL/dz_k  = π_k − r_k
 *   dL/dμ_kd = r_k (μ_kd − y_d) / σ_kd²
 *   dL/ds_kd = r_k (1 − u_kd²) dlogσ/ds,   u = (y − μ)/σ,  dlogσ/ds = exp(s)/(f + exp(s))
 * </pre>
 *
 * <p>Bishop (1994), equations 35 to 38.
 *
 * @param score −log p(y), in nats
 * @param gradient derivative with respect to the raw output, {@code [P]}
 */
public record PlainMixtureNll(double score, double[] gradient) {

  /**
   * Scores one row.
   *
   * @param observed {@code [D]} of ones and zeros, or null for all ones
   */
  public static PlainMixtureNll of(MixtureSpec spec, double[] y, double[] raw, double[] observed) {
    int components = spec.components();
    int targets = spec.targets();
    int scales = spec.covariance() == Covariance.SPHERICAL ? 1 : targets;
    int firstLocation = components;
    int firstScale = components + components * targets;
    double logNorm = logSumExp(raw, components);
    double[] logJoint = new double[components];
    for (int k = 0; k < components; k++) {
      logJoint[k] = raw[k] - logNorm;
      for (int d = 0; d < targets; d++) {
        if (observed == null || observed[d] == 1) {
          double sigma = spec.scaleFloor() + Math.exp(raw[firstScale + k * scales + d % scales]);
          double u = (y[d] - raw[firstLocation + k * targets + d]) / sigma;
          logJoint[k] -= 0.5 * u * u + Math.log(sigma) + 0.5 * Math.log(2 * Math.PI);
        }
      }
    }
    double logDensity = logSumExp(logJoint, components);
    double[] gradient = new double[components + components * targets + components * scales];
    for (int k = 0; k < components; k++) {
      double responsibility = Math.exp(logJoint[k] - logDensity);
      gradient[k] = Math.exp(raw[k] - logNorm) - responsibility;
      for (int d = 0; d < targets; d++) {
        if (observed == null || observed[d] == 1) {
          int location = firstLocation + k * targets + d;
          int scale = firstScale + k * scales + d % scales;
          double sigma = spec.scaleFloor() + Math.exp(raw[scale]);
          double u = (y[d] - raw[location]) / sigma;
          gradient[location] -= responsibility * u / sigma;
          gradient[scale] += responsibility * (1 - u * u) * Math.exp(raw[scale]) / sigma;
        }
      }
    }
    return new PlainMixtureNll(-logDensity, gradient);
  }

  /** Scores every row; {@code observed} is {@code [N, D]} or null. */
  public static PlainMixtureNll[] rows(
      MixtureSpec spec, INDArray labels, INDArray raw, INDArray observed) {
    double[][] y = matrix(labels);
    double[][] outputs = matrix(raw);
    double[][] present = observed == null ? null : matrix(observed);
    PlainMixtureNll[] rows = new PlainMixtureNll[y.length];
    for (int n = 0; n < rows.length; n++) {
      rows[n] = of(spec, y[n], outputs[n], present == null ? null : present[n]);
    }
    return rows;
  }

  /** The entries of a matrix, whatever its order, offset and dtype. */
  public static double[][] matrix(INDArray array) {
    INDArray dense = array.castTo(DataType.DOUBLE).dup('c');
    int columns = (int) dense.size(1);
    double[] cells = new double[(int) dense.length()];
    dense.data().asNioDouble().get(cells);
    Reference.reachabilityFence(dense); // its memory is freed when it is no longer reachable
    double[][] rows = new double[(int) dense.size(0)][];
    Arrays.setAll(rows, n -> Arrays.copyOfRange(cells, n * columns, (n + 1) * columns));
    return rows;
  }

  /** A matrix of one dtype. */
  public static INDArray array(double[][] rows, DataType dtype) {
    return Nd4j.createFromArray(rows).castTo(dtype);
  }

  /** A matrix whose rows are all alike; {@code Nd4j.repeat} takes a millisecond a row. */
  public static INDArray repeated(double[] row, int rows, DataType dtype) {
    double[][] matrix = new double[rows][];
    Arrays.fill(matrix, row);
    return array(matrix, dtype);
  }

  private static double logSumExp(double[] values, int count) {
    double max = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      max = Math.max(max, values[k]);
    }
    double sum = 0;
    for (int k = 0; k < count; k++) {
      sum += Math.exp(values[k] - max);
    }
    return max + Math.log(sum);
  }
}
