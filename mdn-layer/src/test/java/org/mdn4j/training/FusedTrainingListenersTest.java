/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.core.storage.StatsStorage;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.optimize.listeners.CollectScoresListener;
import org.deeplearning4j.optimize.listeners.PerformanceListener;
import org.deeplearning4j.ui.model.stats.StatsListener;
import org.deeplearning4j.ui.model.storage.InMemoryStatsStorage;
import org.junit.jupiter.api.Test;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What listeners are told and see, against DL4J's own fit. */
class FusedTrainingListenersTest {
  private static final double TOLERANCE = 1e-9;

  /** Writes down every call and what can be seen of the network in it. */
  private static final class Recorder implements TrainingListener {
    final List<String> calls = new ArrayList<>();
    final List<double[]> numbers = new ArrayList<>();

    private void note(String call, Model model) {
      calls.add(call);
      see(model.params());
      numbers.add(new double[] {model.score()});
    }

    private void see(INDArray array) {
      numbers.add(array.castTo(DataType.DOUBLE).dup('c').data().asDouble());
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
      note("iteration %d of epoch %d".formatted(iteration, epoch), model);
      see(state(model));
      see(model.gradient().gradient());
      numbers.add(new double[] {model.batchSize()});
    }

    @Override
    public void onEpochStart(Model model) {
      note("epoch starts", model);
    }

    @Override
    public void onEpochEnd(Model model) {
      note("epoch ends", model);
      see(state(model));
    }

    @Override
    public void onForwardPass(Model model, List<INDArray> activations) {
      calls.add("forward " + activations.size());
      activations.forEach(this::see);
    }

    @Override
    public void onForwardPass(Model model, Map<String, INDArray> activations) {
      calls.add("forward " + new TreeMap<>(activations).keySet());
      new TreeMap<>(activations).values().forEach(this::see);
    }

    @Override
    public void onGradientCalculation(Model model) {
      note("gradient", model);
      see(model.gradient().gradient());
      new TreeMap<>(model.gradient().gradientForVariable())
          .forEach(
              (name, gradient) -> {
                calls.add(name);
                see(gradient);
              });
    }

    @Override
    public void onBackwardPass(Model model) {
      note("backward", model);
      see(model.gradient().gradient());
    }

    void assertSameAs(Recorder expected) {
      assertEquals(expected.calls, calls);
      assertEquals(expected.numbers.size(), numbers.size());
      for (int i = 0; i < numbers.size(); i++) {
        double[] a = expected.numbers.get(i);
        double largest = Arrays.stream(a).map(Math::abs).max().orElse(0);
        assertArrayEquals(a, numbers.get(i), TOLERANCE * (1 + largest), "number " + i);
      }
    }
  }

  private static INDArray state(Model model) {
    return model instanceof MultiLayerNetwork net
        ? net.getUpdater().getStateViewArray()
        : ((ComputationGraph) model).getUpdater().getStateViewArray();
  }

  private static NeuralNetConfiguration.Builder configuration() {
    return new NeuralNetConfiguration.Builder()
        .seed(4)
        .dataType(DataType.DOUBLE)
        .updater(new Adam(0.01))
        .l2(0.01)
        .activation(Activation.TANH);
  }

  private static MultiLayerNetwork layered() {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            configuration()
                .list()
                .layer(new DenseLayer.Builder().nIn(2).nOut(5).build())
                .layer(new ActivationLayer(Activation.SWISH))
                .layer(new DenseLayer.Builder().nIn(5).nOut(4).build())
                .layer(new MixtureDensityOutputLayer.Builder().nIn(4).components(3).build())
                .build());
    net.init();
    return net;
  }

  private static ComputationGraph graph() {
    ComputationGraph net =
        new ComputationGraph(
            configuration()
                .graphBuilder()
                .addInputs("x")
                .addLayer("below", new DenseLayer.Builder().nIn(2).nOut(5).build(), "x")
                .addLayer(
                    "out",
                    new MixtureDensityOutputLayer.Builder().nIn(5).components(3).build(),
                    "below")
                .setOutputs("out")
                .build());
    net.init();
    return net;
  }

  private static DataSet data() {
    return new DataSet(
        Nd4j.rand(DataType.DOUBLE, 150, 2).subi(0.5), Nd4j.rand(DataType.DOUBLE, 150, 1));
  }

  private static DataSetIterator iterator(DataSet data) {
    return new org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator<>(data.asList(), 70);
  }

  @Test
  void aLayeredNetworksListenersSeeWhatTheyWouldSee() {
    DataSet data = data();
    MultiLayerNetwork expected = layered();
    MultiLayerNetwork fused = layered();
    Recorder expectedCalls = new Recorder();
    Recorder calls = new Recorder();
    expected.setListeners(expectedCalls);
    fused.setListeners(calls);
    expected.fit(data.getFeatures(), data.getLabels());
    expected.fit(iterator(data), 2);
    try (FusedTraining training = FusedTraining.of(fused)) {
      training.fit(data.getFeatures(), data.getLabels());
      training.fit(iterator(data), 2);
    }
    calls.assertSameAs(expectedCalls);
    assertEquals(7, fused.getIterationCount());
    assertEquals(2, fused.getEpochCount());
    assertEquals(7, fused.getLayer(0).getIterationCount());
    assertEquals(2, fused.getLayer(3).getEpochCount());
  }

  @Test
  void aGraphsListenersSeeWhatTheyWouldSee() {
    DataSet data = data();
    ComputationGraph expected = graph();
    ComputationGraph fused = graph();
    Recorder expectedCalls = new Recorder();
    Recorder calls = new Recorder();
    expected.setListeners(expectedCalls);
    fused.setListeners(calls);
    expected.fit(iterator(data), 2);
    try (FusedTraining training = FusedTraining.of(fused)) {
      training.fit(iterator(data), 2);
    }
    calls.assertSameAs(expectedCalls);
  }

  /** It looks at the head in the middle of a pass. */
  @Test
  void theCollapseListenerLooks() {
    MultiLayerNetwork net = layered();
    CollapseListener listener = new CollapseListener(1, 2);
    net.setListeners(listener);
    DataSet data = data();
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(data.getFeatures(), data.getLabels());
      training.fit(data.getFeatures(), data.getLabels(), Nd4j.ones(DataType.DOUBLE, 150, 1));
    }
    assertTrue(listener.warnings().isEmpty());
    net.setParam("3_b", net.getParam("3_b").assign(Double.NaN));
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(data.getFeatures(), data.getLabels());
    }
    assertFalse(listener.warnings().isEmpty());
  }

  @Test
  void dl4jsOwnListenersWork() {
    MultiLayerNetwork net = layered();
    StatsStorage storage = new InMemoryStatsStorage();
    CollectScoresListener scores = new CollectScoresListener(1);
    net.setListeners(new StatsListener(storage, 1), scores, new PerformanceListener(1, true));
    DataSet data = data();
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(iterator(data), 2);
    }
    assertEquals(6, scores.getListScore().size());
    assertEquals(1, storage.listSessionIDs().size());
  }

  /** A listener may change what the next step starts from. */
  @Test
  void parametersThatAListenerSetsStay() {
    MultiLayerNetwork net = layered();
    INDArray set = net.params().dup();
    net.setListeners(
        new org.deeplearning4j.optimize.api.BaseTrainingListener() {
          @Override
          public void iterationDone(Model model, int iteration, int epoch) {
            model.params().assign(set);
          }
        });
    DataSet data = data();
    try (FusedTraining training = FusedTraining.of(net)) {
      training.fit(iterator(data), 1);
    }
    assertEquals(set, net.params());
  }
}
