/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.ExchangeableRows.Exchange;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

class DistributionEffectTest {
  private static final double QUARTILE = 0.6744897501960817; // scipy.stats.norm.ppf(0.75)
  private static final double TAIL = 1.6448536269514722; // of 0.95

  /** y = 3 x + z + N(0, 0.25), z another feature. */
  private static ExchangeableRows model(double[][] rows) {
    return ExchangeableRows.of(
        rows,
        cells -> {
          double[] deviations = new double[cells.length];
          Arrays.fill(deviations, 0.5);
          return Lines.gaussians(
              Arrays.stream(cells).mapToDouble(x -> 3 * x[0] + x[1]).toArray(), deviations);
        });
  }

  private static double[] column(double[][] rows, int column) {
    return Arrays.stream(rows).mapToDouble(row -> row[column]).toArray();
  }

  /** Averaged over z ~ N(0, 1) it is N(3 x, 1 + 0.25). */
  @Test
  void effectOfALinearModel() {
    Random random = new Random(1);
    double[][] rows = new double[20_000][];
    Arrays.setAll(rows, n -> new double[] {random.nextDouble(), random.nextGaussian()});
    int[] grid = DistributionEffect.grid(column(rows, 0), 6);
    assertEquals(6, grid.length);
    List<DistributionEffect> effects =
        DistributionEffect.of(model(rows), null, 0, 1000, 1, new Exchange(new int[] {0}, grid));
    assertEquals(6, effects.size());
    double deviation = Math.sqrt(1.25);
    double error = 5 / Math.sqrt(1000);
    for (int i = 0; i < 6; i++) {
      DistributionEffect effect = effects.get(i);
      double x = rows[grid[i]][0];
      assertEquals(i / 5.0, x, 0.03);
      assertEquals(List.of(grid[i]), effect.donors());
      assertEquals(3 * x, effect.median(), error);
      assertEquals(3 * x - QUARTILE * deviation, effect.half().lower(), error);
      assertEquals(3 * x + QUARTILE * deviation, effect.half().upper(), error);
      assertEquals(3 * x - TAIL * deviation, effect.ninety().lower(), 2 * error);
      assertEquals(3 * x + TAIL * deviation, effect.ninety().upper(), 2 * error);
      assertTrue(effect.modes().stream().allMatch(mode -> Math.abs(mode - 3 * x) < 1));
    }
  }

  /** z is −2 or 2; 2,000 draws by weights that sum to 2,000 have each row as often as it weighs. */
  @Test
  void modesOfTwoBranches() {
    double[][] rows = new double[1000][];
    double[] weights = new double[1000];
    Arrays.setAll(rows, n -> new double[] {n % 7, n % 2 == 0 ? -2 : 2});
    Arrays.setAll(weights, n -> n % 2 == 0 ? 1 : 3);
    DistributionEffect effect =
        DistributionEffect.of(
                model(rows), weights, 0, 2000, 1, new Exchange(new int[] {0}, new int[] {1}))
            .get(0);
    assertEquals(2, effect.modes().size());
    assertEquals(3 - 2, effect.modes().get(0), 1e-3);
    assertEquals(3 + 2, effect.modes().get(1), 1e-3);
    Mixture exact =
        Mixture.gaussian(
            new double[] {1, 3}, new double[][] {{1}, {5}}, new double[][] {{0.5}, {0.5}});
    assertEquals(exact.quantile(0.5), effect.median(), 1e-8);
    assertEquals(exact.interval(0.9).lower(), effect.ninety().lower(), 1e-8);
  }

  /** Both features set: nothing is left to average over. */
  @Test
  void effectOfTwoFeatures() {
    double[][] rows = {{0, 10}, {1, 20}, {2, 30}};
    List<DistributionEffect> effects =
        DistributionEffect.of(
            model(rows),
            null,
            0,
            7,
            1,
            new Exchange(new int[] {0}, new int[] {0, 2}),
            new Exchange(new int[] {1}, new int[] {1, 0, 2}));
    double[] medians = {20, 10, 30, 26, 16, 36};
    int[][] donors = {{0, 1}, {0, 0}, {0, 2}, {2, 1}, {2, 0}, {2, 2}};
    assertEquals(6, effects.size());
    for (int i = 0; i < 6; i++) {
      DistributionEffect effect = effects.get(i);
      assertEquals(medians[i], effect.median(), 1e-9);
      assertEquals(Arrays.stream(donors[i]).boxed().toList(), effect.donors());
      assertEquals(2 * TAIL * 0.5, effect.ninety().width(), 1e-9);
      assertEquals(1, effect.modes().size());
      assertEquals(medians[i], effect.modes().get(0), 1e-9);
    }
  }

  /** Of two targets the marginal of one, also with full covariances. */
  @ParameterizedTest
  @EnumSource(
      value = Covariance.class,
      names = {"DIAGONAL", "FULL"})
  void ofOneTarget(Covariance covariance) {
    MixtureSpec spec =
        MixtureSpec.builder().components(2).targets(2).covariance(covariance).build();
    RandomRows raw = RandomRows.of(spec, 3, 1, 1, DataType.DOUBLE);
    double[][] rows = {{0}, {1}, {2}};
    ExchangeableRows model =
        ExchangeableRows.of(
            rows,
            cells ->
                MixtureBatch.of(
                    spec,
                    Nd4j.vstack(
                        Arrays.stream(cells)
                            .map(x -> raw.raw().getRow((long) x[0]).reshape(1, -1))
                            .toList())));
    List<DistributionEffect> effects =
        DistributionEffect.of(
            model, null, 1, 3, 1, new Exchange(new int[] {0}, new int[] {0, 1, 2}));
    for (int n = 0; n < 3; n++) {
      double median = MixtureBatch.of(spec, raw.raw()).get(n).marginal(1).quantile(0.5);
      assertEquals(median, effects.get(n).median(), 1e-8 * (1 + Math.abs(median)));
    }
    assertEquals(
        "Expected a target in [0, 2), got 2",
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    DistributionEffect.of(
                        model, null, 2, 3, 1, new Exchange(new int[] {0}, new int[] {0})))
            .getMessage());
  }

  @ParameterizedTest
  @EnumSource(ComponentFamily.class)
  void pooledDensityIsTheMeanOfTheRows(ComponentFamily family) {
    MixtureSpec spec = MixtureSpec.builder().components(3).family(family).build();
    MixtureBatch batch = MixtureBatch.of(spec, RandomRows.of(spec, 5, 1, 1, DataType.DOUBLE).raw());
    Mixture pooled = batch.pooled();
    assertEquals(15, pooled.components());
    assertEquals(1, Arrays.stream(pooled.weights()).sum(), 1e-14);
    for (double y : new double[] {0.1, 0.5, 1, 2.5}) {
      double mean =
          IntStream.range(0, 5).mapToDouble(n -> batch.get(n).density(y)).average().orElseThrow();
      assertEquals(mean, pooled.density(y), 1e-13 * (1 + mean));
    }
    assertArrayEquals(batch.get(4).locations(), Arrays.copyOfRange(pooled.locations(), 12, 15));
  }

  @Test
  void gridsLieWhereTheDataAre() {
    double[] column = {5, 1, Double.NaN, 1, 3, 5, 9};
    assertArrayEquals(new int[] {1, 4, 0, 6}, DistributionEffect.grid(column, 4));
    assertArrayEquals(new int[] {1, 6}, DistributionEffect.grid(column, 2));
    assertEquals(1, DistributionEffect.grid(new double[] {4, 4, 4}, 5).length);
    double[] many = IntStream.range(0, 1001).mapToDouble(n -> Math.exp(n / 100.0)).toArray();
    assertArrayEquals(new int[] {0, 250, 500, 750, 1000}, DistributionEffect.grid(many, 5));
    assertThrows(IllegalArgumentException.class, () -> DistributionEffect.grid(many, 1));
    assertEquals(
        "Expected a value in the column, got none",
        assertThrows(
                IllegalArgumentException.class,
                () -> DistributionEffect.grid(new double[] {Double.NaN}, 3))
            .getMessage());
  }

  @Test
  void argumentsThatDoNotFit() {
    ExchangeableRows model = model(new double[][] {{1, 2}});
    assertThrows(
        IllegalArgumentException.class, () -> DistributionEffect.of(model, null, 0, 10, 1));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            DistributionEffect.of(
                model, null, 0, 0, 1, new Exchange(new int[] {0}, new int[] {0})));
    assertThrows(
        IllegalArgumentException.class,
        () -> DistributionEffect.of(model, null, 0, 1, 1, new Exchange(new int[] {0}, new int[0])));
    assertThrows(
        IllegalArgumentException.class, () -> ExchangeableRows.of(new double[0][], cells -> null));
  }
}
