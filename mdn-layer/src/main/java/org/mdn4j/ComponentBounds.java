/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Bounds within which a mixture's components are held, for any output of the network: a ceiling of
 * the scales, and a range of the locations, for each target. {@link BoundTransform} says how.
 *
 * <p>The likelihood alone does not bound them. A component with next to no weight costs nothing,
 * however wide or far away it is; yet its scale and location count in the mixture's mean and
 * variance: a component of weight 10⁻¹⁰ and σ = 10⁸ adds 10⁶ to the variance.
 *
 * @param scaleCeiling {@code [D]}, c with σ &lt; c, in target units; empty for none. For SPHERICAL,
 *     where all targets have one scale, the least of them counts; for FULL it bounds the standard
 *     deviation of each target
 * @param locationLower {@code [D]}, a with a &lt; μ, in target units; empty for none
 * @param locationUpper {@code [D]}, b with μ &lt; b, in target units; empty for none
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record ComponentBounds(
    @JsonProperty("scaleCeiling") List<Double> scaleCeiling,
    @JsonProperty("locationLower") List<Double> locationLower,
    @JsonProperty("locationUpper") List<Double> locationUpper)
    implements Serializable {
  /** No bounds. */
  public static final ComponentBounds NONE = new ComponentBounds(null, null, null);

  private static final double NARROWEST = 1e-12;
  private static final double FARTHEST = 1e30;
  private static final double ABOVE_FLOOR = 1.01;

  /**
   * Creates bounds and checks them.
   *
   * @param scaleCeiling see above; null counts as empty, as for the others
   * @param locationLower see above
   * @param locationUpper see above
   * @throws IllegalArgumentException if a ceiling is outside [10⁻¹², 10³⁰], a location's bound is
   *     not within ±10³⁰, a lower bound is not below its upper bound by at least 10⁻¹², or there
   *     are not as many of the one as of the other
   */
  public ComponentBounds {
    scaleCeiling = copy(scaleCeiling);
    locationLower = copy(locationLower);
    locationUpper = copy(locationUpper);
    for (double ceiling : scaleCeiling) {
      require(
          ceiling >= NARROWEST && ceiling <= FARTHEST,
          "Expected a scale ceiling in [%s, %s], got %s",
          NARROWEST,
          FARTHEST,
          scaleCeiling);
    }
    require(
        locationLower.size() == locationUpper.size(),
        "Expected as many lower as upper bounds of locations, got %s and %s",
        locationLower,
        locationUpper);
    for (int d = 0; d < locationLower.size(); d++) {
      double lower = locationLower.get(d);
      double upper = locationUpper.get(d);
      require(
          lower >= -FARTHEST && upper <= FARTHEST && upper - lower >= NARROWEST,
          "Expected bounds of locations within ±%s, the lower ones below the upper ones by at least"
              + " %s, got %s and %s",
          FARTHEST,
          NARROWEST,
          locationLower,
          locationUpper);
    }
  }

  private static List<Double> copy(List<Double> values) {
    if (values == null) {
      return List.of();
    }
    require(
        values.stream().allMatch(Objects::nonNull), "Expected numbers as bounds, got %s", values);
    return List.copyOf(values);
  }

  /**
   * Returns the same bounds for the given number of targets, where these are bounds of one target.
   */
  ComponentBounds of(int targets) {
    return new ComponentBounds(
        repeated(scaleCeiling, targets),
        repeated(locationLower, targets),
        repeated(locationUpper, targets));
  }

  private static List<Double> repeated(List<Double> values, int targets) {
    return values.size() == 1 && targets > 1 ? Collections.nCopies(targets, values.get(0)) : values;
  }

  /**
   * Returns whether scales are bounded.
   *
   * @return true if there is a ceiling
   */
  public boolean hasScaleCeiling() {
    return !scaleCeiling.isEmpty();
  }

  /**
   * Returns whether locations are bounded.
   *
   * @return true if there are bounds
   */
  public boolean hasLocationBounds() {
    return !locationLower.isEmpty();
  }

  /**
   * Returns the middles of the locations' ranges.
   *
   * @return {@code [D]}, ½ (a + b)
   */
  public double[] locationMiddle() {
    return weighted(0.5);
  }

  /**
   * Returns half the widths of the locations' ranges.
   *
   * @return {@code [D]}, ½ (b − a)
   */
  public double[] locationHalfWidth() {
    return weighted(-0.5);
  }

  /** Returns ½ b plus a multiple of a. */
  private double[] weighted(double ofLower) {
    double[] values = new double[locationLower.size()];
    Arrays.setAll(values, d -> ofLower * locationLower.get(d) + 0.5 * locationUpper.get(d));
    return values;
  }

  /** Checks that a specification's components have what is bounded. */
  void requireFits(MixtureSpec spec) {
    for (List<Double> bounds : List.of(scaleCeiling, locationLower)) {
      require(
          bounds.isEmpty() || bounds.size() == spec.targets(),
          "Expected one bound for all targets or %s, one per target, got %s",
          spec.targets(),
          this);
    }
    require(
        spec.family() != ComponentFamily.VON_MISES,
        "VON_MISES components have a direction and a concentration, neither of which goes beyond a"
            + " circle; expected no bounds, got %s",
        this);
    require(
        spec.fixedScales().isEmpty() || !hasScaleCeiling(),
        "Fixed scales need no ceiling; expected none, got %s",
        scaleCeiling);
    for (double ceiling : scaleCeiling) {
      require(
          ceiling >= ABOVE_FLOOR * spec.scaleFloor(),
          "Expected a scale ceiling above the floor %s by at least 1 %%, got %s",
          spec.scaleFloor(),
          scaleCeiling);
    }
  }
}
