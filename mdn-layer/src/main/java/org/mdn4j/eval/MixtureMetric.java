/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.nd4j.evaluation.IEvaluation;
import org.nd4j.evaluation.IMetric;

/** The figures that {@link MixtureEvaluation#getValue} gives; of all, lower is better. */
public enum MixtureMetric implements IMetric {
  /** {@link MixtureEvaluation#nll()}. */
  NLL(MixtureEvaluation::nll),
  /** {@link MixtureEvaluation#energyScore()}, for one target the CRPS. */
  ENERGY_SCORE(MixtureEvaluation::energyScore),
  /** The largest {@link TargetScores#pitKs()} of all targets. */
  PIT_KS(evaluation -> perTarget(evaluation, TargetScores::pitKs).max().orElseThrow()),
  /** √(mean over the targets of the squared {@link TargetScores#rmseOfMean()}). */
  RMSE_OF_MEAN(evaluation -> rootMeanSquare(evaluation, TargetScores::rmseOfMean)),
  /** √(mean over the targets of the squared {@link TargetScores#rmseOfMode()}). */
  RMSE_OF_MODE(evaluation -> rootMeanSquare(evaluation, TargetScores::rmseOfMode));

  private final ToDoubleFunction<MixtureEvaluation> figure;

  MixtureMetric(ToDoubleFunction<MixtureEvaluation> figure) {
    this.figure = figure;
  }

  /** Returns this figure of an evaluation. */
  double of(MixtureEvaluation evaluation) {
    return figure.applyAsDouble(evaluation);
  }

  private static double rootMeanSquare(
      MixtureEvaluation evaluation, ToDoubleFunction<TargetScores> error) {
    return Math.sqrt(
        perTarget(evaluation, error).map(value -> value * value).average().orElseThrow());
  }

  private static DoubleStream perTarget(
      MixtureEvaluation evaluation, ToDoubleFunction<TargetScores> score) {
    return IntStream.range(0, evaluation.spec().targets())
        .mapToObj(evaluation::target)
        .mapToDouble(score);
  }

  @Override
  @SuppressWarnings("rawtypes") // as in IMetric
  public Class<? extends IEvaluation> getEvaluationClass() {
    return MixtureEvaluation.class;
  }

  @Override
  public boolean minimize() {
    return true;
  }
}
