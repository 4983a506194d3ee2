/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import org.mdn4j.regression.report.FitListener;
import org.mdn4j.regression.report.FitProgress;

/** A listener that prints a line on standard output every few seconds of a fit. */
public final class PrintedProgress implements FitListener {
  private static final double SECONDS_BETWEEN_LINES = 2;

  private long last = System.nanoTime();

  @Override
  public void epochDone(FitProgress progress) {
    if ((System.nanoTime() - last) / 1e9 >= SECONDS_BETWEEN_LINES) {
      last = System.nanoTime();
      System.out.println(progress);
    }
  }
}
