/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The weights with which a head starts, in the targets' units. Logits and the logarithms of scales
 * have no unit; a location of target d has that of the target, and row d of the precision's factor
 * for FULL its inverse. With weights in other units, the input would add noise larger than the
 * targets to them, or next to nothing.
 */
public final class InitialWeights {
  private InitialWeights() {}

  /**
   * Multiplies the weights of each target's locations by a factor, and divides those of its row of
   * the precision's factor, below the diagonal, by it.
   *
   * @param spec the columns of the weights
   * @param weights {@code [nIn, P]}, changed in place
   * @param factors {@code [D]}, positive
   */
  public static void rescale(MixtureSpec spec, INDArray weights, double[] factors) {
    for (int d = 0; d < spec.targets(); d++) {
      for (int column : locations(spec, d)) {
        weights.getColumn(column).muli(factors[d]);
      }
      if (spec.covariance() == Covariance.FULL) {
        for (int k = 0; k < spec.components(); k++) {
          for (int e = 0; e < d; e++) {
            weights.getColumn(spec.columns().cholesky(k, d, e)).divi(factors[d]);
          }
        }
      }
    }
  }

  /**
   * Returns the units that weights are in: the root mean square of the weights of each target's
   * locations, as a multiple of that of the weights without unit. Of weights that were drawn alike
   * it is 1, up to the chance of the draw.
   *
   * @param spec the columns of the weights
   * @param weights {@code [nIn, P]}
   * @return {@code [D]}; NaN or infinite where there is nothing to compare
   */
  public static double[] units(MixtureSpec spec, INDArray weights) {
    List<Integer> without = new ArrayList<>(); // columns without unit
    for (int k = 0; k < spec.components(); k++) {
      without.add(spec.columns().logits().from() + k);
      for (int d = 0; d < spec.targets(); d++) {
        if (spec.covariance() == Covariance.FULL) {
          without.add(spec.columns().cholesky(k, d, d));
        } else if (spec.fixedScales().isEmpty()) {
          without.add(spec.columns().scale(k, d)); // more than once where they are shared
        }
      }
    }
    double[][] rows = weights.toDoubleMatrix();
    double[] units = new double[spec.targets()];
    for (int d = 0; d < units.length; d++) {
      units[d] = rootMeanSquare(rows, locations(spec, d)) / rootMeanSquare(rows, without);
    }
    return units;
  }

  private static List<Integer> locations(MixtureSpec spec, int target) {
    List<Integer> columns = new ArrayList<>();
    for (int k = 0; k < spec.components(); k++) {
      columns.add(spec.columns().location(k, target));
    }
    return columns;
  }

  private static double rootMeanSquare(double[][] rows, List<Integer> columns) {
    double sum = 0;
    for (double[] row : rows) {
      for (int column : columns) {
        sum += row[column] * row[column] / rows.length / columns.size();
      }
    }
    return Math.sqrt(sum);
  }
}
