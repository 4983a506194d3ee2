/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mdn4j.ColumnRange;
import org.mdn4j.Limits;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScoreAndGradient;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.clip.ClipByValue;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Base of likelihoods by SameDiff: a graph per dtype, made at the first use and shared by all
 * threads, for each of which SameDiff keeps a session; outside DL4J's workspaces; and rows that are
 * no numbers.
 */
@SuppressWarnings("try") // leaving the workspace scope is all that the resource is for
abstract class GraphLikelihood implements MixtureLikelihood {
  private static final double MAX_FLOAT = 1e38;

  private record GraphKey(DataType dtype, boolean withObserved) {}

  final MixtureSpec spec;
  private final Map<GraphKey, LikelihoodGraph> graphs = new ConcurrentHashMap<>();

  GraphLikelihood(MixtureSpec spec) {
    this.spec = spec;
  }

  /**
   * Creates the graph.
   *
   * @param dtype that of the results, FLOAT or DOUBLE; the graph may compute in DOUBLE for either
   * @param withObserved whether it reads which targets count
   */
  abstract LikelihoodGraph newGraph(DataType dtype, boolean withObserved);

  /**
   * Returns the values of the graph's placeholders.
   *
   * @param dtype as for {@link #newGraph}
   * @param labels {@code [N, D]}, of that dtype; counts in DOUBLE
   * @param raw {@code [N, P]}, of any
   * @param observed {@code [N, D]} of any dtype, or null
   */
  abstract Map<String, INDArray> inputs(
      DataType dtype, INDArray labels, INDArray raw, INDArray observed);

  private Map<String, INDArray> inputs(INDArray labels, INDArray raw, INDArray observed) {
    return inputs(dtype(raw), Limits.computed(labels, spec, raw.dataType()), raw, observed);
  }

  @Override
  public final INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    INDArray score;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      DataType dtype = dtype(raw);
      score = graph(dtype, observed).score(inputs(labels, raw, observed));
    }
    score = inDtype(raw, score.reshape(raw.size(0)));
    markInvalidRows(raw, score);
    return score;
  }

  @Override
  public final ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    LikelihoodGraph.Pass pass;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      DataType dtype = dtype(raw);
      pass = graph(dtype, observed).pass(inputs(labels, raw, observed));
    }
    long rows = raw.size(0);
    INDArray[] parts =
        pass.gradients().stream()
            .map(part -> part.reshape(rows, part.length() / rows))
            .toArray(INDArray[]::new);
    INDArray gradient = inDtype(raw, Nd4j.concat(1, parts));
    INDArray score = inDtype(raw, pass.score().reshape(rows));
    markInvalidRows(raw, score, gradient);
    return new ScoreAndGradient(score, gradient);
  }

  private static DataType dtype(INDArray raw) {
    return Limits.computed(raw.dataType());
  }

  /**
   * Returns an array in the caller's workspace; where a graph computed in DOUBLE, within FLOAT's
   * range.
   */
  private static INDArray inDtype(INDArray raw, INDArray result) {
    DataType dtype = dtype(raw);
    return result.dataType() == dtype
        ? result.dup()
        : clip(result, -MAX_FLOAT, MAX_FLOAT).castTo(dtype);
  }

  private LikelihoodGraph graph(DataType dtype, INDArray observed) {
    return graphs.computeIfAbsent(
        new GraphKey(dtype, observed != null), key -> newGraph(key.dtype, key.withObserved));
  }

  /**
   * Sets the results of rows that are no numbers to NaN: a comparison in ND4J turns NaN into the
   * limit it is compared with, and a diverged net must show.
   */
  static void markInvalidRows(INDArray raw, INDArray... results) {
    if (Double.isFinite(raw.sumNumber().doubleValue())) {
      return;
    }
    for (INDArray result : results) {
      // Times 0 before the sum: the sum of a finite row may overflow.
      INDArray zeroOrNaN = raw.castTo(result.dataType()).mul(0).sum(true, 1); // [N, 1]
      result.addi(result.rank() == 1 ? zeroOrNaN.reshape(-1) : zeroOrNaN);
    }
  }

  /** Returns a view of some columns, [N, width]. */
  static INDArray columns(INDArray raw, ColumnRange range) {
    return raw.get(NDArrayIndex.all(), NDArrayIndex.interval(range.from(), range.to()));
  }

  /** Returns such columns with each entry within the limits; NaN stays. */
  static INDArray clip(INDArray array, double low, double high) {
    return Nd4j.exec(new ClipByValue(array, low, high))[0];
  }
}
