/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.AhrensDieterMarsagliaTsangGammaSampler;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.TSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.numerics.SpecialFunctions;
import org.mdn4j.numerics.StudentTail;

/**
 * Student's t components with ν_k degrees of freedom: log g = c(ν) − ((ν + 1)/2) log(1 + u²/ν).
 * Where ν is small, their tails hold probability far beyond all doubles u; there it is the
 * logarithm of u that is asked.
 */
public final class StudentTs extends LocationScale {
  /** Where edges of panels end; what may lie beyond is asked in closed form. */
  public static final double FURTHEST = 0x1p1000;

  public static final double LOG_FURTHEST = Math.log(FURTHEST);

  private static final double LOG_WIDEST = Math.log(4);

  /** Below it a sample u may be beyond all doubles while σu is not. */
  private static final double FEW = 0.1;

  private final StudentTail[] tails; // [K], one object where ν is the same

  /**
   * Takes arrays that are known to be right, without copying.
   *
   * @param degrees ν, {@code [K]}; zeros where they are still to be read
   */
  public StudentTs(
      int targets, double[] locations, double[] scales, double[] logScales, double[] degrees) {
    this(targets, locations, scales, logScales, new StudentTail[degrees.length]);
    for (int k = 0; k < degrees.length; k++) {
      setDegrees(k, degrees[k]);
    }
  }

  private StudentTs(
      int targets, double[] locations, double[] scales, double[] logScales, StudentTail[] tails) {
    super(targets, locations, scales, logScales);
    this.tails = tails;
  }

  private void setDegrees(int k, double nu) {
    boolean asBefore = k > 0 && tails[k - 1].degrees() == nu;
    tails[k] = asBefore ? tails[k - 1] : new StudentTail(nu);
  }

  @Override
  public StudentTs with(int targets, double[] locations, double[] scales, double[] logScales) {
    StudentTail[] copy = Arrays.copyOf(tails, locations.length / targets);
    Arrays.fill(copy, Math.min(tails.length, copy.length), copy.length, tails[0]);
    return new StudentTs(targets, locations, scales, logScales, copy);
  }

  @Override
  public LogMass logMass() {
    return LogMass.studentT();
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.STUDENT_T;
  }

  @Override
  public double degreesOfFreedom(int k) {
    return tails[k].degrees();
  }

  public StudentTail tail(int i) {
    return tails[i / targets];
  }

  private double nu(int i) {
    return tail(i).degrees();
  }

  /** Returns σ √(ν/(ν + 1)), in which the curvature at the mode is 1. */
  @Override
  public double unit(int i) {
    return scales[i] * Math.sqrt(nu(i) / (nu(i) + 1));
  }

  @Override
  public double logUnit(int i) {
    return logScales[i] + 0.5 * (Math.log(nu(i)) - Math.log1p(nu(i)));
  }

  /** Returns whether u is beyond all doubles while y is not. */
  private boolean isBeyond(int i, double y) {
    return Double.isInfinite(standardized(i, y)) && !Double.isInfinite(y);
  }

  /** Returns log |u| of such a u. */
  private double logBeyond(int i, double y) {
    return Math.log(Math.abs(0.5 * y - 0.5 * locations[i])) + Math.log(2) - logScales[i];
  }

  @Override
  public double logDensity(int i, double y) {
    return isBeyond(i, y)
        ? tail(i).logFarDensity(logBeyond(i, y)) - logScales[i]
        : super.logDensity(i, y);
  }

  @Override
  double logStandardDensity(int i, double u) {
    return tail(i).logDensity(u);
  }

  /** Returns u/√ν. */
  private double w(int i, double y) {
    return standardized(i, y) / Math.sqrt(nu(i));
  }

  /** Returns −√(ν + 1) w/(1 + w²) with w = u/√ν. */
  @Override
  public double unitScore(int i, double y) {
    double w = w(i, y);
    return -Math.sqrt(nu(i) + 1) * (Math.abs(w) < 1 ? w / (1 + w * w) : 1 / (w + 1 / w));
  }

  /** Returns (w² − 1)/(1 + w²)². */
  @Override
  public double unitScoreSlope(int i, double y) {
    double square = w(i, y) * w(i, y);
    return square <= 1
        ? (square - 1) / (1 + square) / (1 + square)
        : (1 - 1 / square) / (1 + 1 / square) / (1 + 1 / square) / square;
  }

  /** Returns 1/(1 + w²). */
  @Override
  public double unitPrecision(int i, double y) {
    return 1 / (1 + w(i, y) * w(i, y));
  }

  /** Returns the bends: g'' = 0 at u² = ν/(ν + 2), g''' = 0 at 0 and u² = 3ν/(ν + 2). */
  @Override
  double[] standardBends(int i) {
    double near = Math.sqrt(nu(i) / (nu(i) + 2));
    double far = Math.sqrt(3) * near;
    return new double[] {-far, -near, 0, near, far};
  }

  @Override
  double upperTail(int i, double u) {
    return tail(i).upperTail(u);
  }

  @Override
  double logUpperTail(int i, double u) {
    return tail(i).logUpperTail(u);
  }

  @Override
  public double logCdf(int i, double y) {
    return isBeyond(i, y) ? logFarTail(i, y, y < locations[i]) : super.logCdf(i, y);
  }

  @Override
  public double logSurvival(int i, double y) {
    return isBeyond(i, y) ? logFarTail(i, y, y > locations[i]) : super.logSurvival(i, y);
  }

  @Override
  public double cdf(int i, double y) {
    return isBeyond(i, y) ? Math.exp(logCdf(i, y)) : super.cdf(i, y);
  }

  @Override
  public double survival(int i, double y) {
    return isBeyond(i, y) ? Math.exp(logSurvival(i, y)) : super.survival(i, y);
  }

  /** Returns the log of what is beyond y, or of the rest. */
  private double logFarTail(int i, double y, boolean beyond) {
    double log = tail(i).logFarTail(logBeyond(i, y));
    return beyond ? log : Math.log1p(-Math.exp(log));
  }

  @Override
  double upperQuantile(int i, double q) {
    return Math.exp(tail(i).logUpperQuantile(q));
  }

  @Override
  double upperDistance(int i, double q) {
    double logU = tail(i).logUpperQuantile(q);
    double distance = scales[i] * Math.exp(logU);
    return Double.isInfinite(distance) ? Math.exp(logU + logScales[i]) : distance;
  }

  @Override
  public void addEdges(int i, DoubleStream.Builder edges) {
    addEdges(i, 0, edges);
  }

  /** Adds edges by logarithms of distances from μ, up to {@link #FURTHEST}. */
  @Override
  public void addEdges(int i, double reach, DoubleStream.Builder edges) {
    edges.add(locations[i]);
    double logCore = logScales[i] + 0.5 * Math.min(0, Math.log(nu(i)));
    double before = logCore;
    for (double q : TAILS) {
      double edge = tail(i).logUpperQuantile(q) + logScales[i];
      before = addEdges(i, before, Math.max(before, edge), edges);
    }
    addEdges(i, before, Math.log(reach), edges);
  }

  /** Panels as wide as this times their distance from μ are fine enough for the heaviest tails. */
  private double addEdges(int i, double from, double to, DoubleStream.Builder edges) {
    double last = Math.min(to, LOG_FURTHEST);
    for (double log = from + LOG_WIDEST; log < last; log += LOG_WIDEST) {
      addBothSides(i, Math.exp(log), edges);
    }
    if (last > from) {
      addBothSides(i, Math.exp(last), edges);
    }
    return Math.max(from, last);
  }

  private void addBothSides(int i, double distance, DoubleStream.Builder edges) {
    edges.add(locations[i] - distance).add(locations[i] + distance);
  }

  /** Returns so many that {@link #FURTHEST} is far from all locations, in scales. */
  @Override
  public int headroom() {
    return 64;
  }

  @Override
  public boolean hasMean(int k) {
    return degreesOfFreedom(k) > 1;
  }

  @Override
  public double mean(int i) {
    require(i, 1, "The mean");
    return super.mean(i);
  }

  /** Returns √(ν/(ν − 2)). */
  @Override
  double standardDeviationOfUnit(int i) {
    require(i, 2, "The variance");
    return 1 / Math.sqrt(1 - 2 / nu(i));
  }

  private void require(int i, int least, String question) {
    if (!(nu(i) > least)) {
      throw new UnsupportedOperationException(
          "%s of Student's t exists for more than %s degrees of freedom, component %s has %s; ask"
                  .formatted(question, least, i / targets, nu(i))
              + " for quantiles instead");
    }
  }

  /** Returns ((ν + 1)/2) (ψ((ν + 1)/2) − ψ(ν/2)) − c(ν), with ν c'(ν) in place of the digammas. */
  @Override
  double entropyOfUnit(int i) {
    double slope = SpecialFunctions.studentTConstantSlope(nu(i)) + 0.5;
    return slope + slope / nu(i) - tail(i).constant();
  }

  @Override
  public StudentTs pair(int i, IndependentTargets other, int j) {
    StudentTs pair = (StudentTs) super.pair(i, other, j);
    pair.tails[0] = tail(i);
    pair.tails[1] = ((StudentTs) other).tail(j);
    return pair;
  }

  @Override
  public boolean hasEnergyScore(double[] weights) {
    return leastDegrees(weights) > 0.5;
  }

  /** Returns the least ν of the components that have weight. */
  public double leastDegrees(double[] weights) {
    return IntStream.range(0, count)
        .filter(k -> weights[k] > 0)
        .mapToDouble(this::degreesOfFreedom)
        .min()
        .orElseThrow();
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    ContinuousSampler normal = ZigguratSampler.NormalizedGaussian.of(random);
    return (k, into, offset) -> {
      double nu = degreesOfFreedom(k);
      ContinuousSampler unit = nu < FEW ? null : TSampler.of(random, nu);
      for (int d = 0; d < targets; d++) {
        int i = place(k, d);
        double step = unit == null ? farStep(i, nu, normal, random) : scales[i] * unit.sample();
        into[offset + d] = locations[i] + step;
      }
    };
  }

  /**
   * Draws σ Z/√(2 G/ν) by logarithms, where G = G' V^(2/ν) with G' of the shape 1 + ν/2, V uniform.
   */
  private double farStep(int i, double nu, ContinuousSampler normal, UniformRandomProvider random) {
    double z = normal.sample();
    double g = AhrensDieterMarsagliaTsangGammaSampler.of(random, 1 + nu / 2, 1).sample();
    double logPower = 2 * Math.log(1 - random.nextDouble()) / nu; // of V^(2/ν)
    double logSize = Math.log(Math.abs(z)) + 0.5 * (Math.log(nu) - Math.log(2 * g) - logPower);
    return Math.signum(z) * Math.exp(logSize + logScales[i]);
  }

  @Override
  public RawReader reader(MixtureSpec spec) {
    RawReader reader = super.reader(spec);
    int first = spec.columns().degreesOfFreedom().from();
    if (!spec.learnsDegreesOfFreedom()) {
      for (int k = 0; k < count; k++) {
        setDegrees(k, spec.degreesOfFreedom().orElseThrow());
      }
      return reader;
    }
    return (raw, row) -> {
      reader.read(raw, row);
      for (int k = 0; k < count; k++) {
        setDegrees(k, spec.degreesOfFreedom(raw[row + first + k]));
      }
    };
  }

  @Override
  public void read(Components others, int k) {
    super.read(others, k);
    StudentTs that = (StudentTs) others;
    System.arraycopy(that.tails, 0, tails, k, that.count);
  }
}
