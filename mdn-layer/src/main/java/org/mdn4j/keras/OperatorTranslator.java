/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.mdn4j.keras.KerasActivation.Function;
import org.mdn4j.keras.KerasNode.Tensor;
import org.mdn4j.keras.Translation.Step;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;

/**
 * A translator of operators, with numbers and with tensors, and of the layers that merge several
 * inputs.
 */
final class OperatorTranslator {
  private static final Map<String, ElementWiseVertex.Op> MERGES =
      Map.of(
          "Add", ElementWiseVertex.Op.Add,
          "Subtract", ElementWiseVertex.Op.Subtract,
          "Multiply", ElementWiseVertex.Op.Product,
          "Average", ElementWiseVertex.Op.Average,
          "Maximum", ElementWiseVertex.Op.Max);
  private static final String MINIMUM = "Minimum";
  private static final Map<String, String> ACTIVATIONS =
      Map.of(
          "Relu", "relu",
          "Relu6", "relu6",
          "Sigmoid", "sigmoid",
          "Tanh", "tanh",
          "Exp", "exponential",
          "Softplus", "softplus",
          "Softsign", "softsign",
          "Silu", "silu",
          "Selu", "selu");

  private final KerasNode node;
  private final LayerConfiguration layer;
  private final List<Form> inputs;

  OperatorTranslator(KerasNode node, List<Form> inputs) {
    this.node = node;
    this.layer = node.layer();
    this.inputs = inputs;
  }

  Translation translate() {
    String name = layer.simpleName();
    if (name.equals("Concatenate")) {
      return concatenated();
    }
    if (!layer.isOperator()) {
      node.merged();
      return merged(name);
    }
    return switch (name) {
      case "GetItem" -> slice();
      case "Negative" -> function(Function.AFFINE, -1, 0);
      case "Softmax" -> {
        layer.requireLastAxis(inputs.get(0).rank());
        yield activation(new ActivationSoftmax());
      }
      case "Elu" -> function(Function.ELU, layer.number("alpha", 1));
      case "LeakyRelu" ->
          activation(
              Activations.relu(
                  layer.has("negative_slope")
                      ? LayerTranslator.slope(layer, "negative_slope")
                      : 0.2));
      case "Gelu" -> function(layer.flag("approximate", true) ? Function.GELU_TANH : Function.GELU);
      default ->
          ACTIVATIONS.containsKey(name)
              ? activation(Activations.named(ACTIVATIONS.get(name)))
              : arithmetic(name);
    };
  }

  private Translation function(Function function, double... parameters) {
    return activation(new KerasActivation(function, parameters));
  }

  private Translation activation(IActivation activation) {
    node.input();
    return LayerTranslator.activation(node, activation, inputs.get(0));
  }

  /**
   * Translates arithmetic of two tensors, of a tensor and a number, or of a number and a tensor.
   */
  private Translation arithmetic(String name) {
    List<Object> arguments = node.arguments();
    if (arguments.size() != 2) {
      throw layer.refusal("two operands are expected, got " + arguments);
    }
    boolean isNumberFirst = arguments.get(0) instanceof Number;
    if (arguments.stream().allMatch(Tensor.class::isInstance)) {
      return merged(name);
    }
    if (!(arguments.get(isNumberFirst ? 1 : 0) instanceof Tensor)
        || !(arguments.get(isNumberFirst ? 0 : 1) instanceof Number operand)
        || !Double.isFinite(operand.doubleValue())) {
      throw layer.refusal("its operands are " + arguments);
    }
    double number = operand.doubleValue();
    boolean isDivision = name.equals("Divide") || name.equals("TrueDivide");
    if (isDivision && (isNumberFirst || number == 0)) {
      throw layer.refusal("its operands are " + arguments);
    }
    IActivation activation =
        switch (name) {
          case "Add" -> affine(1, number);
          case "Subtract" -> isNumberFirst ? affine(-1, number) : affine(1, -number);
          case "Multiply" -> affine(number, 0);
          case "Divide", "TrueDivide" -> affine(1 / number, 0);
          case "Maximum" -> new KerasActivation(Function.MAXIMUM, number);
          case MINIMUM -> new KerasActivation(Function.MINIMUM, number);
          default -> throw new IllegalStateException(name + " is known, and not translated");
        };
    return LayerTranslator.activation(node, activation, inputs.get(0));
  }

  private static IActivation affine(double factor, double summand) {
    return factor == 1 && summand == 0
        ? Activation.IDENTITY.getActivationFunction()
        : new KerasActivation(Function.AFFINE, factor, summand);
  }

  private Translation merged(String operation) {
    Form first = inputs.get(0);
    boolean isKnown = operation.equals(MINIMUM) || MERGES.containsKey(operation);
    if (!isKnown
        || !inputs.stream().allMatch(first::equals)
        || operation.equals("Subtract") && inputs.size() != 2) {
      throw layer.refusal(
          "its inputs are "
              + inputs
              + "; tensors of one shape are known, not all"
              + " operators of two");
    }
    return operation.equals(MINIMUM)
        ? minimum()
        : Translation.of(node, new ElementWiseVertex(MERGES.get(operation)), first);
  }

  /** Translates min(a, b) = −max(−a, −b): DL4J has no vertex for it. */
  private Translation minimum() {
    List<Step> steps = new ArrayList<>();
    List<String> negated = new ArrayList<>();
    for (String input : node.inputs()) {
      negated.add("%s minus %s".formatted(node.name(), negated.size()));
      steps.add(negative(negated.get(negated.size() - 1), input));
    }
    String larger = node.name() + " minus";
    steps.add(
        new Step(larger, negated, null, new ElementWiseVertex(ElementWiseVertex.Op.Max), Map.of()));
    steps.add(negative(node.name(), larger));
    return new Translation(steps, inputs.get(0));
  }

  private static Step negative(String name, String input) {
    Layer layer = new FunctionLayer(affine(-1, 0));
    layer.setLayerName(name);
    return new Step(name, List.of(input), layer, null, Map.of());
  }

  private Translation concatenated() {
    node.merged();
    Form first = inputs.get(0);
    layer.requireLastAxis(first.rank());
    if (!inputs.stream().allMatch(input -> input.withSize(0).equals(first.withSize(0)))
        || inputs.stream().anyMatch(input -> input.size() == Form.UNKNOWN)) {
      throw layer.refusal("its inputs are " + inputs + ", which do not fit");
    }
    long size = inputs.stream().mapToLong(Form::size).sum();
    return Translation.of(node, new MergeVertex(), first.withSize(size));
  }

  /** Translates h[:, a:b] of rows, h[:, :, a:b] of sequences. */
  private Translation slice() {
    List<Object> arguments = node.arguments();
    Form input = inputs.get(0);
    if (arguments.size() != 2
        || !(arguments.get(0) instanceof Tensor)
        || !(arguments.get(1) instanceof List<?> slices)
        || slices.size() != input.rank()
        || input.size() == Form.UNKNOWN) {
      throw layer.refusal("of " + arguments + " only the last dimension's part is known");
    }
    int last = slices.size() - 1;
    for (int i = 0; i <= last; i++) {
      Map<?, ?> slice = slice(slices.get(i));
      boolean isWhole = slice.get("start") == null && slice.get("stop") == null;
      if (slice.get("step") != null && !Integer.valueOf(1).equals(slice.get("step"))
          || i < last && !isWhole) {
        throw layer.refusal("of " + slices + " only the last dimension's part is known");
      }
    }
    Map<?, ?> slice = slice(slices.get(last));
    long from = bound(slice.get("start"), 0, input.size());
    long to = bound(slice.get("stop"), input.size(), input.size());
    if (from >= to) {
      throw layer.refusal("nothing is left by " + slice + " of " + input);
    }
    return Translation.of(
        node,
        new SubsetVertex(Math.toIntExact(from), Math.toIntExact(to - 1)),
        input.withSize(to - from));
  }

  private Map<?, ?> slice(Object argument) {
    if (argument instanceof Map<?, ?> slice
        && "__slice__".equals(slice.get("class_name"))
        && slice.get("config") instanceof Map<?, ?> bounds
        && Set.of("start", "stop", "step").containsAll(bounds.keySet())) {
      return bounds;
    }
    throw layer.refusal("of " + argument + " only the last dimension's part is known");
  }

  /**
   * Returns a bound as Python reads it: from the end where it is negative, cut where it lies
   * outside.
   */
  private long bound(Object bound, long ifLeftOut, long size) {
    if (bound == null) {
      return ifLeftOut;
    }
    if (!(bound instanceof Integer index)) {
      throw layer.refusal("a slice's bound is " + bound);
    }
    return Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }
}
