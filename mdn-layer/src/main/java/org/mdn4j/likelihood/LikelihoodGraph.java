/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.autodiff.listeners.Operation;
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

  private final ThreadLocal<GraphSession> forward;
  private final ThreadLocal<GraphSession> both;
  private final List<String> gradients; // names, in the parameters' order

  /**
   * Creates the pair of a graph and its gradient.
   *
   * @param sd the graph
   * @param score one negative log-likelihood per row, of any shape
   * @param parameters names of the placeholders that hold columns of the raw output, in their order
   *     there
   */
  LikelihoodGraph(SameDiff sd, SDVariable score, List<String> parameters) {
    score.rename(SCORE);
    score.sum().markAsLoss();
    QuietStandardOutput.run(() -> sd.createGradFunction(parameters.toArray(String[]::new)));
    this.gradients =
        parameters.stream().map(name -> sd.getVariable(name).getGradient().name()).toList();
    SameDiff differentiated = sd.getFunction("grad");
    this.forward = ThreadLocal.withInitial(() -> new GraphSession(sd));
    this.both = ThreadLocal.withInitial(() -> new GraphSession(differentiated));
  }

  /**
   * Runs the forward pass.
   *
   * @param inputs the placeholders' values
   * @return negative log-likelihoods, N of them
   */
  INDArray score(Map<String, INDArray> inputs) {
    return forward.get().run(inputs, Operation.INFERENCE, List.of(SCORE)).apply(SCORE);
  }

  /**
   * The result of a pass forward and back.
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
    List<String> results = new ArrayList<>(gradients);
    results.add(SCORE);
    Function<String, INDArray> values = both.get().run(inputs, Operation.TRAINING, results);
    return new Pass(values.apply(SCORE), gradients.stream().map(values).toList());
  }
}
