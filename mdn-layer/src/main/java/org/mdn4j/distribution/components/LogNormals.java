/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.numerics.Doubles;
import org.mdn4j.numerics.LogMass;

/**
 * Log-normal components, those of y = exp(z) for normal z. Nearly all that is asked of y is asked
 * of z.
 */
public final class LogNormals extends IndependentTargets implements PairDistances.OfTargets {
  /** σ² between which exp(σ²) − 1 is a double with all its digits. */
  private static final double SMALL_VARIANCE = 1e-16;

  private static final double LARGE_VARIANCE = 500;

  private final DiagonalGaussians logarithms; // shares the arrays

  LogNormals(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
    this.logarithms = new DiagonalGaussians(targets, locations, scales, logScales);
  }

  @Override
  public LogNormals with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new LogNormals(targets, locations, scales, logScales);
  }

  /** Returns those of log y. */
  public DiagonalGaussians logarithms() {
    return logarithms;
  }

  @Override
  public LogMass logMass() {
    return LogMass.logNormal(Double.POSITIVE_INFINITY);
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.LOG_NORMAL;
  }

  @Override
  public double lowest() {
    return 0;
  }

  /** Returns log y, −∞ for what is not above 0. */
  private static double log(double y) {
    return y > 0 ? Math.log(y) : Double.NEGATIVE_INFINITY;
  }

  @Override
  public double logDensity(int i, double y) {
    double z = log(y);
    return Double.isInfinite(z) ? Double.NEGATIVE_INFINITY : logarithms.logDensity(i, z) - z;
  }

  /** Returns −(σ + u)/y, u = (log y − μ)/σ. */
  @Override
  public double unitScore(int i, double y) {
    return (logarithms.unitScore(i, log(y)) - scales[i]) / y;
  }

  /** Returns (σ (σ + u) − 1)/y². */
  @Override
  public double unitScoreSlope(int i, double y) {
    return (scales[i] * (scales[i] - logarithms.unitScore(i, log(y))) - 1) / y / y;
  }

  @Override
  public double unitPrecision(int i, double y) {
    throw new UnsupportedOperationException("Modes of log-normals are climbed to in log y");
  }

  @Override
  public double largest(int k) {
    return 0;
  }

  /** Returns whether the scale is also less than what doubles around exp(μ) can tell apart. */
  @Override
  boolean isTargetDegenerate(int i) {
    double y = Math.exp(locations[i]);
    return super.isTargetDegenerate(i) || scales[i] * y < Math.ulp(y);
  }

  @Override
  public double[] bends(int i) {
    throw new UnsupportedOperationException("Extrema of log-normals are found in log y");
  }

  /** Returns exp(μ), the median. */
  @Override
  public double center(int k, int d) {
    return Math.exp(location(k, d));
  }

  @Override
  public double mode(int i) {
    return positive(locations[i] - scales[i] * scales[i]);
  }

  /** Returns exp(z), at least the least double above 0. */
  public static double positive(double z) {
    return Math.max(Double.MIN_VALUE, Math.exp(z));
  }

  @Override
  public double mean(int i) {
    return Math.exp(logMean(i));
  }

  private double logMean(int i) {
    return Math.fma(0.5 * scales[i], scales[i], locations[i]);
  }

  @Override
  public double standardDeviation(int i) {
    double variance = scales[i] * scales[i];
    return SMALL_VARIANCE < variance && variance < LARGE_VARIANCE
        ? mean(i) * Math.sqrt(Math.expm1(variance))
        : Math.exp(logDeviation(i));
  }

  /**
   * Returns the logarithm of the standard deviation, with log(exp(x) − 1) = x + log(1 − exp(−x)).
   */
  private double logDeviation(int i) {
    double variance = scales[i] * scales[i];
    double logExcess =
        variance < SMALL_VARIANCE
            ? 2 * logScales[i] + 0.5 * variance
            : variance + Math.log1p(-Math.exp(-variance));
    return logMean(i) + 0.5 * logExcess;
  }

  @Override
  public double covariance(double[] weights, int d, int e) {
    double covariance = super.covariance(weights, d, e);
    return Double.isNaN(covariance) ? covarianceOfLargeMeans(weights, d, e) : covariance;
  }

  /** Returns the covariance where means are beyond all doubles: relative to the largest ones. */
  private double covarianceOfLargeMeans(double[] weights, int d, int e) {
    double logD = largestLogMean(weights, d);
    double logE = largestLogMean(weights, e);
    double[] ofD = relativeDeviations(weights, d, logD);
    double[] ofE = relativeDeviations(weights, e, logE);
    double between = 0;
    double logWithin = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < count; k++) {
      if (weights[k] > 0) {
        double root = Math.sqrt(weights[k]);
        between += root * ofD[k] * (root * ofE[k]);
        if (d == e) {
          double logVariance = Math.log(weights[k]) + 2 * logDeviation(place(k, d));
          logWithin = Doubles.logSumExp(logWithin, logVariance);
        }
      }
    }
    double ofMeans =
        between == 0
            ? 0
            : Math.signum(between) * Math.exp(Math.log(Math.abs(between)) + logD + logE);
    return ofMeans + Math.exp(logWithin);
  }

  private double largestLogMean(double[] weights, int d) {
    return IntStream.range(0, count)
        .filter(k -> weights[k] > 0)
        .mapToDouble(k -> logMean(place(k, d)))
        .max()
        .orElseThrow();
  }

  /** Returns the components' means over exp(log), less those of the mixture. */
  private double[] relativeDeviations(double[] weights, int d, double log) {
    double[] means = new double[count];
    Arrays.setAll(
        means,
        k -> {
          double logMean = logMean(place(k, d));
          return logMean < log ? Math.exp(logMean - log) : 1; // both may be infinite
        });
    double mean = 0;
    double least = 1;
    for (int k = 0; k < count; k++) {
      mean += weights[k] > 0 ? weights[k] * means[k] : 0;
      least = weights[k] > 0 ? Math.min(least, means[k]) : least;
    }
    double rounded = Math.max(least, Math.min(1, mean));
    Arrays.setAll(means, k -> means[k] - rounded);
    return means;
  }

  @Override
  public double logCdf(int i, double y) {
    return logarithms.logCdf(i, log(y));
  }

  @Override
  public double logSurvival(int i, double y) {
    return logarithms.logSurvival(i, log(y));
  }

  @Override
  public double cdf(int i, double y) {
    return logarithms.cdf(i, log(y));
  }

  @Override
  public double survival(int i, double y) {
    return logarithms.survival(i, log(y));
  }

  @Override
  public void quantiles(double p, double[] into) {
    logarithms.quantiles(p, into);
    Arrays.setAll(into, k -> Math.exp(into[k]));
  }

  @Override
  public void survivalQuantiles(double q, double[] into) {
    logarithms.survivalQuantiles(q, into);
    Arrays.setAll(into, k -> Math.exp(into[k]));
  }

  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    DoubleStream.Builder ofLogarithm = DoubleStream.builder();
    logarithms.addEdges(i, ofLogarithm);
    // Halves of the panels in z: each has a factor of exp(σ) or so between its ends.
    double[] z = ofLogarithm.build().sorted().toArray();
    for (int e = 0; e < z.length; e++) {
      edges.add(finite(Math.exp(z[e])));
      if (e > 0) {
        edges.add(finite(Math.exp(0.5 * z[e] + 0.5 * z[e - 1])));
      }
    }
  }

  private static double finite(double y) {
    return Math.min(Double.MAX_VALUE / 4, y);
  }

  /** Returns H(y) = H(z) + E[z]. */
  @Override
  public double entropyOfTarget(int i) {
    return logarithms.entropyOfTarget(i) + locations[i];
  }

  @Override
  public double divergenceOfTarget(int i, IndependentTargets other, int j) {
    return logarithms.divergenceOfTarget(i, ((LogNormals) other).logarithms, j);
  }

  @Override
  public double bhattacharyyaOfTarget(int i, int j) {
    return logarithms.bhattacharyyaOfTarget(i, j);
  }

  /** Returns the density as a function of log y. */
  public LogNormalCurve curve() {
    return LogNormalCurve.of(targets, locations, scales, logScales);
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    Sampler normal = logarithms.sampler(random);
    return (k, into, offset) -> {
      normal.sample(k, into, offset);
      for (int d = 0; d < targets; d++) {
        into[offset + d] = Math.exp(into[offset + d]);
      }
    };
  }

  @Override
  public void requireUnits(double[] shift, double[] scale) {
    for (int d = 0; d < targets; d++) {
      require(
          shift[d] == 0 && scale[d] > 0,
          "Log-normal components stay log-normal in units with shift 0 and a positive scale only,"
              + " got %s and %s at target %d",
          shift[d],
          scale[d],
          d);
    }
  }

  @Override
  public void changeUnits(double[] shift, double[] scale) {
    for (int d = 0; d < targets; d++) {
      double logScale = Math.log(scale[d]);
      for (int i = d; i < locations.length; i += targets) {
        locations[i] = Doubles.nearestFinite(locations[i] + logScale);
      }
    }
  }
}
