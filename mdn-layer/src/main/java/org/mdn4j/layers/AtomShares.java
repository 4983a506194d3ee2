/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.DoubleStream;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.rows.LabelCover;

/**
 * Labels of which some are atoms.
 *
 * @param counts {@code [A]}, how many labels each atom is, ½ where it is none
 * @param count how many labels are no atom, ½ if all are
 * @param others {@code [n][D]}, those that are not, or what stands for them: at least one
 */
record AtomShares(double[] counts, double count, double[][] others) {
  private static final double NONE = 0.5; // so that what was not seen is not impossible

  static AtomShares of(MixtureSpec spec, List<LabelSample.Row> labels) {
    double[] counts = new double[spec.atoms().length];
    double[][] known = labels.stream().map(LabelSample.Row::known).toArray(double[][]::new);
    if (counts.length == 0) {
      return new AtomShares(counts, known.length, known);
    }
    LabelCover cover = new LabelCover(spec);
    List<double[]> others = new ArrayList<>();
    for (LabelSample.Row label : labels) {
      cover.read(label.lower(), label.upper());
      boolean exact = label.lower() == label.upper();
      if (cover.atoms() > 0 && (exact || !cover.components())) {
        for (int a = 0; a < counts.length; a++) {
          counts[a] += cover.atom(a) ? 1.0 / cover.atoms() : 0;
        }
      } else {
        others.add(label.known());
      }
    }
    for (int a = 0; a < counts.length; a++) {
      counts[a] = Math.max(NONE, counts[a]);
    }
    if (!others.isEmpty()) {
      return new AtomShares(counts, others.size(), others.toArray(double[][]::new));
    }
    boolean positive = spec.family() == ComponentFamily.LOG_NORMAL;
    return new AtomShares(counts, NONE, positive ? new double[][] {{1}} : known);
  }

  /**
   * Returns the logits that stand for these shares.
   *
   * @param weights {@code [K]} of the components among each other
   * @return {@code [K + A]}
   */
  double[] logits(double[] weights) {
    double all = count + DoubleStream.of(counts).sum();
    double share = count / all; // 1 without atoms
    return DoubleStream.concat(
            DoubleStream.of(weights).map(weight -> Math.log(share * weight)),
            DoubleStream.of(counts).map(atom -> Math.log(atom / all)))
        .toArray();
  }
}
