/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Interval;
import org.mdn4j.eval.Conformal;
import org.mdn4j.eval.ConformalSummary;
import org.mdn4j.eval.DistributionEffect;
import org.mdn4j.eval.ExchangeableRows;
import org.mdn4j.eval.PermutationImportance.Importance;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * y = 3 x + noise, of σ = 0.2 in group "quiet" and 1 in "loud", which the model does not see; a
 * second feature says nothing. No x lies in (0.4, 0.6).
 */
class PredictionTrustTest {
  private static MixtureRegressor fitted;
  private static Frame calibration;
  private static Frame test;

  private static Frame rows(int count, long seed) {
    Random random = new Random(seed);
    double[] x = new double[count];
    double[] idle = new double[count];
    String[] group = new String[count];
    double[] y = new double[count];
    for (int n = 0; n < count; n++) {
      double u = 0.8 * random.nextDouble();
      x[n] = u < 0.4 ? u : u + 0.2;
      idle[n] = random.nextGaussian();
      boolean loud = random.nextBoolean();
      group[n] = loud ? "loud" : "quiet";
      y[n] = 3 * x[n] + (loud ? 1 : 0.2) * random.nextGaussian();
    }
    return Frame.builder()
        .numbers("x", x)
        .numbers("idle", idle)
        .categories("group", group)
        .numbers("y", y)
        .build();
  }

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(2)
        .ensemble(2)
        .noise(new NoiseLevel(0.02, 0.02))
        .bins(0)
        .maxEpochs(15)
        .quiet();
  }

  private static final ColumnRoles ROLES = ColumnRoles.targets("y").exclude("group");

  @BeforeAll
  static void fit() {
    fitted = quick().build().fit(rows(400, 1), ROLES);
    calibration = rows(1000, 2);
    test = rows(2000, 3);
  }

  private static double coverage(List<List<Interval>> intervals, Frame frame, String group) {
    double[] y = frame.numbers("y");
    String[] groups = frame.categories("group");
    return IntStream.range(0, y.length)
        .filter(row -> group == null || group.equals(groups[row]))
        .mapToDouble(
            row -> intervals.get(row).stream().anyMatch(one -> one.contains(y[row])) ? 1 : 0)
        .average()
        .orElseThrow();
  }

  /** The standard deviation of the coverage is √(0.09 (1/1000 + 1/2000)) = 0.012. */
  @Test
  void intervalsAndRegionsCoverAsManyAsAsked() {
    fitted.conformalize(calibration);

    assertEquals(0.9, coverage(fitted.trust().intervals(test, 0.9), test, null), 0.04);
    assertEquals(0.9, coverage(fitted.trust().regions(test, 0.9), test, null), 0.04);
    ConformalSummary summary = fitted.trust().summary(test);
    assertEquals(0.9, summary.regions().get(2).conformal(), 0.04);
    assertEquals(
        coverage(fitted.trust().intervals(test, 0.9), test, null),
        summary.intervals().get(0).get(2).conformal(),
        1e-12);
  }

  @Test
  void groupsAreCoveredEach() {
    fitted.conformalize(calibration);
    double common = coverage(fitted.trust().intervals(test, 0.9), test, "loud");
    fitted.conformalize(calibration, "group");

    assertTrue(common < 0.85, "a test that cannot fail: " + common);
    assertEquals(0.9, coverage(fitted.trust().intervals(test, 0.9), test, "loud"), 0.05);
    assertEquals(0.9, coverage(fitted.trust().intervals(test, 0.9), test, "quiet"), 0.05);
  }

  @Test
  void aFileKeepsIt(@TempDir Path folder) throws IOException {
    fitted.conformalize(calibration, "group");
    Path file = folder.resolve("model.zip");
    fitted.save(file);
    PredictionTrust loaded = MixtureRegressor.load(file).trust();

    assertTrue(loaded.isConformal());
    assertEquals(fitted.trust().intervals(test, 0.8), loaded.intervals(test, 0.8));
    assertArrayEquals(fitted.trust().typicality(test), loaded.typicality(test));
    assertEquals(
        "Expected the column of groups 'group', there are [x, idle]",
        assertThrows(
                IllegalArgumentException.class,
                () -> loaded.intervals(test.select(List.of("x", "idle")), 0.8))
            .getMessage());
  }

  @Test
  void aFitHoldsRowsOut() {
    MixtureRegressor regressor =
        quick().ensemble(1).conformalFraction(0.25).build().fit(rows(800, 4), ROLES);

    assertEquals(200, regressor.trust().conformal().rows());
    assertEquals(0.9, coverage(regressor.trust().intervals(test, 0.9), test, null), 0.08);
    MixtureRegressor plain = quick().ensemble(1).build().fit(rows(100, 4), ROLES);
    assertFalse(plain.trust().isConformal());
    assertTrue(
        assertThrows(IllegalStateException.class, () -> plain.trust().intervals(test, 0.9))
            .getMessage()
            .startsWith("Expected a conformalized model"));
  }

  /** Rows of the loud group weigh 3, of the quiet one 1: 90 % of rows that come so are covered. */
  @Test
  void rowsAreCoveredAsTheirWeightsSay() {
    ColumnRoles roles = ColumnRoles.targets("y").exclude("group").weights("w");
    MixtureRegressor regressor =
        quick().ensemble(1).conformalFraction(0.5).build().fit(weighted(rows(1200, 4)), roles);
    Conformal own = regressor.trust().conformal();
    assertTrue(own.masses() != null && own.size() < own.rows(), own.size() + " of " + own.rows());

    Frame held = weighted(calibration);
    double sum = Arrays.stream(held.numbers("w")).sum();
    regressor.conformalize(held);
    assertEquals(sum / 3, regressor.trust().conformal().size(), 1e-9 * sum);
    double loud = coverage(regressor.trust().intervals(test, 0.9), test, "loud");
    double quiet = coverage(regressor.trust().intervals(test, 0.9), test, "quiet");
    assertEquals(0.9, (3 * loud + quiet) / 4, 0.04);
    Frame weightedTest = weighted(test);
    assertEquals(
        0.9, regressor.trust().summary(weightedTest).intervals().get(0).get(2).conformal(), 0.04);

    regressor.conformalize(calibration); // without the column, all count alike
    assertEquals(1000, regressor.trust().conformal().size());
    assertTrue(coverage(regressor.trust().intervals(test, 0.9), test, "loud") < loud);
  }

  private static Frame weighted(Frame frame) {
    double[] weights =
        Arrays.stream(frame.categories("group"))
            .mapToDouble(group -> group.equals("loud") ? 3 : 1)
            .toArray();
    return frame.with(Frame.builder().numbers("w", weights).build());
  }

  @Test
  void aGapIsUnlikeTheRowsOfTheFit() {
    Frame some = Frame.builder().numbers("x", 0.5, 0.2, 9).numbers("idle", 0, 0, 0).build();
    double[] typicality = fitted.trust().typicality(some);

    assertTrue(typicality[0] < 0.2, "in the gap: " + typicality[0]);
    assertTrue(typicality[1] > 0.5, "among the rows: " + typicality[1]);
    assertEquals(0, typicality[2], "far outside");
  }

  @Test
  void variancesAddUpToTheEnsembles() {
    Frame some = test.select(IntStream.range(0, 50).toArray());
    double[] open = fitted.trust().uncertainty(some).dataVariance().toDoubleVector();
    double[] disagreement = fitted.trust().uncertainty(some).memberVariance().toDoubleVector();
    for (int row = 0; row < 50; row++) {
      assertEquals(
          fitted.predict(some).get(row).variance()[0], open[row] + disagreement[row], 1e-6);
      assertTrue(disagreement[row] > 0 && disagreement[row] < 0.5 * open[row], "row " + row);
    }
  }

  @Test
  void whatMattersIsImportant() {
    List<Importance> importance = fitted.trust().importance(test);

    assertTrue(importance.get(0).nats() > 0.2, "x: " + importance.get(0));
    assertEquals(0, importance.get(1).nats(), 0.05, "idle");
    double[][] array = {{0, 1}, {1, 2}};
    assertThrows(IllegalArgumentException.class, () -> fitted.trust().importance(array, array));
  }

  @Test
  void anEffectFollowsTheLine() {
    Frame some = test.select(IntStream.range(0, 200).toArray());
    double[] x = some.numbers("x");
    int[] grid = DistributionEffect.grid(x, 5);
    List<DistributionEffect> effects =
        DistributionEffect.of(
            fitted.trust().exchangeable(some),
            null,
            0,
            50,
            1,
            new ExchangeableRows.Exchange(new int[] {0}, grid));
    double rise = effects.get(4).median() - effects.get(0).median();

    assertEquals(3 * (x[grid[4]] - x[grid[0]]), rise, 0.6);
  }
}
