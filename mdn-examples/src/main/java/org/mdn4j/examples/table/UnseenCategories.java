/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The cells whose category did not occur when a model was trained. It is then unknown, as likely to
 * be one of the known ones as a training row was: the prediction is the mixture of those with each.
 */
final class UnseenCategories {
  private static final int MOST_GUESSES = 200;
  private static final int MOST_NAMED = 5;

  private final TableEncoding encoding;
  private final SortedMap<Integer, List<Integer>> features = new TreeMap<>(); // of each row
  private final SortedMap<String, Integer> cells = new TreeMap<>(); // by column and category

  /**
   * A row with known categories in place of unknown ones.
   *
   * @param features of a row
   * @param weight how likely, relative to the row's other guesses
   */
  record Guess(double[] features, double weight) {}

  /** Creates a collection that is empty so far. */
  UnseenCategories(TableEncoding encoding) {
    this.encoding = encoding;
  }

  void add(int row, int feature, String category) {
    features.computeIfAbsent(row, unused -> new ArrayList<>()).add(feature);
    String column = CsvTable.quoted(encoding.features().get(feature).name());
    cells.merge(column + " " + CsvTable.quoted(category), 1, Integer::sum);
  }

  boolean isEmpty() {
    return features.isEmpty();
  }

  boolean isIn(int row) {
    return features.containsKey(row);
  }

  /**
   * Returns the rows that may stand in place of a row: every combination of known categories, of
   * many the {@value #MOST_GUESSES} likeliest.
   *
   * @param row its number
   * @param numbers its features, in which an unknown category is 0 in all its columns
   */
  List<Guess> guesses(int row, double[] numbers) {
    List<Guess> guesses = List.of(new Guess(numbers, 1));
    for (int feature : features.get(row)) {
      int place = encoding.place(feature);
      List<Integer> counts = encoding.counts().get(feature);
      List<Guess> longer = new ArrayList<>();
      for (Guess guess : guesses) {
        for (int i = 0; i < counts.size(); i++) {
          double[] known = guess.features().clone();
          known[place + i] = 1;
          longer.add(new Guess(known, guess.weight() * counts.get(i)));
        }
      }
      guesses =
          longer.stream()
              .sorted(Comparator.comparingDouble(Guess::weight).reversed())
              .limit(MOST_GUESSES)
              .toList();
    }
    return guesses;
  }

  /** Returns one line that counts them. */
  @Override
  public String toString() {
    String named =
        cells.entrySet().stream()
            .limit(MOST_NAMED)
            .map(entry -> entry.getKey() + " (" + entry.getValue() + ")")
            .collect(Collectors.joining(", "));
    int count = cells.values().stream().mapToInt(one -> one).sum();
    return "%d %s in %d %s with a category that training never saw, taken as unknown: %s%s"
        .formatted(
            count,
            count == 1 ? "cell" : "cells",
            features.size(),
            features.size() == 1 ? "row" : "rows",
            named,
            cells.size() > MOST_NAMED ? ", …" : "");
  }
}
