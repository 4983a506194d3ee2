/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.BiConsumer;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.ObservedRows;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.training.CollapseListener.Kind;

/** The record that {@link CollapseListener} keeps of one head. */
final class HeadWatch {
  private final MixtureSpec spec;
  private final int window;
  private final BiConsumer<Kind, String> warn;
  private final RunningMean[] labels; // [D]
  private double[] largestResponsibilities; // [K], in the present window
  private final Atoms atoms;
  private boolean seen; // a label that a component made, in the present window
  private int looks;

  HeadWatch(MixtureSpec spec, int window, BiConsumer<Kind, String> warn) {
    this.spec = spec;
    this.window = window;
    this.atoms = new Atoms(spec);
    this.warn = warn;
    this.largestResponsibilities = new double[spec.components()];
    this.labels = new RunningMean[spec.targets()];
    Arrays.setAll(labels, d -> new RunningMean());
  }

  void look(ObservedRows rows) {
    double[][] smallestScales = new double[spec.components()][spec.targets()];
    for (double[] scales : smallestScales) {
      Arrays.fill(scales, Double.POSITIVE_INFINITY);
    }
    int step = 1 + (rows.size() - 1) / CollapseListener.ROWS;
    for (int row = 0; row < rows.size(); row += step) {
      Mixture mixture = rows.mixture(row);
      double[] y = rows.labels(row);
      double[] ends = rows.ends(row);
      int[] targets = rows.targets(row);
      // Of Student's t the standard deviation may not exist.
      double[][] scales =
          mixture.family() == ComponentFamily.STUDENT_T
              ? mixture.scales()
              : mixture.standardDeviations();
      if (ends[0] == ends[1] && atoms.indexOf(y[0]) >= 0) {
        continue; // which no component made
      }
      seen = true;
      if (mixture.logLikelihood(ends) > Double.NEGATIVE_INFINITY) {
        double[] responsibilities = mixture.responsibilitiesOf(ends);
        for (int k = 0; k < responsibilities.length; k++) {
          largestResponsibilities[k] = Math.max(largestResponsibilities[k], responsibilities[k]);
        }
      }
      for (int i = 0; i < targets.length; i++) {
        labels[targets[i]].add(y[i]);
        for (int k = 0; k < scales.length; k++) {
          smallestScales[k][targets[i]] = Math.min(smallestScales[k][targets[i]], scales[k][i]);
        }
      }
    }
    checkScales(smallestScales);
    looks++;
    if (looks % window == 0) {
      if (seen) {
        checkResponsibilities();
      }
      seen = false;
      largestResponsibilities = new double[spec.components()];
    }
  }

  private void checkScales(double[][] smallestScales) {
    for (int k = 0; k < smallestScales.length; k++) {
      for (int d = 0; d < labels.length; d++) {
        double scale = smallestScales[k][d];
        double spread = labels[d].standardDeviation();
        if (scale < CollapseListener.VANISHING * spread) {
          warn.accept(
              Kind.VANISHING_SCALE,
              String.format(
                  Locale.ROOT,
                  "the scale of component %d, target %d has shrunk to %.1e, below %.0e of the"
                      + " targets' spread %.2g: the component is closing in on single training"
                      + " points. Add noise to inputs and targets while training, or set a"
                      + " scaleFloor; fewer components or a smaller learning rate help too.",
                  k,
                  d,
                  scale,
                  CollapseListener.VANISHING,
                  spread));
        }
        if (scale < CollapseListener.AT_FLOOR * spec.scaleFloor()) {
          warn.accept(
              Kind.SCALE_AT_FLOOR,
              String.format(
                  Locale.ROOT,
                  "the scale of component %d, target %d has run down to its floor %.2g and is held"
                      + " up by it alone. If the noise of the targets is not that small, add noise"
                      + " to inputs and targets while training, use fewer components, or raise the"
                      + " scaleFloor.",
                  k,
                  d,
                  spec.scaleFloor()));
        }
      }
    }
  }

  private void checkResponsibilities() {
    for (int k = 0; k < largestResponsibilities.length; k++) {
      if (largestResponsibilities[k] < CollapseListener.SILENT) {
        warn.accept(
            Kind.SILENT_COMPONENT,
            String.format(
                Locale.ROOT,
                "component %d took a responsibility of at most %.1e for any of the rows looked at"
                    + " lately, so that it learns nothing. If many are like this use fewer"
                    + " components, a start from the data (MixtureInitializer.fromLabels), a"
                    + " smaller learning rate, or noise on inputs and targets while training.",
                k,
                largestResponsibilities[k]));
      }
    }
  }
}
