/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.Engine;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The configuration: what is derived, what is refused, what comes back from JSON and YAML. */
class MixtureDensityOutputLayerTest {

  private static MixtureDensityOutputLayer.Builder head() {
    return new MixtureDensityOutputLayer.Builder().components(5).targets(2);
  }

  @Test
  void widthActivationAndLossFollowFromTheComponents() {
    MixtureDensityOutputLayer layer = head().covariance(Covariance.SPHERICAL).build();
    assertAll(
        () -> assertEquals(5 * (1 + 2 + 1), layer.getNOut()),
        () -> assertEquals(new ActivationIdentity(), layer.getActivationFn()),
        () ->
            assertEquals(
                LossMixtureNLL.builder()
                    .components(5)
                    .targets(2)
                    .covariance(Covariance.SPHERICAL)
                    .build(),
                layer.getLossFn()));
  }

  @Test
  void agreeingSettingsAreAccepted() {
    LossMixtureNLL loss = LossMixtureNLL.builder().components(5).targets(2).build();
    MixtureDensityOutputLayer layer =
        head().nOut(25).activation(Activation.IDENTITY).lossFunction(loss).build();
    assertEquals(head().build(), layer);
  }

  @Test
  void conflictingSettingsAreRefused() {
    assertAll(
        () -> assertRefused(head().nOut(24), "nOut = 25", "24"),
        () -> assertRefused(head().activation(Activation.TANH), "activation = identity", "tanh"),
        () -> assertRefused(head().lossFunction(LossFunction.MSE), "lossFunction", "LossMSE"),
        () -> assertRefused(head().biasInit(0.5), "initialRange", "0.5"),
        () -> assertRefused(head().initialRange(1, 1), "lower < upper", "[1.0, 1.0]"),
        () -> assertRefused(head().initialRange(Double.NaN, 1), "lower < upper", "NaN"),
        () -> assertRefused(head().components(0), "components", "0"),
        () -> assertRefused(head().targets(0), "targets", "0"),
        () -> assertRefused(head().scaleFloor(-1), "scaleFloor", "-1.0"),
        () -> assertRefused(head().covariance(null), "covariance", "null"));
  }

  private static void assertRefused(MixtureDensityOutputLayer.Builder builder, String... parts) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, builder::build);
    for (String part : parts) {
      assertTrue(refusal.getMessage().contains(part), refusal::getMessage);
    }
  }

  @Test
  void widthChangedAfterwardsIsRefusedWhenTheNetworkIsMade() {
    MultiLayerConfiguration configuration = Nets.configuration(head().build());
    ((MixtureDensityOutputLayer) configuration.getConf(1).getLayer()).setNOut(7);
    IllegalStateException refusal =
        assertThrows(
            IllegalStateException.class, () -> new MultiLayerNetwork(configuration).init());
    assertTrue(refusal.getMessage().contains("nOut = 25"), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("got 7"), refusal::getMessage);
  }

  @Test
  void configurationReturnsFromJsonAndYaml() {
    MixtureDensityOutputLayer layer =
        head()
            .scaleFloor(0.01)
            .initialRange(-4, 9)
            .covariance(Covariance.SPHERICAL)
            .engine(Engine.SAMEDIFF)
            .build();
    MultiLayerConfiguration network = Nets.configuration(layer);
    ComputationGraphConfiguration graph = Nets.graphConfiguration(layer);
    assertAll(
        () -> assertEquals(network, MultiLayerConfiguration.fromJson(network.toJson())),
        () -> assertEquals(network, MultiLayerConfiguration.fromYaml(network.toYaml())),
        () -> assertEquals(graph, ComputationGraphConfiguration.fromJson(graph.toJson())),
        () -> assertEquals(graph, ComputationGraphConfiguration.fromYaml(graph.toYaml())));
    MixtureDensityOutputLayer read =
        (MixtureDensityOutputLayer)
            MultiLayerConfiguration.fromJson(network.toJson()).getConf(1).getLayer();
    assertEquals(-4, read.getInitialLower());
    assertEquals(9, read.getInitialUpper());
    assertEquals(layer.getSpec(), read.getSpec());
    assertEquals(Engine.SAMEDIFF, read.getEngine());
  }

  @Test
  void equalityLooksAtEveryOption() {
    MixtureDensityOutputLayer layer = head().build();
    assertAll(
        () -> assertEquals(layer, head().build()),
        () -> assertEquals(layer.hashCode(), head().build().hashCode()),
        () -> assertNotEquals(layer, head().components(6).build()),
        () -> assertNotEquals(layer, head().scaleFloor(0.1).build()),
        () -> assertEquals(layer, head().engine(Engine.AUTO).build()),
        () -> assertNotEquals(layer, head().engine(Engine.FUSED).build()),
        () -> assertNotEquals(layer, head().initialRange(-2, 2).build()),
        () -> assertNotEquals(layer, head().l2(0.1).build()),
        () -> assertTrue(layer.toString().contains("components=5"), layer::toString));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "5, 1", "1, 3", "7, 3"})
  void startCoversTheRangeEvenlyWithEqualWeights(int components, int targets) {
    MixtureDensityOutputLayer layer =
        new MixtureDensityOutputLayer.Builder()
            .components(components)
            .targets(targets)
            .initialRange(-3, 5)
            .build();
    MixtureSpec spec = layer.getSpec();
    INDArray biases = Nets.network(DataType.DOUBLE, layer).getLayer(1).getParam("b");
    for (int d = 0; d < targets; d++) {
      double[] locations = new double[components];
      for (int k = 0; k < components; k++) {
        locations[k] = biases.getDouble(spec.columns().location(k, d));
        assertEquals(0, biases.getDouble(k));
        assertEquals(
            Math.log(4 / Math.pow(components, 1.0 / targets)),
            biases.getDouble(spec.columns().scale(k, d)),
            1e-12);
      }
      Arrays.sort(locations);
      double[] even = new double[components];
      Arrays.setAll(even, k -> -3 + 8 * (k + 0.5) / components);
      assertArrayEquals(even, locations, 1e-12);
    }
  }

  @Test
  void weightsStartSmallUnlessSetOnTheLayer() {
    INDArray small = Nets.network(DataType.FLOAT, head().build()).getLayer(1).getParam("W");
    double deviation = small.stdNumber().doubleValue();
    // 150 weights: the standard error of their deviation is 6 %.
    assertEquals(0.02, deviation, 0.3 * 0.02);
    MixtureDensityOutputLayer own = head().weightInit(WeightInit.ONES).build();
    assertEquals(
        1, Nets.network(DataType.FLOAT, own).getLayer(1).getParam("W").minNumber().doubleValue());
  }

  @Test
  void componentsOfSeveralTargetsDoNotLieOnOneLine() {
    MixtureSpec spec = MixtureSpec.builder().components(8).targets(2).build();
    double[] biases = SpreadComponentsInitializer.biases(spec, 0, 8);
    boolean ascending = true;
    for (int k = 1; k < 8; k++) {
      ascending &=
          biases[spec.columns().location(k, 1)] > biases[spec.columns().location(k - 1, 1)];
    }
    assertTrue(!ascending, "the second target's locations follow the first's");
  }

  @Test
  void scaleFloorIsTakenFromTheStart() {
    MixtureSpec spec = MixtureSpec.builder().components(4).scaleFloor(0.25).build();
    double[] biases = SpreadComponentsInitializer.biases(spec, 0, 8);
    assertEquals(
        1.0, spec.scale(biases[spec.columns().scale(0, 0)]), 1e-12); // half of the spacing 2
  }
}
