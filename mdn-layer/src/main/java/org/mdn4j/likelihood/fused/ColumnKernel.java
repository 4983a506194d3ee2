/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.Gaussian;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;

/**
 * The score and gradient of a block of FLOAT rows of a Gaussian mixture, in double, by the formulas
 * of {@link RowKernel}, for ordinary rows: Σ_k (10⁻¹² z_k² + Σ_d (½ t_kd² + log σ_kd)) &lt; 10¹²
 * (the atoms' logits count as z_k do). For the others the result means nothing; NaN and infinities
 * are among them.
 *
 * <p>Arrays hold columns, entry n for row n, and each innermost loop does the same for every row,
 * without a branch, index arithmetic or {@code Math.max}: that is what C2 of JDK 17 turns into
 * vector instructions. max(a, b) is therefore b + ½ ((a − b) + |a − b|), which for ordinary rows is
 * off by at most 4 · 10⁻⁴, and whatever is near the maximum will do for the shift. Loops stand in
 * methods of their own, which C2 compiles each on its own.
 */
abstract class ColumnKernel {
  private static final double ORDINARY = 1e12;

  /**
   * A weight of less than exp(−70) counts as 0. It changes no FLOAT result, but in the gradient it
   * could be a denormal number, and each of those slows DL4J's matrix products with the gradient.
   */
  private static final double LOWEST = -70;

  private static final double NEGLIGIBLE = Exponential.of(LOWEST);

  /** Where the search for a maximum starts. */
  private static final double BELOW_ORDINARY = -2 * ORDINARY;

  final MixtureSpec spec;
  private final Limits limits;
  private final BoundColumns bounds; // or null
  private final AtomShares shares; // or null
  private final boolean truncated;

  // [columns][rows]: inputs; afterwards the gradient
  final double[][] logits;
  final double[][] locations;
  final double[][] scales;
  final double[][] atoms; // [A][rows]
  // [D][rows]: inputs
  final double[][] labels;
  final double[][] observed;
  final double[][] score; // [1][rows]: output

  private final double[][] joint; // [K][rows]
  // [rows]
  private final double[] size; // what is to be below ORDINARY
  final double[] count; // observed targets
  private final double[] largestLogit;
  private final double[] largestJoint;
  private final double[] priorSum;
  private final double[] posteriorSum;
  final double[] sum; // scratch: of one component over its targets
  private final double[] ratio; // scratch

  ColumnKernel(MixtureSpec spec, Limits limits, int rows) {
    this.spec = spec;
    this.limits = limits;
    this.truncated = spec.truncation().isPresent();
    this.bounds = spec.bounds().isPresent() ? BoundColumns.of(spec, limits, rows) : null;
    logits = new double[spec.components()][rows];
    locations = new double[spec.columns().locations().width()][rows];
    scales = new double[spec.columns().scales().width()][rows];
    atoms = new double[spec.columns().atoms().width()][rows];
    shares = atoms.length == 0 ? null : new AtomShares(spec);
    labels = new double[spec.targets()][rows];
    observed = new double[spec.targets()][rows];
    score = new double[1][rows];
    joint = new double[spec.components()][rows];
    size = new double[rows];
    count = new double[rows];
    largestLogit = new double[rows];
    largestJoint = new double[rows];
    priorSum = new double[rows];
    posteriorSum = new double[rows];
    sum = new double[rows];
    ratio = new double[rows];
  }

  /** Returns whether there is a kernel of a form of output; of others rows are taken one by one. */
  static boolean covers(MixtureSpec spec) {
    return spec.family() == ComponentFamily.GAUSSIAN
        && !spec.sharedScales()
        && spec.fixedScales().isEmpty()
        && spec.scaleTransform() == ScaleTransform.EXP;
  }

  /** Returns the kernel of a form of output that is covered. */
  static ColumnKernel of(MixtureSpec spec, Limits limits, int rows) {
    return spec.covariance() == Covariance.FULL
        ? new FullColumnKernel(spec, limits, rows)
        : new IndependentColumnKernel(spec, limits, rows);
  }

  /**
   * Sets a label. An interval, and any label of a truncation, is set to NaN, so that its row is
   * none of the ordinary ones.
   */
  final void setLabel(int target, int row, double lower, double upper) {
    labels[target][row] = lower == upper && !truncated ? lower : Double.NaN;
  }

  /** Returns whether the last {@link #score} and {@link #gradient} are right for a row. */
  boolean isOrdinary(int row) {
    return size[row] < ORDINARY;
  }

  /** Computes the scores of the block. */
  void score(int rows) {
    for (double[] zero : new double[][] {size, count, priorSum, posteriorSum}) {
      Arrays.fill(zero, 0, rows, 0);
    }
    Arrays.fill(largestLogit, 0, rows, BELOW_ORDINARY);
    Arrays.fill(largestJoint, 0, rows, BELOW_ORDINARY);
    for (double[] column : observed) {
      add(column, count, rows);
    }
    for (double[] column : logits) {
      raise(largestLogit, column, size, rows);
    }
    for (int k = 0; k < joint.length; k++) {
      if (bounds != null) {
        bounds.apply(k, locations, scales, size, rows);
      }
      Arrays.fill(sum, 0, rows, 0);
      energy(k, rows);
      join(logits[k], largestLogit, sum, joint[k], largestJoint, size, rows);
      weights(logits[k], largestLogit, priorSum, rows);
    }
    for (double[] column : joint) {
      weights(column, largestJoint, posteriorSum, rows);
    }
    for (int n = 0; n < rows; n++) {
      score[0][n] =
          count[n] * Gaussian.HALF_LOG_TWO_PI
              - largestJoint[n]
              - Math.log(posteriorSum[n] / priorSum[n]);
    }
    if (shares != null) {
      joinAtoms(rows);
    }
  }

  /** Adds the atoms to the score. Leaves in their columns their gradient. */
  private void joinAtoms(int rows) {
    for (double[] column : atoms) {
      addSize(column, size, rows);
    }
    for (int n = 0; n < rows; n++) {
      shares.parts[0] = largestLogit[n] + Math.log(priorSum[n]);
      for (int a = 0; a < atoms.length; a++) {
        shares.parts[1 + a] = atoms[a][n];
      }
      score[0][n] = shares.score(score[0][n], labels[0][n], labels[0][n], observed[0][n]);
      for (int a = 0; a < atoms.length; a++) {
        atoms[a][n] = orZero(shares.parts[1 + a]);
      }
      // What the gradient takes a component's prior and posterior weight by.
      priorSum[n] /= orZero(shares.prior);
      posteriorSum[n] /= orZero(shares.posterior);
    }
  }

  /** Returns a number, 0 for one so small that it makes denormal numbers. */
  private static double orZero(double x) {
    return Math.abs(x) < NEGLIGIBLE ? 0 : x;
  }

  private static void addSize(double[] x, double[] size, int rows) {
    for (int n = 0; n < rows; n++) {
      size[n] += 1 / ORDINARY * x[n] * x[n];
    }
  }

  /** Computes the gradient, after {@link #score}. */
  void gradient(int rows) {
    invert(priorSum, rows);
    invert(posteriorSum, rows);
    for (int k = 0; k < joint.length; k++) {
      logitGradient(joint[k], posteriorSum, logits[k], priorSum, rows);
      differentiate(k, joint[k], rows);
      if (bounds != null) {
        bounds.pullBack(k, locations, scales, rows);
      }
    }
  }

  /**
   * Adds a component's energy, without ½ log 2π for each observed target, to {@link #sum}. Leaves
   * in the component's columns what {@link #differentiate} needs.
   */
  abstract void energy(int k, int rows);

  /** Writes w times the energy's derivatives into the component's columns. */
  abstract void differentiate(int k, double[] w, int rows);

  private static void add(double[] x, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += x[n];
    }
  }

  private static void invert(double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] = 1 / x[n];
    }
  }

  private static void raise(double[] max, double[] x, double[] size, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = x[n] - max[n];
      max[n] += 0.5 * (above + Math.abs(above));
      size[n] += 1 / ORDINARY * x[n] * x[n];
    }
  }

  /** Computes x = exp(x − max), which is added to the sum. */
  private static void weights(double[] x, double[] max, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = x[n] - max[n] - LOWEST;
      double w = Exponential.of(0.5 * (above + Math.abs(above)) + LOWEST) - NEGLIGIBLE;
      x[n] = w;
      sum[n] += w;
    }
  }

  private static void join(
      double[] logit,
      double[] largestLogit,
      double[] energy,
      double[] joint,
      double[] largestJoint,
      double[] size,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double j = logit[n] - largestLogit[n] - energy[n];
      double above = j - largestJoint[n];
      joint[n] = j;
      largestJoint[n] += 0.5 * (above + Math.abs(above));
      size[n] += energy[n];
    }
  }

  private static void logitGradient(
      double[] posterior, double[] normalizer, double[] prior, double[] priorNormalizer, int rows) {
    for (int n = 0; n < rows; n++) {
      double w = posterior[n] * normalizer[n];
      posterior[n] = w;
      prior[n] = prior[n] * priorNormalizer[n] - w;
    }
  }

  /** Computes s = 1 / σ, where σ = exp(s) + f, and adds weight · log σ to the sum. */
  void invertScales(double[] s, double[] weight, int rows) {
    if (spec.scaleFloor() == 0) {
      invertScales(limits, s, weight, sum, rows);
    } else {
      invertScales(limits, spec.scaleFloor(), s, weight, sum, ratio, rows);
    }
  }

  private static void invertScales(
      Limits limits, double[] s, double[] weight, double[] logSigma, int rows) {
    double low = limits.minScaleParameter();
    double high = limits.maxScaleParameter();
    for (int n = 0; n < rows; n++) {
      double above = s[n] - low;
      double below = high - low - 0.5 * (above + Math.abs(above));
      double negative = 0.5 * (below + Math.abs(below)) - high;
      s[n] = Exponential.of(negative);
      logSigma[n] -= negative * weight[n];
    }
  }

  /**
   * Computes the same with a floor: with E = exp(s), log σ = log max(E, f) + log(1 + min(E, f) /
   * max(E, f)).
   */
  private static void invertScales(
      Limits limits,
      double floor,
      double[] s,
      double[] weight,
      double[] logSigma,
      double[] ratio,
      int rows) {
    double logFloor = Math.log(floor);
    clamp(limits.minScaleParameter(), limits.maxScaleParameter(), s, rows);
    for (int n = 0; n < rows; n++) {
      double above = s[n] - logFloor;
      logSigma[n] += weight[n] * (0.5 * (above + Math.abs(above)) + logFloor);
      s[n] = Exponential.of(s[n]);
    }
    addFloor(floor, s, ratio, rows);
    for (int n = 0; n < rows; n++) {
      logSigma[n] += weight[n] * Series.logOfRatio(ratio[n]);
    }
  }

  private static void clamp(double low, double high, double[] s, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = s[n] - low;
      double below = high - low - 0.5 * (above + Math.abs(above));
      s[n] = high - 0.5 * (below + Math.abs(below));
    }
  }

  /** Computes e = 1 / (e + f), and z with 1 + min(e, f) / max(e, f) = (1 + z) / (1 − z). */
  private static void addFloor(double floor, double[] e, double[] z, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = e[n] - floor;
      double larger = floor + 0.5 * (above + Math.abs(above));
      double smaller = e[n] + floor - larger;
      double sigma = larger + smaller;
      double inverse = 1 / (sigma * (larger + sigma));
      z[n] = smaller * sigma * inverse;
      e[n] = (larger + sigma) * inverse;
    }
  }
}
