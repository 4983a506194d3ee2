/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.mdn4j.training.dense.NotCoveredException.require;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.stepfunctions.NegativeGradientStepFunction;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.layers.wrapper.BaseWrapperLayer;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/**
 * Reads what a network computes. Whatever is not known, by exact class, is named and rejected, so
 * that nothing is computed in another way than DL4J computes it.
 */
final class ChainReader {
  private final Network network;
  private final boolean training;
  private final Map<String, Map<String, Integer>> offsets = new HashMap<>(); // by layer and array
  private final List<Stage> inputStages = new ArrayList<>();
  private final List<Dense> layers = new ArrayList<>();
  private List<Stage> stages = inputStages; // of the layer that was read last
  private List<Integer> shown = new ArrayList<>(); // DL4J's layers with the present array as output
  private int dropouts;

  private ChainReader(Network network, boolean training) {
    this.network = network;
    this.training = training;
  }

  /**
   * Reads a network.
   *
   * @throws NotCoveredException if any of it is not covered
   */
  static Chain read(Network network) throws NotCoveredException {
    return new ChainReader(network, true).chain();
  }

  /**
   * Reads what a network puts out when it is not trained: without dropout, and whatever its steps
   * and its likelihood are.
   *
   * @throws NotCoveredException if any of it is not covered
   */
  static Chain readOutput(Network network) throws NotCoveredException {
    return new ChainReader(network, false).chain();
  }

  private Chain chain() throws NotCoveredException {
    require(Nd4j.getEnvironment().isCPU(), "ND4J's backend is not a CPU");
    NeuralNetConfiguration configuration = network.configuration();
    DataType dtype = network.parameters().dataType();
    require(
        dtype == DataType.FLOAT || dtype == DataType.DOUBLE,
        "its data type is %s instead of FLOAT or DOUBLE",
        dtype);
    if (training) {
      requirePlainSteps(configuration);
    }
    readOffsets();
    List<Network.Link> links = network.links();
    int frozen = -1;
    for (int i = 0; i < links.size(); i++) {
      frozen = links.get(i).layer() instanceof FrozenLayer ? i : frozen;
    }
    for (int i = 0; i < links.size() - 1; i++) {
      Layer layer = links.get(i).layer();
      require(
          !training || i >= frozen || layer instanceof FrozenLayer || layer.numParams() == 0,
          "%s is trained below a frozen layer, where DL4J leaves its gradient as it was",
          name(i));
      readLayer(i, layer);
    }
    Goal goal = readHead(links.size() - 1);
    Layer head = links.get(links.size() - 1).layer();
    return new Chain(
        dtype,
        configuration.getSeed(),
        inputStages,
        layers,
        goal,
        head.conf().getLayer().getClass() == OutputLayer.class,
        head.conf().isMiniBatch(),
        links.size() - 1);
  }

  private String name(int index) {
    Network.Link link = network.links().get(index);
    return "layer \"%s\" (%s)"
        .formatted(link.name(), link.layer().conf().getLayer().getClass().getSimpleName());
  }

  private void requirePlainSteps(NeuralNetConfiguration configuration) throws NotCoveredException {
    require(
        network.backpropType() == BackpropType.Standard,
        "it is trained by %s",
        network.backpropType());
    switch (configuration.getOptimizationAlgo()) {
      case STOCHASTIC_GRADIENT_DESCENT -> {}
      default ->
          require(
              false,
              "its optimization algorithm is %s instead of STOCHASTIC_GRADIENT_DESCENT",
              configuration.getOptimizationAlgo());
    }
    require(
        configuration.getStepFunction() == null
            || configuration.getStepFunction().getClass() == NegativeGradientStepFunction.class,
        "its step function is %s",
        configuration.getStepFunction());
    require(
        network.optimizer().getGradientsAccumulator() == null,
        "it hands its gradients to a GradientsAccumulator");
  }

  private void readOffsets() {
    long start = Memory.address(network.parameters());
    int size = network.parameters().data().getElementSize();
    for (Network.Link link : network.links()) {
      Map<String, Integer> own = new HashMap<>();
      Map<String, INDArray> table = link.layer().paramTable(false);
      if (table != null) {
        table.forEach(
            (name, array) -> own.put(name, (int) ((Memory.address(array) - start) / size)));
      }
      offsets.put(link.name(), own);
    }
  }

  private void readLayer(int index, Layer layer) throws NotCoveredException {
    Layer inner = layer;
    boolean backwards = false;
    while (inner instanceof BaseWrapperLayer wrapper) { // clone() wraps what is frozen once more
      require(
          wrapper.getClass() == FrozenLayer.class
              || wrapper.getClass() == FrozenLayerWithBackprop.class,
          "%s is wrapped in %s",
          name(index),
          wrapper.getClass().getSimpleName());
      backwards |= wrapper.getClass() == FrozenLayerWithBackprop.class;
      inner = wrapper.getUnderlying();
    }
    require(
        !backwards || inner.conf().getLayer().getIDropout() == null,
        "%s has dropout, which DL4J applies on the way back only",
        name(index));
    boolean frozen = inner != layer;
    var configuration = inner.conf().getLayer();
    Class<?> kind = configuration.getClass();
    require(
        configuration.getConstraints() == null || configuration.getConstraints().isEmpty(),
        "%s has constraints",
        name(index));
    if (kind == DenseLayer.class) {
      require(!((DenseLayer) configuration).hasLayerNorm(), "%s has layer norm", name(index));
      if (!frozen) {
        readDropout(index, configuration.getIDropout());
      }
      addDense(index, (BaseLayer) configuration, ((DenseLayer) configuration).hasBias(), !frozen);
      addFunction(index, ((DenseLayer) configuration).getActivationFn());
    } else if (kind == ActivationLayer.class) {
      addFunction(index, ((ActivationLayer) configuration).getActivationFn());
    } else if (kind == DropoutLayer.class) {
      shown.add(index);
      if (frozen || !training || configuration.getIDropout() == null) {
        stages.add(new Stage.Function(Activations.of(new ActivationIdentity()), array(shown)));
      } else {
        readDropout(index, configuration.getIDropout());
      }
    } else {
      require(false, "%s is of a kind that is not covered", name(index));
    }
  }

  /** Reads the dropout of what comes into a layer, in place but for the features. */
  private void readDropout(int index, IDropout dropout) throws NotCoveredException {
    if (dropout == null || !training) {
      return;
    }
    require(
        dropout.getClass() == Dropout.class,
        "%s has %s instead of Dropout",
        name(index),
        dropout.getClass().getSimpleName());
    Dropout settings = (Dropout) dropout;
    stages.add(
        new Stage.Dropout(dropouts++, settings.getP(), settings.getPSchedule(), array(shown)));
  }

  private void addDense(int index, BaseLayer layer, boolean biased, boolean trained)
      throws NotCoveredException {
    require(layer.getWeightNoise() == null, "%s has weight noise", name(index));
    Map<String, Integer> own = offsets.get(network.links().get(index).name());
    FeedForwardLayer sizes = (FeedForwardLayer) layer;
    stages = new ArrayList<>();
    layers.add(
        new Dense(
            (int) sizes.getNIn(),
            (int) sizes.getNOut(),
            own.get(DefaultParamInitializer.WEIGHT_KEY),
            biased ? own.get(DefaultParamInitializer.BIAS_KEY) : -1,
            trained,
            stages));
  }

  private void addFunction(int index, IActivation activation) throws NotCoveredException {
    Activation function = activation == null ? null : Activations.of(activation);
    require(
        function != null,
        "%s has the activation %s, which is not one of the functions of one number that are known",
        name(index),
        activation);
    shown = new ArrayList<>(List.of(index));
    stages.add(new Stage.Function(function, array(shown)));
  }

  private Goal readHead(int index) throws NotCoveredException {
    var configuration = network.links().get(index).layer().conf().getLayer();
    Class<?> kind = configuration.getClass();
    require(
        !(network.links().get(index).layer() instanceof BaseWrapperLayer)
            && (kind == MixtureDensityOutputLayer.class || kind == OutputLayer.class),
        "%s is neither a MixtureDensityOutputLayer nor an OutputLayer",
        name(index));
    BaseOutputLayer head = (BaseOutputLayer) configuration;
    Goal goal = readGoal(index, head);
    require(
        head.getConstraints() == null || head.getConstraints().isEmpty(),
        "%s has constraints",
        name(index));
    require(
        head.getActivationFn() != null
            && head.getActivationFn().getClass() == ActivationIdentity.class,
        "%s has the activation %s instead of the identity",
        name(index),
        head.getActivationFn());
    readDropout(index, head.getIDropout());
    addDense(index, head, head.hasBias(), true);
    return goal;
  }

  private Goal readGoal(int index, BaseOutputLayer head) throws NotCoveredException {
    if (head.getClass() == OutputLayer.class && head.getLossFn().getClass() == LossMSE.class) {
      require(
          ((LossMSE) head.getLossFn()).getWeights() == null,
          "%s weights the targets of its loss",
          name(index));
      return new Goal.SquaredError((int) head.getNOut());
    }
    require(
        head.getLossFn().getClass() == LossMixtureNLL.class,
        "%s has the loss %s instead of LossMixtureNLL or LossMSE",
        name(index),
        head.getLossFn());
    LossMixtureNLL loss = (LossMixtureNLL) head.getLossFn();
    require(
        !training || loss.getEngine() != Engine.SAMEDIFF,
        "%s names the engine SAMEDIFF",
        name(index));
    require(
        head.getNOut() == loss.getSpec().parameterCount(),
        "%s has %d outputs instead of the %d of its loss",
        name(index),
        head.getNOut(),
        loss.getSpec().parameterCount());
    return new Goal.Likelihood(loss.getSpec());
  }

  private static int[] array(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).toArray();
  }
}
