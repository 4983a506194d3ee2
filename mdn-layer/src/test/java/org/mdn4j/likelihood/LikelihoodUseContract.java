/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays of any form, workspaces, threads. */
public abstract class LikelihoodUseContract {
  private final MixtureSpec spec = spec();
  private final RandomRows some = RandomRows.of(spec, 6, 4, 1, DataType.FLOAT);
  private final MixtureLikelihood likelihood = make(spec);

  MixtureSpec spec() {
    return MixtureSpec.builder().components(3).targets(2).scaleFloor(0.01).build();
  }

  protected abstract MixtureLikelihood make(MixtureSpec spec);

  /** How often threads go through all inputs; a workspace is used ten times as often. */
  int rounds() {
    return 10;
  }

  @ParameterizedTest
  @ValueSource(strings = {"view", "fortran", "transposed", "strided"})
  void theFormOfTheArraysDoesNotMatter(String form) {
    ScoreAndGradient expected =
        likelihood.scoreAndGradient(some.labels(), some.raw(), some.observed());
    ScoreAndGradient actual =
        likelihood.scoreAndGradient(
            inForm(some.labels(), form), inForm(some.raw(), form), inForm(some.observed(), form));
    assertEquals(expected.score(), actual.score());
    assertEquals(expected.gradient(), actual.gradient());
  }

  private static INDArray inForm(INDArray array, String form) {
    long rows = array.size(0);
    long columns = array.size(1);
    return switch (form) {
      case "view" -> {
        INDArray wide = Nd4j.rand(DataType.FLOAT, rows + 3, columns + 2);
        INDArray view =
            wide.get(NDArrayIndex.interval(2, rows + 2), NDArrayIndex.interval(1, columns + 1));
        yield view.assign(array);
      }
      case "fortran" -> array.dup('f');
      case "transposed" -> array.transpose().dup('c').transpose();
      default -> {
        INDArray wide = Nd4j.rand(DataType.FLOAT, rows, 2 * columns);
        INDArray view = wide.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2, 2 * columns));
        yield view.assign(array);
      }
    };
  }

  @Test
  void eachRowIsScoredAlone() {
    ScoreAndGradient all = likelihood.scoreAndGradient(some.labels(), some.raw(), null);
    for (int n = 0; n < 6; n++) {
      ScoreAndGradient one =
          likelihood.scoreAndGradient(
              some.labels().getRow(n, true), some.raw().getRow(n, true), null);
      assertArrayEquals(new long[] {1}, one.score().shape());
      assertArrayEquals(new long[] {1, spec.parameterCount()}, one.gradient().shape());
      assertEquals(all.score().getFloat(n), one.score().getFloat(0), 1e-5f); // order of sums
      assertArrayEquals(
          all.gradient().getRow(n).toFloatVector(),
          one.gradient().getRow(0).toFloatVector(),
          1e-4f); // gradients up to ~100
    }
  }

  /** HALF is only how the input is held: computing is in FLOAT. */
  @Test
  void halfIsComputedInFloat() {
    INDArray raw = some.raw().castTo(DataType.FLOAT16);
    INDArray labels = some.labels().castTo(DataType.FLOAT16);
    ScoreAndGradient expected =
        likelihood.scoreAndGradient(
            labels.castTo(DataType.FLOAT), raw.castTo(DataType.FLOAT), null);
    ScoreAndGradient actual = likelihood.scoreAndGradient(labels, raw, null);
    assertEquals(expected.score(), actual.score());
    assertEquals(expected.gradient(), actual.gradient());
  }

  /** A DOUBLE label beside a FLOAT output is the FLOAT next to it, whole or with others missing. */
  @Test
  void labelsCountInTheDtypeThatIsComputedIn() {
    INDArray precise = some.labels().castTo(DataType.DOUBLE).add(1e-9).mul(1.000000011);
    for (INDArray observed : new INDArray[] {null, some.observed()}) {
      ScoreAndGradient expected =
          likelihood.scoreAndGradient(precise.castTo(DataType.FLOAT), some.raw(), observed);
      ScoreAndGradient actual = likelihood.scoreAndGradient(precise, some.raw(), observed);
      assertEquals(expected.score(), actual.score());
      assertEquals(expected.gradient(), actual.gradient());
      assertEquals(expected.score(), likelihood.score(precise, some.raw(), observed));
    }
  }

  @Test
  void resultsAreNotOverwrittenByTheNextCall() {
    ScoreAndGradient first = likelihood.scoreAndGradient(some.labels(), some.raw(), null);
    INDArray score = first.score().dup();
    INDArray gradient = first.gradient().dup();
    INDArray scoreAlone = likelihood.score(some.labels(), some.raw(), null);
    for (int i = 0; i < 5; i++) {
      likelihood.scoreAndGradient(some.labels().add(i), some.raw().mul(0.5), null);
      likelihood.score(some.labels().add(i), some.raw().mul(0.5), null);
    }
    assertEquals(score, first.score());
    assertEquals(gradient, first.gradient());
    assertEquals(score, scoreAlone);
  }

  /** The graph is made inside the workspace, whose memory is overwritten in each round. */
  @Test
  void insideAWorkspace() {
    INDArray score = likelihood.score(some.labels(), some.raw(), some.observed());
    INDArray gradient =
        likelihood.scoreAndGradient(some.labels(), some.raw(), some.observed()).gradient();
    MixtureLikelihood fresh = make(spec);
    WorkspaceConfiguration configuration =
        WorkspaceConfiguration.builder()
            .initialSize(1 << 20)
            .policyLearning(LearningPolicy.NONE)
            .build();
    for (int i = 0; i < 10 * rounds(); i++) {
      try (MemoryWorkspace workspace =
          Nd4j.getWorkspaceManager().getAndActivateWorkspace(configuration, "MDN4J_TEST")) {
        Nd4j.valueArrayOf(new long[] {1000}, 7e7f, DataType.FLOAT); // leaves traces
        INDArray raw = some.raw().dup();
        ScoreAndGradient actual = fresh.scoreAndGradient(some.labels(), raw, some.observed());
        assertSame(workspace, Nd4j.getMemoryManager().getCurrentWorkspace());
        assertTrue(actual.gradient().isAttached(), "in the caller's workspace");
        assertEquals(score, actual.score());
        assertEquals(gradient, actual.gradient());
        assertEquals(score, fresh.score(some.labels(), raw, some.observed()));
      }
    }
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  @Test
  void eightThreadsGiveWhatOneDoes() throws Exception {
    int threads = 8;
    int rounds = rounds();
    List<RandomRows> inputs = new ArrayList<>();
    List<ScoreAndGradient> expected = new ArrayList<>();
    for (int i = 0; i < threads; i++) { // each its own minibatch size
      RandomRows rows = RandomRows.of(spec, 3 + i, 4, i, DataType.FLOAT);
      inputs.add(rows);
      expected.add(likelihood.scoreAndGradient(rows.labels(), rows.raw(), rows.observed()));
    }
    MixtureLikelihood fresh = make(spec); // all race to make its graph
    CyclicBarrier start = new CyclicBarrier(threads);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Void>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int thread = i;
        futures.add(
            pool.submit(
                () -> {
                  start.await();
                  for (int round = 0; round < rounds; round++) {
                    RandomRows rows = inputs.get((thread + round) % threads);
                    ScoreAndGradient one = expected.get((thread + round) % threads);
                    ScoreAndGradient actual =
                        fresh.scoreAndGradient(rows.labels(), rows.raw(), rows.observed());
                    assertArrayEquals(one.score().toFloatVector(), actual.score().toFloatVector());
                    assertArrayEquals(
                        one.gradient().data().asFloat(), actual.gradient().data().asFloat());
                    assertEquals(
                        one.score(), fresh.score(rows.labels(), rows.raw(), rows.observed()));
                  }
                  return null;
                }));
      }
      for (Future<Void> future : futures) {
        future.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
    assertFalse(expected.get(0).score().isNaN().any());
  }
}
