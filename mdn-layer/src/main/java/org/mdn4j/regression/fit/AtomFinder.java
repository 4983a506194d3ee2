/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import java.util.ArrayList;
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
 */
final class AtomFinder {
  private static final double LEAST_SHARE = 0.05;
  private static final double TIMES_NEXT = 5;

  private final List<Double> values = new ArrayList<>(); // ascending
  private final List<Double> shares = new ArrayList<>(); // of all rows

  private AtomFinder(Table targets, float[] weights) {
    Map<Double, Double> sums = new TreeMap<>();
    double total = 0;
    for (int row = 0; row < targets.rows(); row++) {
      double weight = weights == null ? 1 : weights[row];
      sums.merge(targets.get(row, 0) + 0.0, weight, Double::sum); // −0 is 0
      total += weight;
    }
    for (Map.Entry<Double, Double> sum : sums.entrySet()) {
      values.add(sum.getKey());
      shares.add(sum.getValue() / total);
    }
  }

  /**
   * Returns the atoms.
   *
   * @param targets of the fit
   * @param weights of the rows, or null
   * @return ascending; none of several targets
   */
  static List<Double> find(Table targets, float[] weights) {
    return targets.columns() == 1 ? new AtomFinder(targets, weights).find() : List.of();
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

  /** Returns the shares of atoms. */
  static List<FitReport.Atom> shares(List<Double> atoms, Table targets, float[] weights) {
    Atoms rule = rule(atoms);
    double[] sums = new double[atoms.size()];
    double total = 0;
    for (int row = 0; row < targets.rows(); row++) {
      double weight = weights == null ? 1 : weights[row];
      int atom = rule.indexOf(targets.get(row, 0));
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
    return IntStream.range(0, targets.rows())
        .filter(row -> rule.indexOf(targets.get(row, 0)) < 0)
        .toArray();
  }

  private static Atoms rule(List<Double> atoms) {
    return new Atoms(atoms.stream().mapToDouble(atom -> atom).toArray());
  }
}
