/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

import static org.mdn4j.Arguments.require;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a {@link Frame}'s columns are for: targets, which are predicted, row weights, groups of
 * rows, and columns that are left out. All others are features. Immutable.
 */
public final class ColumnRoles {
  private final List<String> targets;
  private final String weights; // or null
  private final String groups; // or null
  private final Set<String> excluded;

  private ColumnRoles(List<String> targets, String weights, String groups, Set<String> excluded) {
    this.targets = List.copyOf(targets);
    this.weights = weights;
    this.groups = groups;
    this.excluded = Set.copyOf(excluded);
    require(!targets.isEmpty(), "Expected at least one target, got none");
    List<String> all = new ArrayList<>(targets);
    weights().ifPresent(all::add);
    groups().ifPresent(all::add);
    all.addAll(excluded);
    Set<String> seen = new HashSet<>();
    for (String name : all) {
      require(seen.add(name), "Expected one role for each column, '%s' has two", name);
    }
  }

  /**
   * Returns roles by which all columns but these are features.
   *
   * @param names of the columns that are predicted, which must hold numbers
   * @return the roles
   * @throws IllegalArgumentException if none is given, or one twice
   */
  public static ColumnRoles targets(String... names) {
    return new ColumnRoles(List.of(names), null, null, Set.of());
  }

  /**
   * Returns these roles with a column of row weights.
   *
   * @param name of a column of numbers of at least 0
   * @return the roles
   * @throws IllegalArgumentException if it has another role
   */
  public ColumnRoles weights(String name) {
    return new ColumnRoles(targets, name, groups, excluded);
  }

  /**
   * Returns these roles with a column of groups: rows with the same cell there are all trained on,
   * or all validate.
   *
   * @param name of a column of any kind; a row without a cell is a group of its own
   * @return the roles
   * @throws IllegalArgumentException if it has another role
   */
  public ColumnRoles groups(String name) {
    return new ColumnRoles(targets, weights, name, excluded);
  }

  /**
   * Returns these roles with columns that are left out.
   *
   * @param names of the columns, such as row numbers
   * @return the roles
   * @throws IllegalArgumentException if one has another role
   */
  public ColumnRoles exclude(String... names) {
    Set<String> all = new HashSet<>(excluded);
    all.addAll(List.of(names));
    return new ColumnRoles(targets, weights, groups, all);
  }

  /**
   * Returns the names of the targets.
   *
   * @return D names
   */
  public List<String> targets() {
    return targets;
  }

  /**
   * Returns the name of the column of row weights.
   *
   * @return the name, if there is one
   */
  public Optional<String> weights() {
    return Optional.ofNullable(weights);
  }

  /**
   * Returns the name of the column of groups.
   *
   * @return the name, if there is one
   */
  public Optional<String> groups() {
    return Optional.ofNullable(groups);
  }

  /**
   * Returns the names of the features of a frame.
   *
   * @param frame a frame
   * @return the columns without another role, in order
   * @throws IllegalArgumentException if a column that has a role is not there, or no feature is
   *     left
   */
  public List<String> features(Frame frame) {
    Set<String> others = new HashSet<>(targets);
    weights().ifPresent(others::add);
    groups().ifPresent(others::add);
    others.addAll(excluded);
    for (String name : others) {
      require(frame.has(name), "Expected a column '%s', there are %s", name, frame.names());
    }
    List<String> features = frame.names().stream().filter(name -> !others.contains(name)).toList();
    require(!features.isEmpty(), "Expected a column of features beside %s, got none", others);
    return features;
  }
}
