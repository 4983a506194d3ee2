/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.LogNormals;
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
    double[] wholeWeights = whole(logWeights);
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
    TruncatedRegions regions = regions(logWeights, weights);
    return Arrays.stream(levels).map(regions::region).toList();
  }

  @Override
  double densityTail(double[] logWeights, double[] weights, List<Position> extrema, double y) {
    return regions(logWeights, weights).tail(y);
  }

  private TruncatedRegions regions(double[] logWeights, double[] weights) {
    boolean logarithmic = components.family() == ComponentFamily.LOG_NORMAL; // extrema of log y
    DoubleStream extrema =
        Answers.of(components.whole()).extrema(whole(logWeights)).stream()
            .mapToDouble(Position::value)
            .map(value -> logarithmic ? LogNormals.positive(value) : value);
    return new TruncatedRegions(logWeights, weights, components, extrema);
  }

  /** Returns the log weights of the whole mixture, but for a summand. */
  private double[] whole(double[] logWeights) {
    double[] whole = logWeights.clone();
    for (int k = 0; k < whole.length; k++) {
      whole[k] -= components.logShare(k);
    }
    return whole;
  }

  private UnsupportedOperationException refused(String what) {
    return new UnsupportedOperationException(
        "%s of truncated mixtures are not computed, got one within %s; ask"
                .formatted(what, components.range().orElseThrow())
            + " the mixture untruncated()");
  }

  @Override
  double crps(double[] weights, double y) {
    boolean infinite = Double.isInfinite(components.highest() - components.lowest());
    for (int k = 0; k < weights.length; k++) {
      if (infinite && weights[k] > 0 && components.degreesOfFreedom(k) <= 0.5) {
        return Double.POSITIVE_INFINITY;
      }
    }
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
