/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.FusedLikelihood;

/** A graph takes a quarter of a second to make, so that tests of the same form share one. */
public final class Graphs {
  private static final Map<MixtureSpec, SameDiffLikelihood> MADE = new ConcurrentHashMap<>();

  private Graphs() {}

  public static SameDiffLikelihood of(MixtureSpec spec) {
    return MADE.computeIfAbsent(spec, SameDiffLikelihood::new);
  }

  /** Returns the definition and the fused engine. */
  public static List<MixtureLikelihood> engines(MixtureSpec spec) {
    return List.of(of(spec), new FusedLikelihood(spec));
  }
}
