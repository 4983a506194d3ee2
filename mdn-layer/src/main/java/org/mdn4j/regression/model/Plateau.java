/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.mdn4j.regression.report.FitReport;

/**
 * When to lower the learning rate and when to stop: after so many epochs in which the validation
 * score did not improve, training goes back to its best parameters with a lower rate; when that has
 * happened often enough, it ends. A score that is NaN is no improvement.
 *
 * @param patience epochs without improvement that end a stage
 * @param stages how many stages there are
 * @param stage the present one, from 0; equal to stages when training has ended
 * @param waited epochs since the last improvement or the stage's start
 * @param bestEpoch the epoch of the best score, from 1; 0 before the first
 * @param best the best score
 */
public record Plateau(int patience, int stages, int stage, int waited, int bestEpoch, double best)
    implements Serializable {

  /** How many stages a regressor's training has. */
  public static final int STAGES = 3;

  public static Plateau start(int patience, int stages) {
    return new Plateau(patience, stages, 0, 0, 0, Double.POSITIVE_INFINITY);
  }

  /** Returns the state after an epoch. */
  public Plateau after(int epoch, double score) {
    if (score < best) {
      return new Plateau(patience, stages, stage, 0, epoch, score);
    }
    if (waited + 1 < patience) {
      return new Plateau(patience, stages, stage, waited + 1, bestEpoch, best);
    }
    return new Plateau(patience, stages, stage + 1, 0, bestEpoch, best);
  }

  /** Returns the state when no more epochs are allowed. */
  public Plateau ended() {
    return new Plateau(patience, stages, stages, waited, bestEpoch, best);
  }

  public boolean finished() {
    return stage >= stages;
  }

  /**
   * Returns the epochs of each stage of a training until its best parameters; 0 where a stage found
   * none that are better than those before.
   *
   * @param curve of the training
   * @param patience of its plateau
   */
  public static List<Integer> schedule(List<FitReport.Epoch> curve, int patience) {
    List<Integer> epochs = new ArrayList<>();
    Plateau plateau = start(patience, STAGES);
    int start = 0;
    for (int epoch = 1; epoch <= curve.size(); epoch++) {
      int stage = plateau.stage();
      plateau = plateau.after(epoch, curve.get(epoch - 1).validationNll());
      if (plateau.stage() > stage || epoch == curve.size()) {
        epochs.add(Math.max(0, plateau.bestEpoch() - start));
        start = epoch;
      }
    }
    return epochs;
  }
}
