/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mdn4j.distribution.FamilyMixtures.mixture;
import static org.mdn4j.distribution.FamilyMixtures.w;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;

/** The contract for von Mises mixtures over one angle, where it is another on a circle. */
@Tag("slow")
class VonMisesMixtureContractTest extends UnivariateMixtureContractTest {
  private static final ComponentFamily FAMILY = ComponentFamily.VON_MISES;

  @Override
  Stream<Named<Mixture>> mixtures() {
    return Stream.of(
        Named.of("standard", mixture(FAMILY, w(1), w(0), w(1))),
        Named.of("narrow, away from 0", mixture(FAMILY, w(1), w(2), w(1e6))),
        Named.of("wide", mixture(FAMILY, w(1), w(1), w(0.5))),
        Named.of("about the seam", mixture(FAMILY, w(1, 2), w(3, -3), w(20, 5))),
        Named.of("opposite", mixture(FAMILY, w(1, 1.1), w(0.5, 0.5 - Math.PI), w(8, 8))),
        Named.of("narrow on wide", mixture(FAMILY, w(2, 1), w(0, 1.5), w(1, 1e4))),
        Named.of("weight of 0", mixture(FAMILY, w(1, 0, 3), w(-1, 1, 2), w(2, 1e5, 3))),
        Named.of("other turns", mixture(FAMILY, w(1, 2), w(7, -9), w(4, 3))),
        Named.of("identical", mixture(FAMILY, w(0.2, 0.8), w(1, 1), w(3, 3))),
        Named.of("5 at random", FamilyMixtures.random(FAMILY, 5, 1, 1)));
  }

  @Override
  Interval support(Mixture mixture) {
    return new Interval(-Math.PI, Math.PI);
  }

  @Override
  List<Units> units(Mixture mixture) {
    return List.of(new Units(w(2), w(1)), new Units(w(-0.5), w(-1)));
  }

  @Override
  List<Units> refusedUnits(Mixture mixture) {
    return List.of(new Units(w(0), w(2)));
  }

  @Override
  double[] edges(Mixture mixture) {
    return FamilyMixtures.edges(mixture);
  }

  /** Beyond [−π, π) it is the density of the same angle. */
  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void allMassIsInTheSupport(Mixture mixture) {
    assertEquals(0, mixture.cdf(-Math.PI), 0);
    assertEquals(0, mixture.cdf(-4), 0);
    assertEquals(1, mixture.cdf(Math.PI), 1e-14);
    assertEquals(1, mixture.cdf(4), 1e-14);
    assertEquals(0, mixture.survival(Math.PI), 0);
    assertEquals(1, mixture.survival(-Math.PI), 1e-14);
    assertEquals(-Math.PI, mixture.quantile(0), 0);
    assertEquals(Math.PI, mixture.quantile(1), 0);
    for (double[] y : mixture.sample(20, random(40))) {
      double density = mixture.logDensity(y);
      assertEquals(density, mixture.logDensity(y[0] + 4 * Math.PI), 1e-8 * (1 + Math.abs(density)));
    }
    assertEquals(Double.NEGATIVE_INFINITY, mixture.logDensity(Double.POSITIVE_INFINITY), 0);
  }

  private double[] moment(Mixture mixture) {
    PanelQuadrature quadrature = quadrature(mixture);
    return w(
        quadrature.integrate(y -> Math.cos(y) * mixture.density(y)),
        quadrature.integrate(y -> Math.sin(y) * mixture.density(y)));
  }

  /** E[exp(i y)] = R exp(i mean), and a variance of −2 log R. */
  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void momentsOfTheMarginalsAgreeWithQuadrature(Mixture mixture) {
    double[] moment = moment(mixture);
    double length = Math.hypot(moment[0], moment[1]);
    assertEquals(Math.atan2(moment[1], moment[0]), mixture.mean()[0], 1e-10 / length);
    assertEquals(-2 * Math.log(length), mixture.variance()[0], 1e-9);
  }

  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void meanAgreesWithSamples(Mixture mixture) {
    double mean = mixture.mean()[0];
    double[] sines =
        Arrays.stream(mixture.sample(COUNT, random(4)))
            .mapToDouble(y -> Math.sin(y[0] - mean))
            .toArray();
    Estimate sine = Estimate.ofMean(sines);
    assertEquals(0, sine.value(), 5 * sine.standardError());
  }

  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void covarianceAgreesWithSamples(Mixture mixture) {
    double mean = mixture.mean()[0];
    double[] cosines =
        Arrays.stream(mixture.sample(COUNT, random(5)))
            .mapToDouble(y -> Math.cos(y[0] - mean))
            .toArray();
    Estimate length = Estimate.ofMean(cosines);
    assertEquals(
        Math.exp(-0.5 * mixture.variance()[0]), length.value(), 5 * length.standardError());
    assertEquals(mixture.variance()[0], mixture.covariance()[0][0], 0);
  }

  /** As many as a grid round the circle shows. */
  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void modesAreAllThatAGridShows(Mixture mixture) {
    double[] edges = Arrays.stream(edges(mixture)).sorted().distinct().toArray();
    double[] grid =
        IntStream.range(1, edges.length)
            .boxed()
            .flatMapToDouble(
                i ->
                    IntStream.range(0, 60)
                        .mapToDouble(j -> edges[i - 1] + (edges[i] - edges[i - 1]) * j / 60))
            .toArray();
    double[] log = Arrays.stream(grid).map(mixture::logDensity).toArray();
    int lowest =
        IntStream.range(0, log.length).reduce((i, j) -> log[j] < log[i] ? j : i).getAsInt();
    int tops = 0;
    boolean rising = true;
    double last = log[lowest];
    for (int i = 1; i <= log.length; i++) {
      double next = log[(lowest + i) % log.length];
      if (Math.abs(next - last) > 1e-12) { // or rounding may have made it
        tops += rising && next < last ? 1 : 0;
        rising = next > last;
        last = next;
      }
    }
    double[][] modes = mixture.modes();
    assertEquals(tops, modes.length, Arrays.deepToString(modes));
    for (int m = 1; m < modes.length; m++) {
      assertTrue(modes[m - 1][0] < modes[m][0]);
    }
  }

  /**
   * The CRPS with arcs as distances, ½ ∫ (P(H_t) − 1{y ∈ H_t})² dt over the half circles H_t from t
   * on, since an arc is the share of t whose half circle divides its ends; here those without y.
   */
  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void crpsIsTheIntegralOfTheSquaredDistanceToTheOutcome(Mixture mixture) {
    for (double y : values(mixture)) {
      double[] edges =
          Arrays.stream(edges(mixture))
              .flatMap(edge -> Arrays.stream(w(edge, edge - Math.PI)))
              .flatMap(edge -> Arrays.stream(w(edge, edge + 2 * Math.PI, edge - 2 * Math.PI)))
              .toArray();
      edges = Arrays.copyOf(edges, edges.length + 2);
      edges[edges.length - 2] = y;
      edges[edges.length - 1] = y + Math.PI;
      PanelQuadrature quadrature =
          new PanelQuadrature(edges, new Interval(-3 * Math.PI, 3 * Math.PI));
      double expected =
          quadrature.integrate(t -> Math.pow(halfCircle(mixture, t), 2), y, y + Math.PI);
      assertEquals(expected, mixture.crps(y), 1e-9 * expected, "at " + y);
    }
    assertThrows(IllegalArgumentException.class, () -> mixture.crps(Double.NaN));
  }

  /** P(Y is in the half circle from t on). */
  private static double halfCircle(Mixture mixture, double t) {
    double start = Math.IEEEremainder(t, 2 * Math.PI);
    double end = start + Math.PI;
    return end <= Math.PI
        ? between(mixture, start, end)
        : mixture.survival(start) + mixture.cdf(end - 2 * Math.PI);
  }

  private static double between(Mixture mixture, double start, double end) {
    return mixture.cdf(start) < 0.5
        ? mixture.cdf(end) - mixture.cdf(start)
        : mixture.survival(start) - mixture.survival(end);
  }

  /** Turned and mirrored, it is the same on the circle. */
  @Override
  @ParameterizedTest
  @MethodSource("mixtures")
  void questionsInOtherUnitsHaveTheSameAnswers(Mixture mixture) {
    for (Units units : units(mixture)) {
      Mixture changed = units.of(mixture);
      double y = mixture.quantile(0.3);
      double[] there = units.of(w(y));
      double crps = mixture.crps(y);
      assertEquals(crps, changed.crps(there[0]), 1e-9 * crps + 1e-12);
      assertEquals(mixture.entropy(), changed.entropy(), 2e-9);
      assertEquals(mixture.variance()[0], changed.variance()[0], 1e-12);
      double length = width(mixture.highestDensityRegion(0.8));
      assertEquals(length, width(changed.highestDensityRegion(0.8)), 1e-7 * length);
      assertEquals(mixture.modes().length, changed.modes().length);
    }
  }

  private static double width(List<Interval> region) {
    return region.stream().mapToDouble(Interval::width).sum();
  }
}
