/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/**
 * The size of one likelihood.
 *
 * @param rows N
 * @param components K
 * @param targets D
 * @param covariance form of the covariance
 */
record LikelihoodCase(int rows, int components, int targets, Covariance covariance) {
  private static final Pattern NAME = Pattern.compile("N(\\d+)_K(\\d+)_D(\\d+)(_DIAGONAL)?");

  /** Reads what {@link #name()} wrote. */
  static LikelihoodCase parse(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "Expected a case like N1000_K20_D1 or N1000_K20_D1_DIAGONAL, got " + name);
    }
    return new LikelihoodCase(
        Integer.parseInt(matcher.group(1)),
        Integer.parseInt(matcher.group(2)),
        Integer.parseInt(matcher.group(3)),
        matcher.group(4) == null ? Covariance.SPHERICAL : Covariance.DIAGONAL);
  }

  /** Returns the name, for example N1000_K20_D1, or N1000_K20_D1_DIAGONAL. */
  String name() {
    return "N%s_K%s_D%s%s"
        .formatted(rows, components, targets, covariance == Covariance.DIAGONAL ? "_DIAGONAL" : "");
  }

  MixtureSpec spec() {
    return MixtureSpec.builder()
        .components(components)
        .targets(targets)
        .covariance(covariance)
        .build();
  }

  /**
   * Returns the number of exponentials in one score and gradient: each weight, scale and
   * responsibility once.
   */
  long exponentials() {
    return (long) rows * components * (2 + spec().scalesPerComponent());
  }

  /**
   * Returns the number of logarithms in one score and gradient: of the ratio of the sums over joint
   * and weights.
   */
  long logarithms() {
    return rows;
  }
}
