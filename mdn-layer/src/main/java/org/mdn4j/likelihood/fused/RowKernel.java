/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import static org.mdn4j.Gaussian.HALF_LOG_TWO_PI;

import java.util.Arrays;
import org.mdn4j.BoundTransform;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.SameDiffLikelihood;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The score and gradient of one row of a mixture, to double's accuracy and whatever the row holds:
 * for DOUBLE, for other families than Gaussians, and for the few rows of FLOAT that {@link
 * ColumnKernel} leaves.
 *
 * <pre>
 *   joint_k = z_k − max z − energy_k,   energy_k = −log N_k − ½ D log 2π
 *   w_k     = softmax_k(joint)
 *   NLL     = ½ D log 2π − logsumexp_k(joint) + log Σ_k exp(z_k − max z)
 *   dL/dz_k = softmax_k(z) − w_k
 *   dL/dθ_k = w_k d energy_k / dθ_k       for a component's own parameters θ_k
 * </pre>
 *
 * <p>with D the number of observed targets. {@link AtomShares} says what atoms change.
 *
 * <p>Source: Bishop (1994), equations 35 to 38. {@link Limits} act as {@link SameDiffLikelihood}
 * says, and {@link BoundTransform} what bounds do. Not safe for use by several threads.
 */
abstract class RowKernel {
  final MixtureSpec spec;
  final Limits limits;
  final double halfSquareLimit;
  private final double[] prior; // [K]
  private final double[] joint; // [K]
  private final BoundTransform bounds; // or null
  private final BoundTransform floatBounds; // or null: bounds within FLOAT's limits
  private final double[] unbounded; // [P]
  private final AtomShares atoms; // or null
  private final double least; // below it a gradient is 0

  /** Returns the kernel of a form of output. */
  static RowKernel of(MixtureSpec spec, Limits limits) {
    if (spec.covariance() == Covariance.FULL) {
      return new FullRowKernel(spec, limits);
    }
    return ColumnKernel.covers(spec) && !spec.censored() && spec.truncation().isEmpty()
        ? new IndependentRowKernel(spec, limits)
        : new MassRowKernel(spec, limits);
  }

  RowKernel(MixtureSpec spec, Limits limits) {
    this.spec = spec;
    this.limits = limits;
    this.halfSquareLimit = limits.halfSquaredDistance(spec.targets());
    this.prior = new double[spec.components()];
    this.joint = new double[spec.components()];
    boolean bounded = spec.bounds().isPresent();
    this.bounds = bounded ? new BoundTransform(spec, limits) : null;
    this.floatBounds = bounded ? new BoundTransform(spec, Limits.of(DataType.FLOAT)) : null;
    this.unbounded = new double[bounded ? spec.parameterCount() : 0];
    this.atoms = spec.atoms().length == 0 ? null : new AtomShares(spec);
    boolean denormals = ColumnKernel.covers(spec) || !limits.equals(Limits.of(DataType.FLOAT));
    this.least = denormals ? 0 : Float.MIN_NORMAL;
  }

  /** Returns the limits that a row is read within. */
  Limits limits(double[] observed) {
    return limits;
  }

  /**
   * Computes the score and the gradient of a row.
   *
   * @param labels {@code [D]}, or {@code [2 D]} of intervals
   * @param observed {@code [D]} of ones and zeros
   * @param raw {@code [P]}; holds the gradient afterwards
   * @return the negative log-likelihood in nats; NaN, as the gradient, where the raw output has a
   *     NaN or an infinity
   */
  double scoreAndGradient(double[] labels, double[] observed, double[] raw) {
    for (int column = 0; column < spec.parameterCount(); column++) {
      if (!Double.isFinite(raw[column])) {
        Arrays.fill(raw, 0, spec.parameterCount(), Double.NaN);
        return Double.NaN;
      }
    }
    double score;
    if (bounds == null) {
      score = scoreAndGradientOfParameters(labels, observed, raw);
    } else {
      BoundTransform transform = limits(observed) == limits ? bounds : floatBounds;
      System.arraycopy(raw, 0, unbounded, 0, unbounded.length);
      transform.apply(raw);
      score = scoreAndGradientOfParameters(labels, observed, raw);
      transform.pullBack(unbounded, raw);
    }
    if (least > 0) {
      removeDenormals(raw);
    }
    return score;
  }

  /** As FLOAT they change no result, but slow DL4J's matrix products with the gradient. */
  private void removeDenormals(double[] gradient) {
    for (int column = 0; column < spec.parameterCount(); column++) {
      gradient[column] = Math.abs(gradient[column]) < least ? 0 : gradient[column];
    }
  }

  private double scoreAndGradientOfParameters(double[] labels, double[] observed, double[] raw) {
    int logits = spec.columns().logits().from();
    System.arraycopy(raw, logits, joint, 0, joint.length);
    addWhole(joint, raw);
    double largestLogit = max(joint);
    shift(joint, largestLogit);
    double priorSum = exponentials(joint, prior);
    for (int k = 0; k < joint.length; k++) {
      joint[k] -= energy(k, labels, observed, raw);
    }
    double largest = max(joint);
    shift(joint, largest);
    double posteriorSum = exponentials(joint, joint);
    double score = constant(observed) - largest - Math.log(posteriorSum / priorSum);
    double share = 1; // of the components in the mixture, and in what made the label
    double responsibility = 1;
    if (atoms != null) {
      score = withAtoms(score, largestLogit + Math.log(priorSum), labels, observed[0], raw);
      share = atoms.prior;
      responsibility = atoms.posterior;
    }
    for (int k = 0; k < joint.length; k++) {
      double w = responsibility * (joint[k] / posteriorSum);
      raw[logits + k] = share * (prior[k] / priorSum) - w;
      differentiate(k, w, observed, raw);
    }
    return score;
  }

  /** Returns the score with atoms, and writes the gradient of their logits. */
  private double withAtoms(
      double alone, double logit, double[] labels, double observed, double[] raw) {
    int first = spec.columns().atoms().from();
    atoms.parts[0] = logit;
    System.arraycopy(raw, first, atoms.parts, 1, atoms.parts.length - 1);
    double score = atoms.score(alone, labels[0], labels[spec.labelColumns() - 1], observed);
    System.arraycopy(atoms.parts, 1, raw, first, atoms.parts.length - 1);
    return score;
  }

  /** Returns what all energies are without. */
  double constant(double[] observed) {
    return Arrays.stream(observed, 0, spec.targets()).sum() * HALF_LOG_TWO_PI;
  }

  /** Adds to the logits the log probabilities of the truncation's range, where there is one. */
  void addWhole(double[] logits, double[] raw) {}

  /**
   * Returns the energy of a component, without ½ log 2π for each observed target. Leaves in the
   * component's columns what {@link #differentiate} needs.
   */
  abstract double energy(int k, double[] labels, double[] observed, double[] raw);

  /**
   * Writes w times the energy's derivatives into the component's columns. Its logit's column holds
   * its share of the prior less w already.
   */
  abstract void differentiate(int k, double w, double[] observed, double[] raw);

  private static double max(double[] x) {
    double max = x[0];
    for (double value : x) {
      max = Math.max(max, value);
    }
    return max;
  }

  private static void shift(double[] x, double by) {
    for (int k = 0; k < x.length; k++) {
      x[k] -= by;
    }
  }

  private static double exponentials(double[] x, double[] into) {
    double sum = 0;
    for (int k = 0; k < x.length; k++) {
      into[k] = Math.exp(x[k]);
      sum += into[k];
    }
    return sum;
  }
}
