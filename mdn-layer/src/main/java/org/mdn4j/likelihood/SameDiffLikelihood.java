/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mdn4j.ColumnRange;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.clip.ClipByValue;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The mixture's negative log-likelihood, defined by SameDiff operations.
 *
 * <pre>
 *   log π    = z − logsumexp(z)
 *   log N_kd = −log σ_kd − ½ log 2π − ½ ((y_d − μ_kd) / σ_kd)²
 *   NLL      = −logsumexp_k( log π_k + Σ_d log N_kd )
 * </pre>
 *
 * <p>in nats, with σ = f + exp(s). Source: Bishop (1994), equations 23 to 29; the gradient is
 * SameDiff's own, and equals his equations 35, 36 and 37 (38 for the chain through exp).
 *
 * <p>Computed in DOUBLE where the raw output is DOUBLE, otherwise in FLOAT. So that every finite
 * raw output and label with |y − μ| &lt; 10²⁰ (DOUBLE: 10¹⁵⁰) has a finite score and gradient,
 *
 * <ul>
 *   <li>s is read within [−40, 80] (DOUBLE: [−300, 600]), and beyond has the gradient of the limit;
 *   <li>½ ((y − μ) / σ)² counts as 10³⁶ (DOUBLE: 10³⁰⁰) where it is more, and then pulls at
 *       nothing: a score whose true value exceeds FLOAT's range comes out as about 10³⁶ per target
 *       (10³⁸ in all, where D is more than 100), with a zero gradient for that location and with ±1
 *       times the responsibility for that scale.
 * </ul>
 *
 * <p>A row whose raw output holds a NaN or an infinity gets a score and a gradient of NaN.
 *
 * <p>Safe for use by several threads: a graph is made once per dtype (and once more for rows with
 * missing targets) and shared; SameDiff keeps a session for each thread. Graphs are made and run
 * outside DL4J's workspaces.
 */
@SuppressWarnings("try") // leaving the workspace scope is all that the resource is for
public final class SameDiffLikelihood implements MixtureLikelihood {
  private record GraphKey(DataType dtype, boolean withObserved) {}

  private final MixtureSpec spec;
  private final Map<GraphKey, MixtureGraph> graphs = new ConcurrentHashMap<>();
  private final FamilyLikelihood general; // null for independent Gaussians

  /**
   * A likelihood for one form of output.
   *
   * @param spec the columns of the raw output
   */
  public SameDiffLikelihood(MixtureSpec spec) {
    this.spec = spec;
    boolean independent = FusedLikelihood.covers(spec) && spec.covariance() != Covariance.FULL;
    this.general = independent ? null : new FamilyLikelihood(spec);
  }

  @Override
  public INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    if (general != null) {
      return general.score(labels, raw, observed);
    }
    INDArray score;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> inputs = inputs(labels, raw, observed);
      score = graph(inputs).score(inputs);
    }
    score = score.reshape(raw.size(0)).dup();
    markInvalidRows(raw, score);
    return score;
  }

  @Override
  public ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    if (general != null) {
      return general.scoreAndGradient(labels, raw, observed);
    }
    Map<String, INDArray> results;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> inputs = inputs(labels, raw, observed);
      results = graph(inputs).scoreAndGradients(inputs);
    }
    long rows = raw.size(0);
    INDArray gradient =
        Nd4j.concat(
            1,
            results.get(MixtureGraph.LOGITS).reshape(rows, spec.components()),
            results.get(MixtureGraph.LOCATIONS).reshape(rows, spec.locationColumns().width()),
            results.get(MixtureGraph.SCALES).reshape(rows, spec.scaleColumns().width()));
    INDArray score = results.get(MixtureGraph.SCORE).reshape(rows).dup();
    markInvalidRows(raw, score, gradient);
    return new ScoreAndGradient(score, gradient);
  }

  /**
   * A comparison in ND4J turns NaN into the limit it is compared with; a diverged net must show.
   */
  private static void markInvalidRows(INDArray raw, INDArray... results) {
    if (Double.isFinite(raw.sumNumber().doubleValue())) {
      return;
    }
    for (INDArray result : results) {
      // Times 0 before the sum: the sum of a finite row may overflow.
      INDArray zeroOrNaN = raw.castTo(result.dataType()).mul(0).sum(true, 1); // [N, 1]
      result.addi(result.rank() == 1 ? zeroOrNaN.reshape(-1) : zeroOrNaN);
    }
  }

  private Map<String, INDArray> inputs(INDArray labels, INDArray raw, INDArray observed) {
    DataType dtype = raw.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    Limits limits = Limits.of(dtype);
    long rows = raw.size(0);
    int d = spec.targets();
    INDArray typed = raw.castTo(dtype);
    INDArray z = columns(typed, spec.logitColumns());
    INDArray s = columns(typed, spec.scaleColumns());
    INDArray clipped =
        Nd4j.exec(new ClipByValue(s, limits.minScaleParameter(), limits.maxScaleParameter()))[0];
    Map<String, INDArray> inputs = new HashMap<>();
    // A shift of all logits changes neither the score nor its gradient.
    inputs.put(
        MixtureGraph.LOGITS,
        z.subColumnVector(z.max(true, 1)).reshape('c', rows, 1, spec.components()));
    inputs.put(
        MixtureGraph.LOCATIONS, perComponent(columns(typed, spec.locationColumns()).dup('c'), d));
    inputs.put(MixtureGraph.SCALES, perComponent(clipped, spec.scalesPerComponent()));
    inputs.put(MixtureGraph.LABELS, labels.castTo(dtype).reshape('c', rows, 1, d));
    if (observed != null) {
      inputs.put(MixtureGraph.OBSERVED, observed.castTo(dtype).reshape('c', rows, 1, d));
    }
    return inputs;
  }

  private static INDArray columns(INDArray raw, ColumnRange range) {
    return raw.get(
        NDArrayIndex.all(), NDArrayIndex.interval(range.from(), range.to())); // [N, width]
  }

  private INDArray perComponent(INDArray columns, int width) {
    return spec.targets() == 1
        ? columns.reshape('c', columns.size(0), 1, spec.components())
        : columns.reshape('c', columns.size(0), spec.components(), width);
  }

  private MixtureGraph graph(Map<String, INDArray> inputs) {
    GraphKey key =
        new GraphKey(
            inputs.get(MixtureGraph.LOGITS).dataType(), inputs.containsKey(MixtureGraph.OBSERVED));
    return graphs.computeIfAbsent(
        key, missing -> new MixtureGraph(spec, missing.dtype, missing.withObserved));
  }
}
