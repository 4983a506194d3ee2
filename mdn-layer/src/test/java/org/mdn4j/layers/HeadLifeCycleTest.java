/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.DataSetLossCalculator;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.trainer.EarlyStoppingTrainer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** What happens to networks with the head: copied, saved, transferred, stopped early, parallel. */
@Tag("slow")
@ParameterizedClass
@EnumSource(
    value = Engine.class,
    names = {"FUSED", "SAMEDIFF"})
class HeadLifeCycleTest {
  private static final int THREADS = 4;

  @Parameter Engine engine;

  private MixtureDensityOutputLayer head() {
    return new MixtureDensityOutputLayer.Builder().components(4).engine(engine).build();
  }

  @Test
  void cloneIsEqualAndIndependent() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head());
    DataSet data = Nets.data(DataType.FLOAT, 8, 1, 1);
    net.fit(data);
    MultiLayerNetwork copy = net.clone();
    INDArray output = net.output(data.getFeatures());
    assertEquals(output, copy.output(data.getFeatures()));
    copy.fit(data);
    assertEquals(output, net.output(data.getFeatures()));
    net.fit(data);
    assertEquals(net.params(), copy.params());
  }

  @Test
  void savedNetworksReturnBitForBitAndTrainOn(@TempDir Path folder) throws Exception {
    DataSet data = Nets.data(DataType.FLOAT, 8, 1, 2);
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head());
    net.fit(data);
    ModelSerializer.writeModel(net, folder.resolve("net.zip").toFile(), true);
    MultiLayerNetwork restored =
        ModelSerializer.restoreMultiLayerNetwork(folder.resolve("net.zip").toFile());
    assertEquals(net.output(data.getFeatures()), restored.output(data.getFeatures()));
    assertEquals(net.getLayerWiseConfigurations(), restored.getLayerWiseConfigurations());
    net.fit(data);
    restored.fit(data);
    assertEquals(net.params(), restored.params());

    ComputationGraph graph = Nets.graph(DataType.FLOAT, head());
    graph.fit(data);
    ModelSerializer.writeModel(graph, folder.resolve("graph.zip").toFile(), true);
    ComputationGraph restoredGraph =
        ModelSerializer.restoreComputationGraph(folder.resolve("graph.zip").toFile());
    assertEquals(graph.output(data.getFeatures())[0], restoredGraph.output(data.getFeatures())[0]);
  }

  @Test
  void replacesARegressionHeadByTransferLearning() {
    MultiLayerNetwork regression =
        Nets.network(
            DataType.FLOAT,
            new OutputLayer.Builder(LossFunction.MSE)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build());
    DataSet data = Nets.data(DataType.FLOAT, 32, 1, 3);
    regression.fit(data);
    MixtureDensityOutputLayer head = head();
    head.setNIn(Nets.HIDDEN);
    MultiLayerNetwork mixture =
        new TransferLearning.Builder(regression)
            .fineTuneConfiguration(
                new FineTuneConfiguration.Builder().updater(new Adam(0.02)).build())
            .setFeatureExtractor(0)
            .removeOutputLayer()
            .addLayer(head)
            .build();
    INDArray trunk = regression.getLayer(0).params();
    INDArray start = mixture.getLayer(1).getParam("b");
    assertTrue(start.getDouble(4) < start.getDouble(5), "locations are not spread");
    double before = mixture.score(data);
    for (int i = 0; i < 30; i++) {
      mixture.fit(data);
    }
    assertTrue(mixture.score(data) < before);
    assertEquals(trunk, mixture.getLayer(0).params());
  }

  @Test
  void stopsEarlyOnTheValidationNll() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head());
    DataSet train = Nets.data(DataType.FLOAT, 32, 1, 4);
    DataSet validation = Nets.data(DataType.FLOAT, 32, 1, 5);
    EarlyStoppingConfiguration<MultiLayerNetwork> configuration =
        new EarlyStoppingConfiguration.Builder<MultiLayerNetwork>()
            .epochTerminationConditions(new MaxEpochsTerminationCondition(5))
            .scoreCalculator(
                new DataSetLossCalculator(new ListDataSetIterator<>(List.of(validation), 32), true))
            .modelSaver(new InMemoryModelSaver<>())
            .build();
    EarlyStoppingResult<MultiLayerNetwork> result =
        new EarlyStoppingTrainer(configuration, net, new ListDataSetIterator<>(List.of(train), 32))
            .fit();
    assertEquals(
        EarlyStoppingResult.TerminationReason.EpochTerminationCondition,
        result.getTerminationReason());
    double best = result.getScoreVsEpoch().get(result.getBestModelEpoch());
    assertEquals(best, result.getBestModel().score(validation), 1e-6);
  }

  @Test
  void clonesTrainAtOnceAsOneDoesAlone() throws Exception {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head());
    DataSet data = Nets.data(DataType.FLOAT, 16, 1, 6);
    Callable<INDArray> training = () -> trained(net.clone(), data);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      // The clones share one loss: its graph is made while they race for it.
      List<Future<INDArray>> parallel = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        parallel.add(pool.submit(training));
      }
      INDArray alone = trained(net.clone(), data);
      for (Future<INDArray> parameters : parallel) {
        assertEquals(alone, parameters.get());
      }
    } finally {
      pool.shutdownNow();
    }
  }

  private static INDArray trained(MultiLayerNetwork net, DataSet data) {
    for (int i = 0; i < 6; i++) { // the race is for the graph, in the first
      net.fit(data);
    }
    return net.params();
  }

  @Test
  void parallelWrapperTrains() throws Exception {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head());
    List<DataSet> batches = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      batches.add(Nets.data(DataType.FLOAT, 16, 1, 7));
    }
    double before = net.score(batches.get(0));
    ParallelWrapper wrapper =
        new ParallelWrapper.Builder<>(net)
            .workers(2)
            .averagingFrequency(2)
            .prefetchBuffer(2)
            .trainingMode(ParallelWrapper.TrainingMode.AVERAGING)
            .build();
    try {
      for (int epoch = 0; epoch < 4; epoch++) {
        wrapper.fit(new ListDataSetIterator<>(batches, 16));
      }
    } finally {
      wrapper.close();
    }
    assertTrue(net.score(batches.get(0)) < before - 0.02, () -> before + " -> " + net.score());
  }
}
