/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Objects;

/**
 * The columns of a network's raw output, in the order that {@link MixtureSpec} describes.
 *
 * <p>Immutable and safe for use by several threads.
 */
public final class OutputColumns {
  private final int components;
  private final int targets;
  private final Covariance covariance;
  private final boolean sharedScales;
  private final boolean learnedScales;
  private final boolean learnedDegrees;
  private final int atoms;

  OutputColumns(MixtureSpec spec) {
    this.components = spec.components();
    this.targets = spec.targets();
    this.covariance = spec.covariance();
    this.sharedScales = spec.sharedScales();
    this.learnedScales = spec.fixedScales().isEmpty();
    this.learnedDegrees = spec.learnsDegreesOfFreedom();
    this.atoms = spec.atoms().length;
  }

  /** Returns the number of columns, which may be more than an array can have. */
  long exactCount() {
    return components * (1L + targets)
        + (learnedScales ? scaleCount() : 0)
        + (learnedDegrees ? components : 0)
        + atoms;
  }

  /** Returns the number of scales that are not the same by definition. */
  long scaleCount() {
    return (sharedScales ? 1 : components) * (long) covariance.scaleParameters(targets);
  }

  /**
   * Returns the number of columns.
   *
   * @return P
   */
  public int count() {
    return (int) exactCount();
  }

  /**
   * Returns the columns of the mixture logits.
   *
   * @return [0, K)
   */
  public ColumnRange logits() {
    return new ColumnRange(0, components);
  }

  /**
   * Returns the columns of the locations.
   *
   * @return [K, K + K·D)
   */
  public ColumnRange locations() {
    return new ColumnRange(components, components + components * targets);
  }

  /**
   * Returns the columns of the scale parameters.
   *
   * @return the columns after the locations; none where the scales are fixed
   */
  public ColumnRange scales() {
    return new ColumnRange(locations().to(), atoms().from() - (learnedDegrees ? components : 0));
  }

  /**
   * Returns the columns of the logarithms of the degrees of freedom.
   *
   * @return [P − A − K, P − A) where they are learned, else no column
   */
  public ColumnRange degreesOfFreedom() {
    return new ColumnRange(scales().to(), atoms().from());
  }

  /**
   * Returns the columns of the atoms' logits, in the order of {@link MixtureSpec#atoms()}. They are
   * the last ones, so that all others are where they are without atoms.
   *
   * @return [P − A, P), none without atoms
   */
  public ColumnRange atoms() {
    return new ColumnRange(count() - atoms, count());
  }

  /**
   * Returns the column of one location.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return K + k·D + d
   * @throws IndexOutOfBoundsException if k or d is out of its range
   */
  public int location(int component, int target) {
    return locations().from() + locationIndex(component, target);
  }

  /**
   * Returns the place of one location among the columns of {@link #locations}.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return k·D + d
   * @throws IndexOutOfBoundsException if k or d is out of its range
   */
  public int locationIndex(int component, int target) {
    Objects.checkIndex(component, components);
    Objects.checkIndex(target, targets);
    return component * targets + target;
  }

  /**
   * Returns the column of the scale parameter that one component has for one target; for SPHERICAL
   * it is the same for all targets, with shared scales for all components.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return K + K·D + k·S + d, with d = 0 for SPHERICAL and k = 0 if shared
   * @throws IndexOutOfBoundsException if k or d is out of its range
   * @throws IllegalStateException if the scales are fixed, or the covariance is FULL
   */
  public int scale(int component, int target) {
    if (covariance == Covariance.FULL) {
      throw new IllegalStateException("FULL has no scale per target; use cholesky");
    }
    if (!learnedScales) {
      throw new IllegalStateException("Fixed scales have no column");
    }
    return locations().to() + scaleIndex(component, target);
  }

  /**
   * Returns the place of a scale among those that are not the same by definition, which is that
   * among the columns of {@link #scales} where these are learned.
   *
   * @param component k, in [0, K)
   * @param target d, in [0, D)
   * @return k·S + d, with d = 0 for SPHERICAL and k = 0 if shared
   * @throws IndexOutOfBoundsException if k or d is out of its range
   */
  public int scaleIndex(int component, int target) {
    Objects.checkIndex(component, components);
    Objects.checkIndex(target, targets);
    int scales = covariance.scaleParameters(targets);
    return (sharedScales ? 0 : component * scales) + (scales == 1 ? 0 : target);
  }

  /**
   * Returns the column of one entry of a component's Cholesky factor of the precision, for FULL.
   *
   * @param component k, in [0, K)
   * @param row row of the factor, in [0, D)
   * @param column column of the factor, in [0, row]
   * @return K + K·D + k·D(D + 1)/2 + row(row + 1)/2 + column
   * @throws IndexOutOfBoundsException if an index is out of its range
   * @throws IllegalStateException if the covariance is not FULL
   */
  public int cholesky(int component, int row, int column) {
    if (covariance != Covariance.FULL) {
      throw new IllegalStateException("Only FULL has a Cholesky factor, this is " + covariance);
    }
    return locations().to() + choleskyIndex(component, row, column);
  }

  /**
   * Returns the place of one entry of a component's factor among the columns of {@link #scales}.
   *
   * @param component k, in [0, K)
   * @param row row of the factor, in [0, D)
   * @param column column of the factor, in [0, row]
   * @return k·D(D + 1)/2 + row(row + 1)/2 + column
   * @throws IndexOutOfBoundsException if an index is out of its range
   */
  public int choleskyIndex(int component, int row, int column) {
    Objects.checkIndex(component, components);
    Objects.checkIndex(row, targets);
    Objects.checkIndex(column, row + 1);
    return component * covariance.scaleParameters(targets) + entry(row, column);
  }

  /**
   * Returns the place of an entry of a lower triangle that is stored row by row.
   *
   * @param row i, at least 0
   * @param column j, in [0, i]
   * @return i(i + 1)/2 + j
   */
  public static int entry(int row, int column) {
    return row * (row + 1) / 2 + column;
  }
}
