/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * −log N_k(y) for a Gaussian given by the Cholesky factor L of its precision, as SameDiff
 * operations.
 *
 * <pre>
 *   −log N = ½ ‖w‖² − Σ_d log L_dd + (D/2) log 2π,   w = Lᵀ (y − μ)
 *   w_j    = L_jj r_j + Σ_{i &gt; j} L_ij r_i,            r = y − μ
 * </pre>
 *
 * <p>The sums over the triangle are products with matrices of zeros and ones, which put each entry
 * where it belongs.
 *
 * <p>Needs D &gt; 1: ND4J 1.0.0-M2.1 cannot reduce a column vector inside a graph.
 */
final class FullCovarianceGraph {
  private static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final SameDiff sd;
  private final MixtureSpec spec;
  private final DataType dtype;
  private final int targets;

  FullCovarianceGraph(SameDiff sd, MixtureSpec spec, DataType dtype) {
    this.sd = sd;
    this.spec = spec;
    this.dtype = dtype;
    this.targets = spec.targets();
  }

  /**
   * The energy of each component.
   *
   * @param difference y − μ, [N, K, D]
   * @param entries parameters of the factor, [N, K, D(D + 1)/2]
   * @return [N, K, 1]
   */
  SDVariable energy(SDVariable difference, SDVariable entries) {
    SDVariable l = entries.reshape(-1, spec.scalesPerComponent()); // [N·K, T]
    SDVariable logDiagonal = logDiagonal(product(l, diagonal())); // [N·K, D]
    SDVariable r = difference.reshape(-1, targets); // [N·K, D]
    SDVariable below = product(l, below(Part.ENTRY)); // [N·K, D(D − 1)/2]
    SDVariable w =
        sd.math
            .exp(logDiagonal)
            .mul(r)
            .add(product(below.mul(product(r, below(Part.ROW))), below(Part.COLUMN).transpose()));
    SDVariable energy = halfSquare(w).sub(logDiagonal.sum(true, 1)).add(targets * HALF_LOG_TWO_PI);
    return energy.reshape(-1, spec.components(), 1);
  }

  private SDVariable logDiagonal(SDVariable l) {
    return spec.scaleFloor() > 0
        ? sd.math.log(sd.math.exp(l.neg()).add(spec.scaleFloor())).neg()
        : l;
  }

  /** ½ ‖w‖², [N·K, 1], each square within the limit that keeps the sum finite. */
  private SDVariable halfSquare(SDVariable w) {
    double limit = Limits.of(dtype).halfSquaredDistance(targets);
    return sd.math.min(w.mul(w).mul(0.5), sd.constant(Nd4j.scalar(dtype, limit))).sum(true, 1);
  }

  private SDVariable product(SDVariable left, INDArray right) {
    return left.mmul(sd.constant(right.dup('c')));
  }

  private static int entry(int row, int column) {
    return row * (row + 1) / 2 + column;
  }

  /** [T, D]: picks the diagonal's entries. */
  private INDArray diagonal() {
    INDArray matrix = Nd4j.zeros(dtype, spec.scalesPerComponent(), targets);
    for (int d = 0; d < targets; d++) {
      matrix.putScalar(entry(d, d), d, 1);
    }
    return matrix;
  }

  private enum Part {
    ENTRY,
    ROW,
    COLUMN
  }

  /** For each place below the diagonal a column that picks its entry, its row or its column. */
  private INDArray below(Part part) {
    int height = part == Part.ENTRY ? spec.scalesPerComponent() : targets;
    INDArray matrix = Nd4j.zeros(dtype, height, targets * (targets - 1) / 2);
    int place = 0;
    for (int i = 1; i < targets; i++) {
      for (int j = 0; j < i; j++) {
        int picked = part == Part.ENTRY ? entry(i, j) : part == Part.ROW ? i : j;
        matrix.putScalar(picked, place++, 1);
      }
    }
    return matrix;
  }
}
