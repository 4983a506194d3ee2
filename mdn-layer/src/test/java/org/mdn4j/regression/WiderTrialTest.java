/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

/** The last trials: of a stronger weight decay, and of a network with more hidden units. */
class WiderTrialTest {
  private static final Data DATA = Data.draw(600, 1);

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(2)
        .noise(new NoiseLevel(0.02, 0.02))
        .bins(0, 4)
        .hiddenUnits(1) // too few for any curve
        .widerUnits(16)
        .strongerDecay(0)
        .ensemble(2)
        .maxEpochs(12)
        .patience(3)
        .quiet();
  }

  private static double[] means(MixtureRegressor regressor) {
    return regressor.predict(DATA.features()).mean().toDoubleVector();
  }

  @Test
  void theWiderIsTakenWhereItIsBetter(@TempDir Path folder) throws IOException {
    Path checkpoint = folder.resolve("fit.checkpoint");
    MixtureRegressor regressor =
        quick()
            .checkpoint(checkpoint)
            .checkpointInterval(Duration.ZERO)
            .build()
            .fit(DATA.features(), DATA.targets());
    List<FitReport.Trial> trials = regressor.report().trials();

    assertEquals(List.of(0, 0, 16), trials.stream().map(FitReport.Trial::hiddenUnits).toList());
    assertEquals(
        trials.get(2),
        trials.stream().min(Comparator.comparingDouble(FitReport.Trial::validationNll)).get());
    Path file = folder.resolve("model.zip");
    regressor.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertTrue(loaded.toString().contains("hiddenUnits=16"), loaded::toString);
    assertArrayEquals(means(regressor), means(loaded));
    assertArrayEquals(
        means(regressor),
        means(quick().resumeFrom(checkpoint).build().fit(DATA.features(), DATA.targets())));
  }

  /**
   * Of noise alone a network is best that stays near its start: the stronger decay is not worse.
   */
  @Test
  void aStrongerDecayIsTriedAndTaken(@TempDir Path folder) throws IOException {
    Path checkpoint = folder.resolve("fit.checkpoint");
    double[][] noise = Data.draw(600, 5).targets();
    MixtureRegressor regressor =
        quick()
            .hiddenUnits(30)
            .strongerDecay(0.7)
            .checkpoint(checkpoint)
            .checkpointInterval(Duration.ZERO)
            .build()
            .fit(DATA.features(), noise);
    List<FitReport.Trial> trials = regressor.report().trials();
    assertEquals(
        List.of(0.0, 0.0, 0.7), trials.stream().map(FitReport.Trial::weightDecay).toList());
    Path file = folder.resolve("model.zip");
    regressor.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertEquals(trials, loaded.report().trials());
    assertTrue(loaded.toString().contains("weightDecay=0.7"), loaded::toString);
    assertArrayEquals(means(regressor), means(loaded));
    assertArrayEquals(
        means(regressor),
        means(
            quick()
                .hiddenUnits(30)
                .strongerDecay(0.7)
                .resumeFrom(checkpoint)
                .build()
                .fit(DATA.features(), noise)));
    MixtureRegressor asked =
        quick().hiddenUnits(30).weightDecay(0.02).build().fit(DATA.features(), noise);
    assertEquals(2, asked.report().trials().size(), "what is asked for is not tried");
  }

  @Test
  void whereNothingElseIsOnTrialItIsNot() {
    double[][] x = IntStream.range(0, 60).mapToObj(n -> new double[] {n}).toArray(double[][]::new);
    assertEquals(1, quick().bins(4).maxEpochs(1).build().fit(x, x).report().trials().size());
    assertEquals(2, quick().hiddenUnits(3).maxEpochs(1).build().fit(x, x).report().trials().size());
  }
}
