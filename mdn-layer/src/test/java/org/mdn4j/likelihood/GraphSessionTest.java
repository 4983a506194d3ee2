/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.regression.ChildJvm;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * SameDiff's sessions would keep an array and more of each run. In a process of its own, as those
 * of the tests do not collect garbage when they are asked to.
 */
@Tag("slow")
class GraphSessionTest {
  private static final int RUNS = 200;

  @Test
  void runsLeaveNoMemoryBehind() throws Exception {
    String[] living =
        ChildJvm.lastLine(ChildJvm.start(GraphSessionTest.class, List.of())).split(" ");
    int before = Integer.parseInt(living[0]);
    int after = Integer.parseInt(living[1]);
    assertTrue(before > 0 && after < before + RUNS / 2, before + " before, " + after + " after");
  }

  /** Prints how much lives after the first run, and after many. */
  public static void main(String[] args) throws Exception {
    MixtureSpec spec = MixtureSpec.builder().components(3).build();
    SameDiffLikelihood likelihood = new SameDiffLikelihood(spec);
    INDArray labels = Nd4j.randn(8, 1);
    INDArray raw = Nd4j.randn(8, spec.parameterCount());
    Runnable run =
        () -> {
          likelihood.scoreAndGradient(labels, raw, null);
          likelihood.score(labels, raw, null);
        };
    run.run();
    int before = living(Integer.MAX_VALUE);
    for (int i = 0; i < RUNS; i++) {
      run.run();
    }
    System.out.println(before + " " + living(before + RUNS / 2));
  }

  /** Off-heap buffers and contexts that are still reachable, at most after ten collections. */
  private static int living(int enough) throws Exception {
    Field references = DeallocatorService.class.getDeclaredField("referenceMap");
    references.setAccessible(true);
    Map<?, ?> living = (Map<?, ?>) references.get(Nd4j.getDeallocatorService());
    int size = Integer.MAX_VALUE;
    for (int i = 0; i < 10 && (i < 2 || size >= enough); i++) {
      System.gc();
      TimeUnit.MILLISECONDS.sleep(50);
      size = living.size();
    }
    return size;
  }
}
