/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.TruncatedTargets;
import org.mdn4j.numerics.Doubles;

/**
 * Answers of mixtures within a range. Their density is that of the whole mixture there, times a
 * constant, so that its maxima are those of the whole one that lie inside, and the ends towards
 * which it rises.
 */
final class TruncatedAnswers extends Answers {
  private final TruncatedTargets components;

  TruncatedAnswers(TruncatedTargets components) {
    super(components);
    this.components = components;
  }

  @Override
  List<Position> extrema(double[] logWeights) {
    return List.of();
  }

  @Override
  List<Peak> peaks(double[] logWeights, List<Position> extrema) {
    IndependentTargets whole = components.whole();
    Answers ofWhole = Answers.of(whole);
    double[] wholeWeights = logWeights.clone();
    for (int k = 0; k < wholeWeights.length; k++) {
      wholeWeights[k] -= components.logShare(k);
    }
    double low = components.lowest();
    double high = components.highest();
    List<Peak> peaks = new ArrayList<>();
    if (Double.isFinite(low) && slope(logWeights, low) < 0) {
      peaks.add(peak(logWeights, low));
    }
    for (Peak peak : ofWhole.peaks(wholeWeights, ofWhole.extrema(wholeWeights))) {
      double y = peak.y()[0];
      if (low < y && y < high) {
        peaks.add(peak(logWeights, y));
      }
    }
    if (Double.isFinite(high) && slope(logWeights, high) > 0) {
      peaks.add(peak(logWeights, high));
    }
    return peaks;
  }

  private Peak peak(double[] logWeights, double y) {
    double[] logJoint = new double[logWeights.length];
    Intervals.logJoint(logWeights, components, new double[] {y, y}, logJoint);
    return new Peak(new double[] {y}, Doubles.logSumExp(logJoint));
  }

  /** Returns the sign of the density's slope. */
  private double slope(double[] logWeights, double y) {
    double[] logJoint = new double[logWeights.length];
    Intervals.logJoint(logWeights, components, new double[] {y, y}, logJoint);
    double most = Doubles.max(logJoint);
    double sum = 0;
    for (int k = 0; k < logJoint.length; k++) {
      sum += Math.exp(logJoint[k] - most) * components.whole().score(k, y);
    }
    return sum;
  }

  @Override
  List<List<Segment>> regions(
      double[] logWeights, double[] weights, List<Position> extrema, Level[] levels) {
    throw refused("Highest-density regions");
  }

  @Override
  double densityTail(double[] logWeights, double[] weights, List<Position> extrema, double y) {
    throw refused("The tail by density");
  }

  private UnsupportedOperationException refused(String what) {
    return new UnsupportedOperationException(
        "%s of truncated mixtures are not computed, got one within %s; ask for a central interval,"
                .formatted(what, components.range().orElseThrow())
            + " or the mixture untruncated()");
  }

  @Override
  double crps(double[] weights, double y) {
    return Scores.crpsByQuadrature(weights, components, y, 0);
  }

  @Override
  double probability(int k, double lower, double upper) {
    return lower == upper ? 0 : Math.exp(components.logMasses().of(k, k, lower, upper));
  }

  @Override
  double divergence(IndependentTargets pair) {
    throw refused("Divergences by pairs");
  }

  @Override
  double bhattacharyya(IndependentTargets pair) {
    throw refused("Distances of pairs");
  }
}
