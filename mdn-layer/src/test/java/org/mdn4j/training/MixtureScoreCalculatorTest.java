/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.datasets.iterator.utilty.SingletonMultiDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.termination.ScoreImprovementEpochTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingGraphTrainer;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.Nets;
import org.mdn4j.training.MixtureScoreCalculator.Score;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class MixtureScoreCalculatorTest {
  private static final DataSet TRAIN = data(40, 1);
  private static final DataSet VALIDATION = data(50, 2);

  /** y = 2 x + noise, x the first input. */
  private static DataSet data(int rows, long seed) {
    DataSet noise = Nets.data(DataType.FLOAT, rows, 1, seed);
    INDArray inputs = noise.getFeatures();
    return new DataSet(inputs, inputs.getColumn(0, true).mul(2).addi(noise.getLabels().mul(0.3)));
  }

  @Test
  void nllIsTheScoreWithoutPenalties() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(1));
    double expected = net.score(VALIDATION);
    // FLOAT in the network's loss
    assertEquals(expected, score(net, minibatches(VALIDATION), Score.NLL), 1e-5);
    ComputationGraph graph = Nets.graph(DataType.FLOAT, head(1));
    graph.setParams(net.params());
    assertEquals(expected, score(graph, minibatches(VALIDATION), Score.NLL), 1e-5);

    MixtureDensityOutputLayer penalised =
        new MixtureDensityOutputLayer.Builder().components(3).l2(10).build();
    MultiLayerNetwork other = Nets.network(DataType.FLOAT, penalised);
    other.setParams(net.params());
    assertEquals(expected, score(other, minibatches(VALIDATION), Score.NLL), 1e-5);
    assertTrue(other.score(VALIDATION) > expected + 1e-3);
  }

  @ParameterizedTest
  @EnumSource(Score.class)
  void scoresAreThoseOfTheEvaluationAndHonourMasks(Score score) {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(1));
    DataSet data = VALIDATION.copy();
    INDArray mask = Nd4j.ones(50, 1);
    for (int n = 0; n < 50; n += 3) {
      mask.putScalar(n, 0, 0);
      data.getLabels().putScalar(n, 0, Double.NaN);
    }
    data.setLabelsMaskArray(mask);
    MixtureEvaluation evaluation = MixtureEvaluation.builder(head(1).getSpec()).levels().build();
    net.doEvaluation(minibatches(data), evaluation);
    assertEquals(33, evaluation.rows());
    double expected = score == Score.NLL ? evaluation.nll() : evaluation.target(0).crps();
    DataSetIterator iterator = minibatches(data);
    assertEquals(expected, score(net, iterator, score), 1e-12);
    assertEquals(expected, score(net, iterator, score), 1e-12, "the second time");
  }

  @Test
  void graphsOfSeveralOutputsAreScoredByTheirHead() {
    MixtureDensityOutputLayer head = head(1);
    head.setNIn(2);
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                    "plain",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "in")
                .addLayer("head", head, "in")
                .setOutputs("plain", "head")
                .build());
    graph.init();
    MultiDataSet data =
        new MultiDataSet(
            new INDArray[] {VALIDATION.getFeatures()},
            new INDArray[] {Nd4j.zeros(50, 4), VALIDATION.getLabels()});
    MixtureEvaluation evaluation = MixtureEvaluation.builder(head.getSpec()).levels().build();
    evaluation.eval(VALIDATION.getLabels(), graph.output(VALIDATION.getFeatures())[1]);
    MixtureScoreCalculator calculator =
        new MixtureScoreCalculator(new SingletonMultiDataSetIterator(data), Score.NLL);
    assertEquals(evaluation.nll(), calculator.calculateScore(graph), 1e-12);
  }

  @Test
  void stopsTheTrainingOfANetwork() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(1));
    EarlyStoppingConfiguration.Builder<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<>();
    EarlyStoppingResult<MultiLayerNetwork> result =
        new EarlyStoppingTrainer(configured(configuration), net, minibatches(TRAIN)).fit();
    check(result, result.getBestModel());
  }

  @Test
  void stopsTheTrainingOfAGraph() {
    ComputationGraph graph = Nets.graph(DataType.FLOAT, head(1));
    EarlyStoppingConfiguration.Builder<ComputationGraph> configuration =
        new EarlyStoppingConfiguration.Builder<>();
    EarlyStoppingResult<ComputationGraph> result =
        new EarlyStoppingGraphTrainer(configured(configuration), graph, minibatches(TRAIN)).fit();
    check(result, result.getBestModel());
  }

  /** 40 rows are overfitted in time, which the validation score shows. */
  private static <T extends Model> EarlyStoppingConfiguration<T> configured(
      EarlyStoppingConfiguration.Builder<T> builder) {
    return builder
        .scoreCalculator(new MixtureScoreCalculator(minibatches(VALIDATION), Score.NLL))
        .epochTerminationConditions(
            new MaxEpochsTerminationCondition(300),
            new ScoreImprovementEpochTerminationCondition(3))
        .modelSaver(new InMemoryModelSaver<>())
        .build();
  }

  private static void check(EarlyStoppingResult<?> result, Model best) {
    Map<Integer, Double> scores = result.getScoreVsEpoch();
    double bestScore = scores.get(result.getBestModelEpoch());
    assertEquals(scores.values().stream().min(Double::compare).orElseThrow(), bestScore);
    assertTrue(bestScore < scores.get(0), scores::toString);
    assertTrue(result.getTotalEpochs() < 300, scores::toString);
    assertEquals(bestScore, score(best, minibatches(VALIDATION), Score.NLL), 1e-9);
    // DL4J's own field is of no use here, as the Javadoc says.
    assertEquals(0.0, result.getBestModelScore());
  }

  @Test
  void mistakesAreNamed() {
    MultiLayerNetwork two = Nets.network(DataType.FLOAT, head(2));
    DataSet data = Nets.data(DataType.FLOAT, 10, 2, 1);
    assertTrue(
        assertThrows(
                IllegalArgumentException.class, () -> score(two, minibatches(data), Score.CRPS))
            .getMessage()
            .contains("one target for CRPS"));
    data.setLabelsMaskArray(Nd4j.zeros(10, 2));
    assertTrue(
        assertThrows(IllegalStateException.class, () -> score(two, minibatches(data), Score.NLL))
            .getMessage()
            .contains("got none in 2 minibatches"));
    assertTrue(
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    score(
                        Nets.network(
                            DataType.FLOAT,
                            new OutputLayer.Builder(LossFunction.MSE)
                                .nOut(1)
                                .activation(Activation.IDENTITY)
                                .build()),
                        new ExistingDataSetIterator(List.of(TRAIN)),
                        Score.NLL))
            .getMessage()
            .contains("mixture density head"));
  }

  private static double score(Model net, DataSetIterator iterator, Score score) {
    MixtureScoreCalculator calculator = new MixtureScoreCalculator(iterator, score);
    assertTrue(calculator.minimizeScore());
    return calculator.calculateScore(net);
  }

  private static DataSetIterator minibatches(DataSet data) {
    return new ListDataSetIterator<>(data.asList(), 8);
  }

  private static MixtureDensityOutputLayer head(int targets) {
    return new MixtureDensityOutputLayer.Builder().components(3).targets(targets).build();
  }
}
