/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.OutputColumns;
import org.mdn4j.distribution.components.Components.RawReader;

/**
 * Takes over locations and scales of {@link IndependentTargets} from rows of a raw output. Their
 * places i = k·D + d are in the order of {@link OutputColumns#locations}, which are copied as they
 * lie; the column of each scale is looked up once.
 */
final class IndependentReader implements RawReader {
  private final MixtureSpec spec;
  private final int targets;
  private final int location; // first column
  private final int[] columns; // [K·D], of the scales; null where they are fixed
  private final boolean inverse; // FULL of one target: l = −log σ
  private final double[] fixed; // [K·D], or null
  private final double[] logFixed;
  private final double[] locations; // [K·D]
  private final double[] scales;
  private final double[] logScales;

  /** Reads into arrays {@code [K·D]}. */
  IndependentReader(MixtureSpec spec, double[] locations, double[] scales, double[] logScales) {
    this.spec = spec;
    this.targets = spec.targets();
    this.location = spec.columns().locations().from();
    this.inverse = spec.covariance() == Covariance.FULL;
    this.locations = locations;
    this.scales = scales;
    this.logScales = logScales;
    if (spec.fixedScales().isPresent()) {
      columns = null;
      fixed = new double[scales.length];
      Arrays.setAll(fixed, i -> spec.fixedScale(i / targets, i % targets));
      logFixed = Arrays.stream(fixed).map(Math::log).toArray();
    } else {
      columns = new int[scales.length];
      Arrays.setAll(columns, i -> scaleColumn(i / targets, i % targets));
      fixed = null;
      logFixed = null;
    }
  }

  private int scaleColumn(int k, int d) {
    return inverse ? spec.columns().cholesky(k, d, d) : spec.columns().scale(k, d);
  }

  @Override
  public void read(double[] raw, int row) {
    read(raw, row, 0, scales.length);
  }

  @Override
  public void read(double[] raw, int row, int k) {
    read(raw, row, k * targets, targets);
  }

  private void read(double[] raw, int row, int first, int count) {
    System.arraycopy(raw, row + location + first, locations, first, count);
    if (fixed != null) { // anew each time: a temperature may have changed them
      System.arraycopy(fixed, first, scales, first, count);
      System.arraycopy(logFixed, first, logScales, first, count);
      return;
    }
    for (int i = first; i < first + count; i++) {
      int same = equalBefore(i, first);
      if (same >= 0) {
        scales[i] = scales[same];
        logScales[i] = logScales[same];
      } else {
        double parameter = raw[row + columns[i]];
        scales[i] = spec.scale(inverse ? -parameter : parameter);
        logScales[i] = spec.logScale(inverse ? -parameter : parameter);
      }
    }
  }

  /**
   * Returns a place before i from which a scale of the same column can be copied, which spares its
   * exponential: that of another target where it is SPHERICAL, or of another component where they
   * share it; −1 without one.
   */
  private int equalBefore(int i, int first) {
    if (i > first && columns[i] == columns[i - 1]) {
      return i - 1;
    }
    return i >= first + targets && columns[i] == columns[i - targets] ? i - targets : -1;
  }
}
