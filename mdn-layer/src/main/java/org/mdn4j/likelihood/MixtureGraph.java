/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.mdn4j.Gaussian.HALF_LOG_TWO_PI;

import java.util.List;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The negative log-likelihood of Gaussians with scales of their own as one SameDiff graph, for one
 * dtype.
 *
 * <pre>
 *   NLL = logsumexp_k(z_k) − logsumexp_k(z_k − E_k) + ½ D log 2π
 *   E_k = Σ_d ( ½ ((y_d − μ_kd) / σ_kd)² + log σ_kd )
 * </pre>
 *
 * <p>An operation costs ND4J some 50 µs, and twice that where it broadcasts, so there are as few as
 * the formula allows.
 */
final class MixtureGraph {
  static final String LOGITS = "logits"; // [N, 1, K], less the largest of the row
  static final String LOCATIONS = "locations"; // [N, K, D], or [N, 1, K] for one target
  static final String SCALES = "scaleParameters"; // [N, K, S], or [N, 1, K] for one target
  static final String LABELS = "labels"; // [N, 1, D]
  static final String OBSERVED = "observed"; // [N, 1, D], only in a graph made with it

  private static final List<String> PARAMETERS = List.of(LOGITS, LOCATIONS, SCALES);

  private final SameDiff sd = SameDiff.create();
  private final MixtureSpec spec;
  private final DataType dtype;
  private final SDVariable score; // [N, 1, 1]

  /**
   * Creates the graph.
   *
   * @param spec K, D, covariance and floor
   * @param dtype FLOAT or DOUBLE
   * @param withObserved whether the graph reads OBSERVED, 1 where a target counts and 0 where it
   *     drops out
   */
  MixtureGraph(MixtureSpec spec, DataType dtype, boolean withObserved) {
    this.spec = spec;
    this.dtype = dtype;
    int targets = spec.targets();
    SDVariable z = sd.placeHolder(LOGITS, dtype, -1, 1, spec.components());
    SDVariable observed = withObserved ? sd.placeHolder(OBSERVED, dtype, -1, 1, targets) : null;
    SDVariable count = withObserved ? observed.sum(true, 2) : null; // [N, 1, 1]
    SDVariable joint = z.sub(energy(observed, count)); // [N, 1, K]
    SDVariable logDensity = StableMath.logSumExp(sd, joint, 2); // [N, 1, 1]
    SDVariable logWeights = sd.math.log(sd.math.exp(z).sum(true, 2)); // max z = 0: no shift
    SDVariable constant =
        withObserved
            ? count.mul(HALF_LOG_TWO_PI)
            : sd.constant(Nd4j.scalar(dtype, targets * HALF_LOG_TWO_PI));
    score = logWeights.sub(logDensity).add(constant);
  }

  LikelihoodGraph differentiated() {
    return new LikelihoodGraph(sd, score, PARAMETERS);
  }

  /** Returns E without its constant, [N, 1, K]. */
  private SDVariable energy(SDVariable observed, SDVariable count) {
    int targets = spec.targets();
    boolean shared = spec.scalesPerComponent() < targets;
    BoundsGraph bounds = new BoundsGraph(sd, spec, dtype);
    SDVariable mu = bounds.location(perComponent(LOCATIONS, targets));
    SDVariable s = bounds.scaleParameter(perComponent(SCALES, spec.scalesPerComponent()));
    SDVariable y = sd.placeHolder(LABELS, dtype, -1, 1, targets);
    SDVariable logSigma = StableMath.logOfExpPlus(sd, s, spec.scaleFloor(), dtype);
    // u = (y − μ) / (√2 σ), so that u² is half of the squared distance
    SDVariable u = y.sub(mu).mul(sd.math.exp(logSigma.rsub(-0.5 * Math.log(2)))); // [N, K, D]
    double limit = Limits.of(dtype).halfSquaredDistance(targets);
    SDVariable square = sd.math.min(u.mul(u), sd.constant(Nd4j.scalar(dtype, limit)));
    SDVariable each = shared ? square : square.add(logSigma);
    SDVariable sum = overTargets(observed == null ? each : each.mul(observed));
    if (!shared) {
      return sum;
    }
    SDVariable logSigmas = logSigma.reshape(-1, 1, spec.components());
    return sum.add(count == null ? logSigmas.mul(targets) : logSigmas.mul(count));
  }

  private SDVariable perComponent(String name, int width) {
    return spec.targets() == 1
        ? sd.placeHolder(name, dtype, -1, 1, spec.components())
        : sd.placeHolder(name, dtype, -1, spec.components(), width);
  }

  /**
   * Returns the sum of [N, K, D] over the targets as [N, 1, K]; with one target it is that already.
   */
  private SDVariable overTargets(SDVariable each) {
    return spec.targets() == 1 ? each : each.sum(false, 2).reshape(-1, 1, spec.components());
  }
}
