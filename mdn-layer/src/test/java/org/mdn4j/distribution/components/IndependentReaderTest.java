/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.components;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;

/** Each number comes from the column that the specification names. */
class IndependentReaderTest {
  private static final int K = 3;
  private static final int OFFSET = 5; // a row in the middle of an array

  private static MixtureSpecBuilder form(int targets, Covariance covariance) {
    return MixtureSpec.builder().components(K).targets(targets).covariance(covariance);
  }

  static Stream<MixtureSpec> specs() {
    return Stream.of(
        form(1, Covariance.SPHERICAL).build(),
        form(1, Covariance.FULL).build(),
        form(3, Covariance.SPHERICAL).build(),
        form(3, Covariance.DIAGONAL).scaleFloor(0.1).build(),
        form(3, Covariance.SPHERICAL).sharedScales(true).build(),
        form(3, Covariance.DIAGONAL).sharedScales(true).build(),
        form(1, Covariance.DIAGONAL).sharedScales(true).build(),
        form(2, Covariance.DIAGONAL).fixedScales(0.5, 0.25, 1, 2, 4, 3).build());
  }

  @ParameterizedTest
  @MethodSource("specs")
  void ofTheWholeRowOrOfOneComponent(MixtureSpec spec) {
    double[] raw = new Random(1).doubles(OFFSET + spec.parameterCount(), -1, 1).toArray();
    IndependentTargets all = (IndependentTargets) Components.blank(spec);
    all.reader(spec).read(raw, OFFSET);
    for (int k = 0; k < K; k++) {
      IndependentTargets one = (IndependentTargets) Components.blank(spec);
      one.reader(spec).read(raw, OFFSET, k);
      for (IndependentTargets read : new IndependentTargets[] {all, one}) {
        for (int d = 0; d < spec.targets(); d++) {
          assertEquals(raw[OFFSET + spec.columns().location(k, d)], read.location(k, d), 0);
          assertEquals(scale(spec, raw, k, d), read.scale(k, d), 1e-15 * read.scale(k, d));
          assertEquals(Math.log(scale(spec, raw, k, d)), read.logScale(read.place(k, d)), 1e-14);
        }
      }
    }
    double[] again = raw.clone(); // a second row into the same components
    Arrays.setAll(again, i -> -raw[i]);
    all.reader(spec).read(again, OFFSET);
    assertEquals(scale(spec, again, 1, 0), all.scale(1, 0), 1e-15 * all.scale(1, 0));
  }

  /** σ = f + exp(s), or 1 / L of FULL, or as it is fixed. */
  private static double scale(MixtureSpec spec, double[] raw, int k, int d) {
    if (spec.fixedScales().isPresent()) {
      return spec.fixedScale(k, d);
    }
    return spec.covariance() == Covariance.FULL
        ? Math.exp(-raw[OFFSET + spec.columns().cholesky(k, d, d)])
        : spec.scaleFloor() + Math.exp(raw[OFFSET + spec.columns().scale(k, d)]);
  }
}
