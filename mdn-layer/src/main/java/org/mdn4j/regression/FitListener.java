/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

/**
 * Is told about each epoch of a fit, by one thread at a time. Members that train side by side
 * report in turns.
 */
@FunctionalInterface
public interface FitListener {
  /**
   * An epoch has ended.
   *
   * @param progress where the fit stands
   */
  void epochDone(FitProgress progress);
}
