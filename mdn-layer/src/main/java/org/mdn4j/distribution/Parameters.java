/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.mdn4j.Arguments.require;

import java.math.BigDecimal;
import java.util.Arrays;
import org.mdn4j.Atoms;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.components.FullGaussians;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.StudentTs;
import org.mdn4j.distribution.components.Triangle;
import org.mdn4j.distribution.questions.PointMasses;

/** Makes the numbers of mixtures from what users give, after it is checked. */
final class Parameters {
  /** How far apart two entries that should be equal may be, over the product of the deviations. */
  private static final double ASYMMETRY = 1e-9;

  /** By how much a sum of probabilities may be more than 1. */
  private static final double ROUNDING = 1e-12;

  private static final String INDEFINITE =
      "Expected positive definite covariances, got %s in component %d";

  private Parameters() {}

  /** Returns Gaussians whose targets are independent within a component. */
  static WeightedComponents gaussian(
      double[] weights, double[][] means, double[][] standardDeviations) {
    requireComponents(weights, "means", means);
    requireScales("standard deviations", standardDeviations, means);
    return independent(ComponentFamily.GAUSSIAN, weights, means, standardDeviations);
  }

  /** Returns Gaussians of full covariances. */
  static WeightedComponents gaussian(double[] weights, double[][] means, double[][][] covariances) {
    requireComponents(weights, "means", means);
    double[][][] factors = precisionFactors(covariances, means);
    double[][] locations = Arrays.stream(means).map(double[]::clone).toArray(double[][]::new);
    return new WeightedComponents(logits(weights), FullGaussians.of(locations, factors));
  }

  /** Returns components of a family without degrees of freedom. */
  static WeightedComponents of(
      ComponentFamily family, double[] weights, double[][] locations, double[][] scales) {
    require(
        family != ComponentFamily.STUDENT_T,
        "STUDENT_T components need degrees of freedom; make them with studentT");
    requireComponents(weights, "locations", locations);
    requireScales("scales", scales, locations);
    return independent(family, weights, locations, scales);
  }

  /** Returns components of Student's t. */
  static WeightedComponents studentT(
      double[] weights, double[][] locations, double[][] scales, double[] degreesOfFreedom) {
    requireComponents(weights, "locations", locations);
    requireScales("scales", scales, locations);
    requireDegrees(degreesOfFreedom, weights.length);
    double[] flatScales = flat(scales);
    StudentTs components =
        new StudentTs(
            locations[0].length,
            flat(locations),
            flatScales,
            Arrays.stream(flatScales).map(Math::log).toArray(),
            degreesOfFreedom.clone());
    return new WeightedComponents(logits(weights), components);
  }

  /** Returns atoms beside components over so many targets, of a family. */
  static PointMasses atoms(
      int targets, ComponentFamily family, double[] values, double[] probabilities) {
    require(
        targets == 1 && family != ComponentFamily.VON_MISES,
        "Atoms are for one target on a line, got a mixture of %s components over %s targets",
        family,
        targets);
    require(
        values.length == probabilities.length && values.length > 0,
        "Expected a probability for each atom, at least one, got %s atoms and %s probabilities",
        values.length,
        probabilities.length);
    BigDecimal rest = BigDecimal.ONE; // exact: little may be left of it
    for (double probability : probabilities) {
      require(
          probability >= 0 && probability <= 1,
          "Expected probabilities in [0, 1], got %s",
          Arrays.toString(probabilities));
      rest = rest.subtract(new BigDecimal(probability));
    }
    require(
        rest.doubleValue() >= -ROUNDING,
        "Expected probabilities of atoms that sum to at most 1, got %s",
        Arrays.toString(probabilities));
    double[] ascending = Atoms.ascending(values);
    Atoms.requireOf(family, ascending);
    double[] logMasses = new double[ascending.length];
    for (int i = 0; i < values.length; i++) {
      logMasses[Arrays.binarySearch(ascending, values[i] + 0.0)] = Math.log(probabilities[i]);
    }
    return new PointMasses(ascending, Math.log(Math.max(0, rest.doubleValue())), logMasses);
  }

  private static WeightedComponents independent(
      ComponentFamily family, double[] weights, double[][] locations, double[][] scales) {
    return new WeightedComponents(
        logits(weights),
        IndependentTargets.of(family, locations[0].length, flat(locations), flat(scales)));
  }

  private static double[] flat(double[][] rows) {
    return Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
  }

  private static double[] logits(double[] weights) {
    return Arrays.stream(weights).map(Math::log).toArray();
  }

  /** Checks weights, {@code [K]}, and locations, {@code [K][D]}. */
  private static void requireComponents(double[] weights, String name, double[][] locations) {
    require(weights.length > 0, "Expected at least one weight, got none");
    for (int k = 0; k < weights.length; k++) {
      require(
          weights[k] >= 0 && Double.isFinite(weights[k]),
          "Expected finite weights >= 0, got %s at %d",
          weights[k],
          k);
    }
    require(
        Arrays.stream(weights).anyMatch(weight -> weight > 0),
        "Expected weights with a positive sum, got %s",
        Arrays.toString(weights));
    require(
        locations.length == weights.length,
        "Expected %d %s, one per weight, got %d",
        weights.length,
        name,
        locations.length);
    int targets = locations[0].length;
    require(targets > 0, "Expected at least one target, got none");
    for (int k = 0; k < locations.length; k++) {
      requireTargets(name, locations[k].length, targets, k);
      for (int d = 0; d < targets; d++) {
        require(
            Double.isFinite(locations[k][d]),
            "Expected finite %s, got %s at component %d, target %d",
            name,
            locations[k][d],
            k,
            d);
      }
    }
  }

  private static void requireTargets(String name, int actual, int expected, int k) {
    require(
        actual == expected,
        "Expected %d targets as in component 0, got %d %s in component %d",
        expected,
        actual,
        name,
        k);
  }

  /** Checks scales against locations, {@code [K][D]}. */
  private static void requireScales(String name, double[][] scales, double[][] locations) {
    require(
        scales.length == locations.length,
        "Expected %d %s, one per weight, got %d",
        locations.length,
        name,
        scales.length);
    for (int k = 0; k < scales.length; k++) {
      requireTargets(name, scales[k].length, locations[0].length, k);
      for (int d = 0; d < scales[k].length; d++) {
        require(
            scales[k][d] > 0 && Double.isFinite(scales[k][d]),
            "Expected positive, finite %s, got %s at component %d, target %d",
            name,
            scales[k][d],
            k,
            d);
      }
    }
  }

  /** Checks degrees of freedom, {@code [K]}. */
  private static void requireDegrees(double[] degrees, int components) {
    require(
        degrees.length == components,
        "Expected %d degrees of freedom, one per weight, got %d",
        components,
        degrees.length);
    for (int k = 0; k < components; k++) {
      require(
          degrees[k] > 0 && Double.isFinite(degrees[k]),
          "Expected positive, finite degrees of freedom, got %s at %d",
          degrees[k],
          k);
    }
  }

  /** Checks covariances, {@code [K][D][D]}, and factorises their inverses. */
  private static double[][][] precisionFactors(double[][][] covariances, double[][] means) {
    require(
        covariances.length == means.length,
        "Expected %d covariances, one per weight, got %d",
        means.length,
        covariances.length);
    int targets = means[0].length;
    double[][][] factors = new double[covariances.length][][];
    for (int k = 0; k < covariances.length; k++) {
      double[][] covariance = covariances[k];
      require(
          covariance.length == targets
              && Arrays.stream(covariance).allMatch(row -> row.length == targets),
          "Expected covariances of %d rows and columns, got other lengths in component %d",
          targets,
          k);
      for (int d = 0; d < targets; d++) {
        require(covariance[d][d] > 0, INDEFINITE, Arrays.deepToString(covariance), k);
        for (int e = 0; e < d; e++) {
          double size = Math.sqrt(covariance[d][d]) * Math.sqrt(covariance[e][e]);
          require(
              Math.abs(covariance[d][e] - covariance[e][d]) <= ASYMMETRY * size,
              "Expected symmetric covariances, got %s and %s at component %d, targets %d and %d",
              covariance[d][e],
              covariance[e][d],
              k,
              d,
              e);
        }
      }
      factors[k] = Triangle.precisionFactor(covariance);
      require(factors[k] != null, INDEFINITE, Arrays.deepToString(covariance), k);
    }
    return factors;
  }
}
