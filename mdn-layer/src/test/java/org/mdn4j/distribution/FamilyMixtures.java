/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Named;
import org.mdn4j.ComponentFamily;

/** Mixtures of other families than the Gaussian, for the contracts. */
final class FamilyMixtures {
  private FamilyMixtures() {}

  /** Of a family that is a location and a scale on the whole line; D = 1. */
  static Stream<Named<Mixture>> overOneTarget(ComponentFamily family) {
    return Stream.of(
        Named.of("standard", mixture(family, w(1), w(0), w(1))),
        Named.of("narrow, away from 0", mixture(family, w(1), w(3), w(1e-4))),
        Named.of("overlapping", mixture(family, w(1, 3), w(-1, 2), w(0.5, 1.5))),
        Named.of("far apart", mixture(family, w(0.3, 0.2, 0.5), w(-500, 2, 700), w(1, 0.5, 3))),
        Named.of(
            "scales from 0.001 to 1",
            mixture(family, w(2, 1, 1), w(0, 0.1, -0.5), w(1, 0.001, 0.03))),
        Named.of("weight of 0", mixture(family, w(1, 0, 3), w(-1, 1e20, 2), w(0.5, 1e20, 1.5))),
        Named.of("identical", mixture(family, w(0.2, 0.3, 0.5), w(1, 1, 1), w(0.7, 0.7, 0.7))),
        Named.of("5 at random", random(family, 5, 1, 1)));
  }

  /** D = 2 and 3. */
  static Stream<Named<Mixture>> overSeveralTargets(ComponentFamily family) {
    return Stream.of(
        Named.of("one in 2-D", random(family, 1, 2, 2)),
        Named.of("4 at random in 2-D", random(family, 4, 2, 3)),
        Named.of("5 at random in 3-D", random(family, 5, 3, 5)));
  }

  static Mixture mixture(
      ComponentFamily family, double[] weights, double[] locations, double[] scales) {
    return make(family, weights, column(locations), column(scales));
  }

  static double[][] column(double[] values) {
    return Arrays.stream(values).mapToObj(value -> new double[] {value}).toArray(double[][]::new);
  }

  /** Student's t gets degrees of freedom 5, 7, 9 and so on. */
  private static Mixture make(
      ComponentFamily family, double[] weights, double[][] locations, double[][] scales) {
    if (family != ComponentFamily.STUDENT_T) {
      return Mixture.of(family, weights, locations, scales);
    }
    double[] degrees = new double[weights.length];
    Arrays.setAll(degrees, k -> 5 + 2 * k);
    return Mixture.studentT(weights, locations, scales, degrees);
  }

  /** Weights from 0.03 to 1; locations in ±4 and scales from 0.05 to 2, or less wide ones. */
  static Mixture random(ComponentFamily family, int components, int targets, long seed) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    double[] weights = new double[components];
    double[][] locations = new double[components][targets];
    double[][] scales = new double[components][targets];
    for (int k = 0; k < components; k++) {
      weights[k] = Math.pow(10, -1.5 * random.nextDouble());
      for (int d = 0; d < targets; d++) {
        double place = 2 * random.nextDouble() - 1;
        double size = random.nextDouble();
        locations[k][d] =
            switch (family) {
              case VON_MISES -> 3 * place;
              case LOG_NORMAL -> 1.5 * place;
              default -> 4 * place;
            };
        scales[k][d] =
            switch (family) {
              case VON_MISES -> 0.5 * Math.pow(400, size);
              case LOG_NORMAL -> 0.05 * Math.pow(12, size);
              default -> 0.05 * Math.pow(40, size);
            };
      }
    }
    return make(family, weights, locations, scales);
  }

  /** Edges for the test's quadrature, of any family. */
  static double[] edges(Mixture mixture) {
    return IntStream.range(0, mixture.components())
        .filter(k -> mixture.weights()[k] > 0)
        .boxed()
        .flatMapToDouble(
            k -> edges(mixture.family(), mixture.locations()[k][0], mixture.scales()[k][0]))
        .toArray();
  }

  private static DoubleStream edges(ComponentFamily family, double location, double scale) {
    return switch (family) {
      case LOG_NORMAL ->
          line(List.of(0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0))
              .map(u -> Math.exp(location + scale * u));
      case VON_MISES ->
          DoubleStream.concat(
              DoubleStream.of(-Math.PI, Math.PI),
              line(List.of(0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0, 11.0, 12.0))
                  .map(
                      u ->
                          location
                              + 2 * Math.asin(Math.max(-1, Math.min(1, u / 2 / Math.sqrt(scale)))))
                  .map(angle -> Math.IEEEremainder(angle, 2 * Math.PI)));
      default ->
          DoubleStream.concat(
                  line(List.of(0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0, 25.0, 35.0)),
                  line(IntStream.range(6, 60).mapToObj(j -> Math.pow(2, j)).toList()))
              .map(u -> location + scale * u);
    };
  }

  private static DoubleStream line(List<Double> sizes) {
    return sizes.stream().mapToDouble(u -> u).flatMap(u -> DoubleStream.of(-u, u));
  }

  static double[] w(double... values) {
    return values;
  }
}
