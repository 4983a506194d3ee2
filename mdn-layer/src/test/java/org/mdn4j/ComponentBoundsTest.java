/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.layers.MixtureDensityOutputLayer;

/** Bounds as options of a specification: read, written, compared, refused. */
class ComponentBoundsTest {
  private static final MixtureSpec SPEC =
      MixtureSpec.builder()
          .components(2)
          .targets(2)
          .scaleFloor(0.25)
          .scaleCeiling(3, 4)
          .locationBounds(new double[] {-1}, new double[] {1.5})
          .build();
  private static final String JSON =
      "{\"components\":2,\"targets\":2,\"covariance\":\"DIAGONAL\",\"scaleFloor\":0.25,"
          + "\"bounds\":{\"scaleCeiling\":[3.0,4.0],\"locationLower\":[-1.0,-1.0],"
          + "\"locationUpper\":[1.5,1.5]}}";

  private static MixtureSpecBuilder two() {
    return MixtureSpec.builder().components(2).targets(2);
  }

  @Test
  void oneBoundIsThatOfAllTargets() {
    ComponentBounds bounds = SPEC.bounds().orElseThrow();
    assertEquals(List.of(3.0, 4.0), bounds.scaleCeiling());
    assertEquals(List.of(-1.0, -1.0), bounds.locationLower());
    assertEquals(List.of(1.5, 1.5), bounds.locationUpper());
    assertEquals(Optional.empty(), two().build().bounds());
    assertEquals(SPEC.parameterCount(), two().build().parameterCount());
  }

  @Test
  void jsonRoundTrip() {
    assertEquals(JSON, SPEC.toJson());
    assertEquals(SPEC, MixtureSpec.fromJson(JSON));
    MixtureSpec scalesOnly = two().scaleCeiling(3).build();
    assertTrue(
        scalesOnly.toJson().endsWith("\"bounds\":{\"scaleCeiling\":[3.0,3.0]}}"),
        scalesOnly.toJson());
    assertEquals(scalesOnly, MixtureSpec.fromJson(scalesOnly.toJson()));
    assertEquals(
        two().build(),
        MixtureSpec.fromJson(two().build().toJson().replace("}", ",\"bounds\":{}}")));
  }

  @Test
  void aLayersConfigurationHoldsThem() {
    MultiLayerConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .list()
            .layer(new MixtureDensityOutputLayer.Builder().nIn(3).spec(SPEC).build())
            .build();
    MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
    assertEquals(SPEC, ((MixtureDensityOutputLayer) read.getConf(0).getLayer()).getSpec());
  }

  @Test
  void javaSerialisationRoundTrip() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(SPEC);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      assertEquals(SPEC, in.readObject());
    }
  }

  @Test
  void theyAreComparedAndShown() {
    MixtureSpec free = SPEC.withBounds(ComponentBounds.NONE);
    assertNotEquals(SPEC, free);
    assertNotEquals(SPEC, free.withBounds(new ComponentBounds(List.of(3.0), null, null)));
    assertEquals(SPEC, free.withBounds(SPEC.bounds().orElseThrow()));
    assertEquals(SPEC.hashCode(), MixtureSpec.fromJson(JSON).hashCode());
    assertTrue(SPEC.toString().contains("scaleCeiling=[3.0, 4.0]"), SPEC.toString());
  }

  private static void assertRefused(String message, MixtureSpecBuilder builder) {
    Exception e = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, 1e-13, 2e30, Double.NaN, Double.POSITIVE_INFINITY})
  void aCeilingOutOfRangeIsRefused(double ceiling) {
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> two().scaleCeiling(3, ceiling));
    assertEquals(
        "Expected a scale ceiling in [1.0E-12, 1.0E30], got [3.0, " + ceiling + "]",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(doubles = {-1, -2, Double.NaN, Double.POSITIVE_INFINITY, 2e30})
  void boundsOfLocationsOutOfOrderAreRefused(double upper) {
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> two().locationBounds(new double[] {-1}, new double[] {upper}));
    assertTrue(e.getMessage().contains("got [-1.0] and [" + upper + "]"), e.getMessage());
  }

  @Test
  void whatTheComponentsDoNotHaveIsRefused() {
    assertRefused("Expected one bound for all targets or 2", two().scaleCeiling(1, 2, 3));
    assertRefused(
        "Expected one bound for all targets or 2",
        two().locationBounds(new double[3], new double[] {1, 1, 1}));
    assertRefused(
        "above the floor 2.0 by at least 1 %, got [3.0, 2.01]",
        two().scaleFloor(2).scaleCeiling(3, 2.01));
    assertRefused(
        "VON_MISES components have a direction",
        two().family(ComponentFamily.VON_MISES).scaleCeiling(3));
    assertRefused(
        "VON_MISES components have a direction",
        two()
            .family(ComponentFamily.VON_MISES)
            .locationBounds(new double[] {-1}, new double[] {1}));
    assertRefused("Fixed scales need no ceiling", two().fixedScales(1, 1, 1, 1).scaleCeiling(3));
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> two().locationBounds(new double[] {-1, 0}, new double[] {1}));
    assertEquals(
        "Expected as many lower as upper bounds of locations, got [-1.0, 0.0] and [1.0]",
        e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"scaleCeiling\":[null]}",
        "{\"scaleCeiling\":[-1]}",
        "{\"scaleCeiling\":[1,2,3]}",
        "{\"scaleCeiling\":[\"x\"]}",
        "{\"scaleCeiling\":3,\"colour\":1}",
        "{\"locationLower\":[1]}",
        "{\"locationLower\":[1],\"locationUpper\":[0]}",
        "7"
      })
  void jsonThatHoldsNoBoundsIsRefused(String bounds) {
    String json =
        "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"bounds\":" + bounds + "}";
    assertThrows(IllegalArgumentException.class, () -> MixtureSpec.fromJson(json));
  }
}
