/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;

/** The form of a head's output as its builder was given it: by single options, or as a whole. */
final class SpecOptions {
  private final MixtureSpecBuilder options = MixtureSpec.builder();
  private boolean single;
  private MixtureSpec whole;

  /** Returns the specification's builder, for one option. */
  MixtureSpecBuilder option() {
    single = true;
    return options;
  }

  void whole(MixtureSpec spec) {
    whole = spec;
  }

  /**
   * Creates the specification.
   *
   * @throws IllegalArgumentException if both were used, or an option is out of its range
   */
  MixtureSpec build() {
    if (single && whole != null) {
      throw new IllegalArgumentException(
          "Expected either spec(...) or single options such as components(...), got both; spec is "
              + whole);
    }
    return whole == null ? options.build() : whole;
  }
}
