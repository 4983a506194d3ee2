/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/** The forms of output whose likelihood is computed in one pass over the rows. */
@Internal
public final class FusedForms {
  private FusedForms() {}

  /**
   * Returns whether a form of output is covered.
   *
   * @param spec the columns of the raw output
   * @return true for components with learned scales of their own by EXP, of every family
   */
  public static boolean covers(MixtureSpec spec) {
    return !spec.sharedScales()
        && spec.fixedScales().isEmpty()
        && spec.scaleTransform() == ScaleTransform.EXP;
  }

  /**
   * Checks that a form of output is covered.
   *
   * @param spec the columns of the raw output
   * @throws IllegalArgumentException if it is not
   */
  public static void requireCovered(MixtureSpec spec) {
    if (!covers(spec)) {
      throw new IllegalArgumentException(
          ("Engine FUSED covers mixtures of components with learned scales of their own by EXP,"
                  + " got %s; use AUTO or SAMEDIFF")
              .formatted(spec));
    }
  }
}
