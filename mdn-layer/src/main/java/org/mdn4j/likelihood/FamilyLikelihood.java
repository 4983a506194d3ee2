/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.DoubleUnaryOperator;
import org.mdn4j.ColumnRange;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.SpecialFunctions;
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
final class FamilyLikelihood implements MixtureLikelihood {
  private static final double MIN_LOG_DEGREES = -7; // ν from 0.0009
  private static final double MAX_LOG_DEGREES = 18; // to 6.6e7, where t is normal in FLOAT

  private record GraphKey(DataType dtype, boolean withObserved) {}

  private final MixtureSpec spec;
  private final Map<GraphKey, FamilyGraph> graphs = new ConcurrentHashMap<>();

  /**
   * A likelihood for one form of output.
   *
   * @param spec the columns of the raw output
   */
  public FamilyLikelihood(MixtureSpec spec) {
    this.spec = spec;
  }

  /**
   * Scores each row.
   *
   * @param labels targets, {@code [N, D]}; finite wherever observed
   * @param raw the network's raw output, {@code [N, P]}
   * @param observed {@code [N, D]} of ones and zeros, where a target marked 0 drops out of the
   *     likelihood, so that the rest is scored by its marginal; null when all targets count
   * @return negative log-likelihoods in nats, {@code [N]}, of the dtype that was computed in
   */
  public INDArray score(INDArray labels, INDArray raw, INDArray observed) {
    INDArray score;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> inputs = inputs(labels, raw, observed);
      score = graph(inputs).score(inputs);
    }
    return invalidRowsAsNaN(raw, score.dup());
  }

  /**
   * Scores each row and differentiates, in one pass.
   *
   * @param labels as for {@link #score}
   * @param raw as for {@link #score}
   * @param observed as for {@link #score}
   * @return scores {@code [N]} and gradients {@code [N, P]}, in the caller's workspace
   */
  public ScoreAndGradient scoreAndGradient(INDArray labels, INDArray raw, INDArray observed) {
    FamilyGraph graph;
    Map<String, INDArray> results;
    try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
      Map<String, INDArray> inputs = inputs(labels, raw, observed);
      graph = graph(inputs);
      results = graph.scoreAndGradients(inputs);
    }
    long rows = raw.size(0);
    INDArray gradient =
        Nd4j.concat(
            1,
            graph.parameters().stream()
                .map(results::get)
                .map(part -> part.reshape(rows, part.length() / rows))
                .toArray(INDArray[]::new));
    INDArray score = results.get(FamilyGraph.SCORE).dup();
    return new ScoreAndGradient(invalidRowsAsNaN(raw, score), invalidRowsAsNaN(raw, gradient));
  }

  /**
   * A comparison in ND4J turns NaN into the limit it is compared with; a diverged net must show.
   */
  private static INDArray invalidRowsAsNaN(INDArray raw, INDArray result) {
    if (!Double.isFinite(raw.sumNumber().doubleValue())) {
      // Times 0 before the sum: the sum of a finite row may overflow.
      INDArray zeroOrNaN = raw.castTo(result.dataType()).mul(0).sum(true, 1); // [N, 1]
      result.addi(result.rank() == 1 ? zeroOrNaN.reshape(-1) : zeroOrNaN);
    }
    return result;
  }

  /** log y, where the mask hides a target 0. */
  private static INDArray logarithms(INDArray labels, INDArray observed) {
    double[][] y = labels.castTo(DataType.DOUBLE).toDoubleMatrix();
    for (int n = 0; n < y.length; n++) {
      for (int d = 0; d < y[n].length; d++) {
        if (observed != null && observed.getDouble(n, d) == 0) {
          y[n][d] = 0;
        } else if (y[n][d] > 0) {
          y[n][d] = Math.log(y[n][d]);
        } else {
          throw new IllegalArgumentException(
              "Expected targets above 0 for LOG_NORMAL components, got %s at row %d, column %d"
                  .formatted(y[n][d], n, d));
        }
      }
    }
    return Nd4j.createFromArray(y);
  }

  private Map<String, INDArray> inputs(INDArray labels, INDArray raw, INDArray observed) {
    DataType dtype = raw.dataType() == DataType.DOUBLE ? DataType.DOUBLE : DataType.FLOAT;
    long rows = raw.size(0);
    int k = spec.components();
    int d = spec.targets();
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(
        FamilyGraph.LOGITS, columns(raw, spec.logitColumns(), dtype).reshape('c', rows, k, 1));
    inputs.put(
        ComponentGraph.LOCATIONS,
        columns(raw, spec.locationColumns(), dtype).reshape('c', rows, k, d));
    INDArray y = labels.castTo(dtype);
    if (spec.family() == ComponentFamily.LOG_NORMAL) {
      y = logarithms(labels, observed).castTo(dtype);
    }
    inputs.put(ComponentGraph.LABELS, y.reshape('c', rows, 1, d));
    if (observed != null) {
      inputs.put(ComponentGraph.OBSERVED, observed.castTo(dtype).reshape('c', rows, 1, d));
    }
    if (spec.scaleColumns().width() > 0) {
      inputs.put(ComponentGraph.SCALES, scaleParameters(raw, dtype));
    }
    if (observed != null && spec.covariance() == Covariance.FULL && d > 1) {
      inputs.put(
          FullCovarianceGraph.ROW_SIZES,
          FullCovarianceGraph.rowSizes(spec, inputs.get(ComponentGraph.SCALES)));
    }
    if (spec.learnsDegreesOfFreedom()) {
      INDArray degrees = columns(raw, spec.degreesOfFreedomColumns(), dtype);
      INDArray n = clip(degrees, MIN_LOG_DEGREES, MAX_LOG_DEGREES).reshape('c', rows, k, 1);
      inputs.put(ComponentGraph.DEGREES, n);
      putExpansion(
          inputs,
          n,
          x -> SpecialFunctions.studentTConstant(Math.exp(x)),
          x -> SpecialFunctions.studentTConstantSlope(Math.exp(x)));
    }
    if (spec.family() == ComponentFamily.VON_MISES && inputs.containsKey(ComponentGraph.SCALES)) {
      putExpansion(
          inputs,
          inputs.get(ComponentGraph.SCALES),
          x -> SpecialFunctions.logBesselI0Scaled(Math.exp(x)),
          x -> SpecialFunctions.logBesselI0ScaledSlope(Math.exp(x)));
    }
    return inputs;
  }

  private INDArray scaleParameters(INDArray raw, DataType dtype) {
    Limits limits = Limits.of(dtype);
    INDArray s = columns(raw, spec.scaleColumns(), dtype);
    long perSet = spec.scalesPerComponent();
    INDArray shaped = s.reshape('c', raw.size(0), s.size(1) / perSet, perSet);
    if (spec.covariance() != Covariance.FULL) {
      double largest = spec.scaleTransform().inverse(Math.exp(limits.maxScaleParameter()));
      return clip(shaped, limits.minScaleParameter(), largest);
    }
    // Of L only the diagonal is an exponential; it has the opposite sign of log σ.
    for (int d = 0; d < spec.targets(); d++) {
      INDArray diagonal =
          shaped.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(d * (d + 3) / 2));
      diagonal.assign(
          clip(diagonal.dup(), -limits.maxScaleParameter(), -limits.minScaleParameter()));
    }
    return shaped;
  }

  private static void putExpansion(
      Map<String, INDArray> inputs,
      INDArray point,
      DoubleUnaryOperator value,
      DoubleUnaryOperator slope) {
    double[] x = point.castTo(DataType.DOUBLE).data().asDouble();
    inputs.put(ComponentGraph.EXPANSION_POINT, point);
    inputs.put(ComponentGraph.EXPANSION_VALUE, mapped(x, value, point));
    inputs.put(ComponentGraph.EXPANSION_SLOPE, mapped(x, slope, point));
  }

  private static INDArray mapped(double[] x, DoubleUnaryOperator function, INDArray like) {
    double[] values = Arrays.stream(x).map(function).toArray();
    return Nd4j.createFromArray(values).castTo(like.dataType()).reshape('c', like.shape());
  }

  private static INDArray clip(INDArray array, double low, double high) {
    return Nd4j.exec(new ClipByValue(array, low, high))[0];
  }

  private static INDArray columns(INDArray raw, ColumnRange range, DataType dtype) {
    INDArray view =
        raw.get(NDArrayIndex.all(), NDArrayIndex.interval(range.from(), range.to())); // [N, width]
    return view.dup('c').castTo(dtype);
  }

  private FamilyGraph graph(Map<String, INDArray> inputs) {
    GraphKey key =
        new GraphKey(
            inputs.get(FamilyGraph.LOGITS).dataType(), inputs.containsKey(ComponentGraph.OBSERVED));
    return graphs.computeIfAbsent(
        key, missing -> new FamilyGraph(spec, missing.dtype, missing.withObserved));
  }
}
