/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.eval.ObservedRows;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The log likelihoods of the steps of given sequences. */
final class SequenceScores {
  private SequenceScores() {}

  /** Returns the log likelihoods as {@link SequenceGenerator#logLikelihood} describes them. */
  static INDArray of(StepwiseNetwork network, Temperature temperature, DataSet data) {
    INDArray features = data.getFeatures();
    INDArray labels = data.getLabels();
    network.requireSequences("features", features, network.inputs());
    network.requireSequences("labels", labels, network.spec().labelColumns());
    int sequences = (int) labels.size(0);
    int steps = network.steps(labels);
    require(
        steps == network.steps(features) && sequences == features.size(0),
        "Expected as many labels as features, %d sequences of %d steps, got %d of %d",
        features.size(0),
        network.steps(features),
        sequences,
        steps);
    INDArray output = network.output(features, data.getFeaturesMaskArray());
    ObservedRows observed =
        ObservedRows.of(
            network.spec(),
            network.rows(labels),
            MixtureBatch.of(network.spec(), network.rows(output)).temperature(temperature),
            maskRows(network, data.getLabelsMaskArray(), labels));
    double[] scores = new double[Math.multiplyExact(sequences, steps)];
    for (int i = 0; i < observed.size(); i++) {
      scores[observed.row(i)] = observed.mixture(i).logLikelihood(observed.ends(i));
    }
    return Nd4j.createFromArray(scores).reshape('c', sequences, steps);
  }

  /** Returns a mask [N, T], or of the labels' shape, as one row per step; null without one. */
  private static INDArray maskRows(StepwiseNetwork network, INDArray mask, INDArray labels) {
    if (mask == null) {
      return null;
    }
    long[] perTarget = labels.shape().clone();
    perTarget[network.layout().channelDimension()] = network.spec().targets();
    if (Arrays.equals(mask.shape(), perTarget)) {
      return network.rows(mask);
    }
    require(
        Arrays.equals(mask.shape(), new long[] {labels.size(0), network.steps(labels)}),
        "Expected a label mask of shape [%d, %d] (per step) or %s (per target), got %s",
        labels.size(0),
        network.steps(labels),
        Arrays.toString(perTarget),
        Arrays.toString(mask.shape()));
    return mask.dup('c').reshape('c', mask.length(), 1);
  }
}
