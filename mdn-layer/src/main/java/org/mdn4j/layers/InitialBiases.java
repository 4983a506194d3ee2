/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.stream.DoubleStream;
import org.mdn4j.BoundTransform;
import org.mdn4j.ColumnRange;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/** The biases with which a head starts from a given mixture, whatever its input. */
public final class InitialBiases {
  /**
   * The degrees of freedom that learned ones start from: tails that are heavier than a normal's,
   * and a variance.
   */
  private static final double DEGREES_OF_FREEDOM = 10;

  private InitialBiases() {}

  /**
   * Returns the raw output that stands for a mixture with these locations and standard deviations.
   * A scale at or below the specification's floor f starts a little above it, at f plus a tenth of
   * the scale. Where there are bounds, what is at or beyond one starts a little inside. What
   * components or targets share (SPHERICAL, shared scales) is the root of the mean of the
   * variances; FULL starts uncorrelated; fixed scales stay as they are.
   *
   * @param spec the columns of the raw output
   * @param logits {@code [K + A]}, the components' and then the atoms'
   * @param locations {@code [K][D]}, in target units; for LOG_NORMAL of the targets' logarithms,
   *     for NEGATIVE_BINOMIAL log means
   * @param deviations {@code [K][D]}, standard deviations, positive, in the same units; for
   *     NEGATIVE_BINOMIAL √α
   * @return {@code [P]}, in the order of the raw output's columns
   */
  public static double[] of(
      MixtureSpec spec, double[] logits, double[][] locations, double[][] deviations) {
    double[] biases = new double[spec.parameterCount()];
    BoundTransform bounds = new BoundTransform(spec);
    for (int k = 0; k < spec.components(); k++) {
      biases[spec.columns().logits().from() + k] = logits[k];
      for (int d = 0; d < spec.targets(); d++) {
        biases[spec.columns().location(k, d)] = bounds.rawLocation(locations[k][d], d);
        if (spec.fixedScales().isEmpty()) {
          int column =
              spec.covariance() == Covariance.FULL
                  ? spec.columns().cholesky(k, d, d)
                  : spec.columns().scale(k, d);
          double parameter =
              bounds.rawScaleParameter(scaleParameter(spec, deviation(spec, deviations, k, d)), d);
          biases[column] = spec.covariance() == Covariance.FULL ? -parameter : parameter;
        }
      }
    }
    ColumnRange atoms = spec.columns().atoms();
    System.arraycopy(logits, spec.components(), biases, atoms.from(), atoms.width());
    for (int column = spec.columns().degreesOfFreedom().from();
        column < spec.columns().degreesOfFreedom().to();
        column++) {
      biases[column] = Math.log(DEGREES_OF_FREEDOM);
    }
    return biases;
  }

  private static double deviation(MixtureSpec spec, double[][] deviations, int k, int d) {
    double[][] sharing = spec.sharedScales() ? deviations : new double[][] {deviations[k]};
    DoubleStream.Builder values = DoubleStream.builder();
    for (double[] component : sharing) {
      if (spec.covariance() == Covariance.SPHERICAL) {
        DoubleStream.of(component).forEach(values);
      } else {
        values.add(component[d]);
      }
    }
    return Math.sqrt(values.build().map(value -> value * value).average().orElseThrow());
  }

  /** Returns the scale parameter s of a component of a standard deviation. */
  private static double scaleParameter(MixtureSpec spec, double deviation) {
    if (spec.family() == ComponentFamily.VON_MISES) {
      return -2 * Math.log(deviation); // κ tends to 1/variance
    }
    double scale =
        spec.family().isDiscrete() ? deviation * deviation : deviation * scalePerDeviation(spec);
    double aboveFloor = Math.max(scale - spec.scaleFloor(), 0.1 * scale); // σ = f + g(s)
    return spec.scaleTransform().inverse(aboveFloor);
  }

  /**
   * Returns the scale σ of a component of standard deviation 1.
   *
   * @param spec the family, and degrees of freedom where they are given
   * @return σ; 1 for STUDENT_T of ν ≤ 2, which has no standard deviation, for VON_MISES and for
   *     NEGATIVE_BINOMIAL
   */
  public static double scalePerDeviation(MixtureSpec spec) {
    return switch (spec.family()) {
      case LAPLACE -> Math.sqrt(0.5);
      case LOGISTIC -> Math.sqrt(3) / Math.PI;
      case STUDENT_T -> {
        double nu = spec.degreesOfFreedom().orElse(DEGREES_OF_FREEDOM);
        yield nu > 2 ? Math.sqrt((nu - 2) / nu) : 1;
      }
      default -> 1;
    };
  }
}
