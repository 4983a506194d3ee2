/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.numerics.RootSearch;

/**
 * Components over one target, each given that the target lies in [a, b]:
 *
 * <pre>
 *   f(y) = g(y) / (G(b) − G(a)),   a ≤ y ≤ b
 * </pre>
 *
 * <p>with the density g and the cdf G of another family. All is computed from logarithms of
 * probabilities of intervals, {@link LogMass}, relative to that of [a, b], so that it is right
 * however little of g is in there. A mixture of them has the weights of the whole one times G_k(b)
 * − G_k(a), normalised; {@link #logShare} gives those factors.
 */
public final class TruncatedTargets extends IndependentTargets {
  /** Less of the whole in the range is drawn by the quantile, not by rejection. */
  private static final double REJECTING = Math.log(0.2);

  /** A larger probability has fewer digits in its logarithm than what is outside of it. */
  private static final double MOST = Math.log(0.5);

  private final IndependentTargets whole; // shares the arrays
  private double lower;
  private double upper;
  private volatile LogMass[] ranges; // of [a, b], [K]; null until needed, and after changes

  /** Creates components within a range, of others that are not copied. */
  public TruncatedTargets(IndependentTargets whole, double lower, double upper) {
    super(1, whole.locations, whole.scales, whole.logScales);
    this.whole = whole;
    this.lower = lower;
    this.upper = upper;
  }

  /** Returns the components without the range. */
  public IndependentTargets whole() {
    return whole;
  }

  @Override
  public Optional<Truncation> range() {
    return Optional.of(
        new Truncation(
            Double.isInfinite(lower) ? null : lower, Double.isInfinite(upper) ? null : upper));
  }

  /** Returns log(G_k(b) − G_k(a)). */
  @Override
  public double logShare(int k) {
    return ranges()[k].value();
  }

  private LogMass[] ranges() {
    LogMass[] known = ranges;
    if (known == null) {
      known = new LogMass[count];
      for (int k = 0; k < count; k++) {
        known[k] = whole.logMass();
        known[k].degrees(degreesOfFreedom(k));
        known[k].interval(lower, upper, locations[k], scales[k], logScales[k]);
      }
      ranges = known;
    }
    return known;
  }

  @Override
  public LogMasses logMasses() {
    LogMass mass = whole.logMass();
    LogMass[] of = ranges();
    return (k, i, from, to) -> logMass(mass, of, k, from, to);
  }

  private double logMass(LogMass mass, LogMass[] of, int k, double from, double to) {
    boolean exact = from == to;
    double low = exact ? from : Math.max(from, lower);
    double high = exact ? to : Math.min(to, upper);
    boolean inside = exact ? lower <= from && from <= upper : low < high;
    if (!inside || !mass.holds(high) || Double.isInfinite(low) && low == high) {
      return Double.NEGATIVE_INFINITY;
    }
    double log = within(mass, of, k, low, high);
    return exact || log < MOST ? log : Math.log1p(-outside(mass, of, k, low, high));
  }

  private double within(LogMass mass, LogMass[] of, int k, double low, double high) {
    mass.degrees(degreesOfFreedom(k));
    mass.interval(low, high, locations[k], scales[k], logScales[k]);
    return mass.within(of[k]);
  }

  /** Returns what the range has outside of an interval. */
  private double outside(LogMass mass, LogMass[] of, int k, double low, double high) {
    double below = lowest();
    return (low > below ? Math.exp(within(mass, of, k, below, low)) : 0)
        + (high < upper ? Math.exp(within(mass, of, k, high, upper)) : 0);
  }

  @Override
  public LogMass logMass() {
    throw new UnsupportedOperationException("Of truncated components by logMasses()");
  }

  @Override
  public double logDensity(int i, double y) {
    return logMasses().of(i, i, y, y);
  }

  @Override
  public double logCdf(int i, double y) {
    return Math.min(0, logMasses().of(i, i, Double.NEGATIVE_INFINITY, y));
  }

  @Override
  public double logSurvival(int i, double y) {
    return Math.min(0, logMasses().of(i, i, y, Double.POSITIVE_INFINITY));
  }

  @Override
  public ComponentFamily family() {
    return whole.family();
  }

  @Override
  public double degreesOfFreedom(int k) {
    return whole.degreesOfFreedom(k);
  }

  @Override
  public double lowest() {
    return Math.max(lower, whole.lowest());
  }

  @Override
  public double highest() {
    return upper;
  }

  private double within(double y) {
    return Math.max(lowest(), Math.min(upper, y));
  }

  @Override
  public double unit(int i) {
    return isLogarithmic() ? scales[i] * whole.center(i, 0) : whole.unit(i);
  }

  @Override
  public double logUnit(int i) {
    return isLogarithmic() ? logScales[i] + locations[i] : whole.logUnit(i);
  }

  private boolean isLogarithmic() {
    return family() == ComponentFamily.LOG_NORMAL;
  }

  @Override
  public double unitScore(int i, double y) {
    return whole.unitScore(i, y) * (isLogarithmic() ? unit(i) : 1); // log-normals' unit is 1
  }

  @Override
  public double unitScoreSlope(int i, double y) {
    double unit = isLogarithmic() ? unit(i) : 1;
    return whole.unitScoreSlope(i, y) * unit * unit;
  }

  @Override
  public double unitPrecision(int i, double y) {
    return whole.unitPrecision(i, y);
  }

  @Override
  public double mode(int i) {
    return within(whole.mode(i));
  }

  @Override
  public double center(int k, int d) {
    return within(whole.center(k, d));
  }

  @Override
  public double largest(int k) {
    double finite = Math.max(finite(lower), finite(upper));
    return Math.max(whole.largest(k), finite);
  }

  private static double finite(double end) {
    return Double.isInfinite(end) ? 0 : Math.abs(end);
  }

  @Override
  public double[] bends(int i) {
    return whole.bends(i);
  }

  @Override
  public double[] kinks(int i) {
    return whole.kinks(i);
  }

  @Override
  public boolean hasMean(int k) {
    return whole.hasMean(k) || Double.isFinite(upper - lower);
  }

  @Override
  public double mean(int i) {
    if (!hasMean(i)) {
      return whole.mean(i); // which says why not
    }
    return new TruncatedMoments(this, i).mean();
  }

  @Override
  public double standardDeviation(int i) {
    if (degreesOfFreedom(i) <= 2 && !Double.isFinite(upper - lower)) {
      return whole.standardDeviation(i); // which says why not
    }
    return new TruncatedMoments(this, i).standardDeviation();
  }

  @Override
  public double entropyOfTarget(int i) {
    return new TruncatedMoments(this, i).entropy();
  }

  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    Arrays.stream(new TruncatedMoments(this, i).edges()).forEach(edges);
  }

  @Override
  public void quantiles(double p, double[] into) {
    Arrays.setAll(into, k -> quantile(k, p, false));
  }

  @Override
  public void survivalQuantiles(double q, double[] into) {
    Arrays.setAll(into, k -> quantile(k, q, true));
  }

  /** Returns the y with P(Y ≤ y) = p, or with above P(Y &gt; y) = p, of component k. */
  double quantile(int k, double p, boolean above) {
    if (p == 0 || p == 1) {
      return (p == 0) == above ? upper : lowest();
    }
    return search(k, Math.log(p), above);
  }

  private static double bounded(double end) {
    return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, end));
  }

  /** Returns log P(Y &gt; y), or log P(Y ≤ y). */
  private double tail(int k, double y, boolean above) {
    return above ? logSurvival(k, y) : logCdf(k, y);
  }

  private double search(int k, double logP, boolean above) {
    double start = mode(k);
    double step = Math.max(unit(k), Math.ulp(start));
    double low = start;
    double high = start;
    // Of an increasing function: P(Y ≤ y) / p, or p / P(Y > y)
    for (double by = step; low > bounded(lowest()) && sign(k, low, logP, above) > 0; by *= 2) {
      low = Math.max(bounded(lowest()), low - by);
    }
    for (double by = step; high < bounded(upper) && sign(k, high, logP, above) < 0; by *= 2) {
      high = Math.min(bounded(upper), high + by);
    }
    RootSearch search =
        new RootSearch() {
          {
            tolerance = 1e-14 * (1 - logP);
          }

          @Override
          protected double value(double y) {
            double tail = tail(k, y, above);
            slope = Math.exp(logDensity(k, y) - tail);
            return above ? logP - tail : tail - logP;
          }
        };
    return search.find(low, high, start);
  }

  private double sign(int k, double y, double logP, boolean above) {
    double tail = tail(k, y, above);
    return above ? logP - tail : tail - logP;
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    Sampler all = whole.sampler(random);
    return (k, into, offset) -> {
      if (logShare(k) < REJECTING) {
        double p = random.nextDouble();
        into[offset] = p > 0 ? quantile(k, p, false) : mode(k);
        return;
      }
      do {
        all.sample(k, into, offset);
      } while (!(lower <= into[offset] && into[offset] <= upper));
    };
  }

  private TruncatedTargets within(Components others, double shift) {
    return new TruncatedTargets((IndependentTargets) others, lower + shift, upper + shift);
  }

  @Override
  public IndependentTargets with(
      int targets, double[] locations, double[] scales, double[] logScales) {
    return within(whole.with(targets, locations, scales, logScales), 0);
  }

  @Override
  public IndependentTargets seenFrom(double... anchor) {
    return within(whole.seenFrom(anchor), -anchor[0]);
  }

  @Override
  public boolean needAnchors(double[] logWeights) {
    return !isLogarithmic() && super.needAnchors(logWeights);
  }

  @Override
  boolean isTargetDegenerate(int i) {
    return whole.isTargetDegenerate(i);
  }

  @Override
  public Components marginal(int[] chosen) {
    return within(whole.marginal(chosen), 0);
  }

  @Override
  public Components blank(int components) {
    return within(whole.blank(components), 0);
  }

  @Override
  public Components copy() {
    return within(whole.copy(), 0);
  }

  @Override
  public RawReader reader(MixtureSpec spec) {
    RawReader reader = whole.reader(spec);
    return (raw, row) -> {
      reader.read(raw, row);
      ranges = null;
    };
  }

  @Override
  public void read(Components others, int k) {
    whole.read(((TruncatedTargets) others).whole, k);
    ranges = null;
  }

  @Override
  public void requireUnits(double[] shift, double[] scale) {
    whole.requireUnits(shift, scale);
  }

  @Override
  public void changeUnits(double[] shift, double[] scale) {
    whole.changeUnits(shift, scale);
    double first = shift[0] + scale[0] * lower;
    double second = shift[0] + scale[0] * upper;
    lower = Math.min(first, second);
    upper = Math.max(first, second);
    ranges = null;
  }

  @Override
  public void changeTemperature(double tau) {
    whole.changeTemperature(tau);
    ranges = null;
  }
}
