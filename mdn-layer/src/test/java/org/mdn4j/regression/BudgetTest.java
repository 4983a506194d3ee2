/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

class BudgetTest {
  private static final Data DATA = Data.draw(200, 1);

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(3)
        .hiddenUnits(8)
        .noise(new NoiseLevel(0.05, 0.05))
        .bins(0, 4)
        .maxEpochs(30)
        .patience(5)
        .quiet();
  }

  @Test
  void timeThatIsLeftGoesToTrialsAndMembers(@TempDir Path folder) throws IOException {
    MixtureRegressor regressor =
        quick().budget(Duration.ofSeconds(20)).build().fit(DATA.features(), DATA.targets());
    FitReport report = regressor.report();

    assertTrue(report.members().size() > 1, report.members().size() + " members");
    assertTrue(
        report.trials().stream().anyMatch(trial -> trial.hiddenUnits() == 16),
        report.trials().toString());
    assertTrue(report.seconds() < 25, report.seconds() + " s");
    Path file = folder.resolve("model.zip");
    regressor.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertEquals(report.members().size(), loaded.report().members().size());
    assertArrayEquals(
        regressor.predict(DATA.features()).mean().toDoubleVector(),
        loaded.predict(DATA.features()).mean().toDoubleVector());
  }

  @Test
  void atItsEndTheBestSoFarIsKept() {
    MixtureRegressor regressor =
        quick()
            .maxEpochs(100_000)
            .patience(100_000)
            .budget(Duration.ofMillis(1))
            .build()
            .fit(DATA.features(), DATA.targets());

    assertEquals(1, regressor.report().members().size());
    assertEquals(1, regressor.report().members().get(0).curve().size());
  }

  /** Two numbers of bins of three, for an epoch; no other noise, decay or width. */
  @Test
  void aChoiceForWhichThereIsNoTimeIsOfWhatWasTried() {
    MixtureRegressor regressor =
        quick()
            .noise(NoiseLevel.NONE, new NoiseLevel(0.05, 0.05), new NoiseLevel(0.1, 0.1))
            .bins(0, 4, 8)
            .parallelism(2)
            .budget(Duration.ofMillis(1))
            .build()
            .fit(DATA.features(), DATA.targets());

    assertEquals(
        List.of(0, 4), regressor.report().trials().stream().map(FitReport.Trial::bins).toList());
    assertEquals(new NoiseLevel(0.05, 0.05), regressor.report().noise());
    assertEquals(1, regressor.report().members().get(0).curve().size());
  }

  @Test
  void whatCannotBeIsRejected() {
    assertEquals(
        "Expected a positive budget, got PT0S",
        assertThrows(IllegalArgumentException.class, () -> quick().budget(Duration.ZERO))
            .getMessage());
    MixtureRegressorBuilder both =
        quick().budget(Duration.ofSeconds(1)).checkpoint(Path.of("checkpoint.zip"));
    assertTrue(
        assertThrows(IllegalArgumentException.class, both::build)
            .getMessage()
            .startsWith("Expected a budget or a checkpoint"));
  }
}
