/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.HashMap;
import java.util.Map;
import org.mdn4j.BoundTransform;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The likelihood of independent Gaussians with learned scales of their own, by {@link
 * MixtureGraph}: the usual case, in as few operations as its formula allows. {@link
 * FamilyLikelihood} has all the others.
 *
 * <p>It could compute these, too, and then takes 1.10 times the processor time for score and
 * gradient of N = 128 rows with K = 5 and D = 1, 1.27 times for N = 1000, K = 20, D = 1, and 1.14
 * times for N = 4096, K = 10, D = 8 (FLOAT; {@code GraphSpeed} in the tests, medians of 300).
 */
final class GaussianLikelihood extends GraphLikelihood {
  GaussianLikelihood(MixtureSpec spec) {
    super(spec);
  }

  static boolean covers(MixtureSpec spec) {
    return spec.family() == ComponentFamily.GAUSSIAN
        && !spec.sharedScales()
        && spec.fixedScales().isEmpty()
        && spec.scaleTransform() == ScaleTransform.EXP
        && spec.covariance() != Covariance.FULL
        && !ComponentGraph.hasIntervals(spec);
  }

  @Override
  LikelihoodGraph newGraph(DataType dtype, boolean withObserved) {
    return new MixtureGraph(spec, dtype, withObserved).differentiated();
  }

  @Override
  Map<String, INDArray> inputs(DataType dtype, INDArray labels, INDArray raw, INDArray observed) {
    long rows = raw.size(0);
    int d = spec.targets();
    INDArray typed = raw.castTo(dtype);
    INDArray z = columns(typed, spec.columns().logits());
    BoundTransform bounds = new BoundTransform(spec, Limits.of(dtype));
    INDArray s = clip(columns(typed, spec.columns().scales()), bounds.lowest(), bounds.highest());
    Map<String, INDArray> inputs = new HashMap<>();
    // A shift of all logits changes neither the score nor its gradient.
    inputs.put(
        MixtureGraph.LOGITS,
        z.subColumnVector(z.max(true, 1)).reshape('c', rows, 1, spec.components()));
    INDArray mu = columns(typed, spec.columns().locations());
    BoundsGraph.putLocations(inputs, spec, MixtureGraph.LOCATIONS, mu, shape(rows, d));
    inputs.put(MixtureGraph.SCALES, perComponent(s, spec.scalesPerComponent()));
    inputs.put(MixtureGraph.LABELS, labels.reshape('c', rows, 1, d));
    if (observed != null) {
      inputs.put(MixtureGraph.OBSERVED, observed.castTo(dtype).reshape('c', rows, 1, d));
    }
    return inputs;
  }

  private INDArray perComponent(INDArray columns, int width) {
    return columns.reshape('c', shape(columns.size(0), width));
  }

  private long[] shape(long rows, int width) {
    return spec.targets() == 1
        ? new long[] {rows, 1, spec.components()}
        : new long[] {rows, spec.components(), width};
  }
}
