/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.UnseenCategory;
import org.nd4j.shade.jackson.annotation.JsonAlias;
import org.nd4j.shade.jackson.annotation.JsonFormat;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The columns of a model that a version before frames wrote: features by name, a category as one
 * column per name it may have, 1 in its own and 0 in the others. A category that training never saw
 * is as likely to be one of the known ones as a training row was: the prediction is the mixture of
 * those with each.
 *
 * @param targets the columns that are predicted
 * @param features the others, in the order of the training file
 * @param counts how many training rows had each category, {@code [features][categories]}; files of
 *     the first version have none, and each category counts once
 * @param dialect how the training file was written; {@link CsvDialect#DEFAULT} in files of the
 *     first version
 */
record OneHotColumns(
    @JsonProperty("targets")
        @JsonAlias("target")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> targets,
    @JsonProperty("features") List<Feature> features,
    @JsonProperty("counts") List<List<Integer>> counts,
    @JsonProperty("dialect") CsvDialect dialect) {
  private static final int MOST_GUESSES = 200;

  /**
   * A column of features.
   *
   * @param name in the header
   * @param categories its values in alphabetical order; empty for a number
   */
  record Feature(
      @JsonProperty("name") String name, @JsonProperty("categories") List<String> categories) {

    Feature {
      Objects.requireNonNull(name);
      categories = List.copyOf(categories);
    }

    /** Returns the number of the model's inputs that it has. */
    int width() {
      return Math.max(1, categories.size());
    }

    /**
     * Returns the places of the categories among these inputs, each as {@link CsvDialect#text}
     * writes it.
     */
    Map<String, Integer> places() {
      return IntStream.range(0, categories.size())
          .boxed()
          .collect(Collectors.toMap(i -> CsvDialect.text(categories.get(i)), i -> i, (i, j) -> i));
    }
  }

  OneHotColumns {
    targets = List.copyOf(targets);
    features = List.copyOf(features);
    counts =
        counts == null
            ? features.stream().map(one -> Collections.nCopies(one.categories().size(), 1)).toList()
            : List.copyOf(counts);
    List<Integer> widths = features.stream().map(one -> one.categories().size()).toList();
    if (!widths.equals(counts.stream().map(List::size).toList())) {
      throw new IllegalArgumentException(
          "Expected a count for each category of each feature, %s, got %s"
              .formatted(widths, counts));
    }
    if (counts.stream().flatMap(List::stream).anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("Expected counts of at least 1, got " + counts);
    }
    dialect = dialect == null ? CsvDialect.DEFAULT : dialect;
  }

  /** Returns the columns as models of today have them. */
  TableColumns columns() {
    return new TableColumns(
        features.stream()
            .map(
                one ->
                    new TableColumns.Input(
                        one.name(),
                        one.categories().isEmpty() ? ColumnKind.NUMBER : ColumnKind.CATEGORY))
            .toList(),
        TargetColumns.values(targets));
  }

  /** Returns the number of the model's inputs that all features have. */
  int width() {
    return place(features.size());
  }

  /** Returns the place of a feature's first input in a row. */
  private int place(int feature) {
    return features.stream().limit(feature).mapToInt(Feature::width).sum();
  }

  /**
   * Predicts the rows of a table.
   *
   * @throws UserError if a column is missing, or a cell is missing or not a finite number
   */
  TableModel.Answers predict(MixtureRegressor regressor, CsvTable table) {
    List<UnseenCategory> unseen = new ArrayList<>();
    double[][] numbers = numbers(table, unseen);
    Map<Integer, List<Integer>> unknown = new HashMap<>(); // features of each row
    List<String> names = features.stream().map(Feature::name).toList();
    unseen.forEach(
        cell ->
            unknown
                .computeIfAbsent(cell.row(), unused -> new ArrayList<>())
                .add(names.indexOf(cell.column())));
    MixtureBatch predicted = regressor.predict(numbers);
    IntFunction<Mixture> mixtures =
        row ->
            unknown.containsKey(row)
                ? pooled(regressor, guesses(numbers[row], unknown.get(row)))
                : predicted.get(row);
    return new TableModel.Answers(mixtures, unseen, null);
  }

  /**
   * Returns the features of a table, {@code [N][C]}; a category that was never seen is 0 in all its
   * columns.
   *
   * @param unseen such cells are added to it
   */
  private double[][] numbers(CsvTable table, List<UnseenCategory> unseen) {
    double[][] numbers = new double[table.rows().size()][width()];
    int place = 0;
    for (Feature feature : features) {
      int column = table.indexOf(feature.name());
      Map<String, Integer> places = feature.places();
      for (int row = 0; row < numbers.length; row++) {
        if (places.isEmpty()) {
          numbers[row][place] = table.number(row, column, "a finite number");
          continue;
        }
        Integer known = places.get(table.cell(row, column));
        if (known != null) {
          numbers[row][place + known] = 1;
        } else if (table.isMissing(row, column)) {
          throw table.problem(row, column, "one of " + CsvTable.quoted(feature.categories()));
        } else {
          unseen.add(new UnseenCategory(row, feature.name(), table.cell(row, column)));
        }
      }
      place += feature.width();
    }
    return numbers;
  }

  /** A row with known categories in place of unknown ones, and how likely it is. */
  private record Guess(double[] features, double weight) {}

  /**
   * Returns the rows that may stand in place of a row: every combination of known categories, of
   * many the {@value #MOST_GUESSES} likeliest.
   */
  private List<Guess> guesses(double[] numbers, List<Integer> unknown) {
    List<Guess> guesses = List.of(new Guess(numbers, 1));
    for (int feature : unknown) {
      int place = place(feature);
      List<Integer> of = counts.get(feature);
      List<Guess> longer = new ArrayList<>();
      for (Guess guess : guesses) {
        for (int i = 0; i < of.size(); i++) {
          double[] known = guess.features().clone();
          known[place + i] = 1;
          longer.add(new Guess(known, guess.weight() * of.get(i)));
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

  /** Returns the mixture of what each guess predicts. */
  private static Mixture pooled(MixtureRegressor regressor, List<Guess> guesses) {
    MixtureBatch predicted =
        regressor.predict(guesses.stream().map(Guess::features).toArray(double[][]::new));
    List<Mixture> mixtures = IntStream.range(0, guesses.size()).mapToObj(predicted::get).toList();
    double[] weights = // [guesses · K], as the arrays below
        IntStream.range(0, guesses.size())
            .boxed()
            .flatMapToDouble(
                n ->
                    Arrays.stream(mixtures.get(n).weights())
                        .map(weight -> weight * guesses.get(n).weight()))
            .toArray();
    return Mixture.gaussian(
        weights,
        mixtures.stream().flatMap(one -> Arrays.stream(one.means())).toArray(double[][]::new),
        mixtures.stream()
            .flatMap(one -> Arrays.stream(one.covariances()))
            .toArray(double[][][]::new));
  }
}
