/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.mdn4j.Atoms;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Standardised features and targets of all rows.
 *
 * @param features {@code [N · C]}, row by row; NaN where a cell of a frame is missing
 * @param continuous how many of the C features, from the first, may be encoded and get noise
 * @param encoding of the C features
 * @param labels {@code [N · D]}, row by row; of intervals {@code [N · 2 D]}
 * @param targets D
 * @param info what is known of the rows beside that
 * @param atoms of the target, ascending, standardised; empty for none
 * @param columnsPerTarget of the labels: 1, or 2 of intervals
 */
public record StandardizedData(
    float[] features,
    int continuous,
    FeatureEncoding encoding,
    float[] labels,
    int targets,
    RowInfo info,
    double[] atoms,
    int columnsPerTarget) {

  /** Creates data whose labels are values, without atoms. */
  public StandardizedData(
      float[] features,
      int continuous,
      FeatureEncoding encoding,
      float[] labels,
      int targets,
      RowInfo info) {
    this(features, continuous, encoding, labels, targets, info, new double[0], 1);
  }

  private boolean isAtom(float label) {
    return atoms.length > 0 && new Atoms(atoms).indexOf(label) >= 0;
  }

  /** Returns whether what is known of a target, from its lower end to its upper one, is an atom. */
  public boolean isAtom(float lower, float upper) {
    return lower == upper && isAtom(lower);
  }

  /**
   * Returns the share of labels that score by a density, which alone has a unit: that of exact
   * targets that are no atoms.
   *
   * @param rows which rows
   */
  public double densityShare(int[] rows) {
    if (atoms.length == 0 && columnsPerTarget == 1) {
      return 1;
    }
    double[] shares = new double[rows.length];
    Arrays.setAll(shares, n -> densityShare(rows[n]));
    return WeightedMean.of(shares, info.weights(rows));
  }

  private double densityShare(int row) {
    int count = 0;
    for (int d = 0; d < targets; d++) {
      int lower = row * labelColumns() + columnsPerTarget * d;
      int upper = lower + columnsPerTarget - 1;
      count += labels[lower] == labels[upper] && !isAtom(labels[lower]) ? 1 : 0;
    }
    return (double) count / targets;
  }

  /** Returns the same data with features in that many bins. */
  public StandardizedData encoded(int bins) {
    return new StandardizedData(
        features,
        continuous,
        FeatureEncoding.of(features, encoding.features(), continuous, bins),
        labels,
        targets,
        info,
        atoms,
        columnsPerTarget);
  }

  /** Returns how many inputs a network has. */
  public int inputs() {
    return encoding.outputs();
  }

  public int rows() {
    return labels.length / labelColumns();
  }

  /** Returns how many columns the labels have. */
  public int labelColumns() {
    return targets * columnsPerTarget;
  }

  /** Returns some rows' encoded features, {@code [n, inputs()]}. */
  public INDArray features(int[] rows) {
    return encoding.encoded(select(features, encoding.features(), rows), 0, rows.length);
  }

  /** Returns some rows' labels, {@code [n, D]} or {@code [n, 2 D]}. */
  public INDArray labels(int[] rows) {
    return Nd4j.createFromArray(select(labels, labelColumns(), rows))
        .reshape(rows.length, labelColumns());
  }

  /** Tells data apart. */
  public long checksum() {
    CRC32C checksum = new CRC32C();
    ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES);
    float[] weights = info.weights() == null ? new float[0] : info.weights();
    for (float[] part : new float[][] {features, labels, weights}) {
      for (float value : part) {
        checksum.update(bytes.putFloat(0, value).array());
      }
    }
    if (info.groups() != null) {
      for (int group : info.groups()) {
        checksum.update(bytes.putInt(0, group).array());
      }
    }
    return checksum.getValue();
  }

  private static float[] select(float[] cells, int columns, int[] rows) {
    float[] selected = new float[rows.length * columns];
    for (int n = 0; n < rows.length; n++) {
      System.arraycopy(cells, rows[n] * columns, selected, n * columns, columns);
    }
    return selected;
  }
}
