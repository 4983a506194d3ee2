/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.mdn4j.Gaussian.HALF_LOG_TWO_PI;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ContinuousSampler;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.OutputColumns;
import org.mdn4j.numerics.Doubles;

/**
 * Gaussian components over several targets, by the Cholesky factor L of the precision Λ = Σ⁻¹ = L
 * Lᵀ:
 *
 * <pre>
 *   log N = Σ_d log L_dd − (D/2) log 2π − ½ ‖Lᵀ (y − μ)‖²
 * </pre>
 *
 * <p>No matrix is inverted: marginals and conditionals come from rotations of L's rows ({@link
 * Triangle}), samples and covariances from substitution. D ≥ 2; a marginal or conditional over one
 * target is of {@link DiagonalGaussians}.
 */
public final class FullGaussians extends Components implements PairDistances {
  /** The squares of shorter ones, or longer ones than its inverse, come near overflow. */
  private static final double LEAST_LENGTH = 1e-70;

  /** Entries of L's diagonal whose inverses are doubles, too. */
  private static final double LEAST_ENTRY = 0x1p-1022;

  private final int targets;
  private final double[][] locations; // [K][D]
  private final double[][][] factors; // [K][D][D], L; zeros above the diagonal

  /**
   * Takes arrays that are known to be right, without copying.
   *
   * @param factors L, {@code [K][D][D]}, with a positive diagonal
   */
  public FullGaussians(double[][] locations, double[][][] factors) {
    this.targets = locations[0].length;
    this.locations = locations;
    this.factors = factors;
  }

  static FullGaussians blank(int components, int targets) {
    return new FullGaussians(
        new double[components][targets], new double[components][targets][targets]);
  }

  /** Returns components with these numbers, also over one target. */
  public static Components of(double[][] locations, double[][][] factors) {
    FullGaussians full = new FullGaussians(locations, factors);
    for (int k = 0; k < locations.length; k++) {
      for (int d = 0; d < full.targets; d++) {
        full.setFactor(k, d, d, factors[k][d][d]);
      }
    }
    if (full.targets > 1) {
      return full;
    }
    int components = locations.length;
    double[] means = new double[components];
    double[] scales = new double[components];
    double[] logScales = new double[components];
    for (int k = 0; k < components; k++) {
      means[k] = locations[k][0];
      scales[k] = 1 / factors[k][0][0];
      logScales[k] = -Math.log(factors[k][0][0]);
    }
    return new DiagonalGaussians(1, means, scales, logScales);
  }

  @Override
  public ComponentFamily family() {
    return ComponentFamily.GAUSSIAN;
  }

  @Override
  public int count() {
    return locations.length;
  }

  @Override
  public int targets() {
    return targets;
  }

  @Override
  public double logDensity(int k, double[] y) {
    double[][] factor = factors[k];
    double[] mean = locations[k];
    double sum = -targets * HALF_LOG_TWO_PI;
    for (int column = 0; column < targets; column++) {
      double w = 0;
      for (int row = column; row < targets; row++) {
        w += factor[row][column] * (y[row] - mean[row]);
      }
      sum += Math.log(factor[column][column]) - 0.5 * w * w;
    }
    // An infinite y makes ∞ − ∞ of some w.
    return Double.isNaN(sum) ? Double.NEGATIVE_INFINITY : sum;
  }

  private double[] fromMean(int k, double[] y) {
    return IntStream.range(0, targets).mapToDouble(d -> y[d] - locations[k][d]).toArray();
  }

  /** Adds the gradient −Λ (y − μ). */
  @Override
  public void addGradient(int k, double[] y, double weight, double[] unit, double[] gradient) {
    double[] w = Triangle.transposedProduct(factors[k], fromMean(k, y));
    for (int row = 0; row < targets; row++) {
      for (int column = 0; column <= row; column++) {
        gradient[row] -= weight * (unit[row] * factors[k][row][column]) * w[column];
      }
    }
  }

  @Override
  public void addHessian(int k, double[] y, double weight, double[] unit, double[][] hessian) {
    addPrecision(k, y, -weight, unit, hessian);
  }

  @Override
  public void addPrecision(int k, double[] y, double weight, double[] unit, double[][] precision) {
    for (int d = 0; d < targets; d++) {
      for (int e = 0; e < targets; e++) {
        for (int column = 0; column <= Math.min(d, e); column++) {
          precision[d][e] +=
              weight * (unit[d] * factors[k][d][column]) * (unit[e] * factors[k][e][column]);
        }
      }
    }
  }

  @Override
  public double length(int k, int d, double[] y) {
    double norm = 0;
    for (int column = 0; column <= d; column++) {
      norm = Math.hypot(norm, factors[k][d][column]);
    }
    return 1 / norm;
  }

  @Override
  public double largest(int k) {
    double largest = 0;
    for (int d = 0; d < targets; d++) {
      largest = Math.max(largest, Math.max(1 / factors[k][d][d], Math.abs(locations[k][d])));
    }
    return largest;
  }

  /** Returns the same by the deviation of each target where the others are known. */
  @Override
  public boolean isDegenerate(int k) {
    double[] mean = locations[k];
    return IntStream.range(0, targets).anyMatch(d -> length(k, d, mean) < Math.ulp(mean[d]));
  }

  @Override
  public FullGaussians seenFrom(double... anchor) {
    FullGaussians seen = (FullGaussians) copy();
    for (double[] location : seen.locations) {
      Arrays.setAll(location, d -> location[d] - anchor[d]);
    }
    return seen;
  }

  @Override
  public boolean needAnchors(double[] logWeights) {
    for (int k = 0; k < count(); k++) {
      for (int d = 0; d < targets; d++) {
        double length = length(k, d, locations[k]);
        if (!(LEAST_LENGTH < length && 1 / factors[k][d][d] < 1 / LEAST_LENGTH)
            || isNarrow(length, locations[k][d])) {
          return true;
        }
      }
    }
    return false;
  }

  @Override
  public double location(int k, int d) {
    return locations[k][d];
  }

  @Override
  public double scale(int k, int d) {
    throw new UnsupportedOperationException(
        "Components of full covariance have no scale per target; ask for covariances()");
  }

  @Override
  public double mean(int k, int d) {
    return locations[k][d];
  }

  @Override
  public boolean haveAnyMoments() {
    return true;
  }

  /** Correlations that rounding has made impossible are lessened until they are possible. */
  @Override
  public void setWide(int k, Components others, double[] weights, double widening) {
    double[] mean = locations[k];
    double[] deviation = new double[targets];
    double[][] correlation = new double[targets][targets];
    for (int d = 0; d < targets; d++) {
      mean[d] = others.mean(weights, d);
      deviation[d] = others.standardDeviation(weights, d, mean[d]);
      for (int e = 0; e < d; e++) {
        correlation[d][e] = others.correlation(weights, d, e, mean, deviation);
      }
      correlation[d][d] = 1;
    }
    double[][] factor = Triangle.precisionFactor(correlation);
    for (double less = 1e-14; factor == null; less = Math.min(1, 10 * less)) {
      for (int d = 0; d < targets; d++) {
        for (int e = 0; e < d; e++) {
          correlation[d][e] = less < 1 ? (1 - less) * correlation[d][e] : 0;
        }
      }
      factor = Triangle.precisionFactor(correlation);
    }
    for (int d = 0; d < targets; d++) {
      for (int column = 0; column <= d; column++) {
        setFactor(k, d, column, factor[d][column] / widening / deviation[d]);
      }
    }
  }

  @Override
  public double standardDeviation(int k, int d) {
    double norm = 0;
    for (double entry : inverseColumn(k, d)) {
      norm = Math.hypot(norm, entry);
    }
    return Double.isFinite(norm) && isOrdinary(k) ? norm : wideCovariance(k, d, d).root().value();
  }

  /** Returns whether no part of a covariance is below all doubles, so that it would be left out. */
  private boolean isOrdinary(int k) {
    for (int d = 0; d < targets; d++) {
      double entry = factors[k][d][d];
      if (!(LEAST_LENGTH < entry && entry < 1 / LEAST_LENGTH)) {
        return false;
      }
    }
    return true;
  }

  /** Returns an entry of (L Lᵀ)⁻¹ = L⁻ᵀ L⁻¹, of which this is the product of two columns of L⁻¹. */
  @Override
  public double covariance(int k, int d, int e) {
    double[] a = inverseColumn(k, d);
    double[] b = inverseColumn(k, e);
    double sum = 0;
    for (int i = 0; i < targets; i++) {
      sum += a[i] * b[i];
    }
    return Double.isFinite(sum) && isOrdinary(k) ? sum : wideCovariance(k, d, e).value();
  }

  @Override
  Wide wideCovariance(int k, int d, int e) {
    return Wide.product(
        Triangle.wideSolution(factors[k], unit(d)), Triangle.wideSolution(factors[k], unit(e)));
  }

  private double[] unit(int d) {
    double[] unit = new double[targets];
    unit[d] = 1;
    return unit;
  }

  /** Returns the x of L x = unit vector d. */
  private double[] inverseColumn(int k, int d) {
    double[] x = unit(d);
    Triangle.solve(factors[k], x);
    return x;
  }

  @Override
  public double cdf(double[] weights, double[] y) {
    throw new UnsupportedOperationException(
        "A joint cdf needs targets that are independent within a component, got full covariances;"
            + " ask the marginals, or samples");
  }

  @Override
  public double entropy(int k) {
    return targets * (HALF_LOG_TWO_PI + 0.5) - Triangle.sumOfLogDiagonal(factors[k], targets);
  }

  @Override
  public double klDivergence(int i, Components other, int j) {
    FullGaussians that = (FullGaussians) other;
    return FullPairs.klDivergence(locations[i], factors[i], that.locations[j], that.factors[j]);
  }

  @Override
  public double bhattacharyyaDistance(int i, int j) {
    return FullPairs.bhattacharyyaDistance(locations[i], factors[i], locations[j], factors[j]);
  }

  @Override
  public Sampler sampler(UniformRandomProvider random) {
    ContinuousSampler normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[] z = new double[targets];
    return (k, into, offset) -> {
      for (int d = 0; d < targets; d++) {
        z[d] = normal.sample();
      }
      Triangle.solveTransposed(factors[k], z);
      for (int d = 0; d < targets; d++) {
        into[offset + d] = locations[k][d] + z[d];
      }
    };
  }

  /** Puts the chosen targets last: their block of the factor is the factor of their marginal. */
  @Override
  public Components marginal(int[] chosen) {
    int[] others = remaining(targets, chosen);
    double[][][] newFactors = new double[count()][chosen.length][];
    double[][] newLocations = new double[count()][];
    for (int k = 0; k < count(); k++) {
      double[][] rows = new double[targets][];
      for (int d = 0; d < targets; d++) {
        int from = d < others.length ? others[d] : chosen[d - others.length];
        rows[d] = factors[k][from].clone();
      }
      Triangle.rotate(rows);
      for (int d = 0; d < chosen.length; d++) {
        newFactors[k][d] = Arrays.copyOfRange(rows[others.length + d], others.length, targets);
      }
      newLocations[k] = pick(locations[k], chosen);
    }
    return of(newLocations, newFactors);
  }

  private static double[] pick(double[] values, int[] chosen) {
    return IntStream.of(chosen).mapToDouble(d -> values[d]).toArray();
  }

  /**
   * Returns the rest's distribution: its precision is its rows of L times their transpose, A Aᵀ
   * after rotation. Its mean is μ − x with Aᵀ x = the first entries of Lᵀ (0, values − μ) in the
   * rotated axes.
   */
  @Override
  public Components conditional(int[] given, double[] values) {
    int[] rest = remaining(targets, given);
    double[][][] newFactors = new double[count()][rest.length][];
    double[][] newLocations = new double[count()][];
    for (int k = 0; k < count(); k++) {
      double[] y = locations[k].clone();
      for (int i = 0; i < given.length; i++) {
        y[given[i]] = values[i];
      }
      double[][] rows = new double[rest.length + 1][];
      for (int i = 0; i < rest.length; i++) {
        rows[i] = factors[k][rest[i]].clone();
      }
      Wide[] w = Triangle.wideTransposedProduct(factors[k], Wide.differences(y, locations[k]));
      long power = Wide.excess(w);
      rows[rest.length] = Wide.values(w, power);
      Triangle.rotate(rows);
      for (int i = 0; i < rest.length; i++) {
        newFactors[k][i] = Arrays.copyOf(rows[i], rest.length);
      }
      Wide[] x = Triangle.wideTransposedSolution(newFactors[k], rows[rest.length]);
      newLocations[k] = new double[rest.length];
      for (int i = 0; i < rest.length; i++) {
        Wide location = Wide.of(locations[k][rest[i]]).minus(x[i].shifted(power));
        newLocations[k][i] = Doubles.nearestFinite(location.value());
      }
    }
    return of(newLocations, newFactors);
  }

  @Override
  public Components blank(int components) {
    return blank(components, targets);
  }

  @Override
  public Components copy() {
    FullGaussians copy = blank(count(), targets);
    copy.read(this, 0);
    return copy;
  }

  @Override
  public RawReader reader(MixtureSpec spec) {
    OutputColumns columns = spec.columns();
    return (raw, row) -> {
      for (int k = 0; k < locations.length; k++) {
        System.arraycopy(raw, row + columns.location(k, 0), locations[k], 0, targets);
        for (int d = 0; d < targets; d++) {
          int entry = row + columns.cholesky(k, d, 0); // the first of its row of the factor
          System.arraycopy(raw, entry, factors[k][d], 0, d);
          factors[k][d][d] = 1 / spec.scale(-raw[entry + d]);
        }
      }
    };
  }

  @Override
  public void read(Components others, int k) {
    FullGaussians that = (FullGaussians) others;
    for (int i = 0; i < that.count(); i++) {
      System.arraycopy(that.locations[i], 0, locations[k + i], 0, targets);
      for (int d = 0; d < targets; d++) {
        System.arraycopy(that.factors[i][d], 0, factors[k + i][d], 0, targets);
      }
    }
  }

  /** Divides row d of L by scale_d; then columns change their sign where the diagonal did. */
  @Override
  public void changeUnits(double[] shift, double[] scale) {
    for (int k = 0; k < count(); k++) {
      for (int d = 0; d < targets; d++) {
        locations[k][d] = shift[d] + scale[d] * locations[k][d];
        for (int column = 0; column <= d; column++) {
          double sign = Math.signum(scale[column]);
          setFactor(k, d, column, sign * factors[k][d][column] / scale[d]);
        }
        locations[k][d] = Doubles.nearestFinite(locations[k][d]);
      }
    }
  }

  /**
   * Sets an entry of L; one that no double holds, or whose inverse none does, to the nearest that
   * is.
   */
  private void setFactor(int k, int row, int column, double value) {
    factors[k][row][column] =
        row == column
            ? Math.max(LEAST_ENTRY, Math.min(1 / LEAST_ENTRY, value))
            : Doubles.nearestFinite(value);
  }

  @Override
  public void changeTemperature(double tau) {
    double factor = 1 / Math.sqrt(tau);
    for (int k = 0; k < count(); k++) {
      for (int d = 0; d < targets; d++) {
        for (int column = 0; column <= d; column++) {
          setFactor(k, d, column, factors[k][d][column] * factor);
        }
      }
    }
  }
}
