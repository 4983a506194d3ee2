/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.mdn4j.regression.report.FitListener;
import org.mdn4j.regression.report.FitProgress;
import org.mdn4j.regression.report.FitReport;

/**
 * A listener that prints on standard output a line for each member of a fit that has ended, and one
 * now and then between, with the time that is left once that estimate is steady. Every line begins
 * with what is fitted.
 */
public final class PrintedProgress implements FitListener {
  private static final double SECONDS_BETWEEN_LINES = 10;
  private static final double STEADY_SECONDS = 5; // that the estimate must have held
  private static final double STEADY_SHARE = 0.2; // of the time so far, likewise
  private static final double TOLERANCE = 0.2; // of the whole time

  private final String what;
  private final LongSupplier nanoTime;
  private final long began;
  private final Map<Thread, FitProgress> running = new HashMap<>(); // a thread has one at a time
  private final Set<Integer> told = new HashSet<>(); // members that have their line
  private long lastLine;
  private long steadySince;
  private double steadyTotal = Double.NaN; // estimated seconds of the whole fit

  /**
   * Creates a listener of one fit, which begins now.
   *
   * @param what is fitted, such as "2 of 2: one Gaussian"
   */
  public PrintedProgress(String what) {
    this(what, System::nanoTime);
  }

  PrintedProgress(String what, LongSupplier nanoTime) {
    this.what = what;
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
    this.lastLine = began;
  }

  @Override
  public synchronized void epochDone(FitProgress progress) {
    FitProgress before = running.put(Thread.currentThread(), progress);
    if (before != null && !before.choosing() && before.member() != progress.member()) {
      tell(before.member(), before.members(), before.bestNll(), before.epoch());
    }
    double secondsLeft = steadySecondsLeft(progress.secondsLeft());
    if (seconds(lastLine) >= SECONDS_BETWEEN_LINES) {
      print(
          progress.choosing()
              ? String.format(
                  Locale.ROOT,
                  "noise %s and %d bins on trial, epoch %d: validation NLL %.4f",
                  progress.noise(),
                  progress.bins(),
                  progress.epoch(),
                  progress.bestNll())
              : String.format(
                  Locale.ROOT,
                  "%s, epoch %d: validation NLL %.4f, best %.4f",
                  member(progress.member(), progress.members()),
                  progress.epoch(),
                  progress.validationNll(),
                  progress.bestNll()),
          secondsLeft);
    }
  }

  /**
   * Prints the lines that members do not have yet; to be called when the fit has ended.
   *
   * @param report of the fit
   */
  public synchronized void ended(FitReport report) {
    List<FitReport.Member> members = report.members();
    for (int i = 0; i < members.size(); i++) {
      tell(i, members.size(), members.get(i).validationNll(), members.get(i).curve().size());
    }
  }

  private void tell(int member, int members, double nll, int epochs) {
    if (told.add(member)) {
      print(
          String.format(
              Locale.ROOT,
              "%s: validation NLL %.4f, best of %d epochs",
              member(member, members),
              nll,
              epochs),
          Double.NaN);
    }
  }

  private static String member(int member, int members) {
    return members == 1 ? "the network" : "member %s of %s".formatted(member + 1, members);
  }

  private void print(String text, double secondsLeft) {
    lastLine = nanoTime.getAsLong();
    System.out.println(
        what
            + ": "
            + text
            + (Double.isNaN(secondsLeft)
                ? ""
                : String.format(Locale.ROOT, ", about %.0f s left", secondsLeft)));
  }

  /**
   * Returns an estimate if the whole time that follows from it has hardly changed for long; NaN
   * otherwise.
   */
  private double steadySecondsLeft(double secondsLeft) {
    double total = seconds(began) + secondsLeft;
    if (!(Math.abs(total - steadyTotal) <= TOLERANCE * steadyTotal)) { // or NaN
      steadyTotal = total;
      steadySince = nanoTime.getAsLong();
    }
    double steady = seconds(steadySince);
    return steady >= Math.max(STEADY_SECONDS, STEADY_SHARE * seconds(began))
        ? secondsLeft
        : Double.NaN;
  }

  private double seconds(long since) {
    return (nanoTime.getAsLong() - since) / 1e9;
  }
}
