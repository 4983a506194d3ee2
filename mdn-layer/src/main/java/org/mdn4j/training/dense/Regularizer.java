/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.regularization.L1Regularization;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.learning.regularization.Regularization;
import org.nd4j.linalg.learning.regularization.Regularization.ApplyStep;
import org.nd4j.linalg.learning.regularization.WeightDecay;
import org.nd4j.linalg.schedule.ISchedule;

/** L1, L2 or weight decay of a stretch of the parameters. */
final class Regularizer {
  private enum Kind {
    L1,
    L2,
    DECAY,
    DECAY_TIMES_RATE
  }

  private final Kind kind;
  private final ISchedule coefficient;
  private final int from;
  private final int to;
  private final boolean scored;

  private Regularizer(Kind kind, ISchedule coefficient, int from, int to, boolean scored) {
    this.kind = kind;
    this.coefficient = coefficient;
    this.from = from;
    this.to = to;
    this.scored = scored;
  }

  /**
   * Opens one of DL4J's regularizations.
   *
   * @param scored whether it is part of the score
   * @return what it does to the parameters from one index to before another, or null if its exact
   *     class is not known
   */
  static Regularizer of(Regularization settings, int from, int to, boolean scored) {
    Class<?> kind = settings.getClass();
    if (kind == L1Regularization.class) {
      ISchedule l1 = ((L1Regularization) settings).getL1();
      return new Regularizer(Kind.L1, l1, from, to, scored);
    }
    if (kind == L2Regularization.class) {
      ISchedule l2 = ((L2Regularization) settings).getL2();
      return new Regularizer(Kind.L2, l2, from, to, scored);
    }
    if (kind == WeightDecay.class) {
      WeightDecay decay = (WeightDecay) settings;
      Kind variant = decay.isApplyLR() ? Kind.DECAY_TIMES_RATE : Kind.DECAY;
      return new Regularizer(variant, decay.getCoeff(), from, to, scored);
    }
    return null;
  }

  ApplyStep when() {
    return kind == Kind.L1 || kind == Kind.L2 ? ApplyStep.BEFORE_UPDATER : ApplyStep.POST_UPDATER;
  }

  /** Adds its derivative to gradients or updates. */
  void apply(Reals parameters, Reals gradients, double rate, int iteration, int epoch) {
    double c = coefficient.valueAt(iteration, epoch);
    if (kind == Kind.L1) {
      gradients.addSigns(from, to, parameters, c);
    } else {
      gradients.addScaled(from, to, parameters, kind == Kind.DECAY_TIMES_RATE ? c * rate : c);
    }
  }

  /** Returns what it adds to the score. */
  double score(Reals parameters, int iteration, int epoch) {
    if (!scored) {
      return 0;
    }
    double c = coefficient.valueAt(iteration, epoch);
    if (kind == Kind.L1) {
      return c * parameters.norm1(from, to);
    }
    double norm = parameters.norm2(from, to);
    return c * 0.5 * norm * norm;
  }
}
