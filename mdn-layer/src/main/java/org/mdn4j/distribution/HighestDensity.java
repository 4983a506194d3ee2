/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Highest-density region {y : p(y) ≥ c} of a mixture over one target: the root, in log c, of the
 * log of its probability over the one sought. All log densities are relative to the highest mode's,
 * so that c has digits enough for the smallest levels. For levels of ½ and more it is the
 * probability outside of the region that is compared, since it is the small one.
 *
 * <p>The region's ends come from the density's extrema: between two neighbours the density is
 * monotone and meets c once. As c moves by dc, the probability moves by −c dc Σ 1/|p'| over the
 * ends.
 */
final class HighestDensity extends RootSearch {
  private final Tails tails;
  private final DensityCurve curve;
  private final double level;
  private final double[] extrema; // a maximum, a minimum, a maximum and so on
  private final double peak; // log p of the highest
  private final double[] logDensities; // [extrema], log p − peak there
  private final double[] spreads; // [extrema], at a maximum the σ of a Gaussian like it
  private final List<Interval> region = new ArrayList<>();

  private HighestDensity(
      Tails tails, DensityCurve curve, double[] extrema, double level, Interval central) {
    this.tails = tails;
    this.curve = curve;
    this.level = level;
    this.extrema = extrema;
    this.logDensities = new double[extrema.length];
    this.spreads = new double[extrema.length];
    for (int i = 0; i < extrema.length; i++) {
      curve.at(extrema[i]);
      logDensities[i] = curve.logDensity;
      spreads[i] = curve.curvature < 0 ? 1 / Math.sqrt(-curve.curvature) : central.width();
    }
    this.peak = Arrays.stream(logDensities).max().orElseThrow();
    Arrays.setAll(logDensities, i -> logDensities[i] - peak);
    this.tolerance = 1e-12;
  }

  /**
   * The region of a level.
   *
   * @param extrema those of the density, see {@link Extrema}
   * @param central the central interval of the same level
   */
  static List<Interval> region(
      Tails tails, DensityCurve curve, double[] extrema, double level, Interval central) {
    HighestDensity search = new HighestDensity(tails, curve, extrema, level, central);
    search.value(search.logThreshold(central));
    return List.copyOf(search.region);
  }

  /** log p − peak. */
  private double logDensity(double y) {
    return curve.at(y).logDensity - peak;
  }

  /** log c. Where p is nowhere lower than in the central interval, it is no less likely. */
  private double logThreshold(Interval central) {
    double atLower = logDensity(central.lower());
    double atUpper = logDensity(central.upper());
    double lowest = Math.min(atLower, atUpper);
    for (int i = 0; i < extrema.length; i++) {
      if (central.contains(extrema[i])) {
        lowest = Math.min(lowest, logDensities[i]);
      }
    }
    double slack = 1e-9 + 1e-12 * Math.abs(lowest); // of the interval's rounding
    return find(lowest - slack, 0, Mixture.logSumExp(atLower, atUpper) - Math.log(2));
  }

  @Override
  double value(double logThreshold) {
    region.clear();
    double steepness = 0; // Σ 1/|(log p)'| over the ends
    double lower = Double.NaN;
    for (int i = 0; i < extrema.length; i += 2) {
      if (logDensities[i] >= logThreshold) {
        if (i == 0 || logDensities[i - 1] < logThreshold) {
          lower = end(i, -1, logThreshold);
          steepness += 1 / Math.abs(curve.slope);
        }
        if (i == extrema.length - 1 || logDensities[i + 1] < logThreshold) {
          double upper = end(i, 1, logThreshold);
          steepness += 1 / Math.abs(curve.slope);
          region.add(new Interval(lower, upper));
        }
      }
    }
    double compared = level < 0.5 ? inside() : outside();
    double sought = level < 0.5 ? level : 1 - level;
    slope = Math.exp(peak + logThreshold) * steepness / compared;
    return level < 0.5 ? Math.log(sought / compared) : Math.log(compared / sought);
  }

  private double inside() {
    double sum = 0;
    for (Interval interval : region) {
      sum += tails.between(interval.lower(), interval.upper());
    }
    return sum;
  }

  private double outside() {
    if (region.isEmpty()) {
      return 1;
    }
    double sum = tails.cdf(region.get(0).lower());
    for (int i = 1; i < region.size(); i++) {
      sum += tails.between(region.get(i - 1).upper(), region.get(i).lower());
    }
    return sum + tails.survival(region.get(region.size() - 1).upper());
  }

  /** Where p falls to the threshold on one side of a maximum; leaves the curve there. */
  private double end(int maximum, int side, double logThreshold) {
    RootSearch search =
        new RootSearch() {
          @Override
          double value(double y) {
            double logDensity = logDensity(y);
            slope = -side * curve.slope;
            return side * (logThreshold - logDensity);
          }
        };
    search.tolerance = 1e-14 * (1 + Math.abs(peak + logThreshold));
    double mode = extrema[maximum];
    double distance = spreads[maximum] * Math.sqrt(2 * (logDensities[maximum] - logThreshold));
    boolean outermost = maximum + side < 0 || maximum + side == extrema.length;
    double far = outermost ? beyond(mode, side * distance, logThreshold) : extrema[maximum + side];
    double end = search.find(Math.min(mode, far), Math.max(mode, far), mode + side * distance);
    curve.at(end);
    return end;
  }

  /** A point beyond all extrema where p is below the threshold. */
  private double beyond(double mode, double step, double logThreshold) {
    double wide = Math.copySign(Math.max(2 * Math.abs(step), Math.ulp(mode)), step);
    while (logDensity(mode + wide) >= logThreshold) {
      wide *= 2;
    }
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, mode + wide));
  }
}
