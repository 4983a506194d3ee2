/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Modes of mixtures over one target. */
class ModesTest {
  @Test
  void asManyAsAFineGridShows() {
    RandomMixtures mixtures = new RandomMixtures(3);
    int total = 0;
    for (int i = 0; i < 3_000; i++) {
      Mixture mixture = mixtures.next();
      double[][] modes = mixture.modes();
      int expected = gridModes(mixture, 0.02);
      if (modes.length != expected) { // a narrow pair may be between its points
        expected = gridModes(mixture, 1e-4);
      }
      assertEquals(expected, modes.length, mixture::toString);
      total += modes.length;
      for (int m = 1; m < modes.length; m++) {
        assertTrue(modes[m - 1][0] < modes[m][0]);
      }
    }
    assertTrue(total > 9_000, "modes in all: " + total);
  }

  /**
   * Counts where p' turns from positive to negative on a grid: some steps of σ around each
   * component's mean (at a maximum p'' is negative, so that one is less than σ away), and ever
   * wider ones to 1e4 σ.
   */
  private static int gridModes(Mixture mixture, double step) {
    List<Double> offsets = new ArrayList<>();
    for (double u = 0.137 * step; u < 1.5; u += step) {
      offsets.add(u);
      offsets.add(u - 1.5);
    }
    for (double u = 1.5; u < 1e4; u *= 1.15) {
      offsets.add(u);
      offsets.add(-u);
    }
    double[] weights = mixture.weights();
    double[] means = column(mixture.means());
    double[] deviations = column(mixture.standardDeviations());
    int[] shares = IntStream.range(0, weights.length).filter(k -> weights[k] > 0).toArray();
    double[] grid =
        Arrays.stream(shares)
            .boxed()
            .flatMapToDouble(k -> offsets.stream().mapToDouble(u -> means[k] + u * deviations[k]))
            .sorted()
            .toArray();
    int modes = 0;
    boolean rising = true;
    double[] logJoint = new double[shares.length];
    for (double y : grid) {
      double max = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < shares.length; i++) {
        double u = (y - means[shares[i]]) / deviations[shares[i]];
        logJoint[i] = Math.log(weights[shares[i]] / deviations[shares[i]]) - 0.5 * u * u;
        max = Math.max(max, logJoint[i]);
      }
      double slope = 0;
      double size = 0;
      for (int i = 0; i < shares.length; i++) {
        double variance = deviations[shares[i]] * deviations[shares[i]];
        double term = Math.exp(logJoint[i] - max) * (means[shares[i]] - y) / variance;
        slope += term;
        size += Math.abs(term);
      }
      if (Math.abs(slope) > 1e-13 * size) { // or it may be rounding
        modes += rising && slope < 0 ? 1 : 0;
        rising = slope > 0;
      }
    }
    return modes;
  }

  private static double[] column(double[][] rows) {
    return Arrays.stream(rows).mapToDouble(row -> row[0]).toArray();
  }

  /** Equal pairs have two modes when they are more than 2 σ apart, and one when they are not. */
  @ParameterizedTest
  @CsvSource({"0, 1", "3, 0.7", "1e5, 1", "-2, 1e-3", "0, 1e-6"})
  void equalPairsMergeAtTwoDeviations(double centre, double deviation) {
    for (double excess : new double[] {0.1, 1e-2, 1e-3, 1e-4, 1e-5, 2e-6}) {
      // The exact modes ±x solve x = h tanh(h x) with 2 h apart, in deviations.
      double[][] two = pair(centre, deviation, 2 * (1 + excess)).modes();
      assertEquals(2, two.length, "excess " + excess);
      double h = 1 + excess;
      double x = h;
      for (int i = 0; i < 100; i++) { // Newton, from the right of the root
        double tanh = Math.tanh(h * x);
        x -= (x - h * tanh) / (1 - h * h * (1 - tanh * tanh));
      }
      double tolerance = 1e-14 / excess * deviation + 2e-16 / excess * Math.abs(centre);
      assertEquals(centre - x * deviation, two[0][0], tolerance);
      assertEquals(centre + x * deviation, two[1][0], tolerance);

      double[][] one = pair(centre, deviation, 2 * (1 - excess)).modes();
      assertEquals(1, one.length, "excess " + -excess);
      assertEquals(centre, one[0][0], tolerance);
    }
    double[][] critical = pair(centre, deviation, 2).modes();
    assertTrue(critical.length == 1 || critical.length == 2);
    for (double[] mode : critical) {
      assertEquals(centre, mode[0], 1e-3 * deviation);
    }
  }

  private static Mixture pair(double centre, double deviation, double apart) {
    double half = 0.5 * apart * deviation;
    return GaussianMixtures.mixture(
        new double[] {1, 1},
        new double[] {centre - half, centre + half},
        new double[] {deviation, deviation});
  }

  @Test
  void identicalComponentsMakeOneMode() {
    double[][] one =
        GaussianMixtures.mixture(
                new double[] {1, 2, 1e-12}, new double[] {3, 3, 3}, new double[] {1, 1, 1e-3})
            .modes();
    assertArrayEquals(new double[][] {{3}}, one);
    double next = Math.nextUp(3.0);
    double[][] neighbours =
        GaussianMixtures.mixture(new double[] {1, 2}, new double[] {3, next}, new double[] {1, 1})
            .modes();
    assertEquals(1, neighbours.length);
    assertEquals(3, neighbours[0][0], 1e-15);
  }

  /** A weight of 1e-12 makes a mode if it is narrow enough to stand out of what is below it. */
  @Test
  void weakComponents() {
    double[] means = {0, 4};
    assertEquals(
        1,
        GaussianMixtures.mixture(new double[] {1, 1e-12}, means, new double[] {1, 1})
            .modes()
            .length);
    double[][] two =
        GaussianMixtures.mixture(new double[] {1, 1e-12}, means, new double[] {1, 1e-6}).modes();
    assertEquals(2, two.length);
    assertEquals(4, two[1][0], 1e-6);
    double[][] inTheTail =
        GaussianMixtures.mixture(new double[] {1, 1e-12}, new double[] {0, 20}, new double[] {1, 1})
            .modes();
    assertEquals(2, inTheTail.length);
    assertEquals(20, inTheTail[1][0], 1e-9);
    double[][] withoutWeight =
        GaussianMixtures.mixture(new double[] {1, 0}, new double[] {0, 20}, new double[] {1, 1})
            .modes();
    assertArrayEquals(new double[][] {{0}}, withoutWeight);
  }

  /** A narrow component rides on a wide one's slope: where it is too weak, there is one mode. */
  @ParameterizedTest
  @CsvSource({"1e-3, 2", "1e-5, 2", "1e-7, 1"})
  void narrowOnWide(double weight, int expected) {
    // p' of the wide one at 1 σ is −0.242; a narrow one of σ = 0.01 rises by 0.242 w / 1e-4.
    double[][] modes =
        GaussianMixtures.mixture(
                new double[] {1, weight}, new double[] {0, 1}, new double[] {1, 0.001})
            .modes();
    assertEquals(expected, modes.length);
  }

  /** The ripple on equal components at a distance of 1 is about exp(−2 π² σ²), here 1e-5. */
  @Test
  void ripplesOnAPlateau() {
    double[] ones = IntStream.range(0, 10).mapToDouble(k -> 1).toArray();
    double[] means = IntStream.range(0, 10).mapToDouble(k -> k).toArray();
    double[] deviations = IntStream.range(0, 10).mapToDouble(k -> 0.7).toArray();
    Mixture plateau = GaussianMixtures.mixture(ones, means, deviations);
    assertEquals(gridModes(plateau, 0.02), plateau.modes().length);
    assertEquals(6, plateau.modes().length);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e6, 1e9})
  void componentsFarApart(double distance) {
    double[][] modes =
        GaussianMixtures.mixture(
                new double[] {1, 1e-12, 1},
                new double[] {-distance, 0, distance},
                new double[] {1e-3, 1, 1e3})
            .modes();
    assertEquals(3, modes.length);
    assertEquals(-distance, modes[0][0], Math.ulp(distance));
    assertEquals(0, modes[1][0], 1e-9);
    assertEquals(distance, modes[2][0], 1e-6);
  }

  @Test
  void theModeIsTheHighest() {
    Mixture three =
        GaussianMixtures.mixture(
            new double[] {5, 1, 5}, new double[] {-10, 0, 10}, new double[] {2, 0.1, 2});
    assertEquals(3, three.modes().length);
    assertEquals(0, three.mode()[0], 1e-6);
  }
}
