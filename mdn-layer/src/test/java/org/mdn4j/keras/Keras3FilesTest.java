/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Files that Keras 3.15.1 wrote ({@code src/test/resources/keras/make.py}), held against the
 * outputs that Keras itself computed for the same inputs.
 */
@Tag("slow")
class Keras3FilesTest {
  /** Inputs, and the output of Keras as rows [N·T][K (2 D + 1)]. */
  private record Expected(INDArray[] inputs, double[][] output) {
    static Expected of(String name) throws IOException {
      JsonNode json = new ObjectMapper().readTree(file(name + ".json").toFile());
      INDArray[] inputs = new INDArray[json.get("inputs").size()];
      Arrays.setAll(inputs, i -> array(json.get("inputs").get(i)));
      INDArray output = array(json.get("output"));
      return new Expected(inputs, rows(output).castTo(DataType.DOUBLE).toDoubleMatrix());
    }

    private static INDArray array(JsonNode json) {
      ObjectMapper mapper = new ObjectMapper();
      return json.get(0).get(0).isArray()
          ? Nd4j.createFromArray(mapper.convertValue(json, float[][][].class))
          : Nd4j.createFromArray(mapper.convertValue(json, float[][].class));
    }
  }

  static Path file(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Keras3FilesTest.class.getResource("/keras/" + name)).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static INDArray rows(INDArray output) {
    return output.dup('c').reshape('c', -1, output.size(output.rank() - 1));
  }

  private static MixtureSpec spec(int components, int targets) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
        .build();
  }

  private static MixtureSpec spec(org.deeplearning4j.nn.api.Layer head) {
    return ((MixtureDensityOutputLayer) head.conf().getLayer()).getSpec();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense.keras", "dense.h5", "last-step.keras", "steps.keras", "steps.h5"})
  void sequential(String name) throws IOException {
    Expected expected = Expected.of(name.substring(0, name.indexOf('.')));
    MultiLayerNetwork net = KerasMixtureImport.importSequential(file(name));
    INDArray output = net.output(expected.inputs()[0]);
    MixtureSpec spec = spec(net.getOutputLayer());
    PlainKeras.assertSame(expected.output(), rows(output), spec);
  }

  @ParameterizedTest
  @CsvSource({
    "lstm, lstm.keras",
    "lstm, lstm.h5",
    "lstm, lstm-without-names.keras",
    "branches, branches.keras",
    "branches, branches.h5",
    "steps-graph, steps-graph.keras",
    "steps-graph, steps-graph.h5",
    "names, names.keras",
    "names, names.h5"
  })
  void graph(String model, String name) throws IOException {
    Expected expected = Expected.of(model);
    ComputationGraph net = KerasMixtureImport.importGraph(file(name));
    INDArray output = net.outputSingle(expected.inputs());
    PlainKeras.assertSame(expected.output(), rows(output), spec(net.getOutputLayer(0)));
  }

  @Test
  void componentsTargetsAndNamesAreThoseOfTheFile() throws IOException {
    MultiLayerNetwork net = KerasMixtureImport.importSequential(file("dense.keras"));
    assertEquals(spec(3, 2), spec(net.getOutputLayer()));
    assertEquals(List.of("dense", "dense_1", "any_name"), net.getLayerNames());
    ComputationGraph graph = KerasMixtureImport.importGraph(file("lstm.h5"));
    assertEquals(List.of("td_mdn"), graph.getConfiguration().getNetworkOutputs());
    MixtureDensityRnnOutputLayer head =
        (MixtureDensityRnnOutputLayer) graph.getOutputLayer(0).conf().getLayer();
    assertEquals(RNNFormat.NWC, head.getRnnDataFormat());
  }

  private static MultiLayerNetwork denseNet(String... names) {
    return denseNet(
        new MixtureDensityOutputLayer.Builder().name(names[2]).nIn(6).spec(spec(3, 2)).build(),
        names);
  }

  private static MultiLayerNetwork denseNet(BaseOutputLayer head, String... names) {
    return initialised(
        base()
            .layer(named(new DenseLayer.Builder().nIn(2).nOut(7), names[0], Activation.TANH))
            .layer(named(new DenseLayer.Builder().nIn(7).nOut(6), names[1], Activation.RELU))
            .layer(head));
  }

  private static DenseLayer named(DenseLayer.Builder layer, String name, Activation activation) {
    return layer.name(name).activation(activation).build();
  }

  private static MultiLayerNetwork lstmNet() {
    return initialised(
        base()
            .layer(new LSTM.Builder().nIn(2).nOut(6).dataFormat(RNNFormat.NWC).build())
            .layer(new LSTM.Builder().nIn(6).nOut(5).dataFormat(RNNFormat.NWC).build())
            .layer(
                new MixtureDensityRnnOutputLayer.Builder()
                    .nIn(5)
                    .spec(spec(3, 2))
                    .dataFormat(RNNFormat.NWC)
                    .build()));
  }

  private static NeuralNetConfiguration.ListBuilder base() {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .activation(Activation.TANH)
        .updater(new Adam(0.01))
        .list();
  }

  private static MultiLayerNetwork initialised(NeuralNetConfiguration.ListBuilder list) {
    MultiLayerNetwork net = new MultiLayerNetwork(list.build());
    net.init();
    return net;
  }

  @ParameterizedTest
  @ValueSource(strings = {"dense.weights.h5", "dense.keras", "dense.h5"})
  void weightsIntoADenseNetworkByOrderAndByName(String name) throws IOException {
    Expected expected = Expected.of("dense");
    for (MultiLayerNetwork net :
        List.of(denseNet("a", "b", "c"), denseNet("dense", "dense_1", "any_name"))) {
      KerasMixtureImport.importWeights(net, file(name));
      PlainKeras.assertSame(
          expected.output(), net.output(expected.inputs()[0]), spec(net.getOutputLayer()));
    }
  }

  /** A head is whatever output layer has our loss. */
  @Test
  void weightsIntoAnOutputLayerOfDl4j() throws IOException {
    Expected expected = Expected.of("dense");
    MixtureSpec spec = spec(3, 2);
    MultiLayerNetwork net =
        denseNet(
            new OutputLayer.Builder(new LossMixtureNLL(spec))
                .nIn(6)
                .nOut(spec.parameterCount())
                .activation(Activation.IDENTITY)
                .build(),
            "a",
            "b");
    KerasMixtureImport.importWeights(net, file("dense.keras"));
    PlainKeras.assertSame(expected.output(), net.output(expected.inputs()[0]), spec);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lstm.weights.h5", "lstm.keras", "lstm.h5", "lstm-without-names.keras"})
  void weightsIntoARecurrentNetwork(String name) throws IOException {
    Expected expected = Expected.of("lstm");
    MultiLayerNetwork net = lstmNet();
    KerasMixtureImport.importWeights(net, file(name));
    PlainKeras.assertSame(
        expected.output(), rows(net.output(expected.inputs()[0])), spec(net.getOutputLayer()));
  }

  @Test
  void whatIsImportedTrainsOnAndIsSaved(@TempDir Path folder) throws IOException {
    MultiLayerNetwork net = KerasMixtureImport.importSequential(file("dense.keras"));
    Nd4j.getRandom().setSeed(3);
    DataSet data = new DataSet(Nd4j.randn(200, 2), Nd4j.randn(200, 2).addi(1));
    double before = net.score(data);
    INDArray trunk = net.getLayer(0).params().dup();
    for (int step = 0; step < 300; step++) {
      net.fit(data);
    }
    assertTrue(net.score(data) < before - 0.5, before + " -> " + net.score(data));
    assertTrue(trunk.sub(net.getLayer(0).params()).amaxNumber().doubleValue() > 1e-3);
    Path saved = folder.resolve("net.zip");
    ModelSerializer.writeModel(net, saved.toFile(), true);
    MultiLayerNetwork back = ModelSerializer.restoreMultiLayerNetwork(saved.toFile());
    assertEquals(spec(net.getOutputLayer()), spec(back.getOutputLayer()));
    assertEquals(net.output(data.getFeatures()), back.output(data.getFeatures()));
  }

  @Test
  void recurrentNetworksTrainOnAndStep() throws IOException {
    ComputationGraph net = KerasMixtureImport.importGraph(file("lstm.keras"));
    Nd4j.getRandom().setSeed(4);
    INDArray x = Nd4j.randn(20, 6, 2);
    DataSet data = new DataSet(x, x.mul(0.5).addi(1));
    double before = net.score(data);
    for (int step = 0; step < 100; step++) {
      net.fit(data);
    }
    assertTrue(net.score(data) < before - 1, before + " -> " + net.score(data));
    INDArray whole = net.outputSingle(x);
    net.rnnClearPreviousState();
    for (int t = 0; t < 6; t++) {
      INDArray step = net.rnnTimeStep(x.tensorAlongDimension(t, 0, 2).reshape(20, 1, 2).dup())[0];
      for (int n = 0; n < 20; n++) {
        for (int column = 0; column < step.size(2); column++) {
          assertEquals(whole.getDouble(n, t, column), step.getDouble(n, 0, column), 1e-5);
        }
      }
    }
  }

  /** The trunk's parameters are in DL4J's order: of this one, which is small, all are looked at. */
  @Test
  void headColumnsArePermuted() throws IOException {
    ComputationGraph net = KerasMixtureImport.importGraph(file("branches.keras"));
    INDArray weights = net.getLayer("head").getParam("W");
    assertArrayEquals(new long[] {9, 2 + 2 + 2}, weights.shape());
    Model other = KerasMixtureImport.importGraph(file("branches.h5"));
    assertEquals(net.params(), other.params());
  }
}
