/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.mdn4j.Arguments.require;
import static org.mdn4j.numerics.SpecialFunctions.besselRatio;
import static org.mdn4j.numerics.SpecialFunctions.logBesselI0Scaled;
import static org.mdn4j.numerics.SpecialFunctions.logBesselI0ScaledSlope;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.numerics.RootSearch;

/**
 * Von Mises components over angles in radians, with mean direction μ and, as their scale parameter,
 * the concentration κ: log f = −2 κ sin²((y − μ)/2) − log(exp(−κ) I₀(κ)) − log 2π.
 *
 * <p>Angles are the same modulo 2π: the density has this period. Where an order is needed, for
 * probabilities and quantiles, they are those in [−π, π).
 *
 * <p>Source: K. V. Mardia and P. E. Jupp, <i>Directional Statistics</i> (2000), sections 2.3 and
 * 3.5.4.
 */
public final class VonMises extends IndependentTargets implements PairDistances.OfTargets {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** Angles up to here have lost no more than a few roundings. */
  private static final double FEW_TURNS = 32;

  /** Chords v = 2 √κ sin(δ/2), which for large κ are standard deviations. */
  private static final double[] CHORDS = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  private static final int MOST_REJECTIONS = 1000;

  private final double[] directions; // [K·D], the locations in [−π, π)
  private final double[] logBessel; // [K·D], log(exp(−κ) I₀(κ))

  VonMises(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
    this.directions = new double[locations.length];
    this.logBessel = new double[scales.length];
    setDirections();
    setLogBessel();
  }

  private void setDirections() {
    Arrays.setAll(directions, i -> wrapped(locations[i]));
  }

  private void setLogBessel() {
    for (int i = 0; i < scales.length; i++) {
      logBessel[i] =
          i > 0 && scales[i] == scales[i - 1] ? logBessel[i - 1] : logBesselI0Scaled(scales[i]);
    }
  }

  @Override
  public VonMises with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new VonMises(targets, locations, scales, logScales);
  }

  @Override
  public LogMass logMass() {
    throw new UnsupportedOperationException(
        "Angles have no intervals with a lower and an upper side, VON_MISES components no log"
            + " probabilities of them");
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.VON_MISES;
  }

  @Override
  public double lowest() {
    return -Math.PI;
  }

  @Override
  public double highest() {
    return Math.PI;
  }

  /** Returns the same angle in [−π, π); many turns are taken off by the sine, which knows π. */
  public static double wrapped(double angle) {
    double turned =
        Math.abs(angle) < FEW_TURNS
            ? Math.IEEEremainder(angle, 2 * Math.PI)
            : Math.atan2(Math.sin(angle), Math.cos(angle));
    return turned < Math.PI ? turned : -Math.PI;
  }

  /** Returns y − μ, but for turns; of the location itself exactly 0. */
  private double from(int i, double y) {
    return (Math.abs(y) <= Math.PI ? y : wrapped(y)) - directions[i];
  }

  @Override
  public double logDensity(int i, double y) {
    if (Double.isInfinite(y)) {
      return Double.NEGATIVE_INFINITY;
    }
    double sine = Math.sin(0.5 * from(i, y));
    return -2 * (scales[i] * sine * sine) - logBessel[i] - LOG_TWO_PI;
  }

  /** Returns 1/√κ. */
  @Override
  public double unit(int i) {
    return 1 / Math.sqrt(scales[i]);
  }

  @Override
  public double logUnit(int i) {
    return -0.5 * logScales[i];
  }

  @Override
  public double unitScore(int i, double y) {
    return -Math.sqrt(scales[i]) * Math.sin(from(i, y));
  }

  @Override
  public double unitScoreSlope(int i, double y) {
    return -Math.cos(from(i, y));
  }

  /** Returns 1, since cos'' is at least −1. */
  @Override
  public double unitPrecision(int i, double y) {
    return 1;
  }

  @Override
  public double mode(int i) {
    return directions[i];
  }

  @Override
  public double center(int k, int d) {
    return directions[place(k, d)];
  }

  @Override
  public VonMises seenFrom(double... anchor) {
    double[] seen = directions.clone();
    for (int i = 0; i < seen.length; i++) {
      seen[i] -= anchor[i % targets];
    }
    return with(targets, seen, scales, logScales);
  }

  /**
   * Returns the bends: f'' = 0 at 2 κ c = −1 + √(1 + 4κ²) with c = cos(y − μ), and f''' = 0 at
   * sin(y − μ) = 0 and 2 κ c = −3 + √(5 + 4κ²), unless that is below −1; on three turns.
   */
  @Override
  public double[] bends(int i) {
    double kappa = scales[i];
    double nearRoot = Math.hypot(1, 2 * kappa);
    double farRoot = Math.hypot(Math.sqrt(5), 2 * kappa);
    // 2 κ (1 − c), without cancellation
    double near = 1 - 1 / (nearRoot + 2 * kappa);
    double far = 3 - 5 / (farRoot + 2 * kappa);
    return DoubleStream.of(0, near, far, 4 * kappa)
        .filter(excess -> excess <= 4 * kappa)
        .map(excess -> 2 * Math.asin(Math.min(1, Math.sqrt(excess / kappa) / 2)))
        .flatMap(angle -> DoubleStream.of(-angle, angle))
        .flatMap(angle -> DoubleStream.of(angle - 2 * Math.PI, angle, angle + 2 * Math.PI))
        .map(angle -> mode(i) + angle)
        .sorted()
        .distinct()
        .toArray();
  }

  /** Adds edges on two turns, as a turn may start somewhere in the first one. */
  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    DoubleStream.Builder angles = DoubleStream.builder();
    angles.add(-Math.PI).add(Math.PI).add(directions[i]);
    for (double chord : CHORDS) {
      double angle = 2 * Math.asin(Math.min(1, 0.5 * chord / Math.sqrt(scales[i])));
      angles.add(wrapped(directions[i] - angle)).add(wrapped(directions[i] + angle));
    }
    angles.build().forEach(angle -> edges.add(angle).add(angle + 2 * Math.PI));
  }

  @Override
  public double logCdf(int i, double y) {
    return logProbability(i, -Math.PI, y);
  }

  @Override
  public double logSurvival(int i, double y) {
    return logProbability(i, y, Math.PI);
  }

  /** Returns log P(from &lt; Y ≤ to) of the angle in [−π, π). */
  private double logProbability(int i, double from, double to) {
    double mu = mode(i);
    double lower = Math.max(-Math.PI, from);
    double upper = Math.min(Math.PI, to);
    return logArc(i, lower - mu, upper - mu, upper - lower);
  }

  /** Returns log P of an arc, given its ends less μ and its width; see {@link VonMisesArc#log}. */
  public double logArc(int i, double from, double to, double width) {
    double log = VonMisesArc.log(scales[i], from, to, width);
    return Math.min(0, log - (logBessel[i] + LOG_TWO_PI));
  }

  @Override
  public void quantiles(double p, double[] into) {
    Arrays.setAll(into, k -> quantile(k, p, false));
  }

  @Override
  public void survivalQuantiles(double q, double[] into) {
    Arrays.setAll(into, k -> quantile(k, q, true));
  }

  private double quantile(int k, double p, boolean upper) {
    if (p == 0 || p == 1) {
      return upper == (p == 0) ? Math.PI : -Math.PI;
    }
    int sign = upper ? -1 : 1;
    RootSearch search =
        new RootSearch() {
          {
            tolerance = 1e-15 * (4 - Math.log(p));
          }

          @Override
          protected double value(double y) {
            double logTail = upper ? logSurvival(k, y) : logCdf(k, y);
            slope = Math.exp(logDensity(k, y) - logTail);
            return sign * (logTail - Math.log(p));
          }
        };
    return search.find(-Math.PI, Math.PI, mode(k));
  }

  /** Returns the mean direction. */
  @Override
  public double mean(int i) {
    return directions[i];
  }

  /** Returns √(−2 log R) with the mean resultant length R = I₁(κ)/I₀(κ). */
  @Override
  public double standardDeviation(int i) {
    return Math.sqrt(variance(lack(i), besselRatio(scales[i])));
  }

  /** Returns −2 log R from 1 − R or, where that has lost the digits, from R. */
  private static double variance(double lack, double length) {
    return lack < 0.5 ? -2 * Math.log1p(-lack) : -2 * Math.log(length);
  }

  /** Returns 1 − I₁(κ)/I₀(κ). */
  private double lack(int i) {
    return scales[i] == 0 ? 1 : -logBesselI0ScaledSlope(scales[i]) / scales[i];
  }

  @Override
  public double mean(double[] weights, int d) {
    double[] moment = moment(weights, d);
    return Math.atan2(moment[1], moment[0]);
  }

  /** Returns E[exp(i y)]. */
  private double[] moment(double[] weights, int d) {
    double[] moment = new double[2];
    for (int k = 0; k < count; k++) {
      int i = place(k, d);
      double length = weights[k] * besselRatio(scales[i]);
      moment[0] += length * Math.cos(directions[i]);
      moment[1] += length * Math.sin(directions[i]);
    }
    return moment;
  }

  /** Returns −2 log R, with 1 − R a sum of what the components lack of 1 in the mean direction. */
  @Override
  public double covariance(double[] weights, int d, int e) {
    if (d != e) {
      throw new UnsupportedOperationException(
          "Angles have a circular variance each and no covariance; ask for variance()");
    }
    double[] moment = moment(weights, d);
    double mean = Math.atan2(moment[1], moment[0]);
    double sum = 0;
    for (int k = 0; k < count; k++) {
      int i = place(k, d);
      double sine = Math.sin(0.5 * (directions[i] - mean));
      sum += weights[k] * (lack(i) + (1 - lack(i)) * 2 * sine * sine);
    }
    return variance(sum, Math.hypot(moment[0], moment[1]));
  }

  /** Returns log 2π + log I₀(κ) − κ I₁(κ)/I₀(κ). */
  @Override
  public double entropyOfTarget(int i) {
    return LOG_TWO_PI + logBessel[i] - logBesselI0ScaledSlope(scales[i]);
  }

  /**
   * Returns log I₀(κ_j) − log I₀(κ_i) + A(κ_i) (κ_i − κ_j cos δ), with δ the difference of the
   * directions; written so that large κ do not cancel.
   */
  @Override
  public double divergenceOfTarget(int i, IndependentTargets other, int j) {
    double sine = Math.sin(0.5 * (directions[i] - ((VonMises) other).directions[j]));
    double slope = logBesselI0ScaledSlope(scales[i]);
    double apart = lack(i) + (1 - lack(i)) * 2 * sine * sine; // 1 − A cos δ
    double constants = ((VonMises) other).logBessel[j] - logBessel[i] + slope;
    return Math.max(0, constants + other.scales[j] * apart);
  }

  /** Returns ½ log I₀(κ_i) + ½ log I₀(κ_j) − log I₀(R), R = ½ |κ_i exp(iμ_i) + κ_j exp(iμ_j)|. */
  @Override
  public double bhattacharyyaOfTarget(int i, int j) {
    double cosine = Math.cos(0.5 * (directions[i] - directions[j]));
    double sine = Math.sin(0.5 * (directions[i] - directions[j]));
    double half = 0.5 * scales[i] + 0.5 * scales[j];
    // R² = ¼ (κ_i + κ_j)² cos² + ¼ (κ_i − κ_j)² sin² of half the angle
    double length = Math.hypot(half * cosine, (0.5 * scales[i] - 0.5 * scales[j]) * sine);
    double least = Math.min(scales[i], scales[j]);
    double most = Math.max(scales[i], scales[j]);
    double excess = half == 0 ? 0 : least * sine * sine * (most / (half + length)); // … − R
    double constants = 0.5 * logBessel[i] + 0.5 * logBessel[j] - logBesselI0Scaled(length);
    return Math.max(0, constants + excess);
  }

  @Override
  public double difference(double a, double b) {
    return wrapped(a - b);
  }

  /** Returns for one target the arc, so that the energy score is the circular CRPS; else chords. */
  @Override
  public double distance(double[] a, double[] b) {
    if (a.length == 1) {
      return Math.abs(wrapped(a[0] - b[0]));
    }
    double squares = 0;
    for (int d = 0; d < a.length; d++) {
      double chord = 2 * Math.sin(0.5 * (a[d] - b[d]));
      squares += chord * chord;
    }
    return Math.sqrt(squares);
  }

  @Override
  public double largest(int k) {
    return 0;
  }

  @Override
  boolean isTargetDegenerate(int i) {
    return unit(i) < Math.ulp(directions[i]);
  }

  /** Returns P(lower &lt; Y ≤ upper) of the angle in [−π, π), right in relative terms. */
  public double probability(int i, double lower, double upper) {
    double width = Math.min(Math.PI, upper) - Math.max(-Math.PI, lower);
    return width > 0 ? Math.exp(logProbability(i, lower, upper)) : 0;
  }

  /**
   * Creates a sampler by rejection from a wrapped Cauchy distribution, with half angles so that no
   * κ is too large. Source: D. J. Best and N. I. Fisher, <i>Efficient simulation of the von Mises
   * distribution</i>, Applied Statistics 28 (1979).
   */
  @Override
  public Sampler sampler(UniformRandomProvider random) {
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        int i = place(k, d);
        into[offset + d] = wrapped(directions[i] + deviation(scales[i], random));
      }
    };
  }

  private static double deviation(double kappa, UniformRandomProvider random) {
    double inverse = 0.5 / kappa;
    if (Double.isInfinite(inverse)) {
      return Math.PI * (2 * random.nextDouble() - 1);
    }
    double excess = inverse + inverse * (inverse / (1 + Math.hypot(1, inverse))); // r − 1
    double narrowing = Math.sqrt(excess / (2 + excess)); // (1 − ρ)/(1 + ρ)
    double angle = 0;
    for (int i = 0; i < MOST_REJECTIONS; i++) { // of which two in three are accepted
      double tangent = narrowing * Math.tan(Math.PI * (random.nextDouble() - 0.5)); // of θ/2
      double square = tangent * tangent;
      double c = kappa * (excess + 2 * (square / (1 + square))); // κ (r − cos θ)
      double u = 1 - random.nextDouble();
      angle = 2 * Math.atan(tangent);
      if (Math.log(c / u) + 1 - c >= 0) {
        break;
      }
    }
    return angle;
  }

  @Override
  public RawReader reader(MixtureSpec spec) {
    RawReader reader = super.reader(spec);
    return (raw, row) -> {
      reader.read(raw, row);
      setDirections();
      setLogBessel();
    };
  }

  @Override
  public void read(Components others, int k) {
    super.read(others, k);
    VonMises that = (VonMises) others;
    System.arraycopy(that.directions, 0, directions, k * targets, that.directions.length);
    System.arraycopy(that.logBessel, 0, logBessel, k * targets, that.logBessel.length);
  }

  @Override
  public void requireUnits(double[] shift, double[] scale) {
    for (int d = 0; d < targets; d++) {
      require(
          Math.abs(scale[d]) == 1,
          "Angles in radians can be turned and mirrored: expected a scale of 1 or -1, got %s at"
              + " target %d",
          scale[d],
          d);
    }
  }

  @Override
  public void changeUnits(double[] shift, double[] scale) {
    for (int i = 0; i < locations.length; i++) {
      locations[i] = wrapped(shift[i % targets] + scale[i % targets] * directions[i]);
    }
    setDirections();
  }

  @Override
  public void changeTemperature(double tau) {
    double logTau = Math.log(tau);
    for (int i = 0; i < scales.length; i++) {
      setScale(i, scales[i] / tau, logScales[i] - logTau);
    }
    setLogBessel();
  }
}
