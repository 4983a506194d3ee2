/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.mdn4j.Atoms;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.report.FitReport;

/**
 * Finds the values of one target that have a probability of their own: those that at least 5 % of
 * the rows have, five times as many as have the nearest value on either side that fewer have. There
 * is none where there is no rest, or it is on a grid: one of its values is that of 5 % of the rest.
 *
 * <p>Counts are on a grid. Of them it is the values that at least 5 % of the rows have, and 20 rows
 * have not, five times as many as have the next lower value and as have the next higher one. Of the
 * least and the largest value there is one of the two only; in place of the other stands what a
 * geometric distribution of all other values continues to: where counts fall from 0 on, 0 may be
 * frequent without an atom.
 */
final class AtomFinder {
  private static final double LEAST_SHARE = 0.05;
  private static final double TIMES_NEXT = 5;
  private static final int FEWEST_OTHERS = 20;

  private final List<Double> values = new ArrayList<>(); // ascending
  private final List<Double> shares = new ArrayList<>(); // of all rows
  private final List<Integer> rowsOf = new ArrayList<>(); // whatever their weights
  private final int rows;

  private AtomFinder(Table targets, float[] weights) {
    Map<Double, Double> sums = new TreeMap<>();
    Map<Double, Integer> counts = new HashMap<>();
    rows = targets.rows();
    double total = 0;
    for (int row = 0; row < targets.rows(); row++) {
      double weight = weights == null ? 1 : weights[row];
      double value = targets.get(row, 0) + 0.0; // −0 is 0
      sums.merge(value, weight, Double::sum);
      counts.merge(value, 1, Integer::sum);
      total += weight;
    }
    for (Map.Entry<Double, Double> sum : sums.entrySet()) {
      values.add(sum.getKey());
      shares.add(sum.getValue() / total);
      rowsOf.add(counts.get(sum.getKey()));
    }
  }

  /**
   * Returns the atoms.
   *
   * @param targets of the fit
   * @param weights of the rows, or null
   * @param counts whether the targets are counts
   * @return ascending; none of several targets
   */
  static List<Double> find(Table targets, float[] weights, boolean counts) {
    if (targets.columns() != 1) {
      return List.of();
    }
    AtomFinder finder = new AtomFinder(targets, weights);
    return counts ? finder.findInCounts() : finder.find();
  }

  private List<Double> findInCounts() {
    List<Double> atoms = new ArrayList<>();
    for (int i = 0; i < values.size(); i++) {
      if (isFrequent(i) && rows - rowsOf.get(i) >= FEWEST_OTHERS) {
        double most = Math.max(expected(i, -1), expected(i, 1));
        if (shares.get(i) >= TIMES_NEXT * most) {
          atoms.add(values.get(i));
        }
      }
    }
    return atoms;
  }

  /** Returns the share of the next value; where there is none, what the other side continues to. */
  private double expected(int i, int step) {
    int next = i + step;
    if (0 <= next && next < shares.size()) {
      return shares.get(next);
    }
    // A geometric distribution over the grid has the mean distance gap/(1 − q) from here.
    double gap = Double.POSITIVE_INFINITY; // of the grid
    double distance = 0;
    for (int j = 0; j < shares.size(); j++) {
      gap = j == 0 ? gap : Math.min(gap, values.get(j) - values.get(j - 1));
      distance += shares.get(j) * Math.abs(values.get(j) - values.get(i)) / (1 - shares.get(i));
    }
    return shares.get(i - step) / Math.max(0, 1 - gap / distance);
  }

  private List<Double> find() {
    List<Double> atoms = new ArrayList<>();
    double rest = 1;
    double most = 0; // of the rest
    for (int i = 0; i < values.size(); i++) {
      if (isFrequent(i) && isApart(i, -1) && isApart(i, 1)) {
        atoms.add(values.get(i));
        rest -= shares.get(i);
      } else {
        most = Math.max(most, shares.get(i));
      }
    }
    boolean hasRest = atoms.size() < values.size();
    return hasRest && most < LEAST_SHARE * rest ? atoms : List.of();
  }

  private boolean isFrequent(int i) {
    return shares.get(i) >= LEAST_SHARE;
  }

  private boolean isApart(int i, int step) {
    int next = i + step;
    while (0 <= next && next < values.size() && isFrequent(next)) {
      next += step;
    }
    return next < 0 || next == values.size() || shares.get(i) >= TIMES_NEXT * shares.get(next);
  }

  /** Returns the atom that one target's row is, whose ends are equal then; −1 if it is none. */
  static int atom(Atoms rule, Table targets, int row) {
    double lower = targets.get(row, 0);
    return lower == targets.get(row, targets.columns() - 1) ? rule.indexOf(lower) : -1;
  }

  /** Returns the shares of atoms. */
  static List<FitReport.Atom> shares(List<Double> atoms, Table targets, float[] weights) {
    Atoms rule = rule(atoms);
    double[] sums = new double[atoms.size()];
    double total = 0;
    for (int row = 0; row < targets.rows(); row++) {
      double weight = weights == null ? 1 : weights[row];
      int atom = atom(rule, targets, row);
      if (atom >= 0) {
        sums[atom] += weight;
      }
      total += weight;
    }
    double all = total;
    return IntStream.range(0, sums.length)
        .mapToObj(a -> new FitReport.Atom(atoms.get(a), sums[a] / all))
        .toList();
  }

  /** Returns the rows that are no atoms. */
  static int[] others(List<Double> atoms, Table targets) {
    Atoms rule = rule(atoms);
    return IntStream.range(0, targets.rows()).filter(row -> atom(rule, targets, row) < 0).toArray();
  }

  private static Atoms rule(List<Double> atoms) {
    return new Atoms(atoms.stream().mapToDouble(atom -> atom).toArray());
  }
}
