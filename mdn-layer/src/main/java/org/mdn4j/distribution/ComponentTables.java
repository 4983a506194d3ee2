/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;

/** What the components of a mixture are, and its covariance, as arrays and as text. */
final class ComponentTables {
  private ComponentTables() {}

  /** What a component has for a target. */
  interface Value {
    double of(int k, int d);
  }

  /** Returns a number of each component and target, {@code [K][D]}. */
  static double[][] perTarget(WeightedComponents numbers, Value value) {
    double[][] values = new double[numbers.count()][numbers.targets()];
    for (int i = 0; i < values.length; i++) {
      int k = i;
      Arrays.setAll(values[k], d -> value.of(k, d));
    }
    return values;
  }

  /** Returns the degrees of freedom, {@code [K]}. */
  static double[] degreesOfFreedom(WeightedComponents numbers) {
    double[] degrees = new double[numbers.count()];
    Arrays.setAll(degrees, numbers.components()::degreesOfFreedom);
    return degrees;
  }

  /** Returns the covariances, {@code [K][D][D]}. */
  static double[][][] covariances(WeightedComponents numbers) {
    int targets = numbers.targets();
    double[][][] covariances = new double[numbers.count()][targets][targets];
    for (int i = 0; i < covariances.length; i++) {
      int k = i;
      for (int d = 0; d < targets; d++) {
        int row = d;
        Arrays.setAll(covariances[k][row], e -> numbers.components().covariance(k, row, e));
      }
    }
    return covariances;
  }

  /** Returns the covariance of the mixture, {@code [D][D]}. */
  static double[][] covariance(WeightedComponents numbers) {
    int targets = numbers.targets();
    double[][] covariance = new double[targets][targets];
    for (int d = 0; d < targets; d++) {
      for (int e = 0; e <= d; e++) {
        covariance[d][e] = numbers.covariance(d, e);
        covariance[e][d] = covariance[d][e];
      }
    }
    return covariance;
  }

  /** Returns all that a mixture consists of, as text. */
  static String describe(WeightedComponents numbers) {
    String text = describeComponents(numbers);
    return numbers.atoms() == null
        ? text
        : "%s, atoms=%s, probabilities=%s)"
            .formatted(
                text.substring(0, text.length() - 1),
                Arrays.toString(numbers.atoms().values()),
                Arrays.toString(numbers.atoms().masses()));
  }

  private static String describeComponents(WeightedComponents numbers) {
    Components components = numbers.components();
    String weights = Arrays.toString(numbers.weights());
    if (!(components instanceof IndependentTargets)) {
      return "Mixture(%s, weights=%s, means=%s, covariances=%s)"
          .formatted(
              components.family(),
              weights,
              Arrays.deepToString(perTarget(numbers, components::mean)),
              Arrays.deepToString(covariances(numbers)));
    }
    return "Mixture(%s, weights=%s, locations=%s, scales=%s%s%s)"
        .formatted(
            components.family(),
            weights,
            Arrays.deepToString(perTarget(numbers, components::location)),
            Arrays.deepToString(perTarget(numbers, components::scale)),
            components.family() == ComponentFamily.STUDENT_T
                ? ", degreesOfFreedom=" + Arrays.toString(degreesOfFreedom(numbers))
                : "",
            components.range().map(range -> ", truncated to " + range).orElse(""));
  }
}
