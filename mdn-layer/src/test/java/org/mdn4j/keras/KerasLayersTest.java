/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.keras.PlainKerasModel.Value;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Each layer and operator that is known, held against plain loops. */
@Tag("slow")
class KerasLayersTest {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  static List<KerasModels.Case> models() {
    return KerasModels.all();
  }

  @ParameterizedTest
  @MethodSource("models")
  void outputsAreThoseOfKerasAlsoOfANetworkThatWasSaved(KerasModels.Case model) throws IOException {
    Map<String, byte[]> entries = model.archive().entries(folder);
    PlainKerasModel plain = KerasRun.plain(entries);
    Path file = Keras3Archive.write(folder.resolve("model.keras"), entries);
    Model net = KerasRun.imported(file, plain.isSequential());
    List<List<Value>> inputs = KerasRun.examples(model.inputs(), 3, 5);
    INDArray output = KerasRun.output(net, inputs);
    double distance = KerasRun.distance(KerasRun.plain(plain, inputs), output, KerasRun.spec(net));
    assertTrue(distance < TOLERANCE, "distance " + distance);
    assertEquals(output, KerasRun.output(restored(net), inputs));
    assertNothingIsOverwritten(net, inputs, output);
  }

  /** In DL4J, what a layer writes into its input shows without workspaces, if not with them. */
  private static void assertNothingIsOverwritten(
      Model net, List<List<Value>> inputs, INDArray output) {
    INDArray[] arrays = inputs.stream().map(KerasRun::array).toArray(INDArray[]::new);
    if (net instanceof MultiLayerNetwork layers) {
      layers.getLayerWiseConfigurations().setInferenceWorkspaceMode(WorkspaceMode.NONE);
    } else {
      ((ComputationGraph) net).getConfiguration().setInferenceWorkspaceMode(WorkspaceMode.NONE);
    }
    assertEquals(output, KerasRun.output(net, arrays));
    for (int i = 0; i < arrays.length; i++) {
      assertEquals(KerasRun.array(inputs.get(i)), arrays[i]);
    }
  }

  /** From its configuration as JSON and its parameters, as ModelSerializer does. */
  private static Model restored(Model net) {
    if (net instanceof MultiLayerNetwork layers) {
      MultiLayerConfiguration configuration =
          MultiLayerConfiguration.fromJson(layers.getLayerWiseConfigurations().toJson());
      assertEquals(layers.getLayerWiseConfigurations(), configuration);
      MultiLayerNetwork restored = new MultiLayerNetwork(configuration);
      restored.init(net.params().dup(), false);
      return restored;
    }
    ComputationGraphConfiguration original = ((ComputationGraph) net).getConfiguration();
    ComputationGraphConfiguration configuration =
        ComputationGraphConfiguration.fromJson(original.toJson());
    assertEquals(original, configuration);
    ComputationGraph restored = new ComputationGraph(configuration);
    restored.init(net.params().dup(), false);
    return restored;
  }

  @Test
  void eachKnownLayerAndOperatorIsAmongThem() throws IOException {
    Set<String> tried = new HashSet<>();
    for (KerasModels.Case model : models()) {
      for (Object layer :
          PlainKerasModel.list(
              PlainKerasModel.map(model.archive().model().get("config")).get("layers"))) {
        tried.add(LayerConfiguration.className(PlainKerasModel.map(layer)));
      }
    }
    assertEquals(new HashSet<>(KnownLayers.names()), tried);
  }
}
