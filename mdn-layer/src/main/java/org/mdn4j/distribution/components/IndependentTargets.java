/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.Doubles;
import org.mdn4j.numerics.LogMass;

/**
 * Components whose targets are independent, each with a location and a scale: N_k(y) = Π_d f(y_d;
 * μ_kd, σ_kd).
 *
 * <p>What is asked of one target of one component is asked at its {@link #place} i = k·D + d. For D
 * = 1 that is k itself, so that these are the questions about components over one target, too.
 */
public abstract class IndependentTargets extends Components {
  private static final double ORDINARY = 1e35; // to the power of 8 far from overflow
  private static final double ORDINARY_LOG = Math.log(ORDINARY);

  final int count;
  final int targets;
  final double[] locations; // [K·D], component-major
  final double[] scales; // [K·D], component-major
  final double[] logScales; // [K·D], component-major

  /** Takes arrays that are known to be right, without copying. */
  IndependentTargets(int targets, double[] locations, double[] scales, double[] logScales) {
    this.count = locations.length / targets;
    this.targets = targets;
    this.locations = locations;
    this.scales = scales;
    this.logScales = logScales;
  }

  /** Returns components of a family that are known to be right; the arrays are not copied. */
  public static IndependentTargets of(
      ComponentFamily family, int targets, double[] locations, double[] scales) {
    double[] logScales = Arrays.stream(scales).map(Math::log).toArray();
    return switch (family) {
      case GAUSSIAN -> new DiagonalGaussians(targets, locations, scales, logScales);
      case LAPLACE -> new Laplaces(targets, locations, scales, logScales);
      case LOGISTIC -> new Logistics(targets, locations, scales, logScales);
      case STUDENT_T ->
          new StudentTs(
              targets, locations, scales, logScales, new double[locations.length / targets]);
      case LOG_NORMAL -> new LogNormals(targets, locations, scales, logScales);
      case VON_MISES -> new VonMises(targets, locations, scales, logScales);
      case NEGATIVE_BINOMIAL -> new NegativeBinomials(targets, locations, scales, logScales);
    };
  }

  static IndependentTargets blank(ComponentFamily family, int components, int targets) {
    return of(family, targets, new double[components * targets], new double[components * targets]);
  }

  /** Returns as many components of the same type with other numbers, without copying. */
  public abstract IndependentTargets with(
      int targets, double[] locations, double[] scales, double[] logScales);

  /** Returns the place of one target of one component: k·D + d. */
  public final int place(int k, int d) {
    return k * targets + d;
  }

  // One target of one component.

  /** Returns log f(y) in nats. */
  public abstract double logDensity(int i, double y);

  /** Returns f(y). */
  public double density(int i, double y) {
    return Math.exp(logDensity(i, y));
  }

  /**
   * Returns a length over which f changes by much at its mode, for a Gaussian σ; 0 if less than
   * any.
   */
  public double unit(int i) {
    return scales[i];
  }

  /** Returns the logarithm of that length. */
  public double logUnit(int i) {
    return logScales[i];
  }

  /** Returns d log f(y) / dy, per unit. */
  public abstract double unitScore(int i, double y);

  /** Returns d² log f(y) / dy², per squared unit. */
  public abstract double unitScoreSlope(int i, double y);

  /**
   * Returns the curvature, per squared unit, of the parabola that touches log f at y and is nowhere
   * above it, as {@link #addPrecision} needs it.
   */
  public abstract double unitPrecision(int i, double y);

  /** Returns d log f(y) / dy. */
  public double score(int i, double y) {
    return unitScore(i, y) / unit(i);
  }

  /** Returns d² log f(y) / dy². */
  public double scoreSlope(int i, double y) {
    return unitScoreSlope(i, y) / unit(i) / unit(i);
  }

  /** Returns log σ. */
  public final double logScale(int i) {
    return logScales[i];
  }

  /** Returns E[y]. */
  public abstract double mean(int i);

  /** Returns the standard deviation of y. */
  public abstract double standardDeviation(int i);

  /** Returns the differential entropy in nats. */
  public abstract double entropyOfTarget(int i);

  /** Returns one target of two components, as components over one target. */
  public IndependentTargets pair(int i, IndependentTargets other, int j) {
    return with(
        1,
        new double[] {locations[i], other.locations[j]},
        new double[] {scales[i], other.scales[j]},
        new double[] {logScales[i], other.logScales[j]});
  }

  /**
   * Adds values between any two of which the density is smooth, out to where no more than 1e-18 of
   * it is left on either side.
   */
  public abstract void addEdges(int i, DoubleStream.Builder edges);

  /** Adds the same; of tails that fall as a power at least so far out. */
  public void addEdges(int i, double reach, DoubleStream.Builder edges) {
    addEdges(i, edges);
  }

  // One target in all, where i is k.

  /** Returns the lower end of the values that a target can take, itself mostly none of them. */
  public double lowest() {
    return Double.NEGATIVE_INFINITY;
  }

  /** Returns the upper end of the values that a target can take, itself mostly none of them. */
  public double highest() {
    return Double.POSITIVE_INFINITY;
  }

  /** Returns where f is largest; below it f rises and above it falls. */
  public abstract double mode(int i);

  /**
   * Returns where the first or the second derivative of f turns, ascending: between two neighbours,
   * and outside of all, both are monotone.
   */
  public abstract double[] bends(int i);

  /** Returns where the first derivative of f jumps, if anywhere. */
  public double[] kinks(int i) {
    return new double[0];
  }

  /** Returns log P(Y ≤ y), exact in relative terms of the probability. */
  public abstract double logCdf(int i, double y);

  /** Returns log P(Y &gt; y), exact in relative terms of the probability. */
  public abstract double logSurvival(int i, double y);

  /** Returns P(Y ≤ y), exact in relative terms. */
  public double cdf(int i, double y) {
    return Math.exp(logCdf(i, y));
  }

  /** Returns P(Y &gt; y), exact in relative terms. */
  public double survival(int i, double y) {
    return Math.exp(logSurvival(i, y));
  }

  /** Writes the y whose cdf is p, p in [0, 1], of every component into {@code [K]}. */
  public abstract void quantiles(double p, double[] into);

  /** Writes the y whose survival is q, q in [0, 1], of every component into {@code [K]}. */
  public abstract void survivalQuantiles(double q, double[] into);

  /** Returns (a − b)/scale, also where a − b is beyond all doubles. */
  public static double over(double a, double b, double scale) {
    double difference = a - b;
    return Double.isInfinite(difference) ? (0.5 * a - 0.5 * b) / (0.5 * scale) : difference / scale;
  }

  /** Returns log(σ_i/σ_j), also where the ratio is no double. */
  final double logRatio(int i, IndependentTargets other, int j) {
    double ratio = scales[i] / other.scales[j];
    return ratio > Double.MIN_NORMAL && ratio <= Double.MAX_VALUE
        ? Math.log(ratio)
        : logScales[i] - other.logScales[j];
  }

  /** Returns whether the squares of units and of all distances over them are far from overflow. */
  public final boolean isOrdinary(double[] logWeights) {
    for (int i = 0; i < locations.length; i++) {
      if (logWeights[i / targets] > Double.NEGATIVE_INFINITY
          && !(Math.abs(logUnit(i)) < ORDINARY_LOG && Math.abs(locations[i]) < ORDINARY)) {
        return false;
      }
    }
    return true;
  }

  // Components over all targets.

  @Override
  public int count() {
    return count;
  }

  @Override
  public int targets() {
    return targets;
  }

  @Override
  public double logDensity(int k, double[] y) {
    double sum = 0;
    for (int d = 0; d < targets; d++) {
      sum += logDensity(place(k, d), y[d]);
    }
    return sum;
  }

  @Override
  public void addGradient(int k, double[] y, double weight, double[] unit, double[] gradient) {
    for (int d = 0; d < targets; d++) {
      int i = place(k, d);
      gradient[d] += weight * unitScore(i, y[d]) * units(i, unit[d]);
    }
  }

  @Override
  public void addHessian(int k, double[] y, double weight, double[] unit, double[][] hessian) {
    for (int d = 0; d < targets; d++) {
      int i = place(k, d);
      double units = units(i, unit[d]);
      hessian[d][d] += weight * units * unitScoreSlope(i, y[d]) * units;
    }
  }

  @Override
  public void addPrecision(int k, double[] y, double weight, double[] unit, double[][] precision) {
    for (int d = 0; d < targets; d++) {
      int i = place(k, d);
      double units = units(i, unit[d]);
      precision[d][d] += weight * units * unitPrecision(i, y[d]) * units;
    }
  }

  /** Returns a unit in the component's own units. */
  private double units(int i, double unit) {
    double own = unit(i);
    return own > Double.MIN_NORMAL ? unit / own : Math.exp(Math.log(unit) - logUnit(i));
  }

  @Override
  public double length(int k, int d, double[] y) {
    int i = place(k, d);
    return unit(i) / Math.sqrt(unitPrecision(i, y[d]));
  }

  /**
   * Makes what computes densities and probabilities of intervals of one target.
   *
   * @throws UnsupportedOperationException if the family has none, as that of angles
   */
  public abstract LogMass logMass();

  /** Log densities and log probabilities of intervals. */
  public interface LogMasses {
    /**
     * Returns log P(lower &lt; Y ≤ upper) of one target of component k, of counts log P(lower ≤ Y ≤
     * upper), or the log density where both are equal.
     *
     * @param i its place, see {@link IndependentTargets#place}
     */
    double of(int k, int i, double lower, double upper);
  }

  /**
   * Makes what computes them; not for use by several threads.
   *
   * @throws UnsupportedOperationException as {@link #logMass}
   */
  public LogMasses logMasses() {
    LogMass mass = logMass();
    return (k, i, lower, upper) -> {
      if (!mass.holds(upper)) {
        return Double.NEGATIVE_INFINITY;
      }
      mass.degrees(degreesOfFreedom(k));
      mass.interval(lower, upper, locations[i], scales[i], logScales[i]);
      return mass.value();
    };
  }

  @Override
  public IndependentTargets seenFrom(double... anchor) {
    double[] seen = locations.clone();
    for (int i = 0; i < seen.length; i++) {
      seen[i] -= anchor[i % targets];
    }
    return with(targets, seen, scales, logScales);
  }

  @Override
  public boolean needAnchors(double[] logWeights) {
    return !isOrdinary(logWeights)
        || IntStream.range(0, locations.length)
            .anyMatch(i -> isNarrow(unit(i), center(i / targets, i % targets)));
  }

  @Override
  public double location(int k, int d) {
    return locations[place(k, d)];
  }

  @Override
  public double scale(int k, int d) {
    return scales[place(k, d)];
  }

  @Override
  public double largest(int k) {
    double largest = 0;
    for (int i = k * targets; i < (k + 1) * targets; i++) {
      largest = Math.max(largest, Math.max(scales[i], Math.abs(locations[i])));
    }
    return largest;
  }

  @Override
  public boolean isDegenerate(int k) {
    return IntStream.range(k * targets, (k + 1) * targets).anyMatch(this::isTargetDegenerate);
  }

  boolean isTargetDegenerate(int i) {
    return scales[i] < Math.ulp(locations[i]);
  }

  @Override
  public double mean(int k, int d) {
    return mean(place(k, d));
  }

  @Override
  public double standardDeviation(int k, int d) {
    return standardDeviation(place(k, d));
  }

  @Override
  public double covariance(int k, int d, int e) {
    double deviation = standardDeviation(k, d); // also where d ≠ e: it may not exist
    return d == e ? deviation * deviation : 0;
  }

  @Override
  Wide wideCovariance(int k, int d, int e) {
    Wide deviation = Wide.of(standardDeviation(k, d));
    return d == e ? deviation.times(deviation) : Wide.of(0);
  }

  @Override
  public double cdf(double[] weights, double[] y) {
    double sum = 0;
    for (int k = 0; k < count; k++) {
      double product = weights[k];
      for (int d = 0; d < targets && product > 0; d++) {
        product *= cdf(place(k, d), y[d]);
      }
      sum += product;
    }
    return Math.min(1, sum);
  }

  @Override
  public double entropy(int k) {
    double sum = 0;
    for (int d = 0; d < targets; d++) {
      sum += entropyOfTarget(place(k, d));
    }
    return sum;
  }

  @Override
  public Components marginal(int[] chosen) {
    return with(
        chosen.length,
        columns(locations, chosen),
        columns(scales, chosen),
        columns(logScales, chosen));
  }

  private double[] columns(double[] values, int[] chosen) {
    double[] columns = new double[count * chosen.length];
    Arrays.setAll(columns, i -> values[i / chosen.length * targets + chosen[i % chosen.length]]);
    return columns;
  }

  @Override
  public Components conditional(int[] given, double[] values) {
    return marginal(remaining(targets, given)); // independent of the others
  }

  @Override
  public Components blank(int components) {
    int size = components * targets;
    return with(targets, new double[size], new double[size], new double[size]);
  }

  @Override
  public Components copy() {
    return with(targets, locations.clone(), scales.clone(), logScales.clone());
  }

  @Override
  public RawReader reader(MixtureSpec spec) {
    return new IndependentReader(spec, locations, scales, logScales);
  }

  @Override
  public void read(Components others, int k) {
    IndependentTargets that = (IndependentTargets) others;
    int size = that.locations.length;
    System.arraycopy(that.locations, 0, locations, k * targets, size);
    System.arraycopy(that.scales, 0, scales, k * targets, size);
    System.arraycopy(that.logScales, 0, logScales, k * targets, size);
  }

  @Override
  public void setWide(int k, Components others, double[] weights, double widening) {
    for (int d = 0; d < targets; d++) {
      double mean = others.mean(weights, d);
      setMoments(place(k, d), mean, widening * others.standardDeviation(weights, d, mean));
    }
  }

  /** Gives one target of one component a mean and a standard deviation. */
  void setMoments(int i, double mean, double deviation) {
    throw new UnsupportedOperationException("No component of given moments: " + family());
  }

  @Override
  public void changeUnits(double[] shift, double[] scale) {
    for (int d = 0; d < targets; d++) {
      double factor = Math.abs(scale[d]);
      double logFactor = Math.log(factor);
      for (int i = d; i < scales.length; i += targets) {
        locations[i] = Doubles.nearestFinite(shift[d] + scale[d] * locations[i]);
        setScale(i, scales[i] * factor, logScales[i] + logFactor);
      }
    }
  }

  @Override
  public void changeTemperature(double tau) {
    multiplyScales(Math.sqrt(tau));
  }

  final void multiplyScales(double factor) {
    double logFactor = Math.log(factor);
    for (int i = 0; i < scales.length; i++) {
      setScale(i, scales[i] * factor, logScales[i] + logFactor);
    }
  }

  /** Sets a scale; one that is no positive, finite double to the nearest that is. */
  final void setScale(int i, double scale, double logScale) {
    boolean fits = scale > 0 && scale <= Double.MAX_VALUE;
    scales[i] = fits ? scale : scale > 0 ? Double.MAX_VALUE : Double.MIN_VALUE;
    logScales[i] = fits ? logScale : Math.log(scales[i]);
  }
}
