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
 * @param labels {@code [N · D]}, row by row
 * @param targets D
 * @param info what is known of the rows beside that
 * @param atoms of the target, ascending, standardised; empty for none
 */
public record StandardizedData(
    float[] features,
    int continuous,
    FeatureEncoding encoding,
    float[] labels,
    int targets,
    RowInfo info,
    double[] atoms) {

  /** Creates data without atoms. */
  public StandardizedData(
      float[] features,
      int continuous,
      FeatureEncoding encoding,
      float[] labels,
      int targets,
      RowInfo info) {
    this(features, continuous, encoding, labels, targets, info, new double[0]);
  }

  /** Returns whether an entry of the labels is an atom. */
  public boolean isAtom(float label) {
    return atoms.length > 0 && new Atoms(atoms).indexOf(label) >= 0;
  }

  /**
   * Returns the share of rows whose label is no atom, 1 without atoms.
   *
   * @param rows which rows
   */
  public double densityShare(int[] rows) {
    if (atoms.length == 0) {
      return 1;
    }
    double[] others = new double[rows.length];
    Arrays.setAll(others, n -> isAtom(labels[rows[n]]) ? 0 : 1);
    return WeightedMean.of(others, info.weights(rows));
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
        atoms);
  }

  /** Returns how many inputs a network has. */
  public int inputs() {
    return encoding.outputs();
  }

  public int rows() {
    return labels.length / targets;
  }

  /** Returns some rows' encoded features, {@code [n, inputs()]}. */
  public INDArray features(int[] rows) {
    return encoding.encoded(select(features, encoding.features(), rows), 0, rows.length);
  }

  /** Returns some rows' targets, {@code [n, D]}. */
  public INDArray labels(int[] rows) {
    return Nd4j.createFromArray(select(labels, targets, rows)).reshape(rows.length, targets);
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
