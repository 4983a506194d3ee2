/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.keras.KerasNode.Tensor;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A mixture of one target that a model forms as the concatenation of three Dense layers of the same
 * input: means (linear), scales (exponential, or ELU plus one, each plus a floor), weights
 * (softmax), in any order. What each is, its activation tells. With several targets, only the loss
 * function would know what the columns mean.
 */
final class SplitMixture {
  private enum Part {
    MEANS,
    SCALES,
    WEIGHTS
  }

  private enum Shape {
    LINEAR,
    EXPONENTIAL,
    ELU,
    SOFTMAX
  }

  /** A branch, from the concatenation back to its Dense layer. */
  private record Branch(KerasNode dense, Shape shape, double summand, Set<String> layers) {}

  private final KerasModel model;
  private final KerasFile file;
  private final KerasNode output;

  SplitMixture(KerasModel model, KerasFile file) {
    this.model = model;
    this.file = file;
    this.output = model.nodes().get(model.output());
  }

  MixtureHead head() {
    Map<Part, Branch> branches = new EnumMap<>(Part.class);
    Set<String> replaced = new HashSet<>(Set.of(output.name()));
    for (String input : output.merged()) {
      Branch branch = branch(input, Shape.LINEAR, 0, new HashSet<>());
      if (branches.put(part(branch), branch) != null) {
        throw refusal("two of them are alike");
      }
      replaced.addAll(branch.layers());
    }
    Set<Object> widths = new HashSet<>();
    Set<String> inputs = new HashSet<>();
    for (Branch branch : branches.values()) {
      widths.add(branch.dense().layer().size("units"));
      inputs.add(branch.dense().input());
    }
    if (branches.size() != Part.values().length || widths.size() != 1 || inputs.size() != 1) {
      throw refusal("they have %s units and the inputs %s".formatted(widths, inputs));
    }
    return new MixtureHead(
        output.name(), inputs.iterator().next(), replaced, spec(branches), parts(branches), true);
  }

  private Refusal refusal(String why) {
    return output
        .layer()
        .refusal(
            "at the end of a model without an MDN layer, three Dense layers of one input are known,"
                + " as many units each as a mixture of one target has components: linear means,"
                + " scales by exponential or ELU plus one, softmax weights; "
                + why);
  }

  private static Part part(Branch branch) {
    return switch (branch.shape()) {
      case LINEAR -> Part.MEANS;
      case SOFTMAX -> Part.WEIGHTS;
      default -> Part.SCALES;
    };
  }

  /**
   * Returns a branch, followed back to its Dense layer; shape and summand are what the layers after
   * this one do.
   */
  private Branch branch(String name, Shape shape, double summand, Set<String> layers) {
    KerasNode node = model.nodes().get(name);
    LayerConfiguration layer = node.layer();
    if (model.uses(name) != 1) {
      throw refusal("\"%s\" is used by other layers too".formatted(name));
    }
    layers.add(name);
    if (layer.className().equals("ops.Add") && shape == Shape.LINEAR) {
      return branch(onlyInput(node), shape, summand + number(node), layers);
    }
    Shape own = shapeOf(layer);
    if (own != Shape.LINEAR && shape != Shape.LINEAR) {
      throw refusal("\"%s\" has two activations after another".formatted(name));
    }
    Shape both = own == Shape.LINEAR ? shape : own;
    if (!layer.className().equals("Dense")) {
      if (own == Shape.LINEAR) {
        throw refusal("\"%s\" is a %s".formatted(name, layer.className()));
      }
      return branch(node.input(), both, summand, layers);
    }
    boolean isPositive = both == Shape.EXPONENTIAL || both == Shape.ELU;
    double floor = both == Shape.ELU ? summand - 1 : summand;
    if (isPositive ? floor < 0 : summand != 0) {
      throw refusal("to \"%s\" %s is added".formatted(name, summand));
    }
    requirePlain(layer);
    return new Branch(node, both, floor, layers);
  }

  private String onlyInput(KerasNode node) {
    if (node.inputs().size() != 1) {
      throw refusal("\"%s\" has the arguments %s".formatted(node.name(), node.arguments()));
    }
    return node.inputs().get(0);
  }

  private double number(KerasNode node) {
    List<Object> numbers = new ArrayList<>(node.arguments());
    numbers.removeIf(Tensor.class::isInstance);
    if (numbers.size() == 1 && numbers.get(0) instanceof Number number) {
      return number.doubleValue();
    }
    throw refusal("\"%s\" adds %s".formatted(node.name(), node.arguments()));
  }

  private Shape shapeOf(LayerConfiguration layer) {
    String name =
        switch (layer.className()) {
          case "Dense", "Activation" -> String.valueOf(layer.value("activation"));
          case "Softmax", "ops.Softmax" -> {
            layer.requireLastAxis(0); // counted from the end, whatever the rank
            yield "softmax";
          }
          case "ELU", "ops.Elu" -> layer.number("alpha", 1) == 1 ? "elu" : "another elu";
          case "ops.Exp" -> "exponential";
          default -> "linear";
        };
    return switch (name) {
      case "linear", "null" -> Shape.LINEAR;
      case "exponential" -> Shape.EXPONENTIAL;
      case "elu" -> Shape.ELU;
      case "softmax" -> Shape.SOFTMAX;
      default -> throw refusal("\"%s\" has the activation %s".formatted(layer.name(), name));
    };
  }

  /**
   * Checks that a layer has nothing that our head, one layer, cannot have for a part of its columns
   * only.
   */
  private void requirePlain(LayerConfiguration layer) {
    if (!layer.flag("use_bias")
        || !layer.isTrainable()
        || layer.value("kernel_regularizer") != null
        || layer.value("bias_regularizer") != null) {
      throw refusal(
          "\"%s\" has no bias, a regularizer, or is not to be trained".formatted(layer.name()));
    }
  }

  private static MixtureSpec spec(Map<Part, Branch> branches) {
    Branch scales = branches.get(Part.SCALES);
    return MixtureSpec.builder()
        .components(scales.dense().layer().size("units"))
        .targets(1)
        .scaleTransform(
            scales.shape() == Shape.ELU ? ScaleTransform.ELU_PLUS_ONE : ScaleTransform.EXP)
        .scaleFloor(scales.summand())
        .build();
  }

  private List<INDArray> parts(Map<Part, Branch> branches) {
    List<INDArray> parts = new ArrayList<>();
    for (Part part : Part.values()) { // means, scales, weights
      KerasNode dense = branches.get(part).dense();
      LayerArrays arrays = file.layer(dense.name(), dense.group());
      Map<String, INDArray> taken = arrays.taken("", List.of("kernel", "bias"));
      parts.add(taken.get("kernel"));
      parts.add(taken.get("bias"));
    }
    return parts;
  }
}
