/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.report.FitProgress;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;

class PrintedProgressTest {
  private double seconds;
  private final PrintedProgress progress =
      new PrintedProgress("1 of 2: mixture", () -> (long) (1e9 * seconds));

  private void epoch(double at, int member, boolean choosing, double secondsLeft) {
    seconds = at;
    NoiseLevel noise = new NoiseLevel(0.1, 0.05);
    progress.epochDone(
        new FitProgress(member, 3, noise, 8, choosing, false, 7, 0.001, 2.5, 2.25, secondsLeft));
  }

  private void report() {
    FitReport.Epoch epoch = new FitReport.Epoch(2, 2);
    FitReport.Member member = new FitReport.Member(1, 2.125, List.of(epoch, epoch));
    progress.ended(
        new FitReport(
            new NoiseLevel(0.1, 0.05),
            8,
            List.of(),
            List.of(member, member, member),
            1,
            2,
            List.of(),
            List.of()));
  }

  @Test
  void oneLinePerMember() {
    try (CapturedOutput output = new CapturedOutput()) {
      for (int i = 0; i < 90; i++) {
        epoch(0.01 * i, Math.max(0, i / 30 - 1), i < 30, Double.NaN); // then two members
      }
      report();
      assertEquals(
          List.of(
              "1 of 2: mixture: member 1 of 3: validation NLL 2.2500, best of 7 epochs",
              "1 of 2: mixture: member 2 of 3: validation NLL 2.1250, best of 2 epochs",
              "1 of 2: mixture: member 3 of 3: validation NLL 2.1250, best of 2 epochs"),
          output.out().lines().toList());
    }
  }

  /** Two members at once, each by a thread of its own, are told when each has ended. */
  @Test
  void membersThatRunAtOnceHaveALineEach() throws InterruptedException {
    try (CapturedOutput output = new CapturedOutput()) {
      for (int epoch = 0; epoch < 5; epoch++) {
        epoch(0, 0, false, Double.NaN);
      }
      Thread other = new Thread(() -> epoch(0, 1, false, Double.NaN));
      other.start();
      other.join();
      epoch(0, 0, false, Double.NaN);
      assertEquals("", output.out());
      epoch(0, 2, false, Double.NaN);
      assertEquals(1, output.out().lines().count(), output::out);
      assertTrue(output.out().contains("member 1 of 3"), output::out);
    }
  }

  @Test
  void longTrialsAndMembersSayThatTheyGoOn() {
    try (CapturedOutput output = new CapturedOutput()) {
      epoch(9.9, 0, true, Double.NaN);
      assertEquals("", output.out());
      epoch(10, 0, true, Double.NaN);
      epoch(19, 0, true, Double.NaN);
      epoch(21, 0, false, Double.NaN);
      assertEquals(
          List.of(
              "1 of 2: mixture: noise 0.1:0.05 and 8 bins on trial, epoch 7: validation NLL 2.2500",
              "1 of 2: mixture: member 1 of 3, epoch 7: validation NLL 2.5000, best 2.2500"),
          output.out().lines().toList());
    }
  }

  /** An estimate that grows with each training is not said; one that holds is. */
  @Test
  void theTimeIsSaidOnceItIsSteady() {
    try (CapturedOutput output = new CapturedOutput()) {
      for (int second = 0; second < 40; second++) {
        epoch(second, 0, false, 2 * second); // as trials end, each sooner than a member will
      }
      assertFalse(output.out().contains("left"), output::out);
      for (int second = 40; second < 80; second++) {
        epoch(second, 0, false, 160 - second);
      }
      List<String> said = output.out().lines().filter(line -> line.contains("left")).toList();
      assertEquals(3, said.size(), output::out);
      assertTrue(said.get(0).endsWith(", best 2.2500, about 110 s left"), said.get(0));
      assertTrue(said.get(2).endsWith(", about 90 s left"), said.get(2));
    }
  }
}
