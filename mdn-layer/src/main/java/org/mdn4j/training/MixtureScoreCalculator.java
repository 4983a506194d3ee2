/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import java.util.Objects;
import java.util.stream.IntStream;
import org.deeplearning4j.earlystopping.scorecalc.base.BaseScoreCalculator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.ObservedRows;
import org.mdn4j.layers.Head;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * A score for DL4J's early stopping: the mean NLL or CRPS of validation data.
 *
 * <pre>{@code
 * new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
 *     .scoreCalculator(new MixtureScoreCalculator(validation, MixtureScoreCalculator.Score.NLL))
 *     .epochTerminationConditions(new ScoreImprovementEpochTerminationCondition(10))
 *     ...
 * }</pre>
 *
 * <p>Unlike DL4J's {@code DataSetLossCalculator} it leaves out the penalties of weights, and
 * divides by the rows that a label mask leaves, see {@link ObservedRows}. Works for {@code
 * MultiLayerNetwork} and {@code ComputationGraph} with one mixture density head; further outputs
 * are not scored.
 *
 * <p>In DL4J 1.0.0-M2.1 {@code EarlyStoppingResult.getBestModelScore()} is not this score but that
 * of the model's last training minibatch, 0 for a model that was saved and read; take {@code
 * getScoreVsEpoch().get(getBestModelEpoch())}.
 */
public final class MixtureScoreCalculator extends BaseScoreCalculator<Model> {
  private static final long serialVersionUID = 1L;

  private final Score score;
  private long rows;

  /** The score that is averaged; both are proper scores, and lower is better. */
  public enum Score {
    /** Negative log-likelihood in nats. */
    NLL,
    /** Continuous ranked probability score in target units, D = 1; it forgives outliers. */
    CRPS
  }

  /**
   * Creates a score over single inputs and outputs.
   *
   * @param iterator validation data
   * @param score what is averaged
   */
  public MixtureScoreCalculator(DataSetIterator iterator, Score score) {
    super(iterator);
    this.score = Objects.requireNonNull(score);
  }

  /**
   * Creates a score for graphs with several inputs or outputs.
   *
   * @param iterator validation data
   * @param score what is averaged
   */
  public MixtureScoreCalculator(MultiDataSetIterator iterator, Score score) {
    super(iterator);
    this.score = Objects.requireNonNull(score);
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the network has no mixture density head, or several; a
   *     label that is not masked is NaN; or the score is CRPS and a head has D &gt; 1
   * @throws IllegalStateException if the iterator gives no row that is not masked
   */
  @Override
  public double calculateScore(Model network) {
    Head head = Head.only(network);
    if (score == Score.CRPS && head.spec().targets() > 1) {
      throw new IllegalArgumentException("Expected one target for CRPS, got " + head.spec());
    }
    if (score == Score.CRPS && head.spec().censored()) {
      throw new IllegalArgumentException(
          "Expected exact labels for CRPS, which intervals do not have; take NLL for "
              + head.spec());
    }
    return super.calculateScore(network);
  }

  @Override
  protected void reset() {
    scoreSum = 0;
    minibatchCount = 0;
    exampleCount = 0;
    rows = 0;
  }

  @Override
  protected INDArray output(Model network, INDArray input, INDArray fMask, INDArray lMask) {
    return output(network, arr(input), arr(fMask), arr(lMask))[Head.only(network).output()];
  }

  @Override
  protected INDArray[] output(Model network, INDArray[] input, INDArray[] fMask, INDArray[] lMask) {
    return network instanceof MultiLayerNetwork net
        ? arr(net.output(get0(input), false, get0(fMask), get0(lMask)))
        : ((ComputationGraph) network).output(false, input, fMask, lMask);
  }

  @Override
  protected double scoreMinibatch(
      Model network,
      INDArray[] features,
      INDArray[] labels,
      INDArray[] fMask,
      INDArray[] lMask,
      INDArray[] output) {
    Head head = Head.only(network);
    int i = labels.length == 1 ? 0 : head.output(); // a DataSet holds the head's labels alone
    ObservedRows observed =
        ObservedRows.of(head.spec(), labels[i], output[i], lMask == null ? null : lMask[i]);
    rows += observed.size();
    return IntStream.range(0, observed.size())
        .mapToDouble(row -> score(observed.mixture(row), observed.ends(row)))
        .sum();
  }

  private double score(Mixture mixture, double[] ends) {
    return switch (score) {
      case NLL -> -mixture.logLikelihood(ends);
      case CRPS -> mixture.crps(ends[0]);
    };
  }

  @Override
  protected double finalScore(double scoreSum, int minibatchCount, int exampleCount) {
    if (rows == 0) {
      throw new IllegalStateException(
          "Expected validation data with at least one row that is not masked, got none in "
              + minibatchCount
              + " minibatches");
    }
    return scoreSum / rows;
  }

  @Override
  public boolean minimizeScore() {
    return true;
  }

  @Override
  public String toString() {
    return "MixtureScoreCalculator(" + score + ")";
  }
}
