/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.api.buffer.DataType;

/** The contracts, and that making a graph is not seen. */
@Tag("slow")
class SameDiffLikelihoodTest {
  private static final MixtureSpec SPEC =
      MixtureSpec.builder().components(3).targets(2).scaleFloor(0.01).build();
  private static final RandomRows ROWS = RandomRows.of(SPEC, 6, 4, 1, DataType.FLOAT);

  @Nested
  class Values extends LikelihoodContract {
    @Override
    protected MixtureLikelihood likelihood(MixtureSpec spec) {
      return Graphs.of(spec);
    }
  }

  @Nested
  class Extremes extends LikelihoodExtremesContract {
    @Override
    protected MixtureLikelihood likelihood(MixtureSpec spec) {
      return Graphs.of(spec);
    }
  }

  @Nested
  class Use extends LikelihoodUseContract {
    @Override
    protected MixtureLikelihood make(MixtureSpec spec) {
      return new SameDiffLikelihood(spec);
    }
  }

  @Test
  void makingAGraphPrintsNothingAndSwallowsNothing() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    PrintStream before = System.out;
    AtomicBoolean done = new AtomicBoolean();
    AtomicInteger printed = new AtomicInteger();
    Thread other =
        new Thread(
            () -> {
              while (!done.get()) {
                System.out.println("other " + printed.getAndIncrement());
                try {
                  TimeUnit.MILLISECONDS.sleep(2);
                } catch (InterruptedException e) {
                  return;
                }
              }
            });
    System.setOut(captured);
    try {
      other.start();
      for (int i = 0; i < 3 || (printed.get() < 5 && other.isAlive()); i++) {
        new SameDiffLikelihood(SPEC).scoreAndGradient(ROWS.labels(), ROWS.raw(), null);
      }
      done.set(true);
      other.join();
      assertSame(captured, System.out);
      System.out.println("mine");
    } finally {
      System.setOut(before);
    }
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < printed.get(); i++) {
      expected.add("other " + i);
    }
    expected.add("mine");
    assertTrue(expected.size() > 5, "the other thread printed meanwhile");
    assertEquals(expected, bytes.toString(StandardCharsets.UTF_8).lines().toList());
  }

  /** Whoever keeps the filter as the stream to go back to must not lose lines for ever. */
  @Test
  void theFilterOfStandardOutputEndsWithItsTask() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    PrintStream[] kept = new PrintStream[1];
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      QuietStandardOutput.run(
          () -> {
            kept[0] = System.out;
            System.out.println("dropped");
          });
      kept[0].println("kept");
    } finally {
      System.setOut(before);
    }
    assertEquals(List.of("kept"), bytes.toString(StandardCharsets.UTF_8).lines().toList());
  }
}
