/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.report;

/**
 * Listener that is notified after each epoch of a fit, by one thread at a time. Members that train
 * side by side report in turns.
 */
@FunctionalInterface
public interface FitListener {
  /**
   * Handles the end of an epoch.
   *
   * @param progress where the fit stands
   */
  void epochDone(FitProgress progress);
}
