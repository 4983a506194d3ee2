/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.deeplearning4j.earlystopping.termination.InvalidScoreIterationTerminationCondition;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.Nets;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.training.CollapseListener.Kind;
import org.mdn4j.training.CollapseListener.Warning;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class CollapseListenerTest {
  private static final DataSet DATA = Nets.data(DataType.FLOAT, 64, 1, 1);

  @Test
  void healthyTrainingIsSilent() {
    CollapseListener listener = new CollapseListener(1, 2);
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0));
    net.addListeners(listener);
    INDArray before = trained(Nets.network(DataType.FLOAT, head(0)), 30);
    INDArray after = trained(net, 30);
    assertEquals(List.of(), listener.warnings());
    assertEquals(before, after, "looking changes the training");
  }

  @Test
  void silentComponentIsNamedOnceAfterAWindow() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0));
    set(net, head(0).getSpec().columns().location(1, 0), 1000);
    CollapseListener listener = new CollapseListener(2, 3);
    net.addListeners(listener);
    String logged = logged(() -> trained(net, 5));
    assertEquals(List.of(), listener.warnings());
    assertEquals("", logged);
    logged = logged(() -> trained(net, 20));
    assertKinds(listener, Kind.SILENT_COMPONENT);
    Warning warning = listener.warnings().get(0);
    assertEquals(6, warning.iteration());
    assertTrue(warning.message().contains("component 1 "), warning::message);
    assertTrue(warning.message().contains("fewer components"), warning::message);
    assertEquals(logged.indexOf(warning.message()), logged.lastIndexOf(warning.message()));
    assertTrue(logged.contains(warning.message()), logged);
  }

  @Test
  void aComponentThatSpeaksNowAndThenIsNotSilent() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0));
    CollapseListener listener = new CollapseListener(1, 2);
    net.addListeners(listener);
    int column = head(0).getSpec().columns().location(1, 0);
    for (int i = 0; i < 5; i++) {
      set(net, column, 0);
      trained(net, 1);
      set(net, column, 1000);
      trained(net, 1);
    }
    assertEquals(List.of(), listener.warnings());
  }

  @Test
  void vanishingScaleIsNamed() {
    CollapseListener listener = new CollapseListener(2, 100);
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0));
    set(net, head(0).getSpec().columns().scale(2, 0), -20); // e⁻²⁰ = 2e-9
    net.addListeners(listener);
    trained(net, 2);
    assertVanishingScale(listener);
  }

  @Test
  void vanishingScaleIsNamedInAGraph() {
    CollapseListener listener = new CollapseListener(2, 100);
    ComputationGraph net = Nets.graph(DataType.FLOAT, head(0));
    int column = head(0).getSpec().columns().scale(2, 0);
    net.getLayer("head").getParam("b").putScalar(column, -20.0);
    net.addListeners(listener);
    net.fit(DATA);
    net.fit(DATA);
    assertVanishingScale(listener);
  }

  private static void assertVanishingScale(CollapseListener listener) {
    assertKinds(listener, Kind.VANISHING_SCALE);
    String message = listener.warnings().get(0).message();
    assertTrue(message.contains("component 2, target 0"), message);
    assertTrue(message.contains("noise") && message.contains("scaleFloor"), message);
  }

  @Test
  void scaleAtTheFloorIsNamed() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0.1));
    CollapseListener listener = new CollapseListener(1, 100);
    net.addListeners(listener);
    trained(net, 3);
    assertEquals(List.of(), listener.warnings());
    set(net, head(0).getSpec().columns().scale(0, 0), -15);
    trained(net, 3);
    assertKinds(listener, Kind.SCALE_AT_FLOOR);
    Warning warning = listener.warnings().get(0);
    assertEquals(4, warning.iteration());
    assertTrue(warning.message().contains("component 0, target 0"), warning::message);
    assertTrue(warning.message().contains("floor 0.10"), warning::message);
  }

  @Test
  void notANumberIsSeenAtOnce() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0));
    CollapseListener listener = new CollapseListener(1000, 1);
    net.addListeners(listener);
    set(net, 0, Double.NaN);
    trained(net, 3);
    assertKinds(listener, Kind.NOT_FINITE);
    Warning warning = listener.warnings().get(0);
    assertEquals(1, warning.iteration());
    assertTrue(warning.message().contains("smaller learning rate"), warning::message);

    CollapseListener close = new CollapseListener(1, 1);
    net.setListeners(close);
    trained(net, 3);
    assertKinds(close, Kind.NOT_FINITE);
  }

  /** One target out of 64, in either engine and dtype. */
  @ParameterizedTest
  @CsvSource({"FUSED, FLOAT", "SAMEDIFF, FLOAT", "FUSED, DOUBLE", "SAMEDIFF, DOUBLE"})
  void aScoreAtItsLimitIsNamed(Engine engine, DataType dtype) {
    MixtureDensityOutputLayer head =
        new MixtureDensityOutputLayer.Builder().components(3).engine(engine).build();
    MultiLayerNetwork net = Nets.network(dtype, head);
    boolean single = dtype == DataType.FLOAT;
    for (int k = 0; k < 3; k++) {
      // σ is 9e-14, or 7e-109
      set(net, head.getSpec().columns().scale(k, 0), single ? -30 : -250);
      set(net, head.getSpec().columns().location(k, 0), 0);
    }
    net.getOutputLayer().getParam("W").assign(0);
    DataSet data = Nets.data(dtype, 64, 1, 1);
    data.getLabels().assign(0);
    CollapseListener listener = new CollapseListener(1000, 1);
    net.addListeners(listener);
    data.getLabels().putScalar(5, 0, single ? 1 : 1e20); // ½ (1e13)² = 6e25; ½ (1e128)² = 1e256
    net.fit(data);
    assertEquals(List.of(), listener.warnings(), "far, not at the limit");

    net.getOutputLayer().getParam("b").assign(0);
    for (int k = 0; k < 3; k++) {
      set(net, head.getSpec().columns().scale(k, 0), single ? -30 : -250);
    }
    data.getLabels().putScalar(5, 0, single ? 1e8 : 1e45);
    net.fit(data);
    assertKinds(listener, Kind.SCORE_AT_LIMIT);
    assertTrue(Double.isFinite(net.score()));
    assertFalse(new InvalidScoreIterationTerminationCondition().terminate(net.score()));
    Warning warning = listener.warnings().get(0);
    assertEquals(2, warning.iteration());
    assertEquals((single ? 1e36 : 1e300) / 64, net.score(), net.score() / 1e5);
    assertTrue(
        warning.message().contains(single ? "no more than 1e+36 nats" : "no more than 1e+300 nats"),
        warning::message);
    assertTrue(
        warning.message().contains("InvalidScoreIterationTerminationCondition does not end it"),
        warning::message);
    assertTrue(
        warning.message().contains("MaxScoreIterationTerminationCondition"), warning::message);
  }

  @Test
  void maskedRowsAreNotLookedAt() {
    MultiLayerNetwork net = Nets.network(DataType.FLOAT, head(0));
    set(net, head(0).getSpec().columns().location(1, 0), 1000);
    DataSet data = DATA.copy();
    INDArray mask = Nd4j.ones(64, 1);
    mask.putScalar(0, 0, 0);
    data.getLabels().putScalar(0, 0, 1000);
    data.setLabelsMaskArray(mask);
    CollapseListener listener = new CollapseListener(1, 1);
    net.addListeners(listener);
    net.fit(data);
    assertKinds(listener, Kind.SILENT_COMPONENT);
  }

  @Test
  void mistakesAreNamed() {
    assertThrows(IllegalArgumentException.class, () -> new CollapseListener(0, 1));
    assertThrows(IllegalArgumentException.class, () -> new CollapseListener(1, 0));
    MultiLayerNetwork plain =
        Nets.network(
            DataType.FLOAT,
            new OutputLayer.Builder(LossFunction.MSE)
                .nOut(1)
                .activation(Activation.IDENTITY)
                .build());
    plain.addListeners(new CollapseListener(1, 1));
    assertThrows(IllegalArgumentException.class, () -> trained(plain, 1));
  }

  private static INDArray trained(MultiLayerNetwork net, int iterations) {
    for (int i = 0; i < iterations; i++) {
      net.fit(DATA.getFeatures(), DATA.getLabels());
    }
    return net.params();
  }

  private static void set(MultiLayerNetwork net, int column, double bias) {
    net.getOutputLayer().getParam("b").putScalar(column, bias);
  }

  private static void assertKinds(CollapseListener listener, Kind... kinds) {
    assertEquals(List.of(kinds), listener.warnings().stream().map(Warning::kind).toList());
  }

  private static MixtureDensityOutputLayer head(double scaleFloor) {
    return new MixtureDensityOutputLayer.Builder().components(3).scaleFloor(scaleFloor).build();
  }

  /** What SLF4J's simple logger writes to standard error. */
  private static String logged(Runnable action) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      action.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
