/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.AdaGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nadam;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * One of DL4J's updaters over a stretch of the parameters, by the formulas of ND4J's native
 * operations, with their roundings in FLOAT: turns gradients into what is subtracted from the
 * parameters. Each kind of state has an array of its own: two stretches of one array keep the
 * compiler from vectorising.
 */
interface UpdateRule {
  /**
   * Replaces gradients by what is subtracted from the parameters, and updates the state.
   *
   * @param g gradients; updates afterwards, from {@code from} for {@code count}
   * @param state the stretch's state, one array for each kind of number
   */
  void apply(Reals g, int from, int count, Reals[] state, int iteration, int epoch);

  /** Returns the rule of an updater, or null if its exact class is not known. */
  static UpdateRule of(IUpdater updater) {
    Class<?> kind = updater.getClass();
    if (kind == NoOp.class) {
      return (g, from, count, state, iteration, epoch) -> {};
    }
    if (kind == Sgd.class) {
      return (g, from, count, state, iteration, epoch) ->
          g.scale(from, from + count, updater.getLearningRate(iteration, epoch));
    }
    if (kind == Nesterovs.class) {
      return new NesterovsRule((Nesterovs) updater);
    }
    if (kind == Adam.class) {
      return new AdamRule((Adam) updater);
    }
    if (kind == AMSGrad.class) {
      return new AmsGradRule((AMSGrad) updater);
    }
    if (kind == Nadam.class) {
      return new NadamRule((Nadam) updater);
    }
    if (kind == AdaGrad.class) {
      return new AdaGradRule((AdaGrad) updater);
    }
    return kind == RmsProp.class ? new RmsPropRule((RmsProp) updater) : null;
  }
}
