/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.model.Plateau;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

class RefitTest {
  private static List<FitReport.Epoch> curve(double... validation) {
    return DoubleStream.of(validation).mapToObj(nll -> new FitReport.Epoch(0, nll)).toList();
  }

  /**
   * A patience of 2: the first stage ends after epoch 5, the second after 8, the third after 10.
   */
  @Test
  void stagesAreAsLongAsTheyImprove() {
    assertEquals(List.of(3, 1, 0), Plateau.schedule(curve(3, 2, 1, 1.5, 1.6, 0.9, 1, 1, 1, 1), 2));
  }

  @Test
  void whatWasStoppedEndsAtItsBest() {
    assertEquals(List.of(2), Plateau.schedule(curve(3, 2, 2.5), 5));
    assertEquals(List.of(1, 1), Plateau.schedule(curve(3, 4, 4, 2), 2));
  }

  private static double[][] column(int rows, long seed, double slope) {
    Random random = new Random(seed);
    double[][] cells = new double[rows][1];
    for (int n = 0; n < rows; n++) {
      cells[n][0] = slope * n / rows + 0.1 * random.nextGaussian();
    }
    return cells;
  }

  /** The last fifth of a small table would otherwise teach nothing. */
  @Test
  void allRowsAreLearnedFrom() {
    double[][] x = column(60, 1, 2);
    double[][] y = column(60, 2, 6);
    MixtureRegressorBuilder builder =
        MixtureRegressor.builder().components(1).noise(new NoiseLevel(0.02, 0.02)).bins(0).quiet();
    double validated = builder.refit(false).build().fit(x, y).evaluate(x, y).nll();
    double refitted = builder.refit(true).build().fit(x, y).evaluate(x, y).nll();

    assertNotEquals(validated, refitted);
    assertTrue(refitted < validated + 0.1, refitted + " " + validated);
  }

  @Test
  void whereFewRowsValidateNetworksStay() {
    double[][] x = column(100, 1, 2);
    double[][] y = column(100, 2, 6);
    MixtureRegressorBuilder builder =
        MixtureRegressor.builder()
            .components(1)
            .noise(new NoiseLevel(0.02, 0.02))
            .bins(0)
            .mostValidationRows(12) // of 100, fewer than one in eight
            .quiet();

    assertEquals(
        builder.refit(false).build().fit(x, y).evaluate(x, y).nll(),
        builder.refit(true).build().fit(x, y).evaluate(x, y).nll());
  }
}
