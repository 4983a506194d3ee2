/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The translation of a layer or operator of Keras.
 *
 * @param steps layers and vertices of DL4J, the last of which has the name of Keras's layer; none
 *     for an input
 * @param form what an example looks like that comes out
 */
record Translation(List<Step> steps, Form form) {

  /**
   * A layer or a vertex, the other being null.
   *
   * @param inputs names of the layers whose outputs it takes
   * @param parameters the values of all of the layer's parameters, by DL4J's names
   */
  record Step(
      String name,
      List<String> inputs,
      Layer layer,
      GraphVertex vertex,
      Map<String, INDArray> parameters) {}

  static Translation of(KerasNode node, Layer layer, Map<String, INDArray> parameters, Form form) {
    layer.setLayerName(node.name());
    return new Translation(
        List.of(new Step(node.name(), node.inputs(), layer, null, parameters)), form);
  }

  static Translation of(KerasNode node, GraphVertex vertex, Form form) {
    return new Translation(
        List.of(new Step(node.name(), node.inputs(), null, vertex, Map.of())), form);
  }
}
