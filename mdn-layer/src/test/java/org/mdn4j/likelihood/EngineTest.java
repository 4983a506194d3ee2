/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.FusedLikelihood;

class EngineTest {
  private static MixtureSpec spec(Covariance covariance) {
    return MixtureSpec.builder().components(2).covariance(covariance).build();
  }

  @ParameterizedTest
  @EnumSource(Covariance.class)
  void mixturesOnTheCpuAreFusedUnlessSameDiffIsAskedFor(Covariance covariance) {
    assertInstanceOf(FusedLikelihood.class, Engine.AUTO.likelihood(spec(covariance)));
    assertInstanceOf(FusedLikelihood.class, Engine.FUSED.likelihood(spec(covariance)));
    assertInstanceOf(SameDiffLikelihood.class, Engine.SAMEDIFF.likelihood(spec(covariance)));
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
}
