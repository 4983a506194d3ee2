/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.util.ServiceLoader;
import org.mdn4j.examples.kit.Program.UserError;

/** Gradient boosting with a predictive distribution, which the profile {@code boosting} brings. */
interface Boosting {
  /** Returns all that decides what is learned but rows, time and seed. */
  String settings(UciMethod method);

  /**
   * Fits, tunes on validation rows among the training rows, and scores the test rows.
   *
   * @param method which of the two
   * @param rows of a split
   * @param seconds that fitting and tuning may take
   * @param seed of the search, the parts and the trees
   * @param settings kept with the result
   */
  UciSplit score(UciMethod method, UciRows rows, double seconds, long seed, String settings);

  /**
   * Returns the one on the class path.
   *
   * @throws UserError if there is none
   */
  static Boosting find() {
    return ServiceLoader.load(Boosting.class)
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "--method: %s and %s need XGBoost on the class path: run Maven with -Pboosting"
                        .formatted(UciMethod.BOOSTING_GAUSSIAN, UciMethod.BOOSTING_QUANTILE)));
  }
}
