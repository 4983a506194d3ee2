/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What the loss refuses, in all four of its methods, and what it says. */
class LossErrorsTest {
  private static final IActivation IDENTITY = new ActivationIdentity();
  private static final LossMixtureNLL LOSS =
      LossMixtureNLL.builder().components(3).targets(2).build();
  private static final INDArray RAW = Nd4j.zeros(DataType.FLOAT, 4, 15);
  private static final INDArray LABELS = Nd4j.zeros(DataType.FLOAT, 4, 2);

  private static void assertRefused(
      INDArray labels, INDArray raw, IActivation activation, INDArray mask, String... parts) {
    List<Executable> methods =
        List.of(
            () -> LOSS.computeScore(labels, raw, activation, mask, true),
            () -> LOSS.computeScoreArray(labels, raw, activation, mask),
            () -> LOSS.computeGradient(labels, raw, activation, mask),
            () -> LOSS.computeGradientAndScore(labels, raw, activation, mask, true));
    for (Executable method : methods) {
      Exception e = assertThrows(IllegalArgumentException.class, method);
      for (String part : parts) {
        assertTrue(e.getMessage().contains(part), "'" + part + "' is not in: " + e.getMessage());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Activation.class,
      names = {"SOFTMAX", "TANH", "SIGMOID", "RELU"})
  void anyActivationButTheIdentity(Activation activation) {
    IActivation function = activation.getActivationFunction();
    assertRefused(
        LABELS,
        RAW,
        function,
        null,
        "needs the identity activation",
        function.toString(),
        "logits");
  }

  @Test
  void noActivation() {
    assertRefused(LABELS, RAW, null, null, "needs the identity activation, got null");
  }

  @ParameterizedTest
  @CsvSource({"NaN, 0, 0", "NaN, 3, 1", "Infinity, 2, 1", "-Infinity, 1, 0"})
  void labelsThatAreNoNumbers(double label, int row, int column) {
    String where = "got %s at row %d, column %d".formatted(label, row, column);
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      INDArray labels = Nd4j.zeros(dtype, 4, 2);
      labels.putScalar(row, column, label);
      assertRefused(labels, RAW, IDENTITY, null, "Expected finite labels", where);
      assertRefused(labels, RAW, IDENTITY, Nd4j.ones(DataType.FLOAT, 4, 1), where);
      assertRefused(labels, RAW, IDENTITY, Nd4j.ones(DataType.FLOAT, 4, 2), where);
    }
  }

  @Test
  void finiteLabelsWhoseSumOverflowsAreTaken() {
    INDArray labels = Nd4j.valueArrayOf(new long[] {4, 2}, 3e38, DataType.FLOAT);
    INDArray mask = Nd4j.zeros(DataType.FLOAT, 4, 1);
    assertTrue(LOSS.computeScore(labels, RAW, IDENTITY, mask, true) == 0);
    labels.putScalar(3, 1, Float.POSITIVE_INFINITY);
    assertRefused(labels, RAW, IDENTITY, null, "got Infinity at row 3, column 1");
  }

  @Test
  void labelsBeyondTheRangeOfFloatAreRefusedByAFloatOutput() {
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, 4, 2);
    labels.putScalar(2, 1, 1e39);
    assertRefused(labels, RAW, IDENTITY, null, "got Infinity at row 2, column 1");
  }

  @Test
  void noRows() {
    INDArray none = Nd4j.create(DataType.FLOAT, 0, 15);
    assertRefused(Nd4j.create(DataType.FLOAT, 0, 2), none, IDENTITY, null, "N > 0", "got [0, 15]");
  }

  @Test
  void outputsOfTheWrongShape() {
    assertRefused(LABELS, Nd4j.zeros(4, 14), IDENTITY, null, "[N, 15]", "got [4, 14]");
    assertRefused(LABELS, Nd4j.zeros(4, 15, 1), IDENTITY, null, "[N, 15]", "got [4, 15, 1]");
    assertRefused(LABELS, Nd4j.zeros(DataType.FLOAT, 15), IDENTITY, null, "[N, 15]", "got [15]");
  }

  @Test
  void labelsOfTheWrongShape() {
    assertRefused(Nd4j.zeros(4, 3), RAW, IDENTITY, null, "labels of shape [4, 2]", "got [4, 3]");
    assertRefused(Nd4j.zeros(4, 15), RAW, IDENTITY, null, "labels of shape [4, 2]", "got [4, 15]");
    assertRefused(Nd4j.zeros(3, 2), RAW, IDENTITY, null, "labels of shape [4, 2]", "got [3, 2]");
    assertRefused(
        Nd4j.zeros(4, 2, 1), RAW, IDENTITY, null, "labels of shape [4, 2]", "got [4, 2, 1]");
    assertRefused(
        Nd4j.zeros(DataType.FLOAT, 8), RAW, IDENTITY, null, "labels of shape [4, 2]", "got [8]");
  }

  @Test
  void masksOfTheWrongShape() {
    for (long[] shape : new long[][] {{3, 1}, {1, 4}, {4, 3}, {4, 15}, {4}, {4, 1, 1}, {2, 4}}) {
      assertRefused(
          LABELS,
          RAW,
          IDENTITY,
          Nd4j.ones(DataType.FLOAT, shape),
          "[4, 1] (per row) or [4, 2] (per target)",
          "got " + Arrays.toString(shape));
    }
  }

  @ParameterizedTest
  @CsvSource({"-1", "-0.5", "NaN", "Infinity"})
  void rowWeightsThatAreNoWeights(double weight) {
    INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 1);
    mask.putScalar(2, 0, weight);
    String value = Double.toString(weight);
    assertRefused(LABELS, RAW, IDENTITY, mask, "weights >= 0", value, "row 2, column 0");
  }

  @ParameterizedTest
  @CsvSource({"-1", "0.5", "2", "NaN", "Infinity"})
  void targetMasksThatAreNotZeroOrOne(double value) {
    INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 2);
    mask.putScalar(2, 1, value);
    assertRefused(LABELS, RAW, IDENTITY, mask, "0 or 1", Double.toString(value), "row 2, column 1");
  }

  @Test
  void builderAndConstructor() {
    assertThrows(IllegalArgumentException.class, () -> new LossMixtureNLL(null));
    assertThrows(IllegalArgumentException.class, () -> LossMixtureNLL.builder().build());
    assertThrows(
        IllegalArgumentException.class,
        () -> LossMixtureNLL.builder().components(1).targets(0).build());
    assertThrows(
        IllegalArgumentException.class,
        () -> LossMixtureNLL.builder().components(1).scaleFloor(-1).build());
    assertThrows(
        IllegalArgumentException.class,
        () -> LossMixtureNLL.builder().components(1).covariance(null).build());
    MixtureSpec spec = LossMixtureNLL.builder().components(2).scaleFloor(0.5).build().getSpec();
    assertTrue(spec.scaleFloor() == 0.5 && spec.components() == 2);
  }
}
