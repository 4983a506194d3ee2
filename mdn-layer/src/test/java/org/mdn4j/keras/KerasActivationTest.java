/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.keras.KerasActivation.Function;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** {@link KerasActivation}, and DL4J's activations that are used for Keras's. */
class KerasActivationTest {
  private static INDArray row(DataType type, double... values) {
    return Nd4j.createFromArray(new double[][] {values}).castTo(type);
  }

  private static double value(IActivation activation, double x) {
    return activation.getActivation(row(DataType.DOUBLE, x), false).getDouble(0);
  }

  private static double slope(IActivation activation, double x) {
    return activation
        .backprop(row(DataType.DOUBLE, x), row(DataType.DOUBLE, 1))
        .getFirst()
        .getDouble(0);
  }

  /** Values computed by mpmath 1.3, 30 digits, from the definitions in Keras's documentation. */
  @ParameterizedTest
  @CsvSource({
    "tanh, -3.25, -0.99699763548652602, 0.0059957148342761983",
    "tanh, 0.7, 0.6043677771171635, 0.63473958998245859",
    "tanh, 2.5, 0.98661429815143029, 0.02659222668316062",
    "tanh, 40.0, 1.0, 7.2194041663956604e-35",
    "sigmoid, -3.25, 0.03732688734412946, 0.035933590825328128",
    "sigmoid, 0.7, 0.66818777216816611, 0.22171287329310905",
    "sigmoid, 2.5, 0.92414181997875645, 0.070103716545108157",
    "sigmoid, 40.0, 1.0, 4.248354255291589e-18",
    "softsign, -3.25, -0.76470588235294118, 0.055363321799307958",
    "softsign, 0.7, 0.41176470588235294, 0.34602076124567474",
    "softsign, 2.5, 0.71428571428571429, 0.08163265306122449",
    "selu, -3.25, -1.6899304316165472, 0.068168909230829663",
    "selu, 0.7, 0.73549069114883635, 1.0507009873554805",
    "selu, 2.5, 2.6267524683887012, 1.0507009873554805",
    "selu, 40.0, 42.02803949421922, 1.0507009873554805",
    "elu, -3.25, -0.96122579216827799, 0.03877420783172201",
    "elu, 0.7, 0.7, 1.0",
    "elu, 2.5, 2.5, 1.0",
    "elu, 40.0, 40.0, 1.0",
    "softplus, -3.25, 0.038041371687783129, 0.03732688734412946",
    "softplus, 0.7, 1.1031860488854579, 0.66818777216816611",
    "softplus, 2.5, 2.5788897342925496, 0.92414181997875645",
    "softplus, 40.0, 40.0, 1.0",
    "silu, -3.25, -0.12131238386842075, -0.079457282838186956",
    "silu, 0.7, 0.46773144051771627, 0.82338678347334244",
    "silu, 2.5, 2.3103545499468911, 1.0994011113415268",
    "silu, 40.0, 40.0, 1.0000000000000002",
    "mish, -3.25, -0.12357485345218234, -0.083113964542797373",
    "mish, 0.7, 0.5611483776438519, 0.96879486820018593",
    "mish, 2.5, 2.4713923045578811, 1.0411295301313532",
    "mish, 40.0, 40.0, 1.0",
    "gelu, -3.25, -0.0018753313877699929, -0.0060173811438334783",
    "gelu, 0.7, 0.53062544344384889, 0.97661410113365987",
    "gelu, 2.5, 2.4844758366855597, 1.0376110859081452",
    "gelu, 40.0, 40.0, 1.0",
    "exponential, -3.25, 0.03877420783172201, 0.03877420783172201",
    "exponential, 0.7, 2.0137527074704765, 2.0137527074704765",
    "exponential, 2.5, 12.182493960703473, 12.182493960703473"
  })
  void valuesAndSlopes(String name, double x, double value, double slope) {
    IActivation activation = Activations.named(name);
    assertEquals(value, value(activation, x), 1e-12 * Math.max(1, Math.abs(value)));
    assertEquals(slope, slope(activation, x), 1e-12 * Math.max(1, Math.abs(slope)));
  }

  static List<Arguments> withParameters() {
    return List.of(
        Arguments.of(new KerasActivation(Function.AFFINE, -2, 3), 1.5, 0, -2),
        Arguments.of(new KerasActivation(Function.MAXIMUM, 0.5), 0.75, 0.75, 1),
        Arguments.of(new KerasActivation(Function.MAXIMUM, 0.5), 0.25, 0.5, 0),
        Arguments.of(new KerasActivation(Function.MINIMUM, 0.5), 0.75, 0.5, 0),
        Arguments.of(new KerasActivation(Function.MINIMUM, 0.5), 0.25, 0.25, 1),
        Arguments.of(new KerasActivation(Function.RELU, 2, 0.5, 1), 0, -0.5, 0.5),
        Arguments.of(new KerasActivation(Function.RELU, 2, 0.5, 1), 1, 0, 0.5),
        Arguments.of(new KerasActivation(Function.RELU, 2, 0.5, 1), 1.5, 1.5, 1),
        Arguments.of(new KerasActivation(Function.RELU, 2, 0.5, 1), 3, 2, 0),
        Arguments.of(
            new KerasActivation(Function.ELU, 0.5), -1, 0.5 * Math.expm1(-1), 0.5 / Math.E),
        Arguments.of(new KerasActivation(Function.ELU, 0.5), 2, 2, 1));
  }

  @ParameterizedTest
  @MethodSource("withParameters")
  void functionsWithParameters(IActivation activation, double x, double value, double slope) {
    assertEquals(value, value(activation, x), 1e-15);
    assertEquals(slope, slope(activation, x), 1e-15);
  }

  @Test
  void parametersAreNumbersOfTheArraysType() {
    IActivation activation = new KerasActivation(Function.AFFINE, 1, -1e30);
    assertEquals(0, activation.getActivation(row(DataType.FLOAT, 1e30), false).getDouble(0));
    assertEquals(0.1, value(new KerasActivation(Function.AFFINE, 0.1, 0), 1));
  }

  @Test
  void viewsAreOverwrittenAndNeighboursLeftAlone() {
    for (DataType type : List.of(DataType.FLOAT, DataType.DOUBLE)) {
      INDArray whole = Nd4j.linspace(-2, 2, 24, type).reshape('f', 4, 6);
      INDArray before = whole.dup();
      INDArray view =
          whole.get(
              org.nd4j.linalg.indexing.NDArrayIndex.interval(1, 3),
              org.nd4j.linalg.indexing.NDArrayIndex.interval(2, 5));
      INDArray returned = new KerasActivation(Function.AFFINE, 2, 1).getActivation(view, true);
      assertTrue(returned == view);
      for (int i = 0; i < 4; i++) {
        for (int j = 0; j < 6; j++) {
          double old = before.getDouble(i, j);
          boolean isInside = i >= 1 && i < 3 && j >= 2 && j < 5;
          assertEquals(isInside ? 2 * old + 1 : old, whole.getDouble(i, j), 1e-6);
        }
      }
    }
  }

  @Test
  void nothingIsNaNFarOut() {
    for (String name : Activations.names()) {
      if (name.equals("softmax")) {
        continue; // of a single number it is 1
      }
      for (double x : new double[] {-1e4, -100, -30, 30, 88}) {
        IActivation activation = Activations.named(name);
        INDArray in = row(DataType.FLOAT, x);
        assertTrue(
            Double.isFinite(activation.getActivation(in.dup(), false).getDouble(0)), name + x);
        double slope = activation.backprop(in, row(DataType.FLOAT, 1)).getFirst().getDouble(0);
        assertTrue(Double.isFinite(slope), name + x);
      }
    }
  }

  @Test
  void wrongParameters() {
    Exception few =
        assertThrows(IllegalArgumentException.class, () -> new KerasActivation(Function.AFFINE, 1));
    assertEquals("Expected 2 numbers as parameters of AFFINE, got [1.0]", few.getMessage());
    assertThrows(
        IllegalArgumentException.class, () -> new KerasActivation(Function.ELU, Double.NaN));
    assertEquals(new KerasActivation(Function.ELU, 0.5), new KerasActivation(Function.ELU, 0.5));
    assertTrue(
        Arrays.asList(new KerasActivation(Function.ELU, 0.5))
                .indexOf(new KerasActivation(Function.ELU, 0.4))
            < 0);
  }
}
