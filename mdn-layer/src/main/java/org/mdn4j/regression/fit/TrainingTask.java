/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.io.Serializable;
import org.mdn4j.regression.model.Setup;
import org.mdn4j.regression.model.TrainingState;

/**
 * A training that is to be run, of one member with one setup.
 *
 * @param member which member, from 0
 * @param setup its noise, bins and hidden units
 * @param from where it stood, or null for one that has not begun
 * @param choosing whether it runs until its first plateau only, to be compared; otherwise to its
 *     end, with the training on all rows that may follow
 */
public record TrainingTask(int member, Setup setup, TrainingState from, boolean choosing)
    implements Serializable {

  /** Returns whether a training has come as far as is asked for. */
  boolean isDone(Training training) {
    return choosing ? training.plateau().stage() > 0 : training.plateau().finished();
  }
}
