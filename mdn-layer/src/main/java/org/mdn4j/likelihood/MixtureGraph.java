/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.List;
import java.util.Map;
import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The negative log-likelihood as one SameDiff graph with its gradient, for one dtype. */
final class MixtureGraph {
  static final String LOGITS = "logits"; // [N, K, 1]
  static final String LOCATIONS = "locations"; // [N, K, D]
  static final String SCALES = "scaleParameters"; // [N, K, S]
  static final String LABELS = "labels"; // [N, 1, D]
  static final String OBSERVED = "observed"; // [N, 1, D], only in a graph made with it
  static final String SCORE = "score"; // [N]

  private static final List<String> PARAMETERS = List.of(LOGITS, LOCATIONS, SCALES);

  private final SameDiff sd;

  /**
   * Writes the graph and differentiates it. Everything has rank 3: ND4J 1.0.0-M2.1 cannot reduce a
   * column vector [N, 1] inside a graph, which logits of one component would be.
   *
   * @param spec K, D, covariance and floor
   * @param dtype FLOAT or DOUBLE
   * @param withObserved whether the graph reads OBSERVED, 1 where a target counts and 0 where it
   *     drops out
   */
  MixtureGraph(MixtureSpec spec, DataType dtype, boolean withObserved) {
    sd = SameDiff.create();
    SDVariable z = sd.placeHolder(LOGITS, dtype, -1, spec.components(), 1);
    SDVariable mu = sd.placeHolder(LOCATIONS, dtype, -1, spec.components(), spec.targets());
    SDVariable s = sd.placeHolder(SCALES, dtype, -1, spec.components(), spec.scalesPerComponent());
    SDVariable y = sd.placeHolder(LABELS, dtype, -1, 1, spec.targets());

    SDVariable logSigma =
        spec.scaleFloor() > 0 ? sd.math.log(sd.math.exp(s).add(spec.scaleFloor())) : s;
    // −log N_kd = u² + log σ + ½ log 2π, with u = (y − μ) / (√2 σ)
    SDVariable u = y.sub(mu).mul(sd.math.exp(logSigma.rsub(-0.5 * Math.log(2)))); // [N, K, D]
    SDVariable square =
        sd.math.min(
            u.mul(u),
            sd.constant(Nd4j.scalar(dtype, Limits.of(dtype).halfSquaredDistance(spec.targets()))));
    SDVariable energy = square.add(logSigma).add(0.5 * Math.log(2 * Math.PI));
    if (withObserved) {
      energy = energy.mul(sd.placeHolder(OBSERVED, dtype, -1, 1, spec.targets()));
    }
    SDVariable logJoint = StableMath.logSoftmax(sd, z, 1).sub(energy.sum(true, 2)); // [N, K, 1]
    SDVariable score = StableMath.logSumExp(sd, logJoint, 1).neg(); // [N, 1, 1]
    score.reshape(-1).rename(SCORE);
    score.sum().markAsLoss();
    QuietStandardOutput.run(() -> sd.createGradFunction(PARAMETERS.toArray(String[]::new)));
  }

  /**
   * Runs the forward pass.
   *
   * @param inputs the placeholders' values
   * @return negative log-likelihoods, [N]
   */
  INDArray score(Map<String, INDArray> inputs) {
    return sd.output(inputs, SCORE).get(SCORE);
  }

  /**
   * Runs the forward and the backward pass once.
   *
   * @param inputs the placeholders' values
   * @return SCORE, and the gradients of its sum by the names of the parameters
   */
  Map<String, INDArray> scoreAndGradients(Map<String, INDArray> inputs) {
    var result = sd.calculateGradientsAndOutputs(inputs, List.of(SCORE), PARAMETERS);
    Map<String, INDArray> all = result.getGradients();
    all.put(SCORE, result.getOutputs().get(SCORE));
    return all;
  }
}
