/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.distribution.Mixture.require;
import static org.mdn4j.numerics.SpecialFunctions.besselRatio;
import static org.mdn4j.numerics.SpecialFunctions.logBesselI0Scaled;
import static org.mdn4j.numerics.SpecialFunctions.logBesselI0ScaledSlope;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;

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
final class VonMises extends IndependentTargets {
  private static final double LOG_TWO_PI = Math.log(2 * Math.PI);

  /** Chords v = 2 √κ sin(δ/2), which for large κ are standard deviations. */
  private static final double[] CHORDS = {1, 2, 3, 4, 5, 6, 7, 8, 9};

  private final double[] logBessel; // [K·D], log(exp(−κ) I₀(κ))

  VonMises(int targets, double[] locations, double[] scales, double[] logScales) {
    super(targets, locations, scales, logScales);
    this.logBessel = new double[scales.length];
    setLogBessel();
  }

  private void setLogBessel() {
    for (int i = 0; i < scales.length; i++) {
      logBessel[i] =
          i > 0 && scales[i] == scales[i - 1] ? logBessel[i - 1] : logBesselI0Scaled(scales[i]);
    }
  }

  @Override
  VonMises with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new VonMises(targets, locations, scales, logScales);
  }

  @Override
  ComponentFamily family() {
    return ComponentFamily.VON_MISES;
  }

  @Override
  Interval support() {
    return new Interval(-Math.PI, Math.PI);
  }

  /** The same angle in [−π, π). */
  static double wrapped(double angle) {
    double turned = Math.IEEEremainder(angle, 2 * Math.PI);
    return turned < Math.PI ? turned : -Math.PI;
  }

  @Override
  double logDensity(int i, double y) {
    double sine = Math.sin(0.5 * (y - locations[i]));
    double exponent = Double.isInfinite(y) ? Double.POSITIVE_INFINITY : 2 * scales[i] * sine * sine;
    return -exponent - logBessel[i] - LOG_TWO_PI;
  }

  @Override
  double score(int i, double y) {
    return -scales[i] * Math.sin(y - locations[i]);
  }

  @Override
  double scoreSlope(int i, double y) {
    return -scales[i] * Math.cos(y - locations[i]);
  }

  /** κ, since cos'' is at least −1. */
  @Override
  double precision(int i, double y) {
    return scales[i];
  }

  @Override
  double mode(int i) {
    return wrapped(locations[i]);
  }

  /**
   * f'' = 0 at 2 κ c = −1 + √(1 + 4κ²) with c = cos(y − μ), and f''' = 0 at sin(y − μ) = 0 and 2 κ
   * c = −3 ± √(5 + 4κ²); on three turns.
   */
  @Override
  double[] bends(int i) {
    double kappa = scales[i];
    double nearRoot = Math.hypot(1, 2 * kappa);
    double farRoot = Math.hypot(Math.sqrt(5), 2 * kappa);
    // 2 κ (1 − c), without cancellation
    double near = 1 - 1 / (nearRoot + 2 * kappa);
    double far = 3 - 5 / (farRoot + 2 * kappa);
    double opposite = 2 * kappa + 3 + farRoot;
    return DoubleStream.of(0, near, far, opposite, 4 * kappa)
        .filter(excess -> 0 <= excess && excess <= 4 * kappa)
        .map(excess -> 2 * Math.asin(Math.min(1, Math.sqrt(excess / kappa) / 2)))
        .flatMap(angle -> DoubleStream.of(-angle, angle))
        .flatMap(angle -> DoubleStream.of(angle - 2 * Math.PI, angle, angle + 2 * Math.PI))
        .map(angle -> mode(i) + angle)
        .sorted()
        .distinct()
        .toArray();
  }

  @Override
  void addEdges(int i, DoubleStream.Builder edges) {
    edges.add(-Math.PI).add(Math.PI).add(wrapped(locations[i]));
    for (double chord : CHORDS) {
      double angle = 2 * Math.asin(Math.min(1, 0.5 * chord / Math.sqrt(scales[i])));
      edges.add(wrapped(locations[i] - angle)).add(wrapped(locations[i] + angle));
    }
  }

  @Override
  double logCdf(int i, double y) {
    return logProbability(i, -Math.PI, y);
  }

  @Override
  double logSurvival(int i, double y) {
    return logProbability(i, y, Math.PI);
  }

  /** log P(from &lt; Y ≤ to) of the angle in [−π, π). */
  private double logProbability(int i, double from, double to) {
    double mu = mode(i);
    double lower = Math.max(-Math.PI, from);
    double upper = Math.min(Math.PI, to);
    double log = VonMisesArc.log(scales[i], lower - mu, upper - mu, upper - lower);
    log -= logBessel[i] + LOG_TWO_PI;
    return Math.min(0, log);
  }

  @Override
  void quantiles(double p, double[] into) {
    Arrays.setAll(into, k -> quantile(k, p, false));
  }

  @Override
  void survivalQuantiles(double q, double[] into) {
    Arrays.setAll(into, k -> quantile(k, q, true));
  }

  private double quantile(int k, double p, boolean upper) {
    if (p == 0 || p == 1) {
      return upper == (p == 0) ? Math.PI : -Math.PI;
    }
    int sign = upper ? -1 : 1;
    RootSearch search =
        new RootSearch() {
          @Override
          double value(double y) {
            double logTail = upper ? logSurvival(k, y) : logCdf(k, y);
            slope = Math.exp(logDensity(k, y) - logTail);
            return sign * (logTail - Math.log(p));
          }
        };
    search.tolerance = 1e-15 * (4 - Math.log(p));
    return search.find(-Math.PI, Math.PI, wrapped(locations[k]));
  }

  /** The mean direction. */
  @Override
  double mean(int i) {
    return wrapped(locations[i]);
  }

  /** √(−2 log R) with the mean resultant length R = I₁(κ)/I₀(κ). */
  @Override
  double standardDeviation(int i) {
    return Math.sqrt(-2 * Math.log1p(-lack(i)));
  }

  /** 1 − I₁(κ)/I₀(κ). */
  private double lack(int i) {
    return scales[i] == 0 ? 1 : -logBesselI0ScaledSlope(scales[i]) / scales[i];
  }

  @Override
  double mean(double[] weights, int d) {
    double x = 0;
    double y = 0;
    for (int k = 0; k < count; k++) {
      int i = k * targets + d;
      double length = weights[k] * besselRatio(scales[i]);
      x += length * Math.cos(locations[i]);
      y += length * Math.sin(locations[i]);
    }
    return Math.atan2(y, x);
  }

  /** −2 log R, with 1 − R a sum of what the components lack of 1 in the mean direction. */
  @Override
  double covariance(double[] weights, int d, int e) {
    if (d != e) {
      throw new UnsupportedOperationException(
          "Angles have a circular variance each and no covariance; ask for variance()");
    }
    double mean = mean(weights, d);
    double sum = 0;
    for (int k = 0; k < count; k++) {
      int i = k * targets + d;
      double sine = Math.sin(0.5 * (locations[i] - mean));
      sum += weights[k] * (lack(i) + (1 - lack(i)) * 2 * sine * sine);
    }
    return -2 * Math.log1p(-Math.min(1, sum));
  }

  /** log 2π + log I₀(κ) − κ I₁(κ)/I₀(κ). */
  @Override
  double entropyOfTarget(int i) {
    return LOG_TWO_PI + logBessel[i] - logBesselI0ScaledSlope(scales[i]);
  }

  /**
   * log I₀(κ_j) − log I₀(κ_i) + A(κ_i) (κ_i − κ_j cos δ), with δ the difference of the directions;
   * written so that large κ do not cancel.
   */
  @Override
  double divergenceOfTarget(int i, IndependentTargets other, int j) {
    double sine = Math.sin(0.5 * (locations[i] - other.locations[j]));
    double slope = logBesselI0ScaledSlope(scales[i]);
    double apart = lack(i) + (1 - lack(i)) * 2 * sine * sine; // 1 − A cos δ
    double constants = ((VonMises) other).logBessel[j] - logBessel[i] + slope;
    return Math.max(0, constants + other.scales[j] * apart);
  }

  /** ½ log I₀(κ_i) + ½ log I₀(κ_j) − log I₀(R), R = ½ |κ_i exp(iμ_i) + κ_j exp(iμ_j)|. */
  @Override
  double bhattacharyyaOfTarget(int i, int j) {
    double cosine = Math.cos(0.5 * (locations[i] - locations[j]));
    double sine = Math.sin(0.5 * (locations[i] - locations[j]));
    double sum = scales[i] + scales[j];
    // (κ_i + κ_j)² cos² + (κ_i − κ_j)² sin² of half the angle
    double twice = Math.hypot(sum * cosine, (scales[i] - scales[j]) * sine);
    double excess = // (κ_i + κ_j)/2 − R
        sum == 0 ? 0 : 2 * (scales[i] * sine) * (scales[j] * sine) / (sum + twice);
    double constants = 0.5 * logBessel[i] + 0.5 * logBessel[j] - logBesselI0Scaled(0.5 * twice);
    return Math.max(0, constants + excess);
  }

  @Override
  double difference(double a, double b) {
    return wrapped(a - b);
  }

  /** For one target the arc, so that the energy score is the circular CRPS; else chords. */
  @Override
  double distance(double[] a, double[] b) {
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
  double crps(double[] weights, double y) {
    return CircularScore.crps(weights, locations, scales, y);
  }

  @Override
  double[][] modes(double[] logWeights) {
    if (targets == 1) {
      double[] extrema = Extrema.aroundCircle(logWeights, this);
      return IntStream.range(0, extrema.length / 2)
          .mapToDouble(m -> wrapped(extrema[2 * m + 1]))
          .sorted()
          .mapToObj(mode -> new double[] {mode})
          .toArray(double[][]::new);
    }
    double[][] modes = super.modes(logWeights);
    for (double[] mode : modes) {
      Arrays.setAll(mode, d -> wrapped(mode[d]));
    }
    return modes;
  }

  /** Turned so that the density is least at ±π, the circle is like a line. */
  @Override
  List<List<Interval>> regions(double[] logWeights, double[] weights, double[] levels) {
    double[] extrema = Extrema.aroundCircle(logWeights, this);
    double turn = -Math.PI - extrema[0];
    VonMises turned = (VonMises) copy();
    turned.changeUnits(new double[] {turn}, new double[] {1});
    double[] inner = Arrays.stream(extrema).skip(1).map(y -> y + turn).toArray();
    return HighestDensity.regions(logWeights, weights, turned, inner, levels).stream()
        .map(region -> turnedBack(region, turn))
        .toList();
  }

  private static List<Interval> turnedBack(List<Interval> region, double turn) {
    List<Interval> back = new ArrayList<>();
    for (Interval interval : region) {
      double lower = wrapped(interval.lower() - turn);
      double upper = lower + interval.width();
      if (upper <= Math.PI) {
        back.add(new Interval(lower, upper));
      } else { // across the seam
        back.add(new Interval(lower, Math.PI));
        back.add(new Interval(-Math.PI, upper - 2 * Math.PI));
      }
    }
    back.sort(Comparator.comparingDouble(Interval::lower));
    return back;
  }

  /**
   * Rejection from a wrapped Cauchy distribution, with half angles so that no κ is too large.
   * Source: D. J. Best and N. I. Fisher, <i>Efficient simulation of the von Mises distribution</i>,
   * Applied Statistics 28 (1979).
   */
  @Override
  Sampler sampler(UniformRandomProvider random) {
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        int i = k * targets + d;
        into[offset + d] = wrapped(locations[i] + deviation(scales[i], random));
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
    while (true) {
      double tangent = narrowing * Math.tan(Math.PI * (random.nextDouble() - 0.5)); // of θ/2
      double square = tangent * tangent;
      double c = kappa * (excess + 2 / (1 + 1 / square)); // κ (r − cos θ)
      double u = 1 - random.nextDouble();
      if (Math.log(c / u) + 1 - c >= 0) {
        return 2 * Math.atan(tangent);
      }
    }
  }

  @Override
  Mixture.RawReader reader(MixtureSpec spec) {
    Mixture.RawReader reader = super.reader(spec);
    return (raw, row) -> {
      reader.read(raw, row);
      setLogBessel();
    };
  }

  @Override
  void read(Components others, int k) {
    super.read(others, k);
    double[] those = ((VonMises) others).logBessel;
    System.arraycopy(those, 0, logBessel, k * targets, those.length);
  }

  @Override
  void requireUnits(double[] shift, double[] scale) {
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
  void changeUnits(double[] shift, double[] scale) {
    for (int i = 0; i < locations.length; i++) {
      locations[i] = wrapped(shift[i % targets] + scale[i % targets] * locations[i]);
    }
  }

  @Override
  void changeTemperature(double tau) {
    multiplyScales(1 / tau);
    setLogBessel();
  }
}
