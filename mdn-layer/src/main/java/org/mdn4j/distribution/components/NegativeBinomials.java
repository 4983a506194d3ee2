/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.PoissonSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Counts;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.CountMass;
import org.mdn4j.numerics.CountSearch;
import org.mdn4j.numerics.CountSum;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.numerics.NegativeBinomial;

/**
 * Negative binomial components: counts with the mean m = exp(μ) and the dispersion α in the place
 * of the scale. Density stands for probability; there is none between the integers.
 */
public final class NegativeBinomials extends IndependentTargets {
  private static final int MOST_DEVIATIONS = 9;

  /** Of Poisson's small means the tail goes farther than 9 deviations. */
  private static final double FEW = 40;

  /** Over so many lengths the upper tail falls to 1e-19. */
  private static final double[] LENGTHS = {1, 2, 4, 7, 11, 16, 22, 30, 44};

  /** Below it a gamma-distributed rate cannot be told from its mean. */
  private static final double LEAST_DISPERSION = 1e-30;

  /** The largest rate that is drawn at once. */
  private static final double LARGE_RATE = 0x1p29;

  /** Beyond it Poisson's skewness, 1/√rate, is below a millionth. */
  private static final double NORMAL_RATE = 1e12;

  private final NegativeBinomial[] counts; // [K·D], null until needed; of racing threads all alike

  NegativeBinomials(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
    this.counts = new NegativeBinomial[locations.length];
  }

  @Override
  public LogMass logMass() {
    throw new UnsupportedOperationException(
        "Counts have probabilities of integers, asked by logMasses(), and no density of an interval");
  }

  /** Makes what computes log probabilities of the integers from one end to the other, both too. */
  @Override
  public LogMasses logMasses() {
    CountMass mass = new CountMass();
    return (k, i, lower, upper) -> {
      double first = Math.max(0, Math.ceil(lower));
      double last = Math.floor(upper);
      if (first > last || first > Double.MAX_VALUE) {
        return Double.NEGATIVE_INFINITY;
      }
      mass.interval(count(i), first, last);
      return mass.value();
    };
  }

  @Override
  public NegativeBinomials with(
      int targets, double[] locations, double[] scales, double[] logScales) {
    return new NegativeBinomials(targets, locations, scales, logScales);
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.NEGATIVE_BINOMIAL;
  }

  private NegativeBinomial count(int i) {
    NegativeBinomial count = counts[i];
    if (count == null) {
      count = new NegativeBinomial(mean(i), scales[i]);
      counts[i] = count;
    }
    return count;
  }

  private static UnsupportedOperationException noSlope() {
    return new UnsupportedOperationException(
        "Counts have probabilities of integers, and no density that has a gradient");
  }

  /** Returns the log probability of an integer; −∞ of other numbers. */
  @Override
  public double logDensity(int i, double y) {
    return Counts.isCount(y) ? count(i).logProbability(y) : Double.NEGATIVE_INFINITY;
  }

  /** Returns the smooth function through the log probabilities, y ≥ 0. */
  public double smoothLogDensity(int i, double y) {
    return count(i).logProbability(y);
  }

  /** Returns the smooth function through P(Y ≤ y), y ≥ 0. */
  public double smoothCdf(int i, double y) {
    return count(i).cdf(y);
  }

  /** Returns the smooth function through P(Y &gt; y), y ≥ 0. */
  public double smoothSurvival(int i, double y) {
    return count(i).survival(y);
  }

  @Override
  public double unitScore(int i, double y) {
    throw noSlope();
  }

  @Override
  public double unitScoreSlope(int i, double y) {
    throw noSlope();
  }

  @Override
  public double unitPrecision(int i, double y) {
    throw noSlope();
  }

  @Override
  public double[] bends(int i) {
    throw noSlope();
  }

  /** Returns the mean m. */
  @Override
  public double mean(int i) {
    return Math.exp(Math.max(Limits.MIN_LOG_MEAN, Math.min(Limits.MAX_LOG_MEAN, locations[i])));
  }

  /** Returns the standard deviation √(m + α m²). */
  @Override
  public double standardDeviation(int i) {
    double mean = mean(i);
    return mean * Math.sqrt(1 / mean + scales[i]);
  }

  @Override
  public boolean haveAnyMoments() {
    return true;
  }

  /** Gives it the dispersion α = (variance/m − 1)/m. */
  @Override
  void setMoments(int i, double mean, double deviation) {
    double dispersion = (deviation / mean * deviation - 1) / mean;
    locations[i] = Math.log(mean);
    setScale(i, dispersion, Math.log(dispersion));
    counts[i] = null;
  }

  /** Returns m, the mean of the Poisson distribution that is left without dispersion. */
  @Override
  public double center(int k, int d) {
    return mean(place(k, d));
  }

  /** Returns the integer part of (1 − α) m, 0 for α ≥ 1. */
  @Override
  public double mode(int i) {
    return Math.max(0, Math.floor((1 - scales[i]) * mean(i)));
  }

  @Override
  public double lowest() {
    return 0;
  }

  @Override
  public double largest(int k) {
    return 0;
  }

  @Override
  boolean isTargetDegenerate(int i) {
    return false;
  }

  @Override
  public boolean needAnchors(double[] logWeights) {
    return false;
  }

  @Override
  public double cdf(int i, double y) {
    return y < 0 ? 0 : y > Double.MAX_VALUE ? 1 : count(i).cdf(Math.floor(y));
  }

  @Override
  public double survival(int i, double y) {
    return y < 0 ? 1 : y > Double.MAX_VALUE ? 0 : count(i).survival(Math.floor(y));
  }

  @Override
  public double logCdf(int i, double y) {
    return y < 0
        ? Double.NEGATIVE_INFINITY
        : y > Double.MAX_VALUE ? 0 : count(i).logCdf(Math.floor(y));
  }

  @Override
  public double logSurvival(int i, double y) {
    return y < 0
        ? 0
        : y > Double.MAX_VALUE ? Double.NEGATIVE_INFINITY : count(i).logSurvival(Math.floor(y));
  }

  @Override
  public void quantiles(double p, double[] into) {
    Arrays.setAll(into, k -> CountSearch.least(y -> cdf(k, y) >= p, mean(k), standardDeviation(k)));
  }

  @Override
  public void survivalQuantiles(double q, double[] into) {
    Arrays.setAll(
        into, k -> CountSearch.least(y -> survival(k, y) <= q, mean(k), standardDeviation(k)));
  }

  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    double mean = mean(i);
    double deviation = standardDeviation(i);
    for (int u = -MOST_DEVIATIONS; u <= MOST_DEVIATIONS; u++) {
      if (mean + u * deviation > 0) {
        edges.add(mean + u * deviation);
      }
    }
    double length = 1 / Math.log1p(1 / (scales[i] * mean)); // over which the tail falls to 1/e
    for (double lengths : LENGTHS) {
      edges.add(mean + MOST_DEVIATIONS * deviation + lengths * length + FEW);
    }
  }

  /** Returns the edges of all components over one target that have weight, unsorted. */
  public double[] edges(double[] weights) {
    DoubleStream.Builder edges = DoubleStream.builder();
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        addEdges(k, edges);
      }
    }
    return edges.build().toArray();
  }

  /** Returns −Σ_y P(y) log P(y) by {@link CountSum}. */
  @Override
  public double entropyOfTarget(int i) {
    DoubleStream.Builder builder = DoubleStream.builder();
    addEdges(i, builder);
    double[] edges = builder.build().toArray();
    double top = Math.ceil(Arrays.stream(edges).max().orElseThrow());
    return CountSum.of(
        y -> {
          double log = smoothLogDensity(i, y);
          double probability = Math.exp(log);
          return probability > 0 ? -probability * log : 0;
        },
        0,
        top,
        edges);
  }

  @Override
  public NegativeBinomials seenFrom(double... anchor) {
    throw new UnsupportedOperationException("Counts start at 0 and have no other origin");
  }

  /**
   * Creates a sampler of Poisson's counts with gamma-distributed rates. Rates beyond 2²⁹ are drawn
   * in equal parts, those beyond 10¹² from the normal distribution.
   */
  @Override
  public Sampler sampler(UniformRandomProvider random) {
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        int i = place(k, d);
        into[offset + d] = poisson(rate(i, random), random);
      }
    };
  }

  private double rate(int i, UniformRandomProvider random) {
    double mean = mean(i);
    double alpha = scales[i];
    return alpha < LEAST_DISPERSION
        ? mean
        : AhrensDieterMarsagliaTsangGammaSampler.of(random, 1 / alpha, alpha * mean).sample();
  }

  private static double poisson(double rate, UniformRandomProvider random) {
    if (!(rate >= Double.MIN_NORMAL)) {
      return 0;
    }
    if (rate > NORMAL_RATE) {
      double normal = ZigguratSampler.NormalizedGaussian.of(random).sample();
      return Math.rint(rate + Math.sqrt(rate) * normal);
    }
    int parts = (int) Math.ceil(rate / LARGE_RATE);
    double sum = 0;
    for (int part = 0; part < parts; part++) {
      sum += PoissonSampler.of(random, rate / parts).sample();
    }
    return sum;
  }

  @Override
  public RawReader reader(MixtureSpec spec) {
    RawReader reader = super.reader(spec);
    return new RawReader() {
      @Override
      public void read(double[] raw, int row) {
        reader.read(raw, row);
        forget();
      }

      @Override
      public void read(double[] raw, int row, int k) {
        reader.read(raw, row, k);
        forget();
      }
    };
  }

  /** Has the distributions made anew from changed numbers. */
  private void forget() {
    Arrays.fill(counts, null);
  }

  @Override
  public void read(Components others, int k) {
    super.read(others, k);
    forget();
  }

  @Override
  public void requireUnits(double[] shift, double[] scale) {
    for (int d = 0; d < targets; d++) {
      require(
          shift[d] == 0 && scale[d] == 1,
          "Counts have no other units: expected a shift of 0 and a scale of 1, got %s and %s at"
              + " target %d",
          shift[d],
          scale[d],
          d);
    }
  }

  @Override
  public void changeUnits(double[] shift, double[] scale) {
    requireUnits(shift, scale);
  }

  /** Multiplies α, the squared coefficient of variation of Poisson's rates, by τ. */
  @Override
  public void changeTemperature(double tau) {
    multiplyScales(tau);
    forget();
  }
}
