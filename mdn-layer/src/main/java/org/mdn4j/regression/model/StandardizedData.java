/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Standardised features and targets of all rows.
 *
 * @param features {@code [N · C]}, row by row
 * @param inputs C
 * @param labels {@code [N · D]}, row by row
 * @param targets D
 */
public record StandardizedData(float[] features, int inputs, float[] labels, int targets) {

  public int rows() {
    return labels.length / targets;
  }

  /** Returns some rows' features, {@code [n, C]}. */
  public INDArray features(int[] rows) {
    return select(features, inputs, rows);
  }

  /** Returns some rows' targets, {@code [n, D]}. */
  public INDArray labels(int[] rows) {
    return select(labels, targets, rows);
  }

  /** Tells data apart. */
  public long checksum() {
    CRC32C checksum = new CRC32C();
    for (float[] part : new float[][] {features, labels}) {
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES);
      for (float value : part) {
        checksum.update(bytes.putFloat(0, value).array());
      }
    }
    return checksum.getValue();
  }

  private static INDArray select(float[] cells, int columns, int[] rows) {
    float[] selected = new float[rows.length * columns];
    for (int n = 0; n < rows.length; n++) {
      System.arraycopy(cells, rows[n] * columns, selected, n * columns, columns);
    }
    return Nd4j.createFromArray(selected).reshape(rows.length, columns);
  }
}
