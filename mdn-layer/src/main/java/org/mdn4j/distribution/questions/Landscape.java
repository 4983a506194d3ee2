/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.List;
import org.mdn4j.distribution.components.Components;

/**
 * The heights of a mixture's density: its peaks and, for one target, its highest-density regions.
 * The density's extrema, which both need, are found once.
 */
public final class Landscape {
  private final double[] logWeights;
  private final double[] weights;
  private final Shrunk shrunk;
  private final Answers answers;
  private final List<Position> extrema; // empty for several targets
  private final List<Peak> peaks;
  private final PointMasses atoms; // beside what the answers know; or null

  /**
   * Finds the extrema of numbers that are not copied.
   *
   * @param atoms beside the components; or null
   */
  public Landscape(
      double[] logWeights, double[] weights, Components components, PointMasses atoms) {
    this.atoms = components.family().isDiscrete() ? null : atoms; // of counts the answers know them
    this.logWeights = logWeights;
    this.weights = weights;
    this.shrunk = Shrunk.of(components, weights);
    this.answers = Answers.of(shrunk.components(), atoms);
    this.extrema = answers.extrema(logWeights);
    this.peaks = answers.peaks(logWeights, extrema).stream().map(shrunk::enlarged).toList();
  }

  /**
   * Returns the modes, {@code [modes][D]}: of one target all, ascending; else the highest first.
   */
  public double[][] modes() {
    return peaks.stream().map(peak -> peak.y().clone()).toArray(double[][]::new);
  }

  /** Returns the highest mode, {@code [D]}; the first one, where several are highest. */
  public double[] mode() {
    Peak highest = peaks.get(0);
    for (Peak peak : peaks) {
      highest = peak.logDensity() > highest.logDensity() ? peak : highest;
    }
    return highest.y().clone();
  }

  /** Returns the highest-density regions of one target, for each level its segments, ascending. */
  public List<List<Segment>> regions(double[] levels) {
    return regions(Level.holding(levels));
  }

  /**
   * Returns the highest-density regions of one target by what they leave out, for each its
   * segments.
   */
  public List<List<Segment>> regionsLeaving(double[] tails) {
    return regions(Level.leaving(tails));
  }

  private List<List<Segment>> regions(Level[] levels) {
    if (atoms == null) {
      return regionsOfComponents(levels);
    }
    AtomRegions regions = new AtomRegions(atoms);
    return Arrays.stream(levels)
        .map(level -> regions.region(level, rest -> regionsOfComponents(rest).get(0)))
        .toList();
  }

  private List<List<Segment>> regionsOfComponents(Level... levels) {
    return answers.regions(logWeights, weights, extrema, levels).stream()
        .map(region -> region.stream().map(shrunk::enlarged).toList())
        .toList();
  }

  /** Returns the probability of what is less likely than an outcome, of one target. */
  public double densityTail(double y) {
    double ofComponents = answers.densityTail(logWeights, weights, extrema, y * shrunk.factor());
    return atoms == null ? ofComponents : new AtomRegions(atoms).tail(y, ofComponents);
  }
}
