/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The negative log-likelihood as one SameDiff graph with its gradient, for one dtype. */
final class FamilyGraph {
  static final String LOGITS = "logits"; // [N, K, 1]
  static final String SCORE = "score"; // [N]

  private final SameDiff sd;
  private final List<String> parameters; // in the order of the raw output's columns

  /**
   * Writes the graph and differentiates it. Everything has rank 3: ND4J 1.0.0-M2.1 cannot reduce a
   * column vector [N, 1] inside a graph, which logits of one component would be.
   *
   * @param spec K, D, family, covariance and further options
   * @param dtype FLOAT or DOUBLE
   * @param withObserved whether the graph reads which targets count
   */
  FamilyGraph(MixtureSpec spec, DataType dtype, boolean withObserved) {
    sd = SameDiff.create();
    SDVariable z = sd.placeHolder(LOGITS, dtype, -1, spec.components(), 1);
    ComponentGraph components = new ComponentGraph(sd, spec, dtype, withObserved);
    SDVariable logJoint = StableMath.logSoftmax(sd, z, 1).sub(components.energy()); // [N, K, 1]
    SDVariable score = StableMath.logSumExp(sd, logJoint, 1).neg(); // [N, 1, 1]
    score.reshape(-1).rename(SCORE);
    score.sum().markAsLoss();
    parameters = new ArrayList<>(List.of(LOGITS));
    parameters.addAll(components.parameters());
    QuietStandardOutput.run(() -> sd.createGradFunction(parameters.toArray(String[]::new)));
  }

  /** Names of the placeholders that hold columns of the raw output, in their order there. */
  List<String> parameters() {
    return parameters;
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
    var result = sd.calculateGradientsAndOutputs(inputs, List.of(SCORE), parameters);
    Map<String, INDArray> all = result.getGradients();
    all.put(SCORE, result.getOutputs().get(SCORE));
    return all;
  }
}
