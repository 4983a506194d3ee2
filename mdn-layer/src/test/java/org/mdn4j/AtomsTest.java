/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.layers.MixtureDensityCnnLossLayer;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.loss.LossMixtureNLL;

/** Atoms of a specification, and which value is one. */
class AtomsTest {
  private static MixtureSpecBuilder builder() {
    return MixtureSpec.builder().components(3);
  }

  private static final MixtureSpec SPEC = builder().atoms(1, 0).build();

  @Test
  void theirLogitsAreTheLastColumns() {
    MixtureSpec degrees = builder().family(ComponentFamily.STUDENT_T).atoms(7, -2, 0).build();
    MixtureSpec without = degrees.withoutAtoms();
    assertArrayEquals(new double[] {-2, 0, 7}, degrees.atoms());
    assertEquals(without.parameterCount() + 3, degrees.parameterCount());
    assertEquals(new ColumnRange(12, 15), degrees.columns().atoms());
    assertEquals(new ColumnRange(12, 12), without.columns().atoms());
    assertEquals(without.columns().logits(), degrees.columns().logits());
    assertEquals(without.columns().locations(), degrees.columns().locations());
    assertEquals(without.columns().scales(), degrees.columns().scales());
    assertEquals(without.columns().degreesOfFreedom(), degrees.columns().degreesOfFreedom());
    assertEquals(builder().family(ComponentFamily.STUDENT_T).build(), without);
    assertEquals(without, without.withoutAtoms());
    assertEquals(degrees, without.withAtoms(0, 7, -2));
  }

  @Test
  void areAValueOfTheSpecification() throws Exception {
    assertEquals(SPEC, builder().atoms(0.0, 1.0).build());
    assertEquals(SPEC.hashCode(), builder().atoms(0.0, 1.0).build().hashCode());
    assertNotEquals(SPEC, SPEC.withoutAtoms());
    assertNotEquals(SPEC, builder().atoms(0).build());
    assertNotEquals(SPEC.hashCode(), SPEC.withoutAtoms().hashCode());
    assertTrue(SPEC.toString().contains("atoms=[0.0, 1.0]"), SPEC.toString());
    assertFalse(SPEC.withoutAtoms().toString().contains("atoms"));
    assertTrue(SPEC.toJson().contains("\"atoms\":[0.0,1.0]"), SPEC.toJson());
    assertFalse(SPEC.withoutAtoms().toJson().contains("atoms"));
    assertEquals(SPEC, MixtureSpec.fromJson(SPEC.toJson()));
    assertEquals(SPEC, builder().atoms(-0.0, 1).build(), "−0 is 0");
    assertEquals(builder().build(), builder().atoms().build());
    SPEC.atoms()[0] = 5;
    assertArrayEquals(new double[] {0, 1}, SPEC.atoms());

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
  void whatAFileSaysIsCheckedToo() {
    String json = SPEC.toJson();
    for (String wrong : new String[] {"[0.0,0.0]", "[\"a\"]", "[1e99]", "3", "[null,0.0]"}) {
      String text = json.replace("[0.0,1.0]", wrong);
      assertThrows(IllegalArgumentException.class, () -> MixtureSpec.fromJson(text), wrong);
    }
    assertEquals(SPEC, MixtureSpec.fromJson(json.replace("[0.0,1.0]", "[1,0]")));
    assertEquals(SPEC.withoutAtoms(), MixtureSpec.fromJson(json.replace("[0.0,1.0]", "null")));
  }

  @Test
  void stayWithOtherBounds() {
    ComponentBounds bounds = builder().scaleCeiling(2).build().bounds().orElseThrow();
    assertArrayEquals(SPEC.atoms(), SPEC.withBounds(bounds).atoms());
    assertEquals(bounds, SPEC.withBounds(bounds).withoutAtoms().bounds().orElseThrow());
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() {
    assertRefused(builder().targets(2).atoms(0), "for one target, got [0.0] for 2 targets");
    assertRefused(builder().family(ComponentFamily.VON_MISES).atoms(0), "angles of VON_MISES");
    assertRefused(builder().atoms(0, Double.NaN), "finite, as FLOAT too, got [0.0, NaN]");
    assertRefused(builder().atoms(Double.POSITIVE_INFINITY), "finite");
    assertRefused(builder().atoms(1e39), "finite, as FLOAT too");
    assertRefused(builder().atoms(0, 1, 0), "differ, as FLOAT too, got [0.0, 1.0, 0.0]");
    assertRefused(builder().atoms(0, -0.0), "differ");
    assertRefused(builder().atoms(1, 1 + 1e-12), "differ, as FLOAT too");
    assertRefused(builder().components(Integer.MAX_VALUE / 3).atoms(0, 1, 2), "output columns");
  }

  private static void assertRefused(MixtureSpecBuilder builder, String part) {
    String message = assertThrows(IllegalArgumentException.class, builder::build).getMessage();
    assertTrue(message.contains(part), message);
  }

  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"VON_MISES"})
  void goWithEveryFormOfScales(ComponentFamily family) {
    MixtureSpecBuilder some = builder().family(family).atoms(0);
    assertEquals(1, some.covariance(Covariance.SPHERICAL).build().atoms().length);
    assertEquals(1, some.sharedScales(true).build().atoms().length);
    assertEquals(1, some.scaleFloor(0.1).scaleCeiling(2).build().atoms().length);
    assertEquals(
        1,
        builder().family(family).fixedScales(1, 2, 3).atoms(0).build().columns().atoms().width());
  }

  @Test
  void aValueIsAnAtomIfItIsTheNumberOrTheNumberAsFloat() {
    Atoms rule = new Atoms(builder().atoms(0.1, 0, 3).build());
    assertEquals(0, rule.indexOf(0));
    assertEquals(0, rule.indexOf(-0.0));
    assertEquals(1, rule.indexOf(0.1));
    assertEquals(1, rule.indexOf(0.1f));
    assertEquals(2, rule.indexOf(3));
    for (double other : new double[] {1e-300, Math.nextUp(3.0), Math.nextUp(0.1), Double.NaN, 2}) {
      assertEquals(-1, rule.indexOf(other), () -> "of " + other);
    }
    assertEquals(-1, rule.indexOf(Double.POSITIVE_INFINITY));
  }

  @Test
  void buildersOfLayersAndOfTheLossTakeThem() {
    MixtureDensityOutputLayer dense =
        new MixtureDensityOutputLayer.Builder().nIn(2).components(3).atoms(0, 1).build();
    assertEquals(SPEC, dense.getSpec());
    assertEquals(11, dense.getNOut());
    assertEquals(
        SPEC,
        new MixtureDensityRnnOutputLayer.Builder()
            .nIn(2)
            .components(3)
            .atoms(0, 1)
            .build()
            .getSpec());
    assertEquals(
        SPEC, new MixtureDensityCnnLossLayer.Builder().components(3).atoms(0, 1).build().getSpec());
    assertEquals(SPEC, LossMixtureNLL.builder().components(3).atoms(0, 1).build().getSpec());
  }
}
