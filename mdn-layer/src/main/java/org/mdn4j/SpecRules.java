/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;

/** What a specification's options may be, and which of them go together. */
final class SpecRules {
  private static final int MOST_FULL_TARGETS = 65_535; // D(D + 1)/2 is an int

  private SpecRules() {}

  /** Checks each option for itself. */
  static void requireRanges(int components, int targets, Covariance covariance, double scaleFloor) {
    require(components >= 1, "components must be at least 1, got %s", components);
    require(targets >= 1, "targets must be at least 1, got %s", targets);
    require(covariance != null, "covariance must be set, got null");
    require(
        scaleFloor >= 0 && Double.isFinite(scaleFloor),
        "scaleFloor must be finite and >= 0, got %s",
        scaleFloor);
  }

  /** Checks options that are all set. */
  static void requireSupported(MixtureSpec spec) {
    boolean full = spec.covariance() == Covariance.FULL;
    boolean angles = spec.family() == ComponentFamily.VON_MISES;
    boolean counts = spec.family().isDiscrete();
    boolean fixed = spec.fixedScales().isPresent();
    require(
        spec.scaleTransform() == ScaleTransform.EXP || !full && !angles && !counts && !fixed,
        "%s is for learned scales with SPHERICAL or DIAGONAL covariance, and not for VON_MISES or"
            + " NEGATIVE_BINOMIAL; expected EXP, got it for %s",
        spec.scaleTransform(),
        spec);
    if (full) {
      requireFull(spec);
    }
    require(
        !angles || spec.scaleFloor() == 0,
        "VON_MISES components have a concentration and no scale that a floor could bound; expected"
            + " scaleFloor 0, got %s",
        spec.scaleFloor());
    spec.degreesOfFreedom().ifPresent(degrees -> requireDegrees(spec, degrees));
    spec.fixedScales().ifPresent(scales -> requireFixed(spec, scales));
    spec.bounds().ifPresent(bounds -> bounds.requireFits(spec));
    if (counts) {
      spec.bounds().ifPresent(SpecRules::requireLogMeans);
    }
    if (spec.atoms().length > 0) {
      requireAtoms(spec);
    }
    requireLabels(spec);
    require(
        spec.columns().exactCount() <= Integer.MAX_VALUE,
        "components and targets need %s output columns, more than the %s that an output can have",
        spec.columns().exactCount(),
        Integer.MAX_VALUE);
  }

  private static void requireFull(MixtureSpec spec) {
    require(
        spec.targets() <= MOST_FULL_TARGETS,
        "FULL covariance is for at most %s targets, got %s",
        MOST_FULL_TARGETS,
        spec.targets());
    require(
        spec.family() == ComponentFamily.GAUSSIAN,
        "FULL covariance is for GAUSSIAN components; for %s choose SPHERICAL or DIAGONAL",
        spec.family());
    require(
        !spec.sharedScales() && spec.fixedScales().isEmpty(),
        "Scales that are shared or fixed need SPHERICAL or DIAGONAL covariance, got FULL");
  }

  private static void requireLogMeans(ComponentBounds bounds) {
    require(
        bounds.locationLower().stream().allMatch(a -> a >= Limits.MIN_LOG_MEAN)
            && bounds.locationUpper().stream().allMatch(b -> b <= Limits.MAX_LOG_MEAN),
        "The locations of NEGATIVE_BINOMIAL are logarithms of means; expected bounds within [%s,"
            + " %s], got %s and %s",
        Limits.MIN_LOG_MEAN,
        Limits.MAX_LOG_MEAN,
        bounds.locationLower(),
        bounds.locationUpper());
  }

  private static void requireAtoms(MixtureSpec spec) {
    require(
        spec.targets() == 1,
        "Atoms are for one target, got %s for %s targets",
        Arrays.toString(spec.atoms()),
        spec.targets());
    require(
        spec.family() != ComponentFamily.VON_MISES,
        "Atoms are for targets on a line, not for the angles of VON_MISES; expected none, got %s",
        Arrays.toString(spec.atoms()));
    Atoms.requireOf(spec.family(), spec.atoms());
  }

  private static void requireLabels(MixtureSpec spec) {
    if (!spec.censored() && spec.truncation().isEmpty()) {
      return;
    }
    String kind = spec.censored() ? "Censoring" : "Truncation";
    require(
        !spec.family().isDiscrete() || spec.truncation().isEmpty(),
        "Truncation is for targets with a density, not for the counts of NEGATIVE_BINOMIAL; got %s",
        spec.truncation().orElse(null));
    require(
        spec.covariance() != Covariance.FULL,
        "%s needs SPHERICAL or DIAGONAL covariance, under which a component's probability is a product"
            + " over the targets; that of correlated ones has no closed form. Got FULL",
        kind);
    require(
        spec.family() != ComponentFamily.VON_MISES,
        "%s is not for VON_MISES components: a circle has no ends, so that an interval of angles has"
            + " no lower and upper side",
        kind);
    require(
        !spec.censored() || 2L * spec.targets() <= Integer.MAX_VALUE,
        "Censored labels have two columns per target, more than an array can for %s targets",
        spec.targets());
    spec.truncation().ifPresent(range -> requireTruncation(spec, range));
  }

  private static void requireTruncation(MixtureSpec spec, Truncation range) {
    require(
        spec.targets() == 1, "Truncation is for one target, got %s for %s", spec.targets(), range);
    require(
        spec.family() != ComponentFamily.LOG_NORMAL || range.upper() > 0,
        "LOG_NORMAL targets are above 0; expected truncatedAbove a value > 0, got %s",
        range);
    Atoms.requireWithin(range, spec.atoms());
  }

  private static void requireDegrees(MixtureSpec spec, double degrees) {
    require(
        spec.family() == ComponentFamily.STUDENT_T,
        "Only STUDENT_T components have degrees of freedom, got %s for %s",
        degrees,
        spec.family());
    require(
        degrees > 0 && Double.isFinite(degrees),
        "degreesOfFreedom must be positive and finite, got %s",
        degrees);
  }

  private static void requireFixed(MixtureSpec spec, double[] scales) {
    long expected = spec.columns().scaleCount();
    require(scales.length == expected, "Expected %s fixed scales, got %s", expected, scales.length);
    for (double scale : scales) {
      require(
          scale > 0 && Double.isFinite(scale),
          "Fixed scales must be positive and finite, got %s",
          Arrays.toString(scales));
    }
    require(
        spec.scaleFloor() == 0,
        "Fixed scales need no floor; expected scaleFloor 0, got %s",
        spec.scaleFloor());
  }
}
