/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.Nets;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.training.CollapseListener.Kind;
import org.mdn4j.training.MixtureScoreCalculator.Score;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Training of heads with atoms, and what watches it. */
class AtomTrainingTest {
  private static final MixtureSpec SPEC =
      MixtureSpec.builder().components(2).scaleFloor(0.01).atoms(0, 1).build();

  private static MultiLayerNetwork net(Engine engine) {
    return Nets.network(
        DataType.FLOAT, new MixtureDensityOutputLayer.Builder().spec(SPEC).engine(engine).build());
  }

  /** Of 90 labels every third is 0. */
  private static DataSet data() {
    DataSet data = Nets.data(DataType.FLOAT, 90, 1, 1);
    for (int n = 0; n < 90; n += 3) {
      data.getLabels().putScalar(n, 0, 0);
    }
    return data;
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void learnsTheShareOfAnAtom(Engine engine) {
    MultiLayerNetwork net = net(engine);
    CollapseListener listener = new CollapseListener(1, 5);
    net.addListeners(listener);
    DataSet data = data();
    double before = net.score(data);
    for (int i = 0; i < (engine == Engine.SAMEDIFF ? 50 : 300); i++) {
      net.fit(data);
    }
    assertTrue(net.score(data) < before - 0.1, before + " to " + net.score(data));
    MixtureBatch batch = MixtureBatch.of(SPEC, net.output(data.getFeatures()));
    assertEquals(1 / 3.0, batch.probabilityOf(0).meanNumber().doubleValue(), 0.1);
    assertTrue(batch.probabilityOf(1).meanNumber().doubleValue() < 0.25, "as at the start");
    assertEquals(List.of(), listener.warnings());
  }

  @Test
  void fusedTrainingCoversThem() {
    assertEquals(Optional.empty(), FusedTraining.reasonAgainst(net(Engine.AUTO)));
  }

  /** Components that only atoms leave alone are not called silent; those that are, are. */
  @Test
  void labelsThatAreAtomsSayNothingOfComponents() {
    MultiLayerNetwork atomsOnly = net(Engine.AUTO);
    CollapseListener listener = new CollapseListener(1, 2);
    atomsOnly.addListeners(listener);
    DataSet zeros = data();
    zeros.setLabels(Nd4j.zeros(DataType.FLOAT, 90, 1));
    for (int i = 0; i < 20; i++) {
      atomsOnly.fit(zeros);
    }
    assertEquals(List.of(), listener.warnings());

    MultiLayerNetwork silent = net(Engine.AUTO);
    INDArray bias = silent.getOutputLayer().getParam("b");
    bias.putScalar(0, SPEC.columns().location(1, 0), 1000);
    CollapseListener other = new CollapseListener(1, 3);
    silent.addListeners(other);
    for (int i = 0; i < 6; i++) {
      silent.fit(data());
    }
    assertEquals(
        List.of(Kind.SILENT_COMPONENT),
        other.warnings().stream().map(CollapseListener.Warning::kind).toList());
  }

  /** DL4J's score, the score calculator's and the evaluation's are one, also with a mask. */
  @Test
  void allScoresAreTheSame() {
    MultiLayerNetwork net = net(Engine.AUTO);
    DataSet data = data();
    assertEquals(net.score(data), calculated(net, data, Score.NLL), 1e-5);
    INDArray mask = Nd4j.ones(DataType.FLOAT, 90, 1);
    for (int n = 0; n < 90; n += 5) {
      mask.putScalar(n, 0, 0);
      data.getLabels().putScalar(n, 0, Double.NaN);
    }
    data.setLabelsMaskArray(mask);
    MixtureEvaluation evaluation = new MixtureEvaluation(SPEC);
    evaluation.eval(data.getLabels(), net.output(data.getFeatures()), mask);
    assertEquals(72, evaluation.rows());
    assertEquals(evaluation.nll(), calculated(net, data, Score.NLL), 1e-12);
    assertEquals(evaluation.target(0).crps(), calculated(net, data, Score.CRPS), 1e-12);
    assertEquals(evaluation.nll(), net.score(data) * 90 / 72, 1e-5);
  }

  private static double calculated(MultiLayerNetwork net, DataSet data, Score score) {
    return new MixtureScoreCalculator(new ListDataSetIterator<>(data.asList(), 20), score)
        .calculateScore(net);
  }
}
