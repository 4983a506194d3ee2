/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.time.Duration;

/** The time that a fit may take, from now on. */
public final class Budget {
  private final long began = System.nanoTime();
  private final double seconds; // infinite for no limit

  /** Creates a budget; null for none, which leaves a fit what it was asked for and adds nothing. */
  public Budget(Duration time) {
    this.seconds = time == null ? Double.POSITIVE_INFINITY : time.toNanos() / 1e9;
  }

  /** Returns whether there is a limit. */
  public boolean isLimited() {
    return seconds < Double.POSITIVE_INFINITY;
  }

  /**
   * Returns whether a training must stop: at the end, or at half of the time where it is only to be
   * compared with others, so that there is time left for the one that goes on.
   */
  boolean isOver(boolean choosing) {
    return elapsed() >= (choosing ? seconds / 2 : seconds);
  }

  /** Returns whether as many seconds are left; without a limit they are. */
  boolean hasTimeFor(double more) {
    return elapsed() + more <= seconds;
  }

  /** Returns whether as many seconds are left in the first half. */
  boolean hasHalfTimeFor(double more) {
    return elapsed() + more <= seconds / 2;
  }

  /** Returns how many seconds are left, below 0 where it is over; infinite without a limit. */
  public double secondsLeft() {
    return seconds - elapsed();
  }

  private double elapsed() {
    return (System.nanoTime() - began) / 1e9;
  }
}
