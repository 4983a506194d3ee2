/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.nd4j.linalg.schedule.ISchedule;

/** Something that is done to a layer's units one by one. */
sealed interface Stage {
  /** Returns the indices of DL4J's layers whose output is that of this stage. */
  int[] shown();

  /** A stage that applies an activation. */
  record Function(Activation activation, int[] shown) implements Stage {}

  /**
   * Inverted dropout: a number is kept with probability p and then divided by it.
   *
   * @param number of the stage, of which its random stream depends
   * @param probability p, where there is no schedule of it
   * @param schedule of p, or null
   */
  record Dropout(int number, double probability, ISchedule schedule, int[] shown) implements Stage {
    double probability(int iteration, int epoch) {
      return schedule == null ? probability : schedule.valueAt(iteration, epoch);
    }
  }
}
