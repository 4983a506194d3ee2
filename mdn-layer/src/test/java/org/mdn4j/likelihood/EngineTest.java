/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.FusedForms;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.mdn4j.loss.LossMixtureNLL;

class EngineTest {
  private static MixtureSpec spec(Covariance covariance) {
    return MixtureSpec.builder().components(2).covariance(covariance).build();
  }

  @ParameterizedTest
  @EnumSource(Covariance.class)
  void gaussianMixturesOnTheCpuAreFusedUnlessSameDiffIsAskedFor(Covariance covariance) {
    assertInstanceOf(FusedLikelihood.class, Engine.AUTO.likelihood(spec(covariance)));
    assertInstanceOf(FusedLikelihood.class, Engine.FUSED.likelihood(spec(covariance)));
    assertInstanceOf(SameDiffLikelihood.class, Engine.SAMEDIFF.likelihood(spec(covariance)));
  }

  @Test
  void eluPlusOneTakesSameDiffAndRefusesFused() {
    MixtureSpec elu =
        MixtureSpec.builder().components(2).scaleTransform(ScaleTransform.ELU_PLUS_ONE).build();
    assertInstanceOf(SameDiffLikelihood.class, Engine.AUTO.likelihood(elu));
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> Engine.FUSED.likelihood(elu));
    assertTrue(refusal.getMessage().contains("scales of their own by EXP"), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("scaleTransform=ELU_PLUS_ONE"), refusal::getMessage);
  }

  @ParameterizedTest
  @EnumSource(Covariance.class)
  void anotherBackendTakesSameDiffAndRefusesFused(Covariance covariance) {
    MixtureSpec spec = spec(covariance);
    assertInstanceOf(SameDiffLikelihood.class, Engine.AUTO.likelihood(spec, false));
    assertInstanceOf(SameDiffLikelihood.class, Engine.SAMEDIFF.likelihood(spec, false));
    IllegalStateException refusal =
        assertThrows(IllegalStateException.class, () -> Engine.FUSED.likelihood(spec, false));
    assertTrue(refusal.getMessage().contains("computes on the CPU"), refusal::getMessage);
    assertTrue(refusal.getMessage().contains("use AUTO or SAMEDIFF"), refusal::getMessage);
  }

  /** What the fused engine does not know is refused when a loss is made, and told why. */
  @ParameterizedTest
  @MethodSource("notFused")
  void fusedIsRefusedWhereItCannotServe(MixtureSpec spec) {
    for (Executable attempt :
        new Executable[] {
          () -> new LossMixtureNLL(spec, Engine.FUSED),
          () -> new FusedLikelihood(spec),
          () -> Engine.FUSED.likelihood(spec)
        }) {
      String message = assertThrows(IllegalArgumentException.class, attempt).getMessage();
      assertTrue(message.contains("got " + spec), message);
      assertTrue(message.contains("use AUTO or SAMEDIFF"), message);
    }
    assertInstanceOf(SameDiffLikelihood.class, Engine.AUTO.likelihood(spec));
  }

  static Stream<MixtureSpec> notFused() {
    return FamilyLikelihoodTest.specs()
        .filter(spec -> spec.components() > 1 && !FusedForms.covers(spec));
  }
}
