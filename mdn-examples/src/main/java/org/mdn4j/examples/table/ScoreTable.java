/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Scores of several models on the same rows, as texts.
 *
 * @param scores names of the scores
 * @param models names of the models
 * @param texts of each model one per score, empty where it has none
 */
record ScoreTable(List<String> scores, List<String> models, List<List<String>> texts) {

  /** Returns the scores of one model. */
  static ScoreTable of(String model, List<TestScore> scores) {
    return new ScoreTable(
        scores.stream().map(TestScore::name).toList(),
        List.of(model),
        List.of(scores.stream().map(TestScore::text).toList()));
  }

  /** Returns these scores and those of another model, which may have fewer. */
  ScoreTable with(String model, List<TestScore> others) {
    Function<String, String> text =
        name ->
            others.stream()
                .filter(score -> score.name().equals(name))
                .map(TestScore::text)
                .findFirst()
                .orElse("");
    List<String> names = new ArrayList<>(models);
    names.add(model);
    List<List<String>> all = new ArrayList<>(texts);
    all.add(scores.stream().map(text).toList());
    return new ScoreTable(scores, names, all);
  }

  /** Returns the texts of one score, one per model. */
  List<String> row(int score) {
    return texts.stream().map(model -> model.get(score)).toList();
  }

  /** Returns lines of text, under a line of the models' names. */
  @Override
  public String toString() {
    List<List<String>> lines = new ArrayList<>();
    lines.add(line("", models));
    for (int i = 0; i < scores.size(); i++) {
      lines.add(line(scores.get(i), row(i)));
    }
    return aligned(lines);
  }

  private static List<String> line(String first, List<String> others) {
    List<String> line = new ArrayList<>(List.of(first));
    line.addAll(others);
    return line;
  }

  /** Returns lines of cells as text, all cells of a column equally wide. */
  static String aligned(List<List<String>> lines) {
    int[] widths =
        IntStream.range(0, lines.get(0).size())
            .map(column -> lines.stream().mapToInt(it -> it.get(column).length()).max().orElse(0))
            .toArray();
    return lines.stream()
        .map(
            line ->
                IntStream.range(0, widths.length)
                    .mapToObj(i -> String.format(Locale.ROOT, "%-" + widths[i] + "s", line.get(i)))
                    .collect(Collectors.joining("  "))
                    .stripTrailing())
        .collect(Collectors.joining(System.lineSeparator()));
  }
}
