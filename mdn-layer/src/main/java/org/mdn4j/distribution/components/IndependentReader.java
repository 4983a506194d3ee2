/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.components.Components.RawReader;

/** Takes over locations and scales of {@link IndependentTargets} from rows of a raw output. */
final class IndependentReader implements RawReader {
  private final MixtureSpec spec;
  private final int targets;
  private final int location; // first columns
  private final int scale;
  private final int own; // components that have scales of their own
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
    this.scale = spec.columns().scales().from();
    this.own = spec.sharedScales() ? 1 : spec.components();
    this.inverse = spec.covariance() == Covariance.FULL;
    this.locations = locations;
    this.scales = scales;
    this.logScales = logScales;
    if (spec.fixedScales().isPresent()) {
      fixed = new double[scales.length];
      Arrays.setAll(fixed, i -> spec.fixedScale(i / targets, i % targets));
      logFixed = Arrays.stream(fixed).map(Math::log).toArray();
    } else {
      fixed = null;
      logFixed = null;
    }
  }

  @Override
  public void read(double[] raw, int row) {
    System.arraycopy(raw, row + location, locations, 0, locations.length);
    if (fixed != null) { // anew each time: a temperature may have changed them
      System.arraycopy(fixed, 0, scales, 0, fixed.length);
      System.arraycopy(logFixed, 0, logScales, 0, fixed.length);
      return;
    }
    for (int k = 0; k < own; k++) {
      readScales(raw, row, k, k);
    }
    for (int i = own * targets; i < scales.length; i++) {
      scales[i] = scales[i - targets];
      logScales[i] = logScales[i - targets];
    }
  }

  @Override
  public void read(double[] raw, int row, int k) {
    int first = k * targets;
    System.arraycopy(raw, row + location + first, locations, first, targets);
    if (fixed != null) {
      System.arraycopy(fixed, first, scales, first, targets);
      System.arraycopy(logFixed, first, logScales, first, targets);
      return;
    }
    readScales(raw, row, Math.min(k, own - 1), k);
  }

  /** Reads a set of scales as those of component k. */
  private void readScales(double[] raw, int row, int set, int k) {
    int perComponent = spec.scalesPerComponent();
    for (int d = 0; d < targets; d++) {
      int i = k * targets + d;
      if (d < perComponent) {
        double parameter = raw[row + scale + set * perComponent + d];
        scales[i] = spec.scale(inverse ? -parameter : parameter);
        logScales[i] = spec.logScale(inverse ? -parameter : parameter);
      } else { // spherical: the same for all targets
        scales[i] = scales[i - 1];
        logScales[i] = logScales[i - 1];
      }
    }
  }
}
