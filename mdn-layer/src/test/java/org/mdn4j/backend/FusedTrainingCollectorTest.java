/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.ChildJvm;

/**
 * Fused training with ND4J's own executioner lives under a collector that runs each millisecond, as
 * a step runs no operation of ND4J. Ten minutes, which is a million steps, with {@code
 * -Dmdn4j.collectorSeconds=600}.
 */
@Tag("slow")
class FusedTrainingCollectorTest {
  private static final long SECONDS = Long.getLong("mdn4j.collectorSeconds", 5);

  @Test
  void livesWithoutTheGuard() throws Exception {
    Process process =
        ChildJvm.start(
            CollectorHammer.class,
            List.of("-Xmx256m"),
            false,
            SECONDS,
            CollectorHammer.Work.FUSED_TRAINING,
            CollectorHammer.Work.FUSED_TRAINING);
    String last = ChildJvm.lastLine(process); // fails unless the process ended well
    assertTrue(last.matches("Lived, .*: \\[[1-9]\\d+, [1-9]\\d+]"), last);
    if (SECONDS >= 60) {
      System.out.println(last);
    }
  }
}
