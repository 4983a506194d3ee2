/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CancellationException;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.fit.FitSettings;
import org.mdn4j.regression.model.FeatureEncoding;
import org.mdn4j.regression.model.RowInfo;
import org.mdn4j.regression.model.Standardization;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.report.NoiseLevel;

/** Checkpoints of a small fit, and its resumption. */
public final class CheckpointFiles {
  private final double[][] features = new double[80][2];
  private final double[][] targets = new double[80][1];

  /** Draws two standard normal features, and a target x0 + 0.1 · normal. */
  public CheckpointFiles() {
    Random random = new Random(1);
    for (int n = 0; n < features.length; n++) {
      features[n][0] = random.nextGaussian();
      features[n][1] = random.nextGaussian();
      targets[n][0] = features[n][0] + 0.1 * random.nextGaussian();
    }
  }

  private static MixtureRegressorBuilder small() {
    return MixtureRegressor.builder()
        .components(2)
        .atoms(AtomSearch.NONE) // as the fit finds it, which is what a checkpoint says
        .ensemble(2)
        .maxEpochs(6)
        .noise(NoiseLevel.NONE, new NoiseLevel(0.05, 0.02))
        .bins(4, 0)
        .roundSteps(4)
        .widerUnits(12)
        .parallelism(1)
        .quiet();
  }

  /**
   * Writes the checkpoint of a fit that is done.
   *
   * @param file where to
   */
  public void writeDone(Path file) {
    small().checkpoint(file).build().fit(features, targets);
  }

  /**
   * Writes the checkpoint of a fit that was stopped in the second member's second epoch.
   *
   * @param file where to
   */
  public void writeStopped(Path file) {
    try {
      small()
          .checkpoint(file)
          .listener(
              progress -> {
                if (progress.member() == 1 && progress.epoch() == 2) {
                  throw new CancellationException("enough");
                }
              })
          .build()
          .fit(features, targets);
    } catch (CancellationException e) {
      return;
    }
    throw new IllegalStateException("The fit was not stopped");
  }

  /**
   * Writes the checkpoint of a fit that was stopped in the second epoch on all rows of a member.
   *
   * @param file where to
   */
  public void writeStoppedOnAllRows(Path file) {
    try {
      small()
          .checkpoint(file)
          .listener(
              progress -> {
                if (progress.refitting() && progress.epoch() == 2) {
                  throw new CancellationException("enough");
                }
              })
          .build()
          .fit(features, targets);
    } catch (CancellationException e) {
      return;
    }
    throw new IllegalStateException("The fit was not stopped");
  }

  /**
   * Reads a checkpoint as a resumed fit does before it trains.
   *
   * @param file a checkpoint
   */
  public void read(Path file) {
    FitSettings settings = new FitSettings(1, null, true, file, Duration.ofDays(1), true, null);
    Table features = Table.of("features", this.features);
    Table targets = Table.of("targets", this.targets);
    settings.checkpoints(
        small().options(),
        new StandardizedData(
            Standardization.of("features", features).apply("features", features),
            features.columns(),
            FeatureEncoding.none(features.columns()),
            Standardization.of("targets", targets).apply("targets", targets),
            targets.columns(),
            RowInfo.NONE));
  }

  /**
   * Goes on from a checkpoint, and predicts.
   *
   * @param file a checkpoint
   */
  public void resume(Path file) {
    small().resumeFrom(file).build().fit(features, targets).predict(features);
  }

  /**
   * Goes on with a fit of the same options, written before components were bounded and features
   * encoded.
   *
   * @param file a checkpoint
   */
  public void resumeUnbounded(Path file) {
    small()
        .bounded(false)
        .bins(0)
        .roundSteps(0)
        .mostValidationRows(0)
        .widerUnits(0)
        .strongerDecay(0)
        .contaminated(false)
        .calibrationRows(0)
        .refit(false)
        .resumeFrom(file)
        .build()
        .fit(features, targets)
        .predict(features);
  }
}
