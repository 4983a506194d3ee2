/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.mdn4j.distribution.components.VonMises;

/** Angles: what is asked of them goes round the circle. */
final class CircularAnswers extends Answers {
  /** An arc that counts as none beside a turn, and of which rounding makes no whole one. */
  private static final double NEARLY = 1e-9;

  private final VonMises components;

  CircularAnswers(VonMises components) {
    super(components);
    this.components = components;
  }

  @Override
  List<Position> extrema(double[] logWeights) {
    return components.targets() > 1 ? List.of() : Extrema.aroundCircle(logWeights, components);
  }

  @Override
  List<Peak> peaks(double[] logWeights, List<Position> extrema) {
    boolean one = components.targets() == 1;
    List<Peak> peaks =
        one
            ? Peak.of(logWeights, extrema.subList(1, extrema.size())) // from the first maximum
            : super.peaks(logWeights, extrema);
    Stream<Peak> wrapped = peaks.stream().map(CircularAnswers::wrapped);
    return one
        ? wrapped.sorted(Comparator.comparingDouble(peak -> peak.y()[0])).toList()
        : wrapped.toList();
  }

  private static Peak wrapped(Peak peak) {
    return new Peak(Arrays.stream(peak.y()).map(VonMises::wrapped).toArray(), peak.logDensity());
  }

  @Override
  List<List<Segment>> regions(
      double[] logWeights, double[] weights, List<Position> extrema, Level[] levels) {
    return HighestDensity.ofCircle(logWeights, weights, components, extrema, levels).stream()
        .map(CircularAnswers::segments)
        .toList();
  }

  @Override
  double densityTail(double[] logWeights, double[] weights, List<Position> extrema, double y) {
    return HighestDensity.tailOnCircle(
        logWeights, weights, components, extrema, VonMises.wrapped(y));
  }

  private static List<Segment> segments(List<HighestDensity.Span> region) {
    List<Segment> segments = new ArrayList<>();
    for (HighestDensity.Span span : region) {
      double from = VonMises.wrapped(span.lower().floor());
      double to = VonMises.wrapped(span.upper().ceiling());
      double width = span.lower().stretch().offset(span.upper()) - span.lower().offset();
      if (width > 2 * Math.PI - NEARLY) {
        segments.add(new Segment(-Math.PI, Math.PI));
      } else if (to < from && width > NEARLY) { // across the seam
        segments.add(new Segment(from, Math.PI));
        segments.add(new Segment(-Math.PI, to));
      } else {
        segments.add(new Segment(Math.min(from, to), Math.max(from, to)));
      }
    }
    return HighestDensity.disjoint(
        segments.stream().sorted(Comparator.comparingDouble(Segment::lower)));
  }

  @Override
  double crps(double[] weights, double y) {
    return CircularScore.crps(weights, components, y);
  }

  @Override
  double probability(int k, double lower, double upper) {
    return components.probability(k, lower, upper);
  }
}
