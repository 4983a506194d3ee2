/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.layers.Head;
import org.mdn4j.layers.NetworkLayers;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A DL4J network that takes the weights of a file. */
final class GivenNetwork {
  private final List<Layer> layers = new ArrayList<>(); // that have parameters

  /**
   * Creates the taker of a network's weights, and checks the network.
   *
   * @throws IllegalArgumentException if it is not initialised, a layer is of a kind that cannot
   *     take Keras's weights, or it has not one head whose scales are Keras's
   */
  GivenNetwork(Model network) {
    for (Layer layer : NetworkLayers.all(network)) {
      if (layer.numParams() > 0) {
        kind(layer);
        layers.add(layer);
      }
    }
    long heads = layers.stream().filter(layer -> kind(layer) == LayerArrays.Kind.MIXTURE).count();
    if (heads != 1) {
      throw new IllegalArgumentException(
          "Expected a network with one mixture density head, got " + heads);
    }
  }

  private static org.deeplearning4j.nn.conf.layers.Layer unwrapped(Layer layer) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = layer.conf().getLayer();
    while (configuration instanceof BaseWrapperLayer wrapper) {
      configuration = wrapper.getUnderlying();
    }
    return configuration;
  }

  private static LayerArrays.Kind kind(Layer layer) {
    org.deeplearning4j.nn.conf.layers.Layer configuration = unwrapped(layer);
    Optional<MixtureSpec> head = Head.spec(configuration);
    if (head.isPresent()) {
      requireScalesOfKeras(head.get());
      return LayerArrays.Kind.MIXTURE;
    }
    if (configuration.getClass() == DenseLayer.class) {
      return LayerArrays.Kind.DENSE;
    }
    if (configuration.getClass() == LSTM.class) {
      return LayerArrays.Kind.RECURRENT;
    }
    throw new IllegalArgumentException(
        "Expected layers DenseLayer, LSTM and a mixture density head, got "
            + configuration.getClass().getSimpleName()
            + "; import the whole model instead");
  }

  private static void requireScalesOfKeras(MixtureSpec spec) {
    if (spec.family() != ComponentFamily.GAUSSIAN
        || spec.covariance() != Covariance.DIAGONAL
        || spec.sharedScales()
        || spec.fixedScales().isPresent()
        || spec.atoms().length > 0
        || spec.scaleTransform() != ScaleTransform.ELU_PLUS_ONE) {
      throw new IllegalArgumentException(
          "Expected a head of DIAGONAL Gaussian components with scaleTransform ELU_PLUS_ONE and no"
              + " atoms, as Keras's MDN has, got "
              + spec);
    }
  }

  /**
   * Takes the weights of a file, by the layers' names where the file has all of them, otherwise by
   * the order of the layers of each kind.
   */
  void take(KerasFile file) {
    boolean byName =
        layers.stream()
            .allMatch(layer -> file.layers().stream().anyMatch(arrays -> isNamed(arrays, layer)));
    ParameterValues values = new ParameterValues();
    if (byName) {
      layers.forEach(
          layer ->
              file.layers().stream()
                  .filter(arrays -> isNamed(arrays, layer))
                  .findFirst()
                  .ifPresent(arrays -> add(values, layer, arrays)));
      values.apply();
      return;
    }
    for (LayerArrays.Kind kind : LayerArrays.Kind.values()) {
      List<Layer> ours = layers.stream().filter(layer -> kind(layer) == kind).toList();
      List<LayerArrays> theirs = inOrder(file, kind);
      if (ours.size() != theirs.size()) {
        throw new Refusal(
            "Expected weights of %d layers of kind %s, got %s",
            ours.size(), kind, theirs.stream().map(LayerArrays::label).toList());
      }
      for (int i = 0; i < ours.size(); i++) {
        add(values, ours.get(i), theirs.get(i));
      }
    }
    values.apply();
  }

  private static boolean isNamed(LayerArrays arrays, Layer layer) {
    return arrays.name() != null && arrays.name().equals(layer.conf().getLayer().getLayerName());
  }

  /**
   * Returns the layers of a kind in the order of the model: Keras 3 numbers the groups of a class;
   * HDF5 lists them by the alphabet.
   */
  private static List<LayerArrays> inOrder(KerasFile file, LayerArrays.Kind kind) {
    List<LayerArrays> layers =
        file.layers().stream()
            .filter(layer -> !layer.arrays().isEmpty() && layer.kind() == kind)
            .toList();
    if (layers.stream().anyMatch(layer -> layer.group() == null)) {
      return layers;
    }
    List<String> classes = layers.stream().map(LayerArrays::groupClass).distinct().toList();
    if (classes.size() > 1) {
      throw new Refusal(
          "The file does not tell the order of its layers %s; give the network's layers their names in"
              + " Keras",
          layers.stream().map(LayerArrays::group).toList());
    }
    return layers.stream().sorted(Comparator.comparingInt(LayerArrays::number)).toList();
  }

  private static void add(ParameterValues values, Layer layer, LayerArrays arrays) {
    Optional<MixtureSpec> head = Head.spec(unwrapped(layer));
    if (head.isPresent()) {
      values.addMixture(arrays.label(), layer, head.get(), arrays.mixtureParts());
      return;
    }
    Map<String, INDArray> named = arrays.named();
    Map<String, INDArray> renamed = new HashMap<>();
    named.forEach((name, array) -> renamed.put(Gates.PARAMETERS.get(name), array));
    if (unwrapped(layer) instanceof LSTM) {
      renamed.replaceAll((name, array) -> Gates.reordered(array, arrays.label()));
    }
    values.add(arrays.label(), layer, renamed);
  }
}
