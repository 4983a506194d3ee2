/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.keras.PlainKerasModel.Value;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Imported networks go on being trained: gradients, masks, and what is to stay as it is. */
class KerasTrainingTest {
  private static final int EXAMPLES = 3;

  @TempDir Path folder;

  private KerasModels.Case model(String name) {
    return KerasModels.all().stream()
        .filter(model -> model.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private Model imported(KerasModels.Case model) throws IOException {
    Map<String, byte[]> entries = model.archive().entries(folder);
    Path file = Keras3Archive.write(folder.resolve("model.keras"), entries);
    return KerasRun.imported(file, KerasRun.plain(entries).isSequential());
  }

  private static MultiDataSet data(KerasModels.Case model, Model net, DataType type) {
    INDArray[] features =
        KerasRun.examples(model.inputs(), EXAMPLES, 9).stream()
            .map(input -> KerasRun.array(input).castTo(type))
            .toArray(INDArray[]::new);
    INDArray output =
        net instanceof MultiLayerNetwork layers
            ? layers.output(features[0])
            : ((ComputationGraph) net).outputSingle(features);
    long[] shape = output.shape().clone();
    shape[shape.length - 1] = KerasRun.spec(net).targets();
    Nd4j.getRandom().setSeed(4);
    return new MultiDataSet(features, new INDArray[] {Nd4j.randn(type, shape)});
  }

  private static double score(Model net, MultiDataSet data) {
    return net instanceof MultiLayerNetwork layers
        ? layers.score(new DataSet(data.getFeatures(0), data.getLabels(0)))
        : ((ComputationGraph) net).score(data);
  }

  private static INDArray gradient(Model net, MultiDataSet data) {
    if (net instanceof MultiLayerNetwork layers) {
      layers.setInput(data.getFeatures(0));
      layers.setLabels(data.getLabels(0));
    } else {
      ((ComputationGraph) net).setInputs(data.getFeatures());
      ((ComputationGraph) net).setLabels(data.getLabels());
    }
    net.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
    return net.gradient().gradient();
  }

  /** Central differences of the score in DOUBLE, for parameters drawn at random. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "dense gelu",
        "activation mish",
        "relu of three numbers",
        "elu",
        "batch normalization of steps true true false",
        "normalization false",
        "prelu of steps",
        "dense of steps",
        "time distributed PReLU",
        "GlobalMaxPooling1D of a convolution",
        "GlobalAveragePooling1D of a convolution",
        "reshaped to steps",
        "convolutions of one channel, without bias",
        "convolution same width 4 stride 2 dilation 1",
        "convolution causal width 2 stride 1 dilation 3",
        "embedding",
        "bidirectional mul true",
        "bidirectional concat false",
        "bidirectional sum false",
        "bidirectional mul false",
        "bidirectional ave false",
        "1 - h",
        "maximum(h, 0)",
        "h Multiply h",
        "h Subtract g",
        "h Minimum g",
        "operators of steps",
        "merge Maximum",
        "merge steps Concatenate",
        "elu + 1 + 1e-6"
      })
  void gradientsAreThoseOfTheScore(String name) throws IOException {
    KerasModels.Case model = model(name);
    Model single = imported(model);
    Model net =
        single instanceof MultiLayerNetwork layers
            ? layers.convertDataType(DataType.DOUBLE)
            : ((ComputationGraph) single).convertDataType(DataType.DOUBLE);
    MultiDataSet data = data(model, net, DataType.DOUBLE);
    INDArray gradient = gradient(net, data).dup();
    Random random = new Random(6);
    double step = 1e-6;
    for (int check = 0; check < 8; check++) {
      long i = random.nextInt((int) net.numParams());
      double value = net.params().getDouble(i);
      net.params().putScalar(i, value + step);
      double above = score(net, data);
      net.params().putScalar(i, value - step);
      double below = score(net, data);
      net.params().putScalar(i, value);
      // The score is the mean of the examples, the gradient their sum.
      double expected = (above - below) / (2 * step) * EXAMPLES;
      assertEquals(expected, gradient.getDouble(i), 1e-5 * Math.max(1, Math.abs(expected)), "" + i);
    }
  }

  private static void fit(Model net, MultiDataSet data) {
    for (int step = 0; step < 5; step++) {
      if (net instanceof MultiLayerNetwork layers) {
        layers.fit(new DataSet(data.getFeatures(0), data.getLabels(0)));
      } else {
        ((ComputationGraph) net).fit(data);
      }
    }
  }

  private static double change(INDArray before, INDArray after) {
    return before.sub(after).amaxNumber().doubleValue();
  }

  @ParameterizedTest
  @CsvSource({
    "frozen and regularised, d, W, 0",
    "frozen and regularised, d, b, 0",
    "frozen and regularised, e, W, 1",
    "frozen and regularised, mdn, W, 1",
    "batch normalization false true true, b, beta, 0",
    "batch normalization false true true, b, gamma, 1",
    "batch normalization false true true, b, mean, 1",
    "batch normalization true false true, b, gamma, 0",
    "batch normalization true false true, b, beta, 1",
    "batch normalization of steps false false true, b, gamma, 0",
    "batch normalization of steps false false true, b, beta, 0",
    "batch normalization of steps false false true, b, var, 1",
    "lstm without bias, l, b, 0",
    "lstm without bias, l, W, 1",
    "h + 1, h, W, 1",
    "h + h, h, W, 1"
  })
  void whatKerasDoesNotTrainStaysAsItIs(String name, String layer, String parameter, int isTrained)
      throws IOException {
    KerasModels.Case model = model(name.equals("h + h") ? "h Add h" : name);
    Model net = imported(model);
    MultiDataSet data = data(model, net, DataType.FLOAT);
    INDArray values =
        net instanceof MultiLayerNetwork layers
            ? layers.getLayer(layer).getParam(parameter)
            : ((ComputationGraph) net).getLayer(layer).getParam(parameter);
    INDArray before = values.dup();
    fit(net, data);
    double change = change(before, values);
    assertTrue(isTrained == 1 ? change > 1e-4 : change == 0, "changed by " + change);
  }

  /** Keras adds l1 Σ|w| + l2 Σw². */
  @Test
  void penaltiesAreThoseOfKeras() throws IOException {
    KerasModels.Case model = model("frozen and regularised");
    MultiLayerNetwork net = (MultiLayerNetwork) imported(model);
    INDArray weights = net.getLayer("e").getParam("W");
    double penalty =
        0.01 * weights.norm1Number().doubleValue()
            + 0.02 * weights.mul(weights).sumNumber().doubleValue();
    MultiDataSet data = data(model, net, DataType.FLOAT);
    assertEquals(penalty, net.calcRegularizationScore(true), 1e-5 * penalty);
    assertTrue(Double.isFinite(score(net, data)));
  }

  /** A sequence that is padded, with a mask, means the same as without its padding. */
  @ParameterizedTest
  @ValueSource(strings = {"GlobalMaxPooling1D", "GlobalAveragePooling1D", "lstm's last step"})
  void masksOfSequences(String name) throws IOException {
    MultiLayerNetwork net = (MultiLayerNetwork) imported(model(name));
    List<Value> examples = KerasRun.examples(model(name).inputs(), EXAMPLES, 9).get(0);
    INDArray whole = KerasRun.array(examples);
    int length = (int) whole.size(1);
    INDArray mask = Nd4j.ones(EXAMPLES, length);
    mask.putScalar(1, length - 1, 0);
    mask.putScalar(1, length - 2, 0);
    INDArray masked = net.output(whole, false, mask, null);
    INDArray shorter =
        whole.get(
            NDArrayIndex.interval(1, 2), NDArrayIndex.interval(0, length - 2), NDArrayIndex.all());
    assertEquals(net.output(whole).getRow(0), masked.getRow(0));
    assertTrue(change(net.output(shorter.dup()).getRow(0), masked.getRow(1)) < 1e-6);
    DataSet data = new DataSet(whole, Nd4j.randn(EXAMPLES, 2), mask, null);
    double before = net.score(data);
    for (int step = 0; step < 30; step++) {
      net.fit(data);
    }
    assertTrue(net.score(data) < before, before + " -> " + net.score(data));
  }

  @Test
  void networksAreSavedWithTheirUpdater() throws IOException {
    for (String name : List.of("operators of steps", "bidirectional concat false")) {
      KerasModels.Case model = model(name);
      Model net = imported(model);
      MultiDataSet data = data(model, net, DataType.FLOAT);
      fit(net, data);
      Path file = folder.resolve("net.zip");
      ModelSerializer.writeModel(net, file.toFile(), true);
      Model back =
          net instanceof MultiLayerNetwork
              ? ModelSerializer.restoreMultiLayerNetwork(file.toFile())
              : ModelSerializer.restoreComputationGraph(file.toFile());
      fit(net, data);
      fit(back, data);
      assertEquals(net.params(), back.params());
    }
  }

  @Test
  void masksOfBothDirectionsAreRefused() throws IOException {
    MultiLayerNetwork net = (MultiLayerNetwork) imported(model("bidirectional sum false"));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> net.output(Nd4j.ones(3, 5, 2), false, Nd4j.ones(3, 5), null));
    assertTrue(e.getMessage().startsWith("Layer \"b\": expected no mask"), e.getMessage());
  }

  @Test
  void stepsThatAreNoSequencesAreRefused() throws IOException {
    MultiLayerNetwork net = (MultiLayerNetwork) imported(model("GlobalMaxPooling1D"));
    Exception e = assertThrows(IllegalArgumentException.class, () -> net.output(Nd4j.ones(3, 2)));
    assertEquals(
        "Expected sequences [N, T, features], got an array of shape [3, 2]", e.getMessage());
    MultiLayerNetwork flat = (MultiLayerNetwork) imported(model("flattened steps"));
    Exception other =
        assertThrows(IllegalArgumentException.class, () -> flat.output(Nd4j.ones(3, 5, 2)));
    assertTrue(other.getMessage().contains("sequences of 8 numbers in all, got 10"));
  }
}
