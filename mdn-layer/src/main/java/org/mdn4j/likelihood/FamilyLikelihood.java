/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.mdn4j.BoundTransform;
import org.mdn4j.ColumnRange;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.OutputColumns;
import org.mdn4j.numerics.SpecialFunctions;
import org.mdn4j.rows.LabelForm;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The likelihood of every family and covariance, with all their options, by {@link ComponentGraph}.
 * Functions that SameDiff has not are computed here, row by row, and handed to the graph.
 */
final class FamilyLikelihood extends GraphLikelihood {
  private static final String LOGITS = "logits"; // [N, K, 1]

  private final LabelForm form;

  FamilyLikelihood(MixtureSpec spec) {
    super(spec);
    this.form = LabelForm.of(spec);
  }

  @Override
  LikelihoodGraph newGraph(DataType dtype, boolean withObserved) {
    SameDiff sd = SameDiff.create();
    DataType computed = computed(dtype, withObserved);
    SDVariable z = sd.placeHolder(LOGITS, computed, -1, spec.components(), 1);
    ComponentGraph components =
        new ComponentGraph(sd, spec, computed, Limits.of(dtype), withObserved);
    SDVariable energy = components.energy(); // [N, K, 1]
    SDVariable whole = components.wholeEnergy();
    // Weights of the components within a truncation; they are normalised before anything is added,
    // because far out their logarithms are large and nearly equal.
    SDVariable logWeights =
        StableMath.logSoftmax(sd, whole == null ? z : z.sub(whole), 1); // [N, K, 1]
    SDVariable score = StableMath.logSumExp(sd, logWeights.sub(energy), 1).neg(); // [N, 1, 1]
    List<String> parameters = new ArrayList<>(List.of(LOGITS));
    parameters.addAll(components.parameters());
    return new LikelihoodGraph(sd, score, parameters);
  }

  private boolean isIntegratedOut(boolean withObserved) {
    return withObserved && spec.covariance() == Covariance.FULL && spec.targets() > 1;
  }

  private DataType computed(DataType dtype, boolean withObserved) {
    return isIntegratedOut(withObserved)
            || BoundsGraph.isRecursive(spec)
            || spec.family().isDiscrete()
            || ComponentGraph.hasIntervals(spec)
        ? DataType.DOUBLE
        : dtype;
  }

  /** Returns log y, where the mask hides a target 0. */
  private static INDArray logarithms(INDArray labels, INDArray observed) {
    double[][] y = labels.toDoubleMatrix();
    for (int n = 0; n < y.length; n++) {
      for (int d = 0; d < y[n].length; d++) {
        if (observed != null && observed.getDouble(n, d) == 0) {
          y[n][d] = 0;
        } else {
          y[n][d] = Math.log(y[n][d]);
        }
      }
    }
    return Nd4j.createFromArray(y);
  }

  @Override
  Map<String, INDArray> inputs(DataType result, INDArray labels, INDArray raw, INDArray observed) {
    form.requireSupported(labels, observed);
    DataType dtype = computed(result, observed != null);
    // To integrate out multiplies more of them with each other.
    Limits limits = Limits.of(isIntegratedOut(observed != null) ? DataType.FLOAT : result);
    long rows = raw.size(0);
    int k = spec.components();
    int d = spec.targets();
    Map<String, INDArray> inputs = new HashMap<>();
    inputs.put(LOGITS, columns(raw, spec.columns().logits(), dtype).reshape('c', rows, k, 1));
    INDArray mu = columns(raw, spec.columns().locations(), dtype);
    if (spec.family().isDiscrete() && !BoundsGraph.boundsLocations(spec)) {
      mu = clip(mu, Limits.MIN_LOG_MEAN, Limits.MAX_LOG_MEAN);
    }
    BoundsGraph.putLocations(inputs, spec, ComponentGraph.LOCATIONS, mu, rows, k, d);
    if (spec.columns().scales().width() > 0) {
      inputs.put(ComponentGraph.SCALES, scaleParameters(raw, dtype, limits));
    }
    if (spec.learnsDegreesOfFreedom()) {
      INDArray degrees = columns(raw, spec.columns().degreesOfFreedom(), dtype);
      inputs.put(
          ComponentGraph.DEGREES,
          clip(degrees, Limits.MIN_LOG_DEGREES, Limits.MAX_LOG_DEGREES).reshape('c', rows, k, 1));
    }
    if (ComponentGraph.hasIntervals(spec)) {
      new IntervalTerms(spec, limits).put(inputs, labels, raw, observed);
      return inputs;
    }
    if (observed != null) {
      inputs.put(ComponentGraph.OBSERVED, observed.castTo(dtype).reshape('c', rows, 1, d));
    }
    if (spec.family().isDiscrete()) {
      new CountInputs(spec, limits).put(inputs, labels, raw, observed);
      return inputs;
    }
    INDArray y =
        spec.family() == ComponentFamily.LOG_NORMAL ? logarithms(labels, observed) : labels;
    inputs.put(ComponentGraph.LABELS, y.castTo(dtype).reshape('c', rows, 1, d)); // the graph's
    if (isIntegratedOut(observed != null)) {
      inputs.put(
          FullCovarianceGraph.ROW_SIZES,
          FullCovarianceGraph.rowSizes(
              spec,
              BoundsGraph.isRecursive(spec)
                  ? boundedFactors(raw, limits)
                  : inputs.get(ComponentGraph.SCALES)));
    }
    if (spec.learnsDegreesOfFreedom()) {
      putExpansion(
          inputs,
          inputs.get(ComponentGraph.DEGREES),
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

  private INDArray scaleParameters(INDArray raw, DataType dtype, Limits limits) {
    INDArray s = columns(raw, spec.columns().scales(), dtype);
    long perSet = spec.scalesPerComponent();
    INDArray shaped = s.reshape('c', raw.size(0), s.size(1) / perSet, perSet);
    BoundTransform bounds = new BoundTransform(spec, limits);
    if (spec.covariance() != Covariance.FULL) {
      return clip(shaped, bounds.lowest(), bounds.highest());
    }
    // Of L only the diagonal is an exponential; it has the opposite sign of log σ.
    for (int d = 0; d < spec.targets(); d++) {
      INDArray diagonal =
          shaped.get(
              NDArrayIndex.all(),
              NDArrayIndex.all(),
              NDArrayIndex.point(OutputColumns.entry(d, d)));
      diagonal.assign(clip(diagonal.dup(), -bounds.highest(), -bounds.lowest()));
    }
    return shaped;
  }

  private INDArray boundedFactors(INDArray raw, Limits limits) {
    BoundTransform transform = new BoundTransform(spec, limits);
    double[][] rows = raw.castTo(DataType.DOUBLE).toDoubleMatrix();
    Arrays.stream(rows).forEach(transform::apply);
    return columns(Nd4j.createFromArray(rows), spec.columns().scales(), DataType.DOUBLE)
        .reshape('c', rows.length, spec.components(), spec.scalesPerComponent());
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

  private static INDArray columns(INDArray raw, ColumnRange range, DataType dtype) {
    return columns(raw, range).dup('c').castTo(dtype);
  }
}
