/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import org.apache.commons.numbers.gamma.RegularizedBeta;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.TSampler;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.SpecialFunctions;

/** Student's t components with ν_k degrees of freedom: log g = c(ν) − ((ν + 1)/2) log(1 + u²/ν). */
final class StudentTs extends LocationScale {
  /** Below it a number may have lost digits, and a tail is taken by its logarithm. */
  private static final double TINY = 1e-290;

  private static final double MIDDLE = 0.5;

  private final double[] degrees; // [K]
  private final double[] constants; // [K], c(ν)

  /**
   * Takes arrays that are known to be right, without copying.
   *
   * @param degrees ν, {@code [K]}; zeros where they are still to be read
   */
  StudentTs(
      int targets, double[] locations, double[] scales, double[] logScales, double[] degrees) {
    super(targets, locations, scales, logScales);
    this.degrees = degrees;
    this.constants = new double[degrees.length];
    setConstants();
  }

  private void setConstants() {
    for (int k = 0; k < degrees.length; k++) {
      constants[k] =
          k > 0 && degrees[k] == degrees[k - 1]
              ? constants[k - 1]
              : SpecialFunctions.studentTConstant(degrees[k]);
    }
  }

  @Override
  StudentTs with(int targets, double[] locations, double[] scales, double[] logScales) {
    return new StudentTs(
        targets, locations, scales, logScales, Arrays.copyOf(degrees, locations.length / targets));
  }

  @Override
  ComponentFamily family() {
    return ComponentFamily.STUDENT_T;
  }

  @Override
  double degreesOfFreedom(int k) {
    return degrees[k];
  }

  private double nu(int i) {
    return degrees[i / targets];
  }

  @Override
  double logStandardDensity(int i, double u) {
    double nu = nu(i);
    double w = Math.abs(u) / Math.sqrt(nu);
    return constants[i / targets] - (nu + 1) / 2 * logOnePlusSquare(w);
  }

  /** log(1 + w²), w ≥ 0, also where w² overflows. */
  private static double logOnePlusSquare(double w) {
    return w < 1e8 ? Math.log1p(w * w) : 2 * Math.log(w);
  }

  /** −(ν + 1) u / (ν + u²). */
  @Override
  double standardScore(int i, double u) {
    double nu = nu(i);
    return Math.abs(u) < 1 ? -(nu + 1) * u / (nu + u * u) : -(nu + 1) / (u + nu / u);
  }

  /** (ν + 1) (u² − ν) / (u² + ν)². */
  @Override
  double standardScoreSlope(int i, double u) {
    double nu = nu(i);
    if (Math.abs(u) < 1) {
      return (nu + 1) * (u * u - nu) / (u * u + nu) / (u * u + nu);
    }
    double ratio = nu / u / u;
    return (nu + 1) / u / u * (1 - ratio) / (1 + ratio) / (1 + ratio);
  }

  /** g'' = 0 at u² = ν/(ν + 2), g''' = 0 at 0 and u² = 3ν/(ν + 2). */
  @Override
  double[] standardBends(int i) {
    double near = Math.sqrt(nu(i) / (nu(i) + 2));
    double far = Math.sqrt(3) * near;
    return new double[] {-far, -near, 0, near, far};
  }

  /** By the incomplete beta function: P(U &gt; u) = ½ I_x(ν/2, ½) with x = ν/(ν + u²), u ≥ 0. */
  @Override
  double upperTail(int i, double u) {
    if (u < 0) {
      return 1 - upperTail(i, -u);
    }
    double nu = nu(i);
    double square = u * u;
    if (square < nu) {
      double y = square / (nu + square); // 1 − x
      return u < MIDDLE
          ? 0.5 - 0.5 * RegularizedBeta.value(y, 0.5, nu / 2)
          : 0.5 * RegularizedBeta.complement(y, 0.5, nu / 2);
    }
    double ratio = nu / u / u;
    return ratio < TINY
        ? Math.exp(logFarTail(i, u))
        : 0.5 * RegularizedBeta.value(ratio / (1 + ratio), nu / 2, 0.5);
  }

  @Override
  double logUpperTail(int i, double u) {
    double tail = upperTail(i, u);
    return tail > TINY ? Math.log(tail) : logFarTail(i, u);
  }

  /**
   * log of ½ I_x(ν/2, ½) by its continued fraction (Abramowitz and Stegun, 26.5.8), where x is far
   * from 1 and it converges fast:
   *
   * <pre>
   *   ½ I_x(a, ½) = x^a √(1 − x) / (2 a B(a, ½)) · F,   log 1/(2 a B(a, ½)) = c(ν) − ½ log ν
   * </pre>
   */
  private double logFarTail(int i, double u) {
    if (u == Double.POSITIVE_INFINITY) {
      return Double.NEGATIVE_INFINITY;
    }
    double nu = nu(i);
    double constant = constants[i / targets];
    double w = u / Math.sqrt(nu);
    double logX = -logOnePlusSquare(w);
    double logRest = -logOnePlusSquare(1 / w); // log(1 − x)
    double fraction = betaFraction(nu / 2, 0.5, Math.exp(logX));
    return nu / 2 * logX + 0.5 * logRest + constant - 0.5 * Math.log(nu) + Math.log(fraction);
  }

  /**
   * Lentz' evaluation of 1/(1 + d₁/(1 + d₂/(1 + …))). By commons-numbers' continued fractions,
   * which make an object of each term, it takes two to six times as long and as many lines.
   */
  private static double betaFraction(double a, double b, double x) {
    double c = 1;
    double d = 1 / (1 - (a + b) / (a + 1) * x);
    double fraction = d;
    for (int m = 1; m < 100_000; m++) {
      double even = m * (b - m) / (a + 2 * m - 1) / (a + 2 * m) * x;
      d = 1 / (1 + even * d);
      c = 1 + even / c;
      fraction *= d * c;
      double odd = -(a + m) / (a + 2 * m) * ((a + b + m) / (a + 2 * m + 1)) * x;
      d = 1 / (1 + odd * d);
      c = 1 + odd / c;
      fraction *= d * c;
      if (Math.abs(d * c - 1) < 1e-15) {
        break;
      }
    }
    return fraction;
  }

  /** The root of log P(U &gt; u) = log q in log u; ∞ where u is beyond all doubles. */
  @Override
  double upperQuantile(int i, double q) {
    if (q == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double middle = (0.5 - q) / Math.exp(constants[i / targets]); // by the density at 0, too small
    if (middle < 1e-9 * Math.sqrt(nu(i) / (nu(i) + 1))) {
      return middle;
    }
    double logQ = Math.log(q);
    RootSearch search =
        new RootSearch() {
          @Override
          double value(double logU) {
            double u = Math.exp(logU);
            double logTail = logUpperTail(i, u);
            slope = Math.exp(logStandardDensity(i, u) + logU - logTail);
            return logQ - logTail;
          }
        };
    search.tolerance = 1e-15 * (1 - logQ);
    double largest = Math.log(Double.MAX_VALUE);
    return logUpperTail(i, Double.MAX_VALUE) > logQ
        ? Double.POSITIVE_INFINITY
        : Math.exp(search.find(Math.log(middle) - 1e-9, largest, start(i, middle, logQ)));
  }

  /**
   * A point near the root: where g(u) falls as u^(−ν − 1) from 0 on, but not much beyond the normal
   * distribution's √(−2 log q); RootSearch mends the rest.
   */
  private double start(int i, double middle, double logQ) {
    double nu = nu(i);
    double power = (constants[i / targets] + (nu - 1) / 2 * Math.log(nu) - logQ) / nu;
    double normal = 0.5 * Math.log(Math.max(1, -2 * logQ)) + 1;
    return Math.max(Math.log(middle), Math.min(power, normal));
  }

  @Override
  double coreOfUnit(int i) {
    return Math.min(1, Math.sqrt(nu(i)));
  }

  @Override
  boolean hasMean(int k) {
    return degrees[k] > 1;
  }

  @Override
  double mean(int i) {
    require(i, 1, "The mean");
    return super.mean(i);
  }

  /** √(ν/(ν − 2)). */
  @Override
  double standardDeviationOfUnit(int i) {
    require(i, 2, "The variance");
    return Math.sqrt(nu(i) / (nu(i) - 2));
  }

  private void require(int i, int least, String question) {
    if (!(nu(i) > least)) {
      throw new UnsupportedOperationException(
          "%s of Student's t exists for more than %d degrees of freedom, component %d has %s; ask"
                  .formatted(question, least, i / targets, nu(i))
              + " for quantiles instead");
    }
  }

  /** ((ν + 1)/2) (ψ((ν + 1)/2) − ψ(ν/2)) − c(ν), with ν c'(ν) in place of the digammas. */
  @Override
  double entropyOfUnit(int i) {
    double slope = SpecialFunctions.studentTConstantSlope(nu(i));
    return (nu(i) + 1) / nu(i) * (slope + 0.5) - constants[i / targets];
  }

  @Override
  double crps(double[] weights, double y) {
    for (int k = 0; k < count; k++) {
      if (weights[k] > 0) {
        require(k, 1, "The CRPS");
      }
    }
    return super.crps(weights, y);
  }

  @Override
  Sampler sampler(UniformRandomProvider random) {
    return (k, into, offset) -> {
      TSampler unit = TSampler.of(random, degrees[k]);
      for (int d = 0; d < targets; d++) {
        int i = k * targets + d;
        into[offset + d] = locations[i] + scales[i] * unit.sample();
      }
    };
  }

  @Override
  Mixture.RawReader reader(MixtureSpec spec) {
    Mixture.RawReader reader = super.reader(spec);
    int first = spec.degreesOfFreedomColumns().from();
    if (!spec.learnsDegreesOfFreedom()) {
      Arrays.fill(degrees, spec.degreesOfFreedom().orElseThrow());
      setConstants();
      return reader;
    }
    return (raw, row) -> {
      reader.read(raw, row);
      for (int k = 0; k < count; k++) {
        degrees[k] = spec.degreesOfFreedom(raw[row + first + k]);
      }
      setConstants();
    };
  }

  @Override
  void read(Components others, int k) {
    super.read(others, k);
    StudentTs that = (StudentTs) others;
    System.arraycopy(that.degrees, 0, degrees, k, that.count);
    System.arraycopy(that.constants, 0, constants, k, that.count);
  }
}
