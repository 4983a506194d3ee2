/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.List;
import java.util.stream.Stream;
import org.mdn4j.keras.KerasRun.Shape;

/** Small models with each layer and operator that is known, in its variants. */
final class KerasModels {
  /** A model, and what its inputs look like. */
  record Case(String name, Keras3Archive archive, List<Shape> inputs) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Case> ALL =
      Stream.of(new KerasRowModels(), new KerasSequenceModels(), new KerasGraphModels())
          .flatMap(maker -> maker.made().stream())
          .toList();

  private KerasModels() {}

  static List<Case> all() {
    return ALL;
  }

  static Case named(String name) {
    return ALL.stream().filter(model -> model.name().equals(name)).findFirst().orElseThrow();
  }
}
