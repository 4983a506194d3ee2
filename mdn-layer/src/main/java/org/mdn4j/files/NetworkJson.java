/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.files;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.ElementWiseMultiplicationLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.databind.DeserializationFeature;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.introspect.JacksonAnnotationIntrospector;

/**
 * Reader of DL4J's configurations of networks. They name the classes of layers, activations,
 * updaters and the like. Only those of DL4J, ND4J and this library that belong to the place where
 * they are named are instantiated, and those that the caller allows. Only the present format is
 * read, without DL4J's deserialisers for its older ones: configurations of DL4J before 1.0.0-beta4
 * are rejected.
 */
public final class NetworkJson {
  private static final SafeJson.Limits LIMITS = SafeJson.Limits.DESCRIPTION.withTokens(1 << 17);
  private static final int MOST_LAYERS = 2_000;

  /** What all networks consist of beside layers. */
  private static final List<String> PARTS =
      List.of(
          "org.deeplearning4j.nn.conf.constraint",
          "org.deeplearning4j.nn.conf.distribution",
          "org.deeplearning4j.nn.conf.dropout",
          "org.deeplearning4j.nn.conf.inputs",
          "org.deeplearning4j.nn.conf.preprocessor",
          "org.deeplearning4j.nn.conf.weightnoise",
          "org.deeplearning4j.nn.weights",
          "org.mdn4j.layers",
          "org.mdn4j.loss",
          "org.nd4j.linalg.activations.impl",
          "org.nd4j.linalg.learning.config",
          "org.nd4j.linalg.learning.regularization",
          "org.nd4j.linalg.schedule");

  private static final List<String> LAYERS =
      List.of(
          "org.deeplearning4j.nn.conf.graph",
          "org.deeplearning4j.nn.conf.graph.rnn",
          "org.deeplearning4j.nn.conf.layers",
          "org.deeplearning4j.nn.conf.layers.convolutional",
          "org.deeplearning4j.nn.conf.layers.misc",
          "org.deeplearning4j.nn.conf.layers.recurrent",
          "org.deeplearning4j.nn.conf.layers.util",
          "org.nd4j.linalg.lossfunctions.impl");

  /** Layers that take neither more memory nor more time than their parameters and their input. */
  private static final List<Class<? extends Layer>> LAYERS_OF_ROWS =
      List.of(
          ActivationLayer.class,
          AutoEncoder.class,
          BatchNormalization.class,
          Bidirectional.class,
          DenseLayer.class,
          DropoutLayer.class,
          ElementWiseMultiplicationLayer.class,
          FrozenLayer.class,
          FrozenLayerWithBackprop.class,
          LastTimeStep.class,
          LSTM.class,
          SimpleRnn.class);

  private static final ObjectMapper ROWS = mapper(rows());
  private static final ObjectMapper ANY =
      mapper(new AllowedTypes(Set.copyOf(Stream.of(PARTS, LAYERS).flatMap(List::stream).toList())));
  private static final ObjectMapper TRUSTED = mapper(new JacksonAnnotationIntrospector());

  private NetworkJson() {}

  private static AllowedTypes rows(Class<?>... allowed) {
    return new AllowedTypes(
        Set.copyOf(PARTS),
        Stream.concat(LAYERS_OF_ROWS.stream(), Arrays.stream(allowed)).toArray(Class<?>[]::new));
  }

  /** Creates a mapper with DL4J's settings, but without its deserialisers for older formats. */
  private static ObjectMapper mapper(JacksonAnnotationIntrospector types) {
    return SafeJson.strict(
        new ObjectMapper()
            .setAnnotationIntrospector(types)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
  }

  /**
   * Reads a network of layers whose work on a row is bounded by their number of parameters: dense
   * and recurrent ones, activations, normalisations and our heads.
   *
   * @param json what DL4J's {@code toJson()} wrote
   * @param allowed further classes that it may name, such as layers of the caller's own
   * @return a configuration with at least one layer
   * @throws MalformedFileException if it is none, names another class, or holds too much
   */
  public static MultiLayerConfiguration layersOfRows(String json, Class<?>... allowed)
      throws MalformedFileException {
    return layers(allowed.length == 0 ? ROWS : mapper(rows(allowed)), json);
  }

  /**
   * Reads a network of any layers of DL4J and this library.
   *
   * @param json what DL4J's {@code toJson()} wrote
   * @return a configuration with at least one layer
   * @throws MalformedFileException if it is none, names another class, or holds too much
   */
  public static MultiLayerConfiguration layers(String json) throws MalformedFileException {
    return layers(ANY, json);
  }

  /**
   * Reads a network whose classes were chosen by a program, not by a file. It is read as {@link
   * #layersOfRows} reads it, so that one that was checked by that names no other classes here.
   *
   * @param json what DL4J's {@code toJson()} wrote
   * @return a configuration with at least one layer
   * @throws MalformedFileException if it is none, or holds too much
   */
  public static MultiLayerConfiguration trusted(String json) throws MalformedFileException {
    return layers(TRUSTED, json);
  }

  private static MultiLayerConfiguration layers(ObjectMapper mapper, String json)
      throws MalformedFileException {
    MultiLayerConfiguration network = read(mapper, json, MultiLayerConfiguration.class);
    List<NeuralNetConfiguration> layers = network.getConfs();
    boolean complete =
        layers != null
            && !layers.isEmpty()
            && layers.size() <= MOST_LAYERS
            && layers.stream().allMatch(NetworkJson::isComplete)
            && isFloatingPoint(network.getDataType())
            && network.getInputPreProcessors() != null
            && network.getInputPreProcessors().values().stream().allMatch(Objects::nonNull);
    return requireComplete(network, complete);
  }

  /**
   * Reads a graph of any layers and vertices of DL4J and this library.
   *
   * @param json what DL4J's {@code toJson()} wrote
   * @return a configuration with at least one vertex
   * @throws MalformedFileException if it is none, names another class, or holds too much
   */
  public static ComputationGraphConfiguration graph(String json) throws MalformedFileException {
    ComputationGraphConfiguration graph = read(ANY, json, ComputationGraphConfiguration.class);
    boolean complete =
        graph.getVertices() != null
            && !graph.getVertices().isEmpty()
            && graph.getVertices().size() <= MOST_LAYERS
            && graph.getVertices().values().stream().allMatch(NetworkJson::isComplete)
            && graph.getVertexInputs() != null
            && graph.getVertexInputs().values().stream().allMatch(Objects::nonNull)
            && isFloatingPoint(graph.getDataType())
            && graph.getNetworkInputs() != null
            && graph.getNetworkOutputs() != null;
    return requireComplete(graph, complete);
  }

  private static <T> T read(ObjectMapper mapper, String json, Class<T> type)
      throws MalformedFileException {
    try {
      return SafeJson.read(mapper, json, LIMITS, type);
    } catch (MalformedFileException e) {
      throw new MalformedFileException("no network can be made of it: " + e.getMessage(), e);
    }
  }

  private static <T> T requireComplete(T configuration, boolean complete)
      throws MalformedFileException {
    if (!complete) {
      throw new MalformedFileException(
          "expected from 1 to %s layers, none of them null, of a floating-point type, got others"
              .formatted(MOST_LAYERS));
    }
    return configuration;
  }

  private static boolean isFloatingPoint(DataType type) {
    return type != null && type.isFPType();
  }

  private static boolean isComplete(GraphVertex vertex) {
    return vertex != null
        && (!(vertex instanceof LayerVertex layer) || isComplete(layer.getLayerConf()));
  }

  private static boolean isComplete(NeuralNetConfiguration configuration) {
    return configuration != null && isComplete(configuration.getLayer());
  }

  private static boolean isComplete(Layer layer) {
    return layer != null && wrapped(layer).allMatch(NetworkJson::isComplete);
  }

  private static Stream<Layer> wrapped(Layer layer) {
    if (layer instanceof Bidirectional both) {
      return Stream.of(both.getFwd(), both.getBwd());
    }
    if (layer instanceof FrozenLayer frozen) {
      return Stream.of(frozen.getLayer());
    }
    return layer instanceof BaseWrapperLayer wrapper
        ? Stream.of(wrapper.getUnderlying())
        : Stream.empty();
  }

  /**
   * Returns the number of parameters of a network, computed without creating it.
   *
   * @param network a configuration
   * @param most the number that there can be at most
   * @return the sum over its layers, at most {@code most}
   * @throws MalformedFileException if there are more, or a layer has inputs or units that no layer
   *     can have
   */
  public static long parameters(MultiLayerConfiguration network, long most)
      throws MalformedFileException {
    long sum = 0;
    for (NeuralNetConfiguration layer : network.getConfs()) {
      requireUnits(layer.getLayer(), most);
      sum = added(sum, layer.getLayer().initializer().numParams(layer), most);
    }
    return sum;
  }

  /**
   * Returns the number of parameters of a graph, computed without creating it.
   *
   * @param graph a configuration
   * @param most the number that there can be at most
   * @return the sum over its vertices, at most {@code most}
   * @throws MalformedFileException if there are more, or a layer has inputs or units that no layer
   *     can have
   */
  public static long parameters(ComputationGraphConfiguration graph, long most)
      throws MalformedFileException {
    long sum = 0;
    for (GraphVertex vertex : graph.getVertices().values()) {
      if (vertex instanceof LayerVertex layer) {
        requireUnits(layer.getLayerConf().getLayer(), most);
      }
      sum = added(sum, vertex.numParams(true), most);
    }
    return sum;
  }

  private static long added(long sum, long parameters, long most) throws MalformedFileException {
    if (parameters < 0 || parameters > most - sum) {
      throw new MalformedFileException(
          "its layers have more parameters than the %s that there are".formatted(most));
    }
    return sum + parameters;
  }

  /**
   * Checks the widths of a layer, so that no product of them is beyond a long, and no activation
   * wider than the parameters.
   */
  private static void requireUnits(Layer layer, long most) throws MalformedFileException {
    for (Layer inner : wrapped(layer).toList()) {
      requireUnits(inner, most);
    }
    if (layer instanceof FeedForwardLayer units
        && (Math.min(units.getNIn(), units.getNOut()) < 0
            || Math.max(units.getNIn(), units.getNOut()) > most)) {
      throw new MalformedFileException(
          "a layer has %s inputs and %s units, where there are %s parameters"
              .formatted(units.getNIn(), units.getNOut(), most));
    }
  }
}
