/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.mdn4j.OutputColumns.entry;

import java.util.Arrays;

/**
 * The ceilings of {@link Covariance#FULL}: no standard deviation √Σ_jj is more than c_j, whatever
 * the correlations. With L the factor of the precision, and z standard normal, the residuals r of a
 * component follow one from the other, the last one first:
 *
 * <pre>
 *   z = Lᵀ r   ⇔   r_j = (z_j − Σ_{i &gt; j} L_ij r_i) / L_jj
 *   r_i = Σ_m T_im z_m                                  T = L⁻ᵀ, of which Σ = T Tᵀ
 *   √Σ_jj = √v_j / L_jj,   v_j = 1 + ‖w_j‖²,   w_jm = Σ_{i &gt; j} L_ij T_im
 * </pre>
 *
 * <p>So that √Σ_jj &lt; c_j, the conditional standard deviation 1 / L_jj = f + exp(s_j), s_j =
 * −l_jj, must be below c_j / √v_j, which {@link BoundTransform} sees to with
 *
 * <pre>
 *   S_j = log(c_j / √v_j − f)
 * </pre>
 *
 * <p>where T has what was bounded before. All that occurs is at most c_i |L_ij|. So that S_j
 * exists, and the floor f holds, the entries below the diagonal are held within ±A_ij:
 *
 * <pre>
 *   L_ij = A_ij q(l_ij / A_ij),   A_ij = W_j / ((D − 1) c_i),   √(1 + W_j²) = ½ (1 + c_j / f)
 * </pre>
 *
 * <p>for which f counts as e⁻³⁷ where it is less. One target, or no correlation, is DIAGONAL.
 */
final class FullBounds {
  private static final double SMALLEST_FLOOR = Math.exp(-37);
  private static final double STEEPEST = 1e38;

  private final BoundTransform transform;
  private final int targets;
  private final double floor;
  private final double[] ceiling; // [D], c
  private final double[][] largest; // [D][D], A
  private final double[] top; // [D], S
  private final double[] squares; // [D], v
  private final double[][] entries; // [D][D], L below the diagonal
  private final double[][] w; // [D][D]
  private final double[][] t; // [D][D], T
  private final double[][] slopes; // [D][D], derivatives with respect to T
  private final double[] slopeOfW; // [D]

  FullBounds(MixtureSpec spec, BoundTransform transform) {
    this.transform = transform;
    this.targets = spec.targets();
    this.floor = spec.scaleFloor();
    this.ceiling =
        spec.bounds().orElseThrow().scaleCeiling().stream().mapToDouble(c -> c).toArray();
    this.largest = bounds();
    this.top = new double[targets];
    this.squares = new double[targets];
    this.entries = new double[targets][targets];
    this.w = new double[targets][targets];
    this.t = new double[targets][targets];
    this.slopes = new double[targets][targets];
    this.slopeOfW = new double[targets];
  }

  private double[][] bounds() {
    double[][] bounds = new double[targets][targets];
    for (int j = 0; j < targets; j++) {
      double root = 0.5 * (1 + ceiling[j] / Math.max(floor, SMALLEST_FLOOR));
      for (int i = j + 1; i < targets; i++) {
        bounds[i][j] = Math.sqrt(root * root - 1) / ((targets - 1) * ceiling[i]);
      }
    }
    return bounds;
  }

  double[][] largestEntries() {
    return largest;
  }

  /**
   * Replaces l of one component, which begins at the given place of the array, by the values it
   * stands for.
   */
  void apply(double[] raw, int from) {
    read(raw, from);
    for (int j = 0; j < targets; j++) {
      int diagonal = from + entry(j, j);
      raw[diagonal] = -transform.bounded(-raw[diagonal], top[j]);
      for (int i = j + 1; i < targets; i++) {
        raw[from + entry(i, j)] = entries[i][j];
      }
    }
  }

  /** Computes the recursion with all its intermediate values. */
  private void read(double[] raw, int from) {
    for (int j = targets - 1; j >= 0; j--) {
      Arrays.fill(w[j], 0);
      for (int i = j + 1; i < targets; i++) {
        double a = largest[i][j];
        entries[i][j] = a * BoundTransform.q(raw[from + entry(i, j)] / a);
        for (int m = i; m < targets; m++) {
          w[j][m] += entries[i][j] * t[i][m];
        }
      }
      squares[j] = 1;
      for (int m = j + 1; m < targets; m++) {
        squares[j] += w[j][m] * w[j][m];
      }
      top[j] = Math.log(ceiling[j] / Math.sqrt(squares[j]) - floor);
      double sigma = floor + Math.exp(transform.bounded(-raw[from + entry(j, j)], top[j]));
      t[j][j] = sigma;
      for (int m = j + 1; m < targets; m++) {
        t[j][m] = -sigma * w[j][m];
      }
    }
  }

  /** Applies {@link BoundTransform#pullBack} to one component: {@link #read} backwards. */
  void pullBack(double[] raw, double[] gradient, int from) {
    read(raw, from);
    for (double[] row : slopes) {
      Arrays.fill(row, 0);
    }
    for (int j = 0; j < targets; j++) {
      int diagonal = from + entry(j, j);
      double sigma = t[j][j];
      double slopeOfSigma = slopes[j][j];
      for (int m = j + 1; m < targets; m++) {
        slopeOfSigma -= w[j][m] * slopes[j][m];
      }
      double slope = -gradient[diagonal] + slopeOfSigma * (sigma - floor); // of s_j
      double share = transform.slope(-raw[diagonal], top[j]);
      gradient[diagonal] = withinFloat(-slope * share);
      double root = Math.sqrt(squares[j]);
      double ofSquares = // dS/dv
          -0.5 * ceiling[j] / (squares[j] * (ceiling[j] - floor * root));
      double slopeOfSquares = slope * (1 - share) * ofSquares;
      for (int m = j + 1; m < targets; m++) {
        slopeOfW[m] = -sigma * slopes[j][m] + 2 * w[j][m] * slopeOfSquares;
      }
      for (int i = j + 1; i < targets; i++) {
        int column = from + entry(i, j);
        double slopeOfEntry = gradient[column];
        for (int m = i; m < targets; m++) {
          slopeOfEntry += slopeOfW[m] * t[i][m];
          slopes[i][m] += slopeOfW[m] * entries[i][j];
        }
        gradient[column] =
            withinFloat(slopeOfEntry * BoundTransform.slopeOfQ(raw[column] / largest[i][j]));
      }
    }
  }

  private static double withinFloat(double slope) {
    return Math.max(-STEEPEST, Math.min(STEEPEST, slope));
  }
}
