/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasRowMajor;
import static org.bytedeco.openblas.global.openblas.CblasTrans;
import static org.bytedeco.openblas.global.openblas.cblas_daxpy;
import static org.bytedeco.openblas.global.openblas.cblas_dgemm;
import static org.bytedeco.openblas.global.openblas.cblas_dgemv;
import static org.bytedeco.openblas.global.openblas.cblas_saxpy;
import static org.bytedeco.openblas.global.openblas.cblas_sgemm;
import static org.bytedeco.openblas.global.openblas.cblas_sgemv;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;

/** Products of row-major matrices by OpenBLAS, which ND4J's CPU backend brings. */
final class Products {
  private Products() {}

  /**
   * Computes C = A B + β C.
   *
   * @param rows of A and C, which is dense
   * @param columns of B and C
   * @param inner columns of A, rows of B
   * @param strideA from one row of A to the next, or of Aᵀ where that is what lies in memory
   * @param transposeA whether Aᵀ lies in memory
   */
  static void multiply(
      int rows,
      int columns,
      int inner,
      Pointer a,
      int strideA,
      boolean transposeA,
      Pointer b,
      int strideB,
      boolean transposeB,
      double beta,
      Pointer c) {
    int first = transposeA ? CblasTrans : CblasNoTrans;
    int second = transposeB ? CblasTrans : CblasNoTrans;
    if (c instanceof FloatPointer floats) {
      cblas_sgemm(
          CblasRowMajor,
          first,
          second,
          rows,
          columns,
          inner,
          1f,
          (FloatPointer) a,
          strideA,
          (FloatPointer) b,
          strideB,
          (float) beta,
          floats,
          columns);
    } else {
      cblas_dgemm(
          CblasRowMajor,
          first,
          second,
          rows,
          columns,
          inner,
          1,
          (DoublePointer) a,
          strideA,
          (DoublePointer) b,
          strideB,
          beta,
          (DoublePointer) c,
          columns);
    }
  }

  /** Computes y = A x + β y, with A dense. */
  static void multiply(int rows, int columns, Pointer a, Pointer x, double beta, Pointer y) {
    if (y instanceof FloatPointer floats) {
      cblas_sgemv(
          CblasRowMajor,
          CblasNoTrans,
          rows,
          columns,
          1f,
          (FloatPointer) a,
          columns,
          (FloatPointer) x,
          1,
          (float) beta,
          floats,
          1);
    } else {
      cblas_dgemv(
          CblasRowMajor,
          CblasNoTrans,
          rows,
          columns,
          1,
          (DoublePointer) a,
          columns,
          (DoublePointer) x,
          1,
          beta,
          (DoublePointer) y,
          1);
    }
  }

  /** Adds x to a sum. */
  static void add(int length, Pointer x, Pointer sum) {
    if (sum instanceof FloatPointer floats) {
      cblas_saxpy(length, 1f, (FloatPointer) x, 1, floats, 1);
    } else {
      cblas_daxpy(length, 1, (DoublePointer) x, 1, (DoublePointer) sum, 1);
    }
  }
}
