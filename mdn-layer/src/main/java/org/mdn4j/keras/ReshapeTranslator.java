/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.activations.impl.ActivationIdentity;

/** A translator of the layers that change an example's shape only. */
final class ReshapeTranslator {
  private final KerasNode node;
  private final LayerConfiguration layer;
  private final Form input;

  ReshapeTranslator(KerasNode node, Form input) {
    this.node = node;
    this.layer = node.layer();
    this.input = input;
  }

  Translation translate() {
    return to(layer.className().equals("Flatten") ? Form.row(input.length()) : target());
  }

  private Form target() {
    List<Object> shape = Json.list(layer.value("target_shape"), "target_shape");
    long known = 1;
    int open = 0;
    for (Object side : shape) {
      if (!(side instanceof Integer size) || size == 0 || size < -1) {
        throw layer.refusal(
            "target_shape", "sides of at least 1, and at most one of -1, are expected");
      }
      known *= size == -1 ? 1 : size;
      open += size == -1 ? 1 : 0;
    }
    long length = input.length();
    if (open > 1
        || shape.isEmpty()
        || shape.size() > 2
        || length == Form.UNKNOWN
        || (open == 1 ? length % known != 0 : length != known)) {
      throw layer.refusal("target_shape", "its input is " + input);
    }
    List<Long> sides = new ArrayList<>();
    for (Object side : shape) {
      sides.add((Integer) side == -1 ? length / known : (Integer) side);
    }
    return sides.size() == 1 ? Form.row(sides.get(0)) : Form.sequence(sides.get(0), sides.get(1));
  }

  private Translation to(Form output) {
    if (input.equals(output)) {
      return LayerTranslator.activation(node, new ActivationIdentity(), input);
    }
    if (input.length() == Form.UNKNOWN) {
      throw layer.refusal("its input " + input + " has a length that is not known");
    }
    return Translation.of(node, new StepReshapeLayer(output), Map.of(), output);
  }
}
