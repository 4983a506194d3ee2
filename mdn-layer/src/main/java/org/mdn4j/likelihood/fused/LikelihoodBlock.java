/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The score and gradient of a block of rows whose raw output lies feature by feature: entry c ·
 * rows + n is column c of row n. What {@link FusedLikelihood} computes, without arrays of ND4J.
 *
 * <p>Not safe for use by several threads.
 */
public final class LikelihoodBlock {
  private final MixtureSpec spec;
  private final ColumnKernel columns; // or null: rows are taken one by one
  private final RowKernel rowKernel;
  private final int firstLogits; // asked once, not for each block
  private final int firstLocations;
  private final int firstScales;
  private final int firstAtoms;
  private final double[] row; // [P]
  private final double[] rowLabels; // [D] or [2 D]
  private final double[] rowObserved; // [D]
  private final boolean plain; // labels are values, and may be any

  /**
   * Creates a block.
   *
   * @param spec the columns of the raw output
   * @param dtype FLOAT or DOUBLE
   * @param rows the most rows of one call
   */
  public LikelihoodBlock(MixtureSpec spec, DataType dtype, int rows) {
    this.spec = spec;
    this.columns =
        dtype == DataType.FLOAT && ColumnKernel.covers(spec)
            ? ColumnKernel.of(spec, Limits.of(DataType.FLOAT), rows)
            : null;
    this.rowKernel = RowKernel.of(spec, Limits.of(dtype));
    this.firstLogits = spec.columns().logits().from();
    this.firstLocations = spec.columns().locations().from();
    this.firstScales = spec.columns().scales().from();
    this.firstAtoms = spec.columns().atoms().from();
    this.row = new double[spec.parameterCount()];
    this.rowLabels = new double[spec.labelColumns()];
    this.rowObserved = new double[spec.targets()];
    this.plain = !spec.censored() && spec.truncation().isEmpty();
  }

  /**
   * Computes the scores and the gradient of a block of FLOAT.
   *
   * @param targets the labels and the mask
   * @param first the block's first row among them
   * @param rows how many rows
   * @param raw {@code [P · rows]}, by columns; afterwards the gradient of the weighted score
   * @return the sum of the rows' weighted scores in nats
   */
  public double scoreAndGradient(TargetRows targets, int first, int rows, float[] raw) {
    if (columns == null) {
      return scoreAndGradientOfRows(targets, first, rows, raw);
    }
    loadTargets(targets, first, rows);
    loadRaw(raw, rows);
    columns.score(rows);
    columns.gradient(rows);
    double sum = 0;
    for (int n = 0; n < rows; n++) {
      if (!columns.isOrdinary(n)) {
        runRow(targets, first, rows, n, raw);
      }
      sum += columns.score[0][n] * targets.mask().weight(first + n);
    }
    store(columns.logits, raw, firstLogits * rows, rows);
    store(columns.locations, raw, firstLocations * rows, rows);
    store(columns.scales, raw, firstScales * rows, rows);
    store(columns.atoms, raw, firstAtoms * rows, rows);
    if (targets.mask().isPresent()) {
      for (int c = 0; c < spec.parameterCount(); c++) {
        for (int n = 0; n < rows; n++) {
          raw[c * rows + n] *= (float) targets.mask().weight(first + n);
        }
      }
    }
    return sum;
  }

  private double scoreAndGradientOfRows(TargetRows targets, int first, int rows, float[] raw) {
    double sum = 0;
    for (int n = 0; n < rows; n++) {
      readRow(raw, rows, n);
      double weight = targets.mask().weight(first + n);
      sum += weight * rowScore(targets, first + n);
      for (int c = 0; c < row.length; c++) {
        raw[c * rows + n] = (float) (weight * row[c]);
      }
    }
    return sum;
  }

  private void loadRaw(float[] raw, int rows) {
    load(raw, firstLogits * rows, rows, columns.logits);
    load(raw, firstLocations * rows, rows, columns.locations);
    load(raw, firstScales * rows, rows, columns.scales);
    load(raw, firstAtoms * rows, rows, columns.atoms);
  }

  private void loadTargets(TargetRows targets, int first, int rows) {
    int perTarget = rowLabels.length / rowObserved.length;
    for (int d = 0; d < spec.targets(); d++) {
      for (int n = 0; n < rows; n++) {
        if (plain) {
          columns.labels[d][n] = targets.label(first + n, d);
        } else {
          double lower = targets.label(first + n, d * perTarget);
          columns.setLabel(d, n, lower, targets.label(first + n, (d + 1) * perTarget - 1));
        }
        columns.observed[d][n] = targets.observed(first + n, d);
      }
    }
  }

  /** Computes an unusual row by itself. */
  private void runRow(TargetRows targets, int first, int rows, int n, float[] raw) {
    readRow(raw, rows, n);
    columns.score[0][n] = rowScore(targets, first + n);
    scatter(columns.logits, firstLogits, n);
    scatter(columns.locations, firstLocations, n);
    scatter(columns.scales, firstScales, n);
    scatter(columns.atoms, firstAtoms, n);
  }

  private void readRow(float[] raw, int rows, int n) {
    for (int c = 0; c < row.length; c++) {
      row[c] = raw[c * rows + n];
    }
  }

  private void scatter(double[][] into, int firstColumn, int n) {
    for (int c = 0; c < into.length; c++) {
      into[c][n] = row[firstColumn + c];
    }
  }

  /** Returns the score of the row in {@link #row}, which holds the gradient afterwards. */
  private double rowScore(TargetRows targets, int n) {
    for (int c = 0; c < rowLabels.length; c++) {
      rowLabels[c] = targets.label(n, c);
    }
    for (int d = 0; d < rowObserved.length; d++) {
      rowObserved[d] = targets.observed(n, d);
    }
    return rowKernel.scoreAndGradient(rowLabels, rowObserved, row);
  }

  /**
   * Computes the scores and the gradient of a block of DOUBLE.
   *
   * @param targets the labels and the mask
   * @param first the block's first row among them
   * @param rows how many rows
   * @param raw {@code [P · rows]}, by columns; afterwards the gradient of the weighted score
   * @return the sum of the rows' weighted scores in nats
   */
  public double scoreAndGradient(TargetRows targets, int first, int rows, double[] raw) {
    double sum = 0;
    for (int n = 0; n < rows; n++) {
      for (int c = 0; c < row.length; c++) {
        row[c] = raw[c * rows + n];
      }
      double weight = targets.mask().weight(first + n);
      sum += weight * rowScore(targets, first + n);
      for (int c = 0; c < row.length; c++) {
        raw[c * rows + n] = weight * row[c];
      }
    }
    return sum;
  }

  private static void load(float[] raw, int from, int rows, double[][] into) {
    for (int c = 0; c < into.length; c++) {
      widen(raw, from + c * rows, into[c], rows);
    }
  }

  private static void store(double[][] from, float[] raw, int to, int rows) {
    for (int c = 0; c < from.length; c++) {
      narrow(from[c], raw, to + c * rows, rows);
    }
  }

  private static void widen(float[] x, int from, double[] y, int rows) {
    for (int n = 0; n < rows; n++) {
      y[n] = x[from + n];
    }
  }

  private static void narrow(double[] x, float[] y, int to, int rows) {
    for (int n = 0; n < rows; n++) {
      y[to + n] = (float) x[n];
    }
  }
}
