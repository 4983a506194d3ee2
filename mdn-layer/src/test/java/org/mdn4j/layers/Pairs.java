/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Chooses records of which every pair of components that occurs in all of them occurs in one. */
final class Pairs {
  private record Pair(int first, Object firstValue, int second, Object secondValue) {}

  /** What is told apart by the values of several settings. */
  interface Combination {
    /** The settings' values, always in the same order. */
    List<Object> values();
  }

  private Pairs() {}

  /** The next is always that which shows the most new pairs; the first of several. */
  static <T extends Combination> List<T> cover(List<T> all) {
    Set<Pair> missing = new HashSet<>();
    all.forEach(one -> missing.addAll(pairs(one)));
    List<T> chosen = new ArrayList<>();
    while (!missing.isEmpty()) {
      T next =
          all.stream()
              .max(
                  Comparator.comparingLong(
                      one -> pairs(one).stream().filter(missing::contains).count()))
              .orElseThrow();
      missing.removeAll(pairs(next));
      chosen.add(next);
    }
    return chosen;
  }

  private static Set<Pair> pairs(Combination one) {
    Set<Pair> pairs = new HashSet<>();
    List<Object> values = one.values();
    for (int first = 0; first < values.size(); first++) {
      for (int second = first + 1; second < values.size(); second++) {
        pairs.add(new Pair(first, values.get(first), second, values.get(second)));
      }
    }
    return pairs;
  }
}
