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
import org.junit.jupiter.api.Test;
import org.mdn4j.loss.LossMixtureNLL;

/** Censored labels and truncations of a specification. */
class LabelOptionsTest {
  private static MixtureSpecBuilder builder() {
    return MixtureSpec.builder().components(2);
  }

  @Test
  void theyChangeTheLabelsAndNotTheOutput() {
    MixtureSpec plain = builder().targets(3).build();
    MixtureSpec censored = builder().targets(3).censored().build();
    assertEquals(3, plain.labelColumns());
    assertEquals(6, censored.labelColumns());
    assertEquals(plain.parameterCount(), censored.parameterCount());
    assertEquals(1, builder().truncatedBelow(2).build().labelColumns());
    assertEquals(2, builder().truncatedBelow(2).censored().build().labelColumns());
    assertEquals(censored, plain.withLabels(true, Truncation.NONE));
    assertEquals(plain, censored.withLabels(false, null));
    assertTrue(
        censored.withBounds(new ComponentBounds(java.util.List.of(2.0), null, null)).censored());
  }

  @Test
  void jsonHoldsThemWhereTheyAreSet() {
    MixtureSpec plain = builder().build();
    assertTrue(!plain.toJson().contains("censored") && !plain.toJson().contains("truncation"));
    MixtureSpec below = builder().censored().truncatedBelow(-1.5).build();
    assertTrue(
        below.toJson().endsWith(",\"censored\":true,\"truncation\":{\"below\":-1.5}}"),
        below.toJson());
    MixtureSpec range = builder().truncatedBelow(0).truncatedAbove(100).build();
    for (MixtureSpec spec : new MixtureSpec[] {plain, below, range}) {
      assertEquals(spec, MixtureSpec.fromJson(spec.toJson()));
      assertEquals(spec.hashCode(), MixtureSpec.fromJson(spec.toJson()).hashCode());
    }
    String bad = below.toJson().replace("-1.5", "\"NaN\"");
    assertThrows(IllegalArgumentException.class, () -> MixtureSpec.fromJson(bad));
  }

  @Test
  void theyAreSerialisedComparedAndNamed() throws Exception {
    MixtureSpec spec = builder().censored().truncatedAbove(7).build();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new ObjectOutputStream(bytes).writeObject(spec);
    Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
    assertEquals(spec, read);
    assertNotEquals(builder().censored().build(), spec);
    assertNotEquals(builder().truncatedAbove(7).build(), spec);
    assertTrue(
        spec.toString().endsWith(", censored, truncation=[-Infinity, 7.0])"), spec::toString);
    assertEquals(
        spec,
        LossMixtureNLL.builder().components(2).censored().truncatedAbove(7).build().getSpec());
  }

  @Test
  void whatDoesNotGoTogetherIsRefusedWithTheReason() {
    refuse(builder().censored().covariance(Covariance.FULL), "no closed form. Got FULL");
    refuse(builder().truncatedBelow(0).covariance(Covariance.FULL), "Truncation needs");
    refuse(builder().censored().family(ComponentFamily.VON_MISES), "a circle has no ends");
    refuse(builder().truncatedAbove(0).family(ComponentFamily.VON_MISES), "a circle has no ends");
    refuse(builder().truncatedBelow(0).targets(2), "Truncation is for one target, got 2");
    refuse(
        builder().family(ComponentFamily.LOG_NORMAL).truncatedAbove(-2),
        "expected truncatedAbove a value > 0");
  }

  private static void refuse(MixtureSpecBuilder builder, String reason) {
    Exception refusal = assertThrows(IllegalArgumentException.class, builder::build);
    assertTrue(refusal.getMessage().contains(reason), refusal.getMessage());
  }

  @Test
  void rangesAreChecked() {
    assertThrows(IllegalArgumentException.class, () -> builder().truncatedBelow(Double.NaN));
    assertThrows(
        IllegalArgumentException.class, () -> builder().truncatedAbove(Double.POSITIVE_INFINITY));
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class, () -> builder().truncatedBelow(2).truncatedAbove(2));
    assertEquals(
        "truncatedBelow must be less than truncatedAbove, got 2.0 and 2.0", refusal.getMessage());
  }
}
