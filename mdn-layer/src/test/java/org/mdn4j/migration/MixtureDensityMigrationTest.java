/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.migration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;

/** Nets with LossMixtureDensity: after the migration every log density is the same to 1e-5. */
class MixtureDensityMigrationTest {
  private static LossMixtureDensity loss(int components, int targets) {
    return LossMixtureDensity.builder().gaussians(components).labelWidth(targets).build();
  }

  private static NeuralNetConfiguration.Builder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(5)
        .activation(Activation.TANH)
        .biasInit(0.3)
        .updater(new Adam(0.02));
  }

  private static OutputLayer head(int components, int targets) {
    return new OutputLayer.Builder(loss(components, targets))
        .nIn(6)
        .nOut(components * (targets + 2))
        .activation(Activation.IDENTITY)
        .l2(1e-3)
        .dropOut(0.9)
        .build();
  }

  private static MultiLayerNetwork net(int components, int targets) {
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(new DenseLayer.Builder().nIn(3).nOut(6).build())
                .layer(head(components, targets))
                .build());
    net.init();
    return net;
  }

  private static DataSet data(int rows, int targets) {
    Nd4j.getRandom().setSeed(9);
    return new DataSet(Nd4j.randn(rows, 3), Nd4j.randn(rows, targets));
  }

  /** ND4J's score of each row against our log density; its outputs are near enough for it. */
  private static void assertSameDensity(
      LossMixtureDensity loss, INDArray theirs, MixtureSpec spec, INDArray ours, INDArray y) {
    INDArray score = loss.computeScoreArray(y, theirs, new ActivationIdentity(), null);
    INDArray logDensity = MixtureBatch.of(spec, ours).logDensity(y);
    for (int n = 0; n < y.size(0); n++) {
      assertEquals(-score.getDouble(n), logDensity.getDouble(n), 1e-5);
    }
  }

  private static MixtureSpec spec(org.deeplearning4j.nn.api.Layer head) {
    return ((MixtureDensityOutputLayer) head.conf().getLayer()).getSpec();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "4, 1", "1, 3", "5, 2"})
  void aDenseNetwork(int components, int targets) {
    MultiLayerNetwork theirs = net(components, targets);
    DataSet data = data(40, targets);
    for (int step = 0; step < 20; step++) {
      theirs.fit(data);
    }
    INDArray before = theirs.params().dup();
    MultiLayerNetwork ours = MixtureDensityMigration.migrate(theirs);
    INDArray x = data.getFeatures();
    assertSameDensity(
        loss(components, targets),
        theirs.output(x),
        spec(ours.getOutputLayer()),
        ours.output(x),
        data.getLabels());
    assertEquals(before, theirs.params());
    assertEquals(20, ours.getIterationCount());
    MixtureDensityOutputLayer head =
        (MixtureDensityOutputLayer) ours.getOutputLayer().conf().getLayer();
    OutputLayer old = (OutputLayer) theirs.getOutputLayer().conf().getLayer();
    assertEquals(new Adam(0.02), head.getIUpdater());
    assertEquals(old.getRegularization(), head.getRegularization());
    assertEquals(new Dropout(0.9), head.getIDropout());
    double nll = ours.score(data);
    assertEquals(theirs.score(data), nll, 1e-5); // l2 and all
    for (int step = 0; step < 50; step++) {
      ours.fit(data);
    }
    assertTrue(ours.score(data) < nll, nll + " -> " + ours.score(data));
  }

  @Test
  void aRecurrentNetwork() {
    LossMixtureDensity loss = loss(3, 2);
    MultiLayerNetwork theirs =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(new LSTM.Builder().nIn(3).nOut(6).build())
                .layer(
                    new RnnOutputLayer.Builder(loss)
                        .nIn(6)
                        .nOut(12)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    theirs.init();
    MultiLayerNetwork ours = MixtureDensityMigration.migrate(theirs);
    assertInstanceOf(MixtureDensityRnnOutputLayer.class, ours.getOutputLayer().conf().getLayer());
    Nd4j.getRandom().setSeed(10);
    INDArray x = Nd4j.randn(2, 3, 5);
    INDArray y = Nd4j.randn(10, 2);
    assertSameDensity(
        loss,
        theirs.output(x).permute(0, 2, 1).dup('c').reshape(10, 12),
        spec(ours.getOutputLayer()),
        ours.output(x).permute(0, 2, 1).dup('c').reshape(10, 12),
        y);
  }

  private static ComputationGraph graph() {
    ComputationGraph graph =
        new ComputationGraph(
            base()
                .graphBuilder()
                .addInputs("x")
                .addLayer("hidden", new DenseLayer.Builder().nIn(3).nOut(6).build(), "x")
                .addLayer("mixture", head(2, 2), "hidden")
                .addLayer(
                    "other",
                    new OutputLayer.Builder(LossFunction.MSE)
                        .nIn(6)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build(),
                    "hidden")
                .setOutputs("other", "mixture")
                .build());
    graph.init();
    return graph;
  }

  @Test
  void savedNetworks(@TempDir Path folder) throws IOException {
    Path graphFile = folder.resolve("graph.zip");
    ComputationGraph theirs = graph();
    ModelSerializer.writeModel(theirs, graphFile.toFile(), true);
    Model ours = MixtureDensityMigration.migrate(graphFile);
    INDArray x = data(7, 2).getFeatures();
    ComputationGraph graph = assertInstanceOf(ComputationGraph.class, ours);
    assertEquals(theirs.output(x)[0], graph.output(x)[0]);
    assertSameDensity(
        loss(2, 2),
        theirs.output(x)[1],
        spec(graph.getOutputLayer(1)),
        graph.output(x)[1],
        data(7, 2).getLabels());
    Path netFile = folder.resolve("net.zip");
    MultiLayerNetwork net = net(3, 1);
    ModelSerializer.writeModel(net, netFile.toFile(), false);
    MultiLayerNetwork migrated =
        assertInstanceOf(MultiLayerNetwork.class, MixtureDensityMigration.migrate(netFile));
    assertEquals(
        MixtureDensityMigration.migrate(net).params().castTo(DataType.DOUBLE),
        migrated.params().castTo(DataType.DOUBLE));
  }

  private static void assertRefused(Executable executable, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, executable);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void whatHasNoCounterpartIsRefused(@TempDir Path folder) throws IOException {
    MultiLayerNetwork ours = MixtureDensityMigration.migrate(net(2, 1));
    assertRefused(
        () -> MixtureDensityMigration.migrate(ours),
        "Expected an output layer with LossMixtureDensity, got MixtureDensityOutputLayer");
    ComputationGraph graph = MixtureDensityMigration.migrate(graph());
    assertRefused(() -> MixtureDensityMigration.migrate(graph), "got the outputs [other, mixture]");
    MultiLayerNetwork bounded =
        new MultiLayerNetwork(
            base()
                .list()
                .layer(
                    new OutputLayer.Builder(loss(2, 1))
                        .nIn(3)
                        .nOut(6)
                        .activation(Activation.TANH)
                        .build())
                .build());
    bounded.init();
    assertRefused(() -> MixtureDensityMigration.migrate(bounded), "identity activation, got tanh");
    MultiLayerNetwork fresh = new MultiLayerNetwork(net(2, 1).getLayerWiseConfigurations().clone());
    assertRefused(() -> MixtureDensityMigration.migrate(fresh), "call init() first");
    Path text = Files.writeString(folder.resolve("text.zip"), "text");
    assertRefused(() -> MixtureDensityMigration.migrate(text), "text.zip: expected a network");
    assertThrows(
        NoSuchFileException.class,
        () -> MixtureDensityMigration.migrate(folder.resolve("none.zip")));
  }
}
