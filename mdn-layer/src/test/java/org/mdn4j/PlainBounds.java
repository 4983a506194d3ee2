/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Collections;
import org.apache.commons.math3.linear.LUDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.linear.RealVector;

/**
 * The parameters that a raw output of bounded components stands for, by the formulas as they are
 * written down. For FULL the covariance of the later residuals is the inverse of their part of the
 * precision: another way than that of the main code, which inverts nothing.
 */
public final class PlainBounds {
  private PlainBounds() {}

  /** {@code [P]} to {@code [P]}; without bounds the same. */
  public static double[] parameters(MixtureSpec spec, double[] raw) {
    double[] parameters = raw.clone();
    ComponentBounds bounds = spec.bounds().orElse(ComponentBounds.NONE);
    for (int k = 0; k < spec.components(); k++) {
      for (int d = 0; d < spec.targets(); d++) {
        if (!bounds.locationLower().isEmpty()) {
          int column = spec.columns().location(k, d);
          double a = bounds.locationLower().get(d);
          double b = bounds.locationUpper().get(d);
          parameters[column] = (a + b) / 2 + squashed(raw[column] - (a + b) / 2, (b - a) / 2);
        }
        if (!bounds.scaleCeiling().isEmpty() && spec.covariance() != Covariance.FULL) {
          int column = spec.columns().scale(k, d);
          double ceiling =
              spec.covariance() == Covariance.SPHERICAL
                  ? Collections.min(bounds.scaleCeiling())
                  : bounds.scaleCeiling().get(d);
          double above = ceiling - spec.scaleFloor();
          boolean linear = spec.scaleTransform() == ScaleTransform.ELU_PLUS_ONE && above > 1;
          parameters[column] = limited(raw[column], linear ? above - 1 : Math.log(above));
        }
      }
      if (!bounds.scaleCeiling().isEmpty() && spec.covariance() == Covariance.FULL) {
        full(spec, bounds, k, raw, parameters);
      }
    }
    return parameters;
  }

  /** x where it is small, never more than the limit. */
  private static double squashed(double x, double limit) {
    return x / Math.pow(1 + Math.pow(x / limit, 4), 0.25);
  }

  private static double limited(double s, double top) {
    return top - (top - s + Math.hypot(top - s, 1)) / 2;
  }

  private static void full(
      MixtureSpec spec, ComponentBounds bounds, int k, double[] raw, double[] parameters) {
    int targets = spec.targets();
    double floor = spec.scaleFloor();
    RealMatrix factor = MatrixUtils.createRealMatrix(targets, targets);
    for (int j = targets - 1; j >= 0; j--) {
      double ceiling = bounds.scaleCeiling().get(j);
      double inner = 0.5 * (1 + ceiling / Math.max(floor, Math.exp(-37)));
      double variance = 1;
      int later = targets - j - 1;
      if (later > 0) {
        RealVector a = MatrixUtils.createRealVector(new double[later]);
        for (int i = j + 1; i < targets; i++) {
          double limit =
              Math.sqrt(inner * inner - 1) / (targets - 1) / bounds.scaleCeiling().get(i);
          int column = spec.columns().cholesky(k, i, j);
          parameters[column] = squashed(raw[column], limit);
          factor.setEntry(i, j, parameters[column]);
          a.setEntry(i - j - 1, parameters[column]);
        }
        RealMatrix trailing = factor.getSubMatrix(j + 1, targets - 1, j + 1, targets - 1);
        RealMatrix covariance =
            new LUDecomposition(trailing.multiply(trailing.transpose())).getSolver().getInverse();
        variance += a.dotProduct(covariance.operate(a));
      }
      int diagonal = spec.columns().cholesky(k, j, j);
      double s = limited(-raw[diagonal], Math.log(ceiling / Math.sqrt(variance) - floor));
      parameters[diagonal] = -s;
      factor.setEntry(j, j, 1 / (floor + Math.exp(s)));
    }
  }
}
