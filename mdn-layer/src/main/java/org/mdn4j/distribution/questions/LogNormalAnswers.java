/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.mdn4j.distribution.components.LogNormals;

/** What is asked of log-normal mixtures is asked of z = log y. */
final class LogNormalAnswers extends Answers {
  private final LogNormals components;

  LogNormalAnswers(LogNormals components) {
    super(components);
    this.components = components;
  }

  @Override
  List<Position> extrema(double[] logWeights) {
    return new Answers(components.curve()).extrema(logWeights);
  }

  @Override
  List<Peak> peaks(double[] logWeights, List<Position> extrema) {
    List<Peak> peaks = new ArrayList<>();
    for (Peak peak : new Answers(components.curve()).peaks(logWeights, extrema)) {
      double[] y = Arrays.stream(peak.y()).map(LogNormals::positive).toArray();
      int known = // of those that doubles cannot tell apart the highest counts
          IntStream.range(0, peaks.size())
              .filter(m -> Arrays.equals(peaks.get(m).y(), y))
              .findFirst()
              .orElse(-1);
      if (known < 0) {
        peaks.add(new Peak(y, peak.logDensity()));
      } else if (peak.logDensity() > peaks.get(known).logDensity()) {
        peaks.set(known, new Peak(y, peak.logDensity()));
      }
    }
    return peaks;
  }

  /** Returns regions found in z, and rounded to doubles that hold them. */
  @Override
  List<List<Segment>> regions(
      double[] logWeights, double[] weights, List<Position> extrema, Level[] levels) {
    return HighestDensity.ofLine(
            logWeights, weights, components.curve(), components.logarithms(), extrema, levels)
        .stream()
        .map(region -> HighestDensity.disjoint(region.stream().map(LogNormalAnswers::exponential)))
        .toList();
  }

  @Override
  double densityTail(double[] logWeights, double[] weights, List<Position> extrema, double y) {
    return y <= 0
        ? 0
        : HighestDensity.tailOnLine(
            logWeights, weights, components.curve(), components.logarithms(), extrema, Math.log(y));
  }

  private static Segment exponential(HighestDensity.Span span) {
    return new Segment(
        Math.max(0, Math.nextDown(Math.exp(span.lower().value()))),
        Math.nextUp(Math.exp(span.upper().value())));
  }

  /** Returns H(y) = H(z) + E[z]. */
  @Override
  double entropy(double[] logWeights) {
    double logarithm = 0; // E[z]
    for (int k = 0; k < logWeights.length; k++) {
      double weight = Math.exp(logWeights[k]);
      logarithm += weight > 0 ? weight * components.location(k, 0) : 0;
    }
    return Information.entropy(logWeights, components.logarithms()) + logarithm;
  }

  @Override
  double crps(double[] weights, double y) {
    return LogNormalScore.crps(weights, components.logarithms(), y);
  }
}
