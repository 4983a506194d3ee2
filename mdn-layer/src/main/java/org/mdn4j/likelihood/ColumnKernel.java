/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import org.mdn4j.MixtureSpec;

/**
 * Score and gradient of a block of FLOAT rows of a Gaussian mixture, in double, by the formulas of
 * {@link RowKernel}, for ordinary rows: Σ_k (10⁻¹² z_k² + Σ_d t_kd²) &lt; 10¹². For the others the
 * result means nothing; NaN and infinities are among them.
 *
 * <p>Arrays hold columns, entry n for row n, and each innermost loop does the same for every row,
 * without a branch, index arithmetic or {@code Math.max}: that is what C2 of JDK 17 turns into
 * vector instructions. max(a, b) is therefore b + ½ ((a − b) + |a − b|), which for ordinary rows is
 * off by at most 2 · 10⁻⁴, and whatever is near the maximum will do for the shift. Loops stand in
 * methods of their own, which C2 compiles each on its own.
 */
final class ColumnKernel {
  private static final double ORDINARY = 1e12;

  /**
   * A weight of less than exp(−70) counts as 0. It changes no FLOAT result, but in the gradient it
   * could be a denormal number, and each of those slows DL4J's matrix products with the gradient.
   */
  private static final double LOWEST = -70;

  private static final double NEGLIGIBLE = exponentialOf(LOWEST);

  private final MixtureSpec spec;
  private final Limits limits;

  // [columns][rows]: inputs; afterwards the gradient
  final double[][] logits;
  final double[][] locations;
  final double[][] scales;
  // [D][rows]: inputs
  final double[][] labels;
  final double[][] observed;
  final double[][] score; // [1][rows]: output

  private final double[][] joint; // [K][rows]
  private final double[][] energy; // [K][rows]: Σ_d t²
  // [rows]
  private final double[] size; // what is to be below ORDINARY
  private final double[] count; // observed targets
  private final double[] largest;
  private final double[] priorSum;
  private final double[] posteriorSum;
  private final double[] rounded; // scratch of Exponential

  ColumnKernel(MixtureSpec spec, Limits limits, int rows) {
    this.spec = spec;
    this.limits = limits;
    logits = new double[spec.components()][rows];
    locations = new double[spec.locationColumns().width()][rows];
    scales = new double[spec.scaleColumns().width()][rows];
    labels = new double[spec.targets()][rows];
    observed = new double[spec.targets()][rows];
    score = new double[1][rows];
    joint = new double[spec.components()][rows];
    energy = new double[spec.components()][rows];
    size = new double[rows];
    count = new double[rows];
    largest = new double[rows];
    priorSum = new double[rows];
    posteriorSum = new double[rows];
    rounded = new double[rows];
  }

  /** Whether the last {@link #score} and {@link #gradient} are right for a row. */
  boolean isOrdinary(int row) {
    return size[row] < ORDINARY;
  }

  /** Scores the block. */
  void score(int rows) {
    for (double[] sum : new double[][] {size, count, priorSum, posteriorSum}) {
      Arrays.fill(sum, 0, rows, 0);
    }
    for (double[] column : observed) {
      add(column, count, rows);
    }
    priors(rows);
    for (int k = 0; k < joint.length; k++) {
      inverseScales(k, rows);
      Arrays.fill(energy[k], 0, rows, 0);
      for (int d = 0; d < spec.targets(); d++) {
        double[] inverse = scales[spec.scalesPerComponent() == 1 ? k : k * spec.targets() + d];
        double[] location = locations[k * spec.targets() + d];
        standardize(labels[d], observed[d], location, inverse, energy[k], rows);
      }
      subtractEnergy(joint[k], energy[k], size, rows);
    }
    posteriors(rows);
    for (int n = 0; n < rows; n++) {
      score[0][n] =
          count[n] * RowKernel.HALF_LOG_TWO_PI
              - largest[n]
              - Math.log(posteriorSum[n] / priorSum[n]);
    }
  }

  /** Differentiates, after {@link #score}. */
  void gradient(int rows) {
    boolean shared = spec.scalesPerComponent() == 1;
    double floor = spec.scaleFloor();
    invert(priorSum, rows);
    invert(posteriorSum, rows);
    for (int k = 0; k < joint.length; k++) {
      weights(joint[k], posteriorSum, logits[k], priorSum, rows);
      for (int d = 0; d < spec.targets(); d++) {
        double[] location = locations[k * spec.targets() + d];
        if (shared) {
          locationGradient(joint[k], scales[k], location, rows);
        } else {
          double[] scale = scales[k * spec.targets() + d];
          gradients(joint[k], observed[d], floor, scale, location, rows);
        }
      }
      if (shared) {
        scaleGradient(joint[k], count, energy[k], floor, scales[k], rows);
      }
    }
  }

  /** joint = z − max z, logits = exp(z − max z). */
  private void priors(int rows) {
    System.arraycopy(logits[0], 0, largest, 0, rows);
    for (double[] column : logits) {
      addSquares(column, 1 / ORDINARY, size, rows);
      raise(largest, column, rows);
    }
    for (int k = 0; k < joint.length; k++) {
      subtract(logits[k], largest, joint[k], rows);
      shift(logits[k], largest, rows);
      Exponential.apply(logits[k], rounded, rows);
      addExcess(logits[k], priorSum, rows);
    }
  }

  /** joint = exp(joint − max joint). */
  private void posteriors(int rows) {
    System.arraycopy(joint[0], 0, largest, 0, rows);
    for (double[] column : joint) {
      raise(largest, column, rows);
    }
    for (double[] column : joint) {
      shift(column, largest, rows);
      Exponential.apply(column, rounded, rows);
      addExcess(column, posteriorSum, rows);
    }
  }

  /** scales = 1 / σ, joint −= Σ_d log σ. */
  private void inverseScales(int k, int rows) {
    int perComponent = spec.scalesPerComponent();
    for (int j = 0; j < perComponent; j++) {
      double[] column = scales[k * perComponent + j];
      double[] weight = perComponent == 1 ? count : observed[j];
      negateWithin(column, limits.minScaleParameter(), limits.maxScaleParameter(), rows);
      if (spec.scaleFloor() == 0) {
        addProduct(column, weight, joint[k], rows);
        Exponential.apply(column, rounded, rows);
      } else {
        negate(column, rows);
        Exponential.apply(column, rounded, rows);
        addFloor(column, spec.scaleFloor(), weight, joint[k], rows);
      }
    }
  }

  private static double exponentialOf(double x) {
    double[] value = {x};
    Exponential.apply(value, new double[1], 1);
    return value[0];
  }

  private static void add(double[] x, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += x[n];
    }
  }

  private static void addSquares(double[] x, double factor, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += factor * x[n] * x[n];
    }
  }

  private static void addProduct(double[] x, double[] y, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      sum[n] += x[n] * y[n];
    }
  }

  private static void subtract(double[] x, double[] by, double[] difference, int rows) {
    for (int n = 0; n < rows; n++) {
      difference[n] = x[n] - by[n];
    }
  }

  private static void negate(double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] = -x[n];
    }
  }

  private static void invert(double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] = 1 / x[n];
    }
  }

  private static void raise(double[] max, double[] x, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = x[n] - max[n];
      max[n] += 0.5 * (above + Math.abs(above));
    }
  }

  private static void shift(double[] x, double[] by, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = x[n] - by[n] - LOWEST;
      x[n] = 0.5 * (above + Math.abs(above)) + LOWEST;
    }
  }

  private static void addExcess(double[] x, double[] sum, int rows) {
    for (int n = 0; n < rows; n++) {
      x[n] -= NEGLIGIBLE;
      sum[n] += x[n];
    }
  }

  private static void negateWithin(double[] x, double low, double high, int rows) {
    for (int n = 0; n < rows; n++) {
      double above = x[n] - low;
      double below = high - low - 0.5 * (above + Math.abs(above));
      x[n] = 0.5 * (below + Math.abs(below)) - high;
    }
  }

  private static void addFloor(
      double[] sigma, double floor, double[] weight, double[] joint, int rows) {
    for (int n = 0; n < rows; n++) {
      double floored = sigma[n] + floor;
      joint[n] -= weight[n] * Math.log(floored);
      sigma[n] = 1 / floored;
    }
  }

  private static void standardize(
      double[] y,
      double[] observed,
      double[] location,
      double[] inverse,
      double[] energy,
      int rows) {
    for (int n = 0; n < rows; n++) {
      double t = (y[n] - location[n]) * inverse[n] * observed[n];
      location[n] = t;
      energy[n] += t * t;
    }
  }

  private static void subtractEnergy(double[] joint, double[] energy, double[] size, int rows) {
    for (int n = 0; n < rows; n++) {
      joint[n] -= 0.5 * energy[n];
      size[n] += energy[n];
    }
  }

  private static void weights(
      double[] posterior, double[] normalizer, double[] prior, double[] priorNormalizer, int rows) {
    for (int n = 0; n < rows; n++) {
      double w = posterior[n] * normalizer[n];
      posterior[n] = w;
      prior[n] = prior[n] * priorNormalizer[n] - w;
    }
  }

  private static void locationGradient(double[] w, double[] inverse, double[] t, int rows) {
    for (int n = 0; n < rows; n++) {
      t[n] = -(w[n] * t[n]) * inverse[n];
    }
  }

  private static void scaleGradient(
      double[] w, double[] count, double[] energy, double floor, double[] inverse, int rows) {
    for (int n = 0; n < rows; n++) {
      inverse[n] = w[n] * (count[n] - energy[n]) * (1 - floor * inverse[n]);
    }
  }

  private static void gradients(
      double[] w, double[] observed, double floor, double[] inverse, double[] t, int rows) {
    for (int n = 0; n < rows; n++) {
      double u = t[n];
      double i = inverse[n];
      t[n] = -(w[n] * u) * i;
      inverse[n] = w[n] * (observed[n] - u * u) * (1 - floor * i);
    }
  }
}
