/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Piecewise-linear encoding of standardised features, which gives a network resolution in single
 * features. A feature z with edges e₀ &lt; … &lt; e_T becomes T + 1 numbers, one per bin and
 * itself:
 *
 * <pre>
 *   v_t = (z − e_{t−1}) / (e_t − e_{t−1}), held within [0, 1]     t = 1 … T
 *   v_{T+1} = z, held within [e₀ − R, e_T + R]                    R = e_T − e₀
 * </pre>
 *
 * <p>but that v₁ goes on below, to −1, and v_T above, to 2. So outside the range of the fit the
 * encoding continues linearly, by one width of the end bin and by one range, and is constant from
 * there on: a feature far outside cannot carry predictions away. Every number increases with z or
 * stays. The edges are quantiles of the rows of the fit or, where some of these are equal, of the
 * values that occur there; a feature of at most T + 1 values has an edge at each. A feature without
 * two edges stays as it is. Source: Y. Gorishniy, I. Rubachev and A. Babenko, <i>On embeddings for
 * numerical features in tabular deep learning</i> (2022), section 3.2, there without the last
 * number and without bounds.
 *
 * <p>A missing cell, NaN, becomes the mean of each of these numbers over the rows of the fit: that
 * says nothing.
 *
 * @param edges per feature, increasing, in standardised units; fewer than two to leave it as it is
 * @param missing per feature what a missing cell becomes, as many numbers as another cell; null
 *     where the rows of the fit have no missing cell, as in files from before there could be
 */
public record FeatureEncoding(
    @JsonProperty("edges") float[][] edges, @JsonProperty("missing") float[][] missing)
    implements Serializable {
  /** How many rows are encoded at a time: all of them may take many times their memory. */
  public static final int CHUNK_ROWS = 1 << 14;

  /** Checks what was read from a file. */
  public FeatureEncoding {
    require(edges != null && edges.length > 0, "Expected edges of at least one feature");
    for (float[] one : edges) {
      require(one != null, "Expected edges of each feature, got null");
      for (int i = 0; i < one.length; i++) {
        require(
            Float.isFinite(one[i]) && (i == 0 || one[i - 1] < one[i]),
            "Expected finite edges in increasing order, got %s",
            Arrays.toString(one));
      }
    }
    require(
        missing == null || missing.length == edges.length,
        "Expected what is missing of %d features, got it of another number",
        edges.length);
    for (int c = 0; missing != null && c < edges.length; c++) {
      float[] one = missing[c];
      require(
          one == null || (one.length == outputs(edges[c]) && allFinite(one)),
          "Expected %d finite numbers for a missing cell, got %s",
          outputs(edges[c]),
          Arrays.toString(one));
    }
  }

  private static boolean allFinite(float[] numbers) {
    boolean finite = true;
    for (float number : numbers) {
      finite &= Float.isFinite(number);
    }
    return finite;
  }

  private static int outputs(float[] edges) {
    return Math.max(1, edges.length);
  }

  /** Returns the encoding that leaves features as they are, which have no missing cell. */
  public static FeatureEncoding none(int features) {
    return new FeatureEncoding(new float[features][0], null);
  }

  /**
   * Creates an encoding by quantiles.
   *
   * @param cells standardised features, {@code [N · C]}, row by row; NaN where a cell is missing
   * @param features C
   * @param continuous how many of them are encoded; the others stay as they are
   * @param bins T at most, per feature; 0 for none
   */
  public static FeatureEncoding of(float[] cells, int features, int continuous, int bins) {
    float[][] edges = new float[features][0];
    float[][] missing = new float[features][];
    float[] column = new float[cells.length / features];
    boolean complete = true;
    for (int c = 0; c < continuous; c++) {
      int count = 0;
      for (int n = 0; n < column.length; n++) {
        float cell = cells[n * features + c];
        if (!Float.isNaN(cell)) {
          column[count++] = cell;
        }
      }
      float[] known = Arrays.copyOf(column, count);
      if (bins > 0 && count > 0) {
        edges[c] = edges(known.clone(), bins);
      }
      if (count < column.length) {
        missing[c] = means(known, edges[c]);
        complete = false;
      }
    }
    return new FeatureEncoding(edges, complete ? null : missing);
  }

  private static float[] means(float[] cells, float[] edges) {
    float[] encoded = new float[outputs(edges)];
    double[] sums = new double[encoded.length];
    for (float cell : cells) {
      encode(cell, edges, encoded, 0);
      for (int i = 0; i < sums.length; i++) {
        sums[i] += encoded[i];
      }
    }
    float[] means = new float[encoded.length];
    for (int i = 0; i < sums.length; i++) {
      means[i] = cells.length == 0 ? 0 : (float) (sums[i] / cells.length);
    }
    return means;
  }

  private static float[] edges(float[] column, int bins) {
    Arrays.sort(column);
    float[] values = distinct(column);
    if (values.length <= bins + 1) {
      return values;
    }
    float[] ofRows = distinct(quantiles(column, bins));
    return ofRows.length == bins + 1 ? ofRows : quantiles(values, bins);
  }

  private static float[] quantiles(float[] sorted, int bins) {
    float[] quantiles = new float[bins + 1];
    for (int t = 0; t <= bins; t++) {
      quantiles[t] = sorted[(int) Math.round((double) t * (sorted.length - 1) / bins)];
    }
    return quantiles;
  }

  private static float[] distinct(float[] sorted) {
    float[] values = new float[sorted.length];
    int count = 0;
    for (float value : sorted) {
      if (count == 0 || value != values[count - 1]) {
        values[count++] = value;
      }
    }
    return Arrays.copyOf(values, count);
  }

  /** C. */
  public int features() {
    return edges.length;
  }

  /** Returns how many numbers a row becomes. */
  public int outputs() {
    return Arrays.stream(edges).mapToInt(FeatureEncoding::outputs).sum();
  }

  /**
   * Encodes rows.
   *
   * @param cells standardised features, {@code [N · C]}, row by row
   * @param rows how many of them, from the first
   * @param into {@code [rows · outputs()]}, filled
   */
  public void encode(float[] cells, int rows, float[] into) {
    encode(cells, 0, rows, into);
  }

  /**
   * Returns encoded rows.
   *
   * @param cells standardised features, {@code [N · C]}, row by row
   * @param first the first row
   * @param rows how many
   * @return {@code [rows, outputs()]}
   */
  INDArray encoded(float[] cells, int first, int rows) {
    float[] into = new float[Math.multiplyExact(rows, outputs())];
    encode(cells, first, rows, into);
    return Nd4j.createFromArray(into).reshape(rows, outputs());
  }

  private void encode(float[] cells, int first, int rows, float[] into) {
    int from = first * edges.length;
    int to = from + rows * edges.length;
    int at = 0;
    for (int i = from; i < to; ) {
      for (int c = 0; c < edges.length; c++) {
        float cell = cells[i++];
        if (Float.isNaN(cell) && missing != null && missing[c] != null) {
          System.arraycopy(missing[c], 0, into, at, missing[c].length);
          at += missing[c].length;
        } else {
          at = encode(cell, edges[c], into, at);
        }
      }
    }
  }

  private static int encode(float z, float[] edges, float[] into, int start) {
    int bins = edges.length - 1;
    if (bins < 1) {
      into[start] = z;
      return start + 1;
    }
    for (int t = 0; t < bins; t++) {
      float part = (z - edges[t]) / (edges[t + 1] - edges[t]);
      float least = t == 0 ? -1 : 0;
      float most = t == bins - 1 ? 2 : 1;
      into[start + t] = Math.max(least, Math.min(most, part));
    }
    float range = edges[bins] - edges[0];
    into[start + bins] = Math.max(edges[0] - range, Math.min(edges[bins] + range, z));
    return start + bins + 1;
  }
}
