/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.mdn4j.MixtureSpec;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.clip.ClipByValue;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.SameDiffLoss;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Quirks of DL4J and ND4J 1.0.0-M2.1 that the design leans on. A test that fails here with a newer
 * version means that our way around it may no longer be needed, or no longer be enough.
 */
class FieldNotesTest {

  private static INDArray column(double... values) {
    return Nd4j.createFromArray(values).reshape(-1, 1);
  }

  /** We compose {@link StableMath#logSumExp} ourselves. */
  @Test
  void logSumExpIsNotShiftedRowByRow() {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 2);
    sd.math.logSumExp("theirs", x, 1);
    StableMath.logSumExp(sd, x, 1).rename("ours");
    INDArray rows = Nd4j.createFromArray(new double[][] {{0, 0}, {-1e4, -1e4}});
    Map<String, INDArray> out = sd.output(Map.of("x", rows), "theirs", "ours");
    assertFalse(Math.abs(out.get("theirs").reshape(-1).getDouble(1) - (Math.log(2) - 1e4)) < 1);
    assertEquals(Math.log(2) - 1e4, out.get("ours").getDouble(1, 0), 1e-9);
  }

  /**
   * ND4J's backward pass forgets the dimensions and fails; that is not run here, because it prints
   * on the native standard output, past Java. Ours: each row's gradient is a softmax.
   */
  @Test
  void ourLogSumExpKeepsItsDimensionsInTheGradient() {
    INDArray rows = Nd4j.createFromArray(new double[][] {{0, 1}, {2, 4}, {1, 1}});
    SameDiff ours = SameDiff.create();
    SDVariable x = ours.placeHolder("x", DataType.DOUBLE, -1, 2);
    StableMath.logSumExp(ours, x, 1).sum().markAsLoss();
    QuietStandardOutput.run(() -> ours.createGradFunction("x"));
    INDArray gradient = ours.calculateGradients(Map.of("x", rows), "x").get("x");
    assertEquals(0, gradient.sum(1).sub(1).amaxNumber().doubleValue(), 1e-12);
  }

  /** {@link MixtureGraph} subtracts {@link StableMath#logSumExp} instead. */
  @Test
  void logSoftmaxUnderflows() {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.FLOAT, -1, 4);
    sd.nn.logSoftmax("theirs", x);
    x.sub("ours", StableMath.logSumExp(sd, x, 1));
    INDArray row = Nd4j.createFromArray(new float[][] {{0, -80, -90, -110}});
    Map<String, INDArray> out = sd.output(Map.of("x", row), "theirs", "ours");
    assertEquals(Double.NEGATIVE_INFINITY, out.get("theirs").getDouble(0, 3));
    assertEquals(-110, out.get("ours").getDouble(0, 3), 1e-5);
  }

  /** In {@link MixtureGraph} everything has rank 3. */
  @Test
  void aReductionOfAMatrixOfOneColumnFails() {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 1);
    x.max(true, 1).rename("max");
    assertThrows(NullPointerException.class, () -> sd.output(Map.of("x", column(1, 2, 3)), "max"));
  }

  /** Student's t of many degrees of freedom multiplies it by them; ours keeps small numbers. */
  @Test
  void log1pForgetsSmallNumbers() {
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 1);
    sd.math.log1p("theirs", x);
    StableMath.log1p(sd, x).rename("ours");
    double[] values = {0, 1e-20, 1e-10, 3e-5, 0.3, 1};
    Map<String, INDArray> out = sd.output(Map.of("x", column(values)), "theirs", "ours");
    assertEquals(0, out.get("theirs").getDouble(1));
    for (int i = 0; i < values.length; i++) {
      double exact = Math.log1p(values[i]);
      assertEquals(exact, out.get("ours").getDouble(i), 3e-16 * exact);
    }
  }

  /** {@link QuietStandardOutput} drops these lines. */
  @Test
  void createGradFunctionPrints() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      SameDiff sd = SameDiff.create();
      SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 2);
      x.mul(x).sum().markAsLoss();
      sd.createGradFunction("x");
    } finally {
      System.setOut(before);
    }
    String printed = bytes.toString(StandardCharsets.UTF_8);
    assertTrue(printed.contains("Added differentiated op"), "printed: '" + printed + "'");
  }

  /** We mark invalid rows ourselves, since a limit hides that a net has diverged. */
  @Test
  void comparisonsTurnNaNIntoTheLimit() {
    INDArray nan = column(Double.NaN, 2);
    assertEquals(1, Transforms.max(nan, 1, true).getDouble(0));
    SameDiff sd = SameDiff.create();
    SDVariable x = sd.placeHolder("x", DataType.DOUBLE, -1, 1);
    sd.math.min("min", x, sd.constant(Nd4j.scalar(DataType.DOUBLE, 5)));
    assertEquals(5, sd.output(Map.of("x", nan), "min").get("min").getDouble(0));
  }

  /** We read scale parameters through this operation, which keeps a NaN. */
  @Test
  void clipByValueKeepsNaN() {
    INDArray clipped = Nd4j.exec(new ClipByValue(column(Double.NaN, 9, -9), -1, 1))[0];
    assertTrue(Double.isNaN(clipped.getDouble(0)));
    assertEquals(1, clipped.getDouble(1));
    assertEquals(-1, clipped.getDouble(2));
  }

  /** {@link LossMixtureNLL} implements the interface and does not extend ND4J's base class. */
  @Test
  void sameDiffLossInsistsOnEqualWidths() {
    SameDiffLoss loss =
        new SameDiffLoss() {
          @Override
          public SDVariable defineLoss(SameDiff sd, SDVariable input, SDVariable labels) {
            return input.sum(1).sub(labels.sum(1));
          }
        };
    INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, 1);
    INDArray output = Nd4j.zeros(DataType.FLOAT, 2, 3);
    QuietStandardOutput.run( // it differentiates with the same printing
        () ->
            assertThrows(
                Exception.class,
                () -> loss.computeScoreArray(labels, output, new ActivationIdentity(), null)));
  }

  /** Masks per target need our own layer, which does not mask its output. */
  @Test
  void aStockOutputLayerCannotCarryAMaskPerTarget() {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(2).build();
    MultiLayerNetwork net =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .list()
                .layer(
                    new OutputLayer.Builder(new LossMixtureNLL(spec))
                        .nIn(1)
                        .nOut(spec.parameterCount())
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
    net.init();
    INDArray x = Nd4j.ones(DataType.FLOAT, 3, 1);
    INDArray y = Nd4j.zeros(DataType.FLOAT, 3, 2);
    net.fit(new DataSet(x, y)); // works without a mask
    DataSet masked = new DataSet(x, y, null, Nd4j.ones(DataType.FLOAT, 3, 2));
    assertThrows(Exception.class, () -> net.fit(masked));
  }
}
