/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.Truncation;

/**
 * The K components of a mixture, all of one type: what a single component answers about itself. A
 * new type of component is a new subclass; the questions that belong to the mixture need not know
 * which it is.
 *
 * <p>Questions that need one target stand in {@link IndependentTargets}, of which all components
 * over one target are. Inside the package arguments are trusted.
 */
public abstract class Components {
  /** Smaller squares may have lost digits. */
  private static final double LEAST_SQUARE = 1e-290;

  /** A width of fewer doubles around a location is narrow. */
  private static final double NARROW = 0x1p12;

  /**
   * Returns whether a width is less than what doubles can tell apart well, given an ulp of theirs.
   */
  public static boolean isBelowUlps(double width, double ulp) {
    return width < NARROW * ulp;
  }

  /** Returns whether a width is less than what doubles around a location can tell apart well. */
  public static boolean isNarrow(double width, double location) {
    return isBelowUlps(width, Math.ulp(location));
  }

  /** Returns the targets that are not given, ascending. */
  static int[] remaining(int targets, int[] given) {
    return IntStream.range(0, targets)
        .filter(d -> Arrays.stream(given).noneMatch(g -> g == d))
        .toArray();
  }

  /** Returns components of the type that a raw output holds, whose numbers are still to be read. */
  public static Components blank(MixtureSpec spec) {
    if (spec.covariance() == Covariance.FULL && spec.targets() > 1) {
      return FullGaussians.blank(spec.components(), spec.targets());
    }
    IndependentTargets whole =
        IndependentTargets.blank(spec.family(), spec.components(), spec.targets());
    return spec.truncation().isEmpty()
        ? whole
        : new TruncatedTargets(
            whole, spec.truncation().get().lower(), spec.truncation().get().upper());
  }

  /** Returns the family of the components. */
  public abstract ComponentFamily family();

  /** Returns the range that all of them are truncated to, if there is one. */
  public Optional<Truncation> range() {
    return Optional.empty();
  }

  /** Returns the log probability that the whole component k gives to the range; 0 without one. */
  public double logShare(int k) {
    return 0;
  }

  /** Returns the number of components K. */
  public abstract int count();

  /** Returns the number of targets D. */
  public abstract int targets();

  /** Returns log N_k(y) in nats, y {@code [D]}. */
  public abstract double logDensity(int k, double[] y);

  /** Adds weight · ∇ log N_k(y) to the gradient, {@code [D]}, per unit of each target. */
  public abstract void addGradient(
      int k, double[] y, double weight, double[] unit, double[] gradient);

  /** Adds the same in target units. */
  public final void addGradient(int k, double[] y, double weight, double[] gradient) {
    addGradient(k, y, weight, ones(), gradient);
  }

  /** Adds weight · ∇² log N_k(y) to the Hessian, {@code [D][D]}, per units of both targets. */
  public abstract void addHessian(
      int k, double[] y, double weight, double[] unit, double[][] hessian);

  /** Adds the same in target units. */
  public final void addHessian(int k, double[] y, double weight, double[][] hessian) {
    addHessian(k, y, weight, ones(), hessian);
  }

  private double[] ones() {
    double[] ones = new double[targets()];
    Arrays.fill(ones, 1);
    return ones;
  }

  /**
   * Adds, with a weight, the matrix Λ of the parabola − ½ (y' − c)ᵀ Λ (y' − c) that touches log N_k
   * at y and is nowhere above it, {@code [D][D]}, per units of both targets; of a Gaussian its
   * inverse covariance.
   */
  public abstract void addPrecision(
      int k, double[] y, double weight, double[] unit, double[][] precision);

  /** Returns 1/√Λ_dd, the length that a unit should have, were there no other component. */
  public abstract double length(int k, int d, double[] y);

  /** Returns the location parameter μ_kd. */
  public abstract double location(int k, int d);

  /** Returns what component k tends to, in target units, as its scale goes to 0. */
  public double center(int k, int d) {
    return location(k, d);
  }

  /** Returns the scale parameter: σ_kd, for VON_MISES κ_kd. */
  public abstract double scale(int k, int d);

  /**
   * Returns the largest of component k's locations and scales by size; 0 where they are no lengths.
   */
  public abstract double largest(int k);

  /**
   * Returns the number of powers of 2 by which the largest double should exceed all locations and
   * scales.
   */
  public int headroom() {
    return 20;
  }

  /**
   * Returns whether a scale of component k is less than the distance of doubles around its
   * location.
   */
  public abstract boolean isDegenerate(int k);

  /** Returns the degrees of freedom ν_k; infinite where the family has none. */
  public double degreesOfFreedom(int k) {
    return Double.POSITIVE_INFINITY;
  }

  /** Returns whether E_k[y] exists. */
  public boolean hasMean(int k) {
    return true;
  }

  /**
   * Returns E[y_d] of component k.
   *
   * @throws UnsupportedOperationException if it does not exist
   */
  public abstract double mean(int k, int d);

  /**
   * Returns the standard deviation of y_d in component k.
   *
   * @throws UnsupportedOperationException if it does not exist
   */
  public abstract double standardDeviation(int k, int d);

  /**
   * Returns Cov[y_d, y_e] of component k.
   *
   * @throws UnsupportedOperationException if it does not exist
   */
  public abstract double covariance(int k, int d, int e);

  /** Returns the same, where no double holds it. */
  abstract Wide wideCovariance(int k, int d, int e);

  /** Returns E[y_d] of a mixture of them. */
  public double mean(double[] weights, int d) {
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) { // of one without weight the mean may not exist
        double mean = mean(k, d);
        sum += weights[k] * mean;
        least = Math.min(least, mean);
        most = Math.max(most, mean);
      }
    }
    return Math.max(least, Math.min(most, sum)); // which rounding may leave
  }

  /** Returns Cov[y_d, y_e] of a mixture of them. */
  public double covariance(double[] weights, int d, int e) {
    double meanD = mean(weights, d);
    return covariance(weights, d, e, meanD, e == d ? meanD : mean(weights, e));
  }

  /** Returns the same, where both means are known. */
  private double covariance(double[] weights, int d, int e, double meanD, double meanE) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double ofMeans = (mean(k, d) - meanD) * (mean(k, e) - meanE);
        sum += weights[k] * (covariance(k, d, e) + ofMeans);
      }
    }
    return Double.isFinite(sum) ? sum : wideCovariance(weights, d, e, meanD, meanE).value();
  }

  private Wide wideCovariance(double[] weights, int d, int e, double meanD, double meanE) {
    Wide sum = Wide.of(0);
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        Wide ofD = Wide.of(mean(k, d)).minus(Wide.of(meanD));
        Wide ofE = Wide.of(mean(k, e)).minus(Wide.of(meanE));
        Wide term = wideCovariance(k, d, e).plus(ofD.times(ofE));
        sum = sum.plus(Wide.of(weights[k]).times(term));
      }
    }
    return sum;
  }

  /**
   * Returns the standard deviation of y_d of a mixture of them, whose mean is known, also where no
   * double holds its square.
   */
  final double standardDeviation(double[] weights, int d, double mean) {
    double variance = covariance(weights, d, d, mean, mean);
    return isOrdinarySquare(variance)
        ? Math.sqrt(variance)
        : wideCovariance(weights, d, d, mean, mean).root().value();
  }

  /** Returns the correlation of y_d and y_e, whose means and standard deviations are known. */
  final double correlation(double[] weights, int d, int e, double[] mean, double[] deviation) {
    return Arrays.stream(deviation).allMatch(one -> isOrdinarySquare(one * one))
        ? covariance(weights, d, e, mean[d], mean[e]) / (deviation[d] * deviation[e])
        : wideCovariance(weights, d, e, mean[d], mean[e])
            .over(Wide.of(deviation[d]))
            .over(Wide.of(deviation[e]))
            .value();
  }

  private static boolean isOrdinarySquare(double square) {
    return square > LEAST_SQUARE && square <= Double.MAX_VALUE;
  }

  /**
   * Returns P(Y ≤ y) in every target, y {@code [D]}, of a mixture of them.
   *
   * @throws UnsupportedOperationException if the targets of a component are not independent
   */
  public abstract double cdf(double[] weights, double[] y);

  /** Returns whether the energy score is finite. */
  public boolean hasEnergyScore(double[] weights) {
    return true;
  }

  /** Returns the differential entropy of component k in nats. */
  public abstract double entropy(int k);

  /** Returns the way from b to a along one target. */
  public double difference(double a, double b) {
    return a - b;
  }

  /** Returns the distance of two points, {@code [D]} each, as the energy score measures it. */
  public double distance(double[] a, double[] b) {
    double squares = 0;
    for (int d = 0; d < a.length; d++) {
      squares += (a[d] - b[d]) * (a[d] - b[d]);
    }
    return isOrdinarySquare(squares)
        ? Math.sqrt(squares)
        : IntStream.range(0, a.length).mapToDouble(d -> a[d] - b[d]).reduce(0, Math::hypot);
  }

  /** Returns the same components with values less an anchor, {@code [D]}. */
  public abstract Components seenFrom(double... anchor);

  /**
   * Returns whether a component is so narrow, or scales are of such sizes, that a search near a
   * location must see it from there.
   */
  public abstract boolean needAnchors(double[] logWeights);

  /** Creates what draws from these components; made once for many samples. */
  public abstract Sampler sampler(UniformRandomProvider random);

  /** Draws from the components that made it, as they are at the time. */
  public interface Sampler {
    /** Draws from component k into {@code into[offset … offset + D)}. */
    void sample(int k, double[] into, int offset);
  }

  /** Returns the components' marginals over some targets, in the given order. */
  public abstract Components marginal(int[] targets);

  /**
   * Returns the components over the remaining targets, ascending, where others have given values.
   */
  public abstract Components conditional(int[] given, double[] values);

  /** Returns components of the same type whose numbers are still to be read. */
  public abstract Components blank(int components);

  /** Returns the same components, to be changed. */
  public abstract Components copy();

  /** Makes what takes over the components' parameters from rows of a raw output. */
  public abstract RawReader reader(MixtureSpec spec);

  /** Takes over the numbers of one row of a raw output. */
  public interface RawReader {
    /** Reads the row that begins at a place of the array. */
    void read(double[] raw, int row);

    /** Reads of the row at least what a draw from component k takes. */
    default void read(double[] raw, int row, int k) {
      read(raw, row);
    }
  }

  /**
   * Returns whether {@link #setWide} can make components of any mean and standard deviation, of
   * counts of a variance that is not below the mean.
   */
  public boolean haveAnyMoments() {
    return false;
  }

  /**
   * Makes component k that of the mean of a mixture of others, and of so many times its standard
   * deviations, with its correlations if targets are not independent; asked where {@link
   * #haveAnyMoments}.
   *
   * @param others of the same type
   * @param weights of the others, with a sum of 1
   */
  public abstract void setWide(int k, Components others, double[] weights, double widening);

  /** Takes over all components of another of the same type, from place k on. */
  public abstract void read(Components others, int k);

  /**
   * Checks that the type is closed under a change of units, of finite numbers with scale_d ≠ 0.
   *
   * @throws IllegalArgumentException if it is not
   */
  public void requireUnits(double[] shift, double[] scale) {}

  /** Makes them the components of shift_d + scale_d y_d. */
  public abstract void changeUnits(double[] shift, double[] scale);

  /** Multiplies their squared scales by τ; divides κ by it. */
  public abstract void changeTemperature(double tau);
}
