/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.nio.file.Path;
import java.time.Duration;
import org.mdn4j.regression.file.Checkpoints;
import org.mdn4j.regression.model.RegressorOptions;
import org.mdn4j.regression.model.StandardizedData;
import org.mdn4j.regression.model.TrainerChoice;
import org.mdn4j.regression.report.FitListener;

/**
 * How a fit is run, which does not change what it learns, but for the budget.
 *
 * @param parallelism how many networks train at the same time
 * @param listener is told about each epoch, or null
 * @param quiet whether nothing is logged
 * @param checkpoint the checkpoint's file, or null
 * @param checkpointInterval least time between two checkpoints
 * @param resume whether to go on from the checkpoint
 * @param budget time that the fit may take, or null
 */
public record FitSettings(
    int parallelism,
    FitListener listener,
    boolean quiet,
    Path checkpoint,
    Duration checkpointInterval,
    boolean resume,
    Duration budget) {
  public static final FitSettings DEFAULT =
      new FitSettings(
          Runtime.getRuntime().availableProcessors(),
          null,
          false,
          null,
          Duration.ZERO,
          false,
          null);

  /**
   * Creates the checkpoints of a fit, with the options that it is to run with, whose trainer is
   * FUSED or DL4J.
   *
   * @throws IllegalArgumentException if the options name a trainer that does not cover the network
   */
  public Checkpoints checkpoints(RegressorOptions options, StandardizedData data) {
    if (checkpoint == null) {
      return Checkpoints.none(TrainerChoice.decided(options, data));
    }
    return resume
        ? Checkpoints.from(checkpoint, checkpointInterval, options, data)
        : Checkpoints.to(
            checkpoint, checkpointInterval, TrainerChoice.decided(options, data), data);
  }
}
