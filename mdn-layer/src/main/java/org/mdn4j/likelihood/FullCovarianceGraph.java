/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.mdn4j.Gaussian.HALF_LOG_TWO_PI;
import static org.mdn4j.OutputColumns.entry;

import org.mdn4j.Internal;
import org.mdn4j.Limits;
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
 *   −log N = ½ ‖w‖² − Σ_d log L_dd + (D/2) log 2π,   w = Lᵀ r = Σ_d r_d L_d,   r = y − μ
 * </pre>
 *
 * <p>with L_d the rows of L. Targets m that are missing are integrated out. The precision of the
 * others, o, is then the Schur complement Λ_oo − Λ_om Λ_mm⁻¹ Λ_mo = L_o P L_oᵀ, where P projects
 * onto what is orthogonal to the missing rows; and its determinant is |Λ| / |Λ_mm|:
 *
 * <pre>
 *   −log N(y_o) = ½ ‖P Σ_{d ∈ o} r_d L_d‖² − Σ_d log L_dd + ½ log |Λ_mm| + (|o|/2) log 2π
 * </pre>
 *
 * <p>Both come from Gram and Schmidt's process over the missing rows, in its modified form: each is
 * taken out of all rows, and the squared lengths that are left multiply to |Λ_mm|. No matrix is
 * inverted.
 *
 * <p>Needs D &gt; 1, and arrays of rank 3 or more wherever a sum may be over a size of 1: ND4J
 * 1.0.0-M2.1 cannot reduce a column vector inside a graph.
 */
@Internal
public final class FullCovarianceGraph {
  static final String ROW_SIZES = "rowSizes"; // [N, K, D, 1], only in a graph made with a mask

  private static final double SMALLEST_SQUARE = 1e-300;

  private final SameDiff sd;
  private final MixtureSpec spec;
  private final DataType dtype;
  private final Limits limits;
  private final int components;
  private final int targets;

  FullCovarianceGraph(SameDiff sd, MixtureSpec spec, DataType dtype, Limits limits) {
    this.sd = sd;
    this.spec = spec;
    this.dtype = dtype;
    this.limits = limits;
    this.components = spec.components();
    this.targets = spec.targets();
  }

  /**
   * Returns the largest entry of each row of the factor, which {@link #ROW_SIZES} takes.
   *
   * @param entries parameters of the factor, [N, K, D(D + 1)/2]
   * @return [N, K, D, 1]
   */
  static INDArray rowSizes(MixtureSpec spec, INDArray entries) {
    int targets = spec.targets();
    double[] l = entries.dup('c').data().asDouble();
    double[] sizes = new double[l.length / spec.scalesPerComponent() * targets];
    for (int i = 0, at = 0; i < sizes.length; i++) {
      int below = i % targets;
      double size = 1 / (spec.scaleFloor() + Math.exp(-l[at + below]));
      for (int j = 0; j < below; j++) {
        size = Math.max(size, Math.abs(l[at + j]));
      }
      sizes[i] = size;
      at += below + 1;
    }
    return Nd4j.createFromArray(sizes)
        .castTo(entries.dataType())
        .reshape('c', entries.size(0), entries.size(1), targets, 1);
  }

  /**
   * Returns the energy of each component, all targets observed.
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
    SDVariable energy =
        halfSquare(w, 1).sub(logDiagonal.sum(true, 1)).add(targets * HALF_LOG_TWO_PI);
    return energy.reshape(-1, components, 1);
  }

  /**
   * Returns the energy of each component over the observed targets, in DOUBLE: of a row that is
   * nearly one of the missing rows little is left, and its gradient is the larger.
   *
   * @param difference y − μ, [N, K, D]
   * @param entries parameters of the factor, [N, K, D(D + 1)/2]
   * @param observed ones and zeros, [N, 1, D]
   * @return [N, K, 1]
   */
  SDVariable energy(SDVariable difference, SDVariable entries, SDVariable observed) {
    SDVariable l = entries.reshape(-1, spec.scalesPerComponent()); // [N·K, T]
    SDVariable logDiagonal = logDiagonal(product(l, diagonal())); // [N·K, D]
    SDVariable rows =
        product(l, placed(false))
            .add(product(sd.math.exp(logDiagonal), placed(true)))
            .reshape(-1, components, targets, targets);
    SDVariable missing = observed.rsub(1).reshape(-1, 1, targets, 1);
    // By its size a row is brought to a length of about 1, whose square neither overflows nor
    // vanishes. Any size is right, since it drops out, so that it needs no gradient.
    SDVariable size = sd.placeHolder(ROW_SIZES, dtype, -1, components, targets, 1);
    SDVariable logVolume = sd.math.log(size).mul(missing).sum(true, 2); // [N, K, 1, 1]
    for (int e = 0; e < targets; e++) {
      SDVariable row = only(e, rows).div(only(e, size)); // [N, K, 1, D]
      SDVariable length = // whose square, by which a division's gradient divides, is not 0
          sd.math.sqrt(sd.math.max(row.mul(row).sum(true, 3), scalar(SMALLEST_SQUARE)));
      SDVariable unit = row.div(length);
      SDVariable isMissing = only(e, missing); // [N, 1, 1, 1]
      SDVariable along = rows.mul(unit).sum(true, 3); // [N, K, D, 1]
      rows = rows.sub(along.mul(unit.mul(isMissing)));
      logVolume = logVolume.add(sd.math.log(length).mul(isMissing));
    }
    SDVariable r = difference.mul(observed).reshape(-1, components, targets, 1);
    SDVariable w = rows.mul(r).sum(true, 2).reshape(-1, components, targets);
    SDVariable logDeterminant = logDiagonal.reshape(-1, components, targets).sum(true, 2);
    return halfSquare(w, 2)
        .sub(logDeterminant)
        .add(logVolume.reshape(-1, components, 1))
        .add(observed.sum(true, 2).mul(HALF_LOG_TWO_PI));
  }

  /**
   * Returns place e of dimension 2, which is kept with size 1, by a way that ND4J can
   * differentiate.
   */
  private SDVariable only(int e, SDVariable rows) {
    INDArray one = Nd4j.zeros(dtype, 1, 1, targets, 1);
    one.putScalar(new long[] {0, 0, e, 0}, 1);
    return rows.mul(sd.constant(one)).sum(true, 2);
  }

  private SDVariable scalar(double value) {
    return sd.constant(Nd4j.scalar(dtype, value));
  }

  private SDVariable logDiagonal(SDVariable l) {
    return StableMath.logOfExpPlus(sd, l.neg(), spec.scaleFloor(), dtype).neg();
  }

  /** Returns ½ ‖w‖² over one dimension, each square within the limit that keeps the sum finite. */
  private SDVariable halfSquare(SDVariable w, int dimension) {
    double limit = limits.halfSquaredDistance(targets);
    return sd.math.min(w.mul(w).mul(0.5), scalar(limit)).sum(true, dimension);
  }

  private SDVariable product(SDVariable left, INDArray right) {
    return left.mmul(sd.constant(right.dup('c')));
  }

  /** Returns [T, D], which picks the diagonal's entries. */
  private INDArray diagonal() {
    INDArray matrix = Nd4j.zeros(dtype, spec.scalesPerComponent(), targets);
    for (int d = 0; d < targets; d++) {
      matrix.putScalar(entry(d, d), d, 1);
    }
    return matrix;
  }

  /**
   * Returns [T, D²] or [D, D²], which puts entries below the diagonal, or the diagonal, into rows
   * of L.
   */
  private INDArray placed(boolean diagonal) {
    INDArray matrix =
        Nd4j.zeros(dtype, diagonal ? targets : spec.scalesPerComponent(), targets * targets);
    for (int i = 0; i < targets; i++) {
      if (diagonal) {
        matrix.putScalar(i, i * targets + i, 1);
      }
      for (int j = 0; j < i && !diagonal; j++) {
        matrix.putScalar(entry(i, j), i * targets + j, 1);
      }
    }
    return matrix;
  }

  private enum Part {
    ENTRY,
    ROW,
    COLUMN
  }

  /**
   * Returns for each place below the diagonal a column that picks its entry, its row or its column.
   */
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
