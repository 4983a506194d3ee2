/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.Internal;

/** The layers of either of DL4J's two kinds of network. */
@Internal
public final class NetworkLayers {
  private NetworkLayers() {}

  /**
   * Returns all layers of a network.
   *
   * @param model an initialised network
   * @return its layers, in its own order
   * @throws IllegalArgumentException if it is no network of DL4J's or not initialised
   */
  public static Layer[] all(Model model) {
    Layer[] layers;
    if (model instanceof MultiLayerNetwork net) {
      layers = net.getLayers();
    } else if (model instanceof ComputationGraph graph) {
      layers = graph.getLayers();
    } else {
      throw new IllegalArgumentException(
          "Expected a MultiLayerNetwork or a ComputationGraph, got "
              + (model == null ? null : model.getClass().getName()));
    }
    if (layers == null || model.params() == null) {
      throw new IllegalArgumentException("Expected an initialised network: call init() first");
    }
    return layers;
  }

  /**
   * Returns the layers of a network's outputs.
   *
   * @param model an initialised network
   * @return the layers by name, in the order of the outputs, null for an output that is no layer;
   *     the one of a {@link MultiLayerNetwork} is called "output layer"
   * @throws IllegalArgumentException as for {@link #all}
   */
  public static Map<String, Layer> outputs(Model model) {
    all(model);
    Map<String, Layer> outputs = new LinkedHashMap<>();
    if (model instanceof ComputationGraph graph) {
      graph
          .getConfiguration()
          .getNetworkOutputs()
          .forEach(name -> outputs.put(name, graph.getLayer(name)));
    } else {
      outputs.put("output layer", ((MultiLayerNetwork) model).getOutputLayer());
    }
    return outputs;
  }

  /**
   * Returns what a layer's wrappers hold.
   *
   * @param layer a layer
   * @return the layer itself where it is no wrapper
   */
  public static Layer unwrapped(Layer layer) {
    Layer inner = layer;
    while (inner instanceof BaseWrapperLayer wrapper) {
      inner = wrapper.getUnderlying();
    }
    return inner;
  }
}
