/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.mdn4j.MixtureSpec;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A likelihood over ND4J's arrays, called in a workspace as DL4J's layers call their losses. */
final class Nd4jLikelihood implements LikelihoodSystem {
  /**
   * A function that returns score sum and gradient {@code [N, P]} of labels {@code [N, D]} and raw
   * {@code [N, P]}.
   */
  @FunctionalInterface
  interface Function {
    Pair<Double, INDArray> scoreAndGradient(INDArray labels, INDArray raw);
  }

  /** A system's column for the column that we keep at an index. */
  @FunctionalInterface
  interface ColumnOrder {
    ColumnOrder OURS = column -> column;

    int theirs(int ours);

    /** Returns the order of ND4J's LossMixtureDensity: logits, scale parameters, locations. */
    static ColumnOrder logitsScalesLocations(MixtureSpec spec) {
      int locations = spec.columns().locations().width();
      int scales = spec.columns().scales().width();
      int firstScale = spec.columns().scales().from();
      return column ->
          column < spec.components()
              ? column
              : column < firstScale ? column + scales : column - locations;
    }
  }

  private static final WorkspaceConfiguration WORKSPACE =
      WorkspaceConfiguration.builder()
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .overallocationLimit(0.3)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .build();

  private final MixtureSpec spec;
  private final Function function;
  private final ColumnOrder order;
  private final Threads threads;
  private final INDArray labels; // [N, D]
  private final INDArray raw; // [N, P]

  /** The number of threads that compute, which may show only while it runs. */
  @FunctionalInterface
  interface Threads {
    /** ND4J's own, one or both cores by OMP_NUM_THREADS. */
    Threads ND4J = run -> Nd4j.getEnvironment().maxThreads();

    int of(Runnable run);
  }

  Nd4jLikelihood(
      MixtureSpec spec,
      Function function,
      ColumnOrder order,
      Threads threads,
      float[] raw,
      float[] labels) {
    this.spec = spec;
    this.function = function;
    this.order = order;
    this.threads = threads;
    this.labels = Nd4j.createFromArray(labels).reshape('c', -1, spec.targets());
    this.raw = Nd4j.createFromArray(toTheirs(raw)).reshape('c', -1, spec.parameterCount());
  }

  @Override
  public Object run() {
    try (MemoryWorkspace workspace =
        Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, "BENCHMARK")) {
      return function.scoreAndGradient(labels, raw);
    }
  }

  @Override
  public Result result() {
    Pair<Double, INDArray> result = function.scoreAndGradient(labels, raw);
    float[] gradient = result.getSecond().dup('c').data().asFloat();
    return new Result(result.getFirst(), toOurs(gradient));
  }

  @Override
  public Long offHeapBytes() {
    return OffHeap.bytesOf(() -> function.scoreAndGradient(labels, raw));
  }

  @Override
  public int threads() {
    return threads.of(this::run);
  }

  @Override
  public String settings() {
    return "inside a workspace";
  }

  @Override
  public void close() {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }

  private float[] toTheirs(float[] ours) {
    float[] theirs = new float[ours.length];
    int width = spec.parameterCount();
    for (int i = 0; i < ours.length; i++) {
      theirs[i - i % width + order.theirs(i % width)] = ours[i];
    }
    return theirs;
  }

  private float[] toOurs(float[] theirs) {
    float[] ours = new float[theirs.length];
    int width = spec.parameterCount();
    for (int i = 0; i < ours.length; i++) {
      ours[i] = theirs[i - i % width + order.theirs(i % width)];
    }
    return ours;
  }
}
