/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.RandomRows;
import org.mdn4j.likelihood.Engine;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** What {@code ILossFunction} promises, without masks. */
@ParameterizedClass
@EnumSource(
    value = Engine.class,
    names = {"FUSED", "SAMEDIFF"})
class LossMixtureNLLTest {
  private static final IActivation IDENTITY = new ActivationIdentity();
  private static final MixtureSpec SPEC =
      MixtureSpec.builder()
          .components(3)
          .targets(2)
          .covariance(Covariance.SPHERICAL)
          .scaleFloor(0.05)
          .build();

  private final Engine engine;
  private final LossMixtureNLL loss;

  LossMixtureNLLTest(Engine engine) {
    this.engine = engine;
    this.loss = new LossMixtureNLL(SPEC, engine);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void everyMethodTellsTheSame(DataType dtype) {
    // FLOAT: targets within 3 σ, so a score of at most ~15 that is right to a few 1e-6.
    double tolerance = dtype == DataType.DOUBLE ? 1e-10 : 2e-5;
    RandomRows rows = RandomRows.of(SPEC, 7, 3, 1, dtype);
    INDArray y = rows.labels();
    INDArray raw = rows.raw();
    PlainMixtureNll[] expected = PlainMixtureNll.rows(SPEC, y, raw, null);
    double sum = 0;
    INDArray scores = loss.computeScoreArray(y, raw, IDENTITY, null);
    INDArray gradient = loss.computeGradient(y, raw, IDENTITY, null);
    assertArrayEquals(new long[] {7, 1}, scores.shape());
    assertArrayEquals(raw.shape(), gradient.shape());
    assertEquals(dtype, scores.dataType());
    assertEquals(dtype, gradient.dataType());
    for (int n = 0; n < 7; n++) {
      sum += expected[n].score();
      assertEquals(expected[n].score(), scores.getDouble(n, 0), tolerance);
      assertArrayEquals(
          expected[n].gradient(), gradient.getRow(n).toDoubleVector(), 10 * tolerance);
    }
    assertEquals(sum, loss.computeScore(y, raw, IDENTITY, null, false), 7 * tolerance);
    assertEquals(sum / 7, loss.computeScore(y, raw, IDENTITY, null, true), tolerance);
    for (boolean average : new boolean[] {true, false}) {
      Pair<Double, INDArray> both = loss.computeGradientAndScore(y, raw, IDENTITY, null, average);
      // DL4J itself divides the gradient by the minibatch, so that the loss's is always of the sum.
      assertEquals(gradient, both.getSecond());
      assertEquals(average ? sum / 7 : sum, both.getFirst(), 7 * tolerance);
    }
  }

  @Test
  void inputsAreNotModified() {
    RandomRows rows = RandomRows.of(SPEC, 4, 3, 2, DataType.DOUBLE);
    INDArray perRow = Nd4j.createFromArray(1.0, 0.5, 0, 1).reshape(4, 1);
    for (INDArray mask : new INDArray[] {null, perRow, rows.observed()}) {
      INDArray y = rows.labels().dup();
      INDArray raw = rows.raw().dup();
      INDArray maskBefore = mask == null ? null : mask.dup();
      loss.computeScore(y, raw, IDENTITY, mask, true);
      loss.computeScoreArray(y, raw, IDENTITY, mask);
      loss.computeGradient(y, raw, IDENTITY, mask);
      loss.computeGradientAndScore(y, raw, IDENTITY, mask, true);
      assertEquals(rows.labels(), y);
      assertEquals(rows.raw(), raw);
      assertEquals(maskBefore, mask);
    }
  }

  @Test
  void labelsOfAnotherTypeOrOrderGiveTheSame() {
    RandomRows rows = RandomRows.of(SPEC, 5, 3, 3, DataType.DOUBLE);
    INDArray whole = Nd4j.createFromArray(new int[][] {{1, -2}, {0, 3}, {2, 2}, {-1, 0}, {1, 1}});
    INDArray expected =
        loss.computeScoreArray(whole.castTo(DataType.DOUBLE), rows.raw(), IDENTITY, null);
    assertEquals(expected, loss.computeScoreArray(whole, rows.raw(), IDENTITY, null));
    INDArray fortran = whole.castTo(DataType.DOUBLE).dup('f');
    assertEquals(expected, loss.computeScoreArray(fortran, rows.raw().dup('f'), IDENTITY, null));
  }

  @Test
  void valuesOfOneRow() {
    LossMixtureNLL single = LossMixtureNLL.builder().components(1).engine(engine).build();
    // −log N(1; 0, 1) = ½ log 2π + ½
    INDArray y = Nd4j.createFromArray(new double[][] {{1}, {1}});
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 2, 3);
    double expected = 0.5 * Math.log(2 * Math.PI) + 0.5;
    assertEquals(expected, single.computeScore(y, raw, IDENTITY, null, true), 1e-14);
    assertArrayEquals(
        new double[] {0, -1, 0},
        single.computeGradient(y, raw, IDENTITY, null).getRow(0).toDoubleVector(),
        1e-14);
  }

  @Test
  void jsonAndYamlOfAStockNetworkKeepTheLoss() {
    MultiLayerConfiguration conf = stockNetwork(loss);
    assertTrue(conf.toJson().contains("LossMixtureNLL"));
    for (MultiLayerConfiguration back :
        new MultiLayerConfiguration[] {
          MultiLayerConfiguration.fromJson(conf.toJson()),
          MultiLayerConfiguration.fromYaml(conf.toYaml())
        }) {
      assertEquals(conf, back);
      LossMixtureNLL read = (LossMixtureNLL) ((OutputLayer) back.getConf(1).getLayer()).getLossFn();
      assertEquals(loss, read);
      assertEquals(SPEC, read.getSpec());
      assertEquals(engine, read.getEngine());
      assertSameScores(read);
    }
  }

  @Test
  void jsonFromBeforeThereWereEnginesIsAuto() {
    String json = stockNetwork(loss).toJson();
    String earlier = json.replaceAll(",\\s*\"engine\"\\s*:\\s*\"" + engine + "\"", "");
    assertTrue(earlier.length() < json.length(), json);
    MultiLayerConfiguration back = MultiLayerConfiguration.fromJson(earlier);
    LossMixtureNLL read = (LossMixtureNLL) ((OutputLayer) back.getConf(1).getLayer()).getLossFn();
    assertEquals(Engine.AUTO, read.getEngine());
    assertEquals(new LossMixtureNLL(SPEC), read);
  }

  @Test
  void javaSerialisationKeepsAUsableLoss() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(loss);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      LossMixtureNLL back = (LossMixtureNLL) in.readObject();
      assertEquals(loss, back);
      assertEquals(engine, back.getEngine());
      assertSameScores(back);
    }
  }

  private void assertSameScores(LossMixtureNLL other) {
    RandomRows rows = RandomRows.of(SPEC, 3, 3, 4, DataType.DOUBLE);
    assertEquals(
        loss.computeScoreArray(rows.labels(), rows.raw(), IDENTITY, null),
        other.computeScoreArray(rows.labels(), rows.raw(), IDENTITY, null));
  }

  @Test
  void equalityIsThatOfTheSpecificationAndTheEngine() {
    LossMixtureNLL same = new LossMixtureNLL(SPEC, engine);
    assertEquals(loss, same);
    assertEquals(loss.hashCode(), same.hashCode());
    assertNotEquals(loss, LossMixtureNLL.builder().components(3).targets(2).engine(engine).build());
    assertNotEquals(loss, new LossMixtureNLL(SPEC));
    assertNotEquals(loss, null);
    assertTrue(loss.toString().startsWith("LossMixtureNLL(") && loss.toString().contains("=3"));
    assertTrue(loss.toString().contains("engine=" + engine), loss::toString);
    assertEquals(loss.toString(), loss.name());
  }

  /**
   * Two branches, y = ±1, whatever x: the score must come near to that of two narrow components.
   * Much longer, and they become so narrow that the score jumps.
   */
  @Test
  void aStockNetworkLearns() {
    LossMixtureNLL branches = LossMixtureNLL.builder().components(3).engine(engine).build();
    MultiLayerNetwork net = new MultiLayerNetwork(stockNetwork(branches));
    net.init();
    Nd4j.getRandom().setSeed(5);
    INDArray x = Nd4j.rand(DataType.FLOAT, 64, 1);
    INDArray y = Nd4j.ones(DataType.FLOAT, 64, 1);
    for (int n = 0; n < 64; n += 2) {
      y.putScalar(n, 0, -1);
    }
    DataSet data = new DataSet(x, y);
    double before = net.score(data);
    for (int i = 0; i < 60; i++) {
      net.fit(data);
    }
    double after = net.score(data);
    // One Gaussian cannot do better than ½ log 2π + ½ = 1.419 on ±1.
    assertTrue(after < 1 && before > 1.2, before + " -> " + after);
  }

  private static MultiLayerConfiguration stockNetwork(LossMixtureNLL loss) {
    return new NeuralNetConfiguration.Builder()
        .seed(1)
        .updater(new Adam(0.02))
        .list()
        .layer(new DenseLayer.Builder().nIn(1).nOut(8).activation(Activation.TANH).build())
        .layer(
            new OutputLayer.Builder(loss)
                .nIn(8)
                .nOut(loss.getSpec().parameterCount())
                .activation(Activation.IDENTITY)
                .build())
        .build();
  }
}
