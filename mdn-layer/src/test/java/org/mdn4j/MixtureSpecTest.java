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
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MixtureSpecTest {
  private static final MixtureSpec SPEC =
      MixtureSpec.builder()
          .components(5)
          .targets(3)
          .covariance(Covariance.SPHERICAL)
          .scaleFloor(0.25)
          .build();

  @ParameterizedTest
  @CsvSource({
    "1, 1, SPHERICAL, 3",
    "1, 1, DIAGONAL, 3",
    "5, 1, DIAGONAL, 15",
    "2, 3, SPHERICAL, 10",
    "2, 3, DIAGONAL, 14",
    "20, 3, SPHERICAL, 100",
    "20, 3, DIAGONAL, 140"
  })
  void parameterCountIsComponentsTimesLogitLocationsAndScales(
      int components, int targets, Covariance covariance, int expected) {
    MixtureSpec spec = spec(components, targets, covariance);
    assertEquals(expected, spec.parameterCount());
    assertEquals(covariance == Covariance.SPHERICAL ? 1 : targets, spec.scalesPerComponent());
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 1", "4, 3", "20, 7"})
  void everyColumnOfDiagonalHasExactlyOneMeaning(int components, int targets) {
    int[] uses = uses(spec(components, targets, Covariance.DIAGONAL));
    assertTrue(Arrays.stream(uses).allMatch(use -> use == 1), Arrays.toString(uses));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 3", "2, 1", "4, 3", "20, 7"})
  void aSphericalScaleIsSharedByAllTargetsOfItsComponentOnly(int components, int targets) {
    MixtureSpec spec = spec(components, targets, Covariance.SPHERICAL);
    int[] uses = uses(spec);
    int firstScale = spec.columns().scales().from();
    assertTrue(Arrays.stream(uses).limit(firstScale).allMatch(use -> use == 1));
    assertTrue(Arrays.stream(uses).skip(firstScale).allMatch(use -> use == targets));
  }

  private static int[] uses(MixtureSpec spec) {
    int[] uses = new int[spec.parameterCount()];
    IntStream.range(spec.columns().logits().from(), spec.columns().logits().to())
        .forEach(c -> uses[c]++);
    for (int k = 0; k < spec.components(); k++) {
      for (int d = 0; d < spec.targets(); d++) {
        uses[spec.columns().location(k, d)]++;
        uses[spec.columns().scale(k, d)]++;
      }
    }
    return uses;
  }

  @Test
  void columnsAreInTheOrderOfTheDesign() {
    MixtureSpec spec = spec(4, 3, Covariance.DIAGONAL);
    assertEquals(new ColumnRange(0, 4), spec.columns().logits());
    assertEquals(new ColumnRange(4, 16), spec.columns().locations());
    assertEquals(new ColumnRange(16, 28), spec.columns().scales());
    assertEquals(12, spec.columns().scales().width());
    assertEquals(4 + 2 * 3 + 1, spec.columns().location(2, 1));
    assertEquals(16 + 2 * 3 + 1, spec.columns().scale(2, 1));
    assertEquals(16 + 2, spec(4, 3, Covariance.SPHERICAL).columns().scale(2, 1));
  }

  @ParameterizedTest
  @CsvSource({"-1, 0", "5, 0", "0, -1", "0, 3"})
  void columnsOutsideAreRefused(int component, int target) {
    assertThrows(IndexOutOfBoundsException.class, () -> SPEC.columns().location(component, target));
    assertThrows(IndexOutOfBoundsException.class, () -> SPEC.columns().scale(component, target));
  }

  @Test
  void scaleIsFloorPlusExponential() {
    assertEquals(0.25 + Math.exp(-1.5), SPEC.scale(-1.5), 0);
    assertEquals(0.25, SPEC.scale(-1e9), 1e-16);
    assertEquals(Math.exp(-300), spec(1, 1, Covariance.DIAGONAL).scale(-1e300), 0);
    assertEquals(Math.exp(600), spec(1, 1, Covariance.DIAGONAL).scale(1e300), 0);
    assertEquals(Math.log(0.25 + Math.exp(-1.5)), SPEC.logScale(-1.5), 0);
    assertEquals(Math.log(0.25), SPEC.logScale(-1e9), 0);
    assertEquals(-1.5, spec(1, 1, Covariance.DIAGONAL).logScale(-1.5), 0);
    assertEquals(-300, spec(1, 1, Covariance.DIAGONAL).logScale(-1e300), 0);
    assertEquals(600, spec(1, 1, Covariance.DIAGONAL).logScale(1e300), 0);
  }

  @Test
  void eluPlusOneIsAnExponentialThatGoesOnAsALine() {
    MixtureSpec spec = elu().build();
    assertEquals(1e-7, spec.scaleFloor(), 0);
    assertEquals(1e-7 + Math.exp(-1.5), spec.scale(-1.5), 0);
    assertEquals(1e-7 + 1, spec.scale(0), 0);
    assertEquals(1e-7 + 3.5, spec.scale(2.5), 0);
    assertEquals(Math.log(1e-7 + 3.5), spec.logScale(2.5), 0);
    assertEquals(Math.exp(-300), elu().scaleFloor(0).build().scale(-1e300), 0);
    assertEquals(Math.exp(600), spec.scale(1e300), 1e-10 * Math.exp(600));
    for (double s : new double[] {-10, -1, 0, 0.5, 700}) {
      assertEquals(s, spec.scaleParameter(spec.scale(s)), 1e-10);
      assertEquals(Math.min(s, 500), SPEC.scaleParameter(SPEC.scale(Math.min(s, 500))), 1e-10);
    }
    Exception e = assertThrows(IllegalArgumentException.class, () -> spec.scaleParameter(1e-7));
    assertEquals("Expected a scale above the floor 1.0E-7, got 1.0E-7", e.getMessage());
  }

  @Test
  void jsonWithoutTransformIsExponential() {
    String json = "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"scaleFloor\":0.0";
    assertEquals(ScaleTransform.EXP, MixtureSpec.fromJson(json + "}").scaleTransform());
    assertEquals(
        elu().scaleFloor(0).build(),
        MixtureSpec.fromJson(json + ",\"scaleTransform\":\"ELU_PLUS_ONE\"}"));
  }

  @Test
  void eluPlusOneIsRefusedWhereThereIsNoScaleToTransform() {
    assertRefused(elu().covariance(Covariance.FULL), "ELU_PLUS_ONE is for learned scales");
    assertRefused(elu().family(ComponentFamily.VON_MISES), "not for VON_MISES");
    assertRefused(elu().fixedScales(1, 2), "expected EXP, got it for MixtureSpec(components=2");
    assertThrows(NullPointerException.class, () -> elu().scaleTransform(null));
  }

  private static MixtureSpecBuilder elu() {
    return MixtureSpec.builder().components(2).scaleTransform(ScaleTransform.ELU_PLUS_ONE);
  }

  @Test
  void builderDefaults() {
    MixtureSpec spec = MixtureSpec.builder().components(2).build();
    assertEquals(1, spec.targets());
    assertEquals(Covariance.DIAGONAL, spec.covariance());
    assertEquals(0, spec.scaleFloor());
  }

  @Test
  void valuesOutOfRangeAreRefusedWithTheValue() {
    assertRefused(MixtureSpec.builder(), "components must be at least 1, got 0");
    assertRefused(MixtureSpec.builder().components(-3), "components must be at least 1, got -3");
    assertRefused(
        MixtureSpec.builder().components(1).targets(0), "targets must be at least 1, got 0");
    assertRefused(MixtureSpec.builder().components(1).covariance(null), "covariance must be set");
    for (double floor :
        new double[] {-1e-9, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertRefused(
          MixtureSpec.builder().components(1).scaleFloor(floor),
          "scaleFloor must be finite and >= 0, got " + floor);
    }
    assertRefused(
        MixtureSpec.builder().components(Integer.MAX_VALUE).targets(Integer.MAX_VALUE),
        "more than the 2147483647 that an output can have");
  }

  private static void assertRefused(MixtureSpecBuilder builder, String message) {
    Exception e = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  @Test
  void jsonRoundTrip() {
    assertEquals(
        "{\"components\":5,\"targets\":3,\"covariance\":\"SPHERICAL\",\"scaleFloor\":0.25}",
        SPEC.toJson());
    assertEquals(SPEC, MixtureSpec.fromJson(SPEC.toJson()));
  }

  @Test
  void jsonWithoutFloorHasNone() {
    MixtureSpec spec =
        MixtureSpec.fromJson("{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\"}");
    assertEquals(spec(2, 1, Covariance.DIAGONAL), spec);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "nonsense",
        "{}",
        "{\"targets\":1,\"covariance\":\"DIAGONAL\"}",
        "{\"components\":2,\"covariance\":\"DIAGONAL\"}",
        "{\"components\":2,\"targets\":1}",
        "{\"components\":2.7,\"targets\":1,\"covariance\":\"DIAGONAL\"}",
        "{\"components\":0,\"targets\":1,\"covariance\":\"DIAGONAL\"}",
        "{\"components\":2,\"targets\":-1,\"covariance\":\"DIAGONAL\"}",
        "{\"components\":2,\"targets\":1,\"covariance\":null}",
        "{\"components\":2,\"targets\":1,\"covariance\":\"BANANA\"}",
        "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"scaleFloor\":-1}",
        "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"scaleFloor\":\"NaN\"}",
        "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"family\":\"CAUCHY\"}",
        "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"scaleTransform\":\"RELU\"}",
        "{\"components\":2,\"targets\":1,\"covariance\":\"DIAGONAL\",\"colour\":1}",
        "{\"components\":2,\"targets\":2,\"covariance\":\"FULL\",\"family\":\"VON_MISES\"}",
        "{\"components\":99999999999,\"targets\":1,\"covariance\":\"DIAGONAL\"}",
      })
  void jsonThatIsNoSpecificationIsRefused(String json) {
    assertThrows(IllegalArgumentException.class, () -> MixtureSpec.fromJson(json));
  }

  @Test
  void javaSerialisationRoundTrip() throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(SPEC);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      MixtureSpec back = (MixtureSpec) in.readObject();
      assertEquals(SPEC, back);
      assertEquals(SPEC.parameterCount(), back.parameterCount());
    }
  }

  @Test
  void equalityLooksAtEveryField() {
    MixtureSpecBuilder same =
        MixtureSpec.builder()
            .components(5)
            .targets(3)
            .covariance(Covariance.SPHERICAL)
            .scaleFloor(0.25);
    assertEquals(SPEC, same.build());
    assertEquals(SPEC.hashCode(), same.build().hashCode());
    assertNotEquals(SPEC, same.components(6).build());
    assertNotEquals(SPEC, same.components(5).targets(2).build());
    assertNotEquals(SPEC, same.targets(3).covariance(Covariance.DIAGONAL).build());
    assertNotEquals(SPEC, same.covariance(Covariance.SPHERICAL).scaleFloor(0).build());
    assertNotEquals(SPEC, null);
    assertTrue(SPEC.toString().contains("components=5") && SPEC.toString().contains("0.25"));
  }

  @Test
  void everyColumnOfFullHasExactlyOneMeaning() {
    MixtureSpec spec = spec(4, 3, Covariance.FULL);
    assertEquals(4 * (1 + 3 + 6), spec.parameterCount());
    assertEquals(new ColumnRange(16, 40), spec.columns().scales());
    int next = 16;
    for (int k = 0; k < 4; k++) {
      for (int row = 0; row < 3; row++) {
        for (int column = 0; column <= row; column++) {
          assertEquals(next++, spec.columns().cholesky(k, row, column));
        }
      }
    }
    assertThrows(IndexOutOfBoundsException.class, () -> spec.columns().cholesky(0, 1, 2));
    assertThrows(IllegalStateException.class, () -> spec.columns().scale(0, 0));
    assertThrows(IllegalStateException.class, () -> SPEC.columns().cholesky(0, 0, 0));
  }

  @Test
  void sharedScalesHaveOneSetOfColumns() {
    MixtureSpec spec = MixtureSpec.builder().components(4).targets(3).sharedScales(true).build();
    assertEquals(4 + 12 + 3, spec.parameterCount());
    assertEquals(16 + 2, spec.columns().scale(0, 2));
    assertEquals(16 + 2, spec.columns().scale(3, 2));
    assertThrows(IllegalStateException.class, () -> spec.fixedScale(0, 0));
  }

  @Test
  void fixedScalesHaveNoColumns() {
    MixtureSpec spec =
        MixtureSpec.builder().components(2).targets(2).fixedScales(1, 2, 3, 4).build();
    assertEquals(2 + 4, spec.parameterCount());
    assertEquals(0, spec.columns().scales().width());
    assertEquals(3, spec.fixedScale(1, 0));
    assertThrows(IllegalStateException.class, () -> spec.columns().scale(0, 0));
    MixtureSpec shared =
        MixtureSpec.builder()
            .components(5)
            .targets(2)
            .covariance(Covariance.SPHERICAL)
            .sharedScales(true)
            .fixedScales(0.5)
            .build();
    assertEquals(0.5, shared.fixedScale(4, 1));
  }

  @Test
  void learnedDegreesOfFreedomAreTheLastColumns() {
    MixtureSpec learned =
        MixtureSpec.builder().components(3).targets(2).family(ComponentFamily.STUDENT_T).build();
    assertTrue(learned.learnsDegreesOfFreedom());
    assertEquals(3 * (1 + 2 + 2 + 1), learned.parameterCount());
    assertEquals(new ColumnRange(9, 15), learned.columns().scales());
    assertEquals(new ColumnRange(15, 18), learned.columns().degreesOfFreedom());
    MixtureSpec given =
        MixtureSpec.builder()
            .components(3)
            .family(ComponentFamily.STUDENT_T)
            .degreesOfFreedom(4)
            .build();
    assertEquals(9, given.parameterCount());
    assertEquals(4, given.degreesOfFreedom().orElseThrow());
    assertEquals(0, given.columns().degreesOfFreedom().width());
  }

  @Test
  void optionsThatDoNotGoTogetherAreRefusedWithASentence() {
    MixtureSpecBuilder full =
        MixtureSpec.builder().components(2).targets(2).covariance(Covariance.FULL);
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family != ComponentFamily.GAUSSIAN) {
        assertRefused(full.family(family), "FULL covariance is for GAUSSIAN components; for");
      }
    }
    full.family(ComponentFamily.GAUSSIAN);
    assertRefused(full.sharedScales(true), "need SPHERICAL or DIAGONAL covariance, got FULL");
    assertRefused(
        MixtureSpec.builder().components(1).family(ComponentFamily.VON_MISES).scaleFloor(0.1),
        "expected scaleFloor 0, got 0.1");
    assertRefused(
        MixtureSpec.builder().components(1).degreesOfFreedom(3), "Only STUDENT_T components");
    for (double nu : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertRefused(
          MixtureSpec.builder()
              .components(1)
              .family(ComponentFamily.STUDENT_T)
              .degreesOfFreedom(nu),
          "degreesOfFreedom must be positive and finite, got " + nu);
    }
    assertRefused(
        MixtureSpec.builder().components(3).fixedScales(1, 2), "Expected 3 fixed scales, got 2");
    assertRefused(
        MixtureSpec.builder().components(2).fixedScales(1, 0), "positive and finite, got [1.0, 0");
    assertRefused(
        MixtureSpec.builder().components(1).fixedScales(1).scaleFloor(0.1), "need no floor");
  }

  @Test
  void everyOptionGoesThroughJsonAndCounts() {
    MixtureSpec base = spec(2, 2, Covariance.DIAGONAL);
    MixtureSpecBuilder builder = MixtureSpec.builder().components(2).targets(2);
    MixtureSpec[] specs = {
      spec(2, 2, Covariance.FULL),
      builder.family(ComponentFamily.STUDENT_T).build(),
      builder.degreesOfFreedom(5).build(),
      builder.sharedScales(true).build(),
      builder.fixedScales(1, 2).build(),
      MixtureSpec.builder()
          .components(2)
          .targets(2)
          .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
          .build(),
    };
    for (MixtureSpec spec : specs) {
      assertEquals(spec, MixtureSpec.fromJson(spec.toJson()));
      assertEquals(spec.hashCode(), MixtureSpec.fromJson(spec.toJson()).hashCode());
      assertEquals(spec.toString(), MixtureSpec.fromJson(spec.toJson()).toString());
      assertNotEquals(base, spec);
      base = spec;
    }
  }

  private static MixtureSpec spec(int components, int targets, Covariance covariance) {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .build();
  }
}
