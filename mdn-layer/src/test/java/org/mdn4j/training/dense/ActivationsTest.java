/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationCube;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationGELU;
import org.nd4j.linalg.activations.impl.ActivationHardSigmoid;
import org.nd4j.linalg.activations.impl.ActivationHardTanH;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationLReLU;
import org.nd4j.linalg.activations.impl.ActivationMish;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationRationalTanh;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.activations.impl.ActivationReLU6;
import org.nd4j.linalg.activations.impl.ActivationRectifiedTanh;
import org.nd4j.linalg.activations.impl.ActivationSELU;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.activations.impl.ActivationSoftSign;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.activations.impl.ActivationThresholdedReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Activations and their derivatives against ND4J's. */
class ActivationsTest {
  /** Kinks of all activations among them. */
  private static final double[] ARGUMENTS =
      DoubleStream.concat(
              DoubleStream.of(
                  -80, -50, -30, -9.02, -6, -2.5, -1, -0.5, 0, 0.25, 0.5, 1, 2, 2.5, 6, 9.02, 50,
                  80),
              DoubleStream.iterate(-12.03, x -> x < 12, x -> x + 0.0917))
          .toArray();

  private static final double[] FAR_OUT = {
    -1e12, -1e10, -3000, -200, -20, -15, 15, 20, 200, 3000, 1e10, 1e12
  };

  static Stream<IActivation> known() {
    return Stream.of(
        new ActivationCube(),
        new ActivationELU(),
        new ActivationELU(0.5),
        new ActivationGELU(),
        new ActivationGELU(true),
        new ActivationHardSigmoid(),
        new ActivationHardTanH(),
        new ActivationIdentity(),
        new ActivationLReLU(),
        new ActivationLReLU(0.3),
        new ActivationMish(),
        new ActivationRationalTanh(),
        new ActivationReLU(),
        new ActivationReLU(2.0, null, null),
        new ActivationReLU(0.0, null, null),
        new ActivationReLU(null, 0.5, null),
        new ActivationReLU(null, 0.0, null),
        new ActivationReLU(null, 0.0, 0.2),
        new ActivationReLU(null, null, 0.2),
        new ActivationReLU(2.0, 0.25, 0.1),
        new ActivationReLU(2.0, null, 0.1),
        new ActivationReLU6(),
        new ActivationRectifiedTanh(),
        new ActivationSELU(),
        new ActivationSigmoid(),
        new ActivationSoftPlus(),
        new ActivationSoftSign(),
        new ActivationSwish(),
        new ActivationTanH(),
        new ActivationThresholdedReLU(0.25),
        new ActivationThresholdedReLU(0));
  }

  private static double[][] nd4j(IActivation activation, DataType dtype) {
    INDArray in = Nd4j.create(ARGUMENTS).castTo(dtype).reshape(1, ARGUMENTS.length);
    INDArray ones = Nd4j.ones(dtype, 1, ARGUMENTS.length);
    return new double[][] {
      activation.getActivation(in.dup(), true).castTo(DataType.DOUBLE).toDoubleVector(),
      activation.backprop(in.dup(), ones).getFirst().castTo(DataType.DOUBLE).toDoubleVector()
    };
  }

  @ParameterizedTest
  @MethodSource("known")
  void inDouble(IActivation activation) {
    double[][] expected = nd4j(activation, DataType.DOUBLE);
    double[] values = ARGUMENTS.clone();
    double[] slopes = new double[values.length];
    Activations.of(activation).apply(values, slopes, values.length);
    for (int i = 0; i < values.length; i++) {
      String at = activation + " at " + ARGUMENTS[i];
      assertEquals(expected[0][i], values[i], 1e-13 * (1 + Math.abs(expected[0][i])), at);
      assertEquals(expected[1][i], slopes[i], 1e-13 * (1 + Math.abs(expected[1][i])), at);
    }
  }

  /** 2 · 10⁻⁶: swish and its kin multiply the sigmoid's 2 · 10⁻⁷ by x before it is 0. */
  @ParameterizedTest
  @MethodSource("known")
  void inFloat(IActivation activation) {
    double[][] expected = nd4j(activation, DataType.DOUBLE);
    float[] values = new float[ARGUMENTS.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) ARGUMENTS[i];
    }
    float[] slopes = new float[values.length];
    Activations.of(activation).apply(values, slopes, values.length);
    for (int i = 0; i < values.length; i++) {
      if (ARGUMENTS[i] == 9.02 || ARGUMENTS[i] == -9.02) {
        continue; // not a FLOAT; the others of one step are none at a kink
      }
      String at = activation + " at " + ARGUMENTS[i];
      assertEquals(expected[0][i], values[i], 2e-6 * (1 + Math.abs(expected[0][i])), at);
      assertEquals(expected[1][i], slopes[i], 4e-6 * (1 + Math.abs(expected[1][i])), at);
    }
  }

  /** The loops for FLOAT against the functions for DOUBLE, far out. */
  @ParameterizedTest
  @MethodSource("known")
  void floatFarOut(IActivation activation) {
    Activation function = Activations.of(activation);
    for (double x : FAR_OUT) {
      float[] value = {(float) x};
      float[] slope = {0};
      function.apply(value, slope, 1);
      double expected = function.value((float) x);
      assertEquals(expected, value[0], 1e-5 + 4e-7 * Math.abs(expected), activation + " at " + x);
      assertEquals(
          function.slope((float) x),
          slope[0],
          1e-5 + 4e-7 * Math.abs(function.slope((float) x)),
          activation + " at " + x);
    }
  }

  @Test
  void othersAreNotKnown() {
    assertNull(Activations.of(new ActivationSoftmax()));
    assertNull(Activations.of(new ActivationRReLU()));
    assertNull(Activations.of(new ActivationTanH() {}));
  }
}
