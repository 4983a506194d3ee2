/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.List;
import java.util.Map;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A negative log-likelihood as a SameDiff graph, with its gradient.
 *
 * <p>In a graph everything has rank 3 or more: ND4J 1.0.0-M2.1 cannot reduce a column vector [N, 1]
 * inside a graph, which logits of one component would be.
 */
final class LikelihoodGraph {
  private static final String SCORE = "score";

  private final SameDiff sd;
  private final List<String> parameters;

  /**
   * Differentiates a graph.
   *
   * @param sd the graph
   * @param score one negative log-likelihood per row, of any shape
   * @param parameters names of the placeholders that hold columns of the raw output, in their order
   *     there
   */
  LikelihoodGraph(SameDiff sd, SDVariable score, List<String> parameters) {
    this.sd = sd;
    this.parameters = parameters;
    score.rename(SCORE);
    score.sum().markAsLoss();
    QuietStandardOutput.run(() -> sd.createGradFunction(parameters.toArray(String[]::new)));
  }

  /**
   * Runs the forward pass.
   *
   * @param inputs the placeholders' values
   * @return negative log-likelihoods, N of them
   */
  INDArray score(Map<String, INDArray> inputs) {
    return sd.output(inputs, SCORE).get(SCORE);
  }

  /**
   * What a pass forward and back gives.
   *
   * @param score negative log-likelihoods, N of them
   * @param gradients of their sum, one for each of the parameters, in their shapes
   */
  record Pass(INDArray score, List<INDArray> gradients) {}

  /**
   * Runs the forward and the backward pass once.
   *
   * @param inputs the placeholders' values
   */
  Pass pass(Map<String, INDArray> inputs) {
    var result = sd.calculateGradientsAndOutputs(inputs, List.of(SCORE), parameters);
    return new Pass(
        result.getOutputs().get(SCORE),
        parameters.stream().map(result.getGradients()::get).toList());
  }
}
