/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The range outside of which no target is ever seen. The predicted distribution is then that of the
 * whole mixture given that the target lies in the range:
 *
 * <pre>
 *   p(y) = Σ_k π_k f_k(y) / Σ_k π_k (F_k(b) − F_k(a)),   a ≤ y ≤ b
 * </pre>
 *
 * @param below a, finite; null for none
 * @param above b, finite; null for none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Truncation(@JsonProperty("below") Double below, @JsonProperty("above") Double above)
    implements Serializable {
  /** No truncation. */
  public static final Truncation NONE = new Truncation(null, null);

  /**
   * Creates a range and checks it.
   *
   * @param below see above
   * @param above see above
   * @throws IllegalArgumentException if a value is NaN or infinite, or they are not in order
   */
  public Truncation {
    require(
        below == null || Double.isFinite(below),
        "truncatedBelow must be finite, got %s; leave it out for none",
        below);
    require(
        above == null || Double.isFinite(above),
        "truncatedAbove must be finite, got %s; leave it out for none",
        above);
    require(
        below == null || above == null || below < above,
        "truncatedBelow must be less than truncatedAbove, got %s and %s",
        below,
        above);
  }

  /**
   * Returns the lower end of the range.
   *
   * @return a, or −∞
   */
  public double lower() {
    return below == null ? Double.NEGATIVE_INFINITY : below;
  }

  /**
   * Returns the upper end of the range.
   *
   * @return b, or ∞
   */
  public double upper() {
    return above == null ? Double.POSITIVE_INFINITY : above;
  }

  /** Returns the range as "[a, b]". */
  @Override
  public String toString() {
    return "[%s, %s]".formatted(lower(), upper());
  }
}
