/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.nd4j.shade.jackson.annotation.JsonAlias;
import org.nd4j.shade.jackson.annotation.JsonFormat;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The encoding of a table's columns as a model's numbers: features by name, a category as one
 * column per name it may have, 1 in its own and 0 in the others. It is kept with the model.
 *
 * @param targets the columns that are predicted
 * @param features the others, in the order of the training file
 * @param counts how many training rows had each category, {@code [features][categories]}; files of
 *     older versions have none, and each category counts once
 * @param dialect how the training file was written; {@link CsvDialect#DEFAULT} in files of older
 *     versions
 */
record TableEncoding(
    @JsonProperty("targets")
        @JsonAlias("target")
        @JsonFormat(with = JsonFormat.Feature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
        List<String> targets,
    @JsonProperty("features") List<Feature> features,
    @JsonProperty("counts") List<List<Integer>> counts,
    @JsonProperty("dialect") CsvDialect dialect) {
  private static final String A_NUMBER = "a finite number (or a column that --categorical names)";

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

  TableEncoding {
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

  /**
   * Creates the encoding of a table from its names and categories.
   *
   * @param table all of whose columns are targets or features
   * @param target one column, or several separated by commas
   * @throws UserError if there is no such column, or no feature, or a category is missing
   */
  static TableEncoding of(CsvTable table, String target, List<String> categorical) {
    List<String> targets = table.named(List.of(target));
    List<String> categories = table.named(categorical);
    Program.require(
        table.columns().size() > targets.size(),
        "%s has no column beside %s to predict %s from",
        table.file(),
        CsvTable.quoted(targets),
        targets.size() == 1 ? "it" : "them");
    for (String name : targets) {
      Program.require(
          !categories.contains(name),
          "The target %s must be a number, not a category",
          CsvTable.quoted(name));
    }
    List<Feature> features = new ArrayList<>();
    List<List<Integer>> counts = new ArrayList<>();
    for (String name : table.columns()) {
      int column = table.indexOf(name);
      if (!targets.contains(name)) {
        Map<String, Integer> found =
            categories.contains(name) ? categories(table, column) : Map.of();
        features.add(new Feature(name, List.copyOf(found.keySet())));
        counts.add(List.copyOf(found.values()));
      }
    }
    return new TableEncoding(targets, features, counts, table.dialect());
  }

  /** Returns how often each category occurs, in alphabetical order. */
  private static SortedMap<String, Integer> categories(CsvTable table, int column) {
    SortedMap<String, Integer> found = new TreeMap<>();
    for (int row = 0; row < table.rows().size(); row++) {
      if (table.isMissing(row, column)) {
        throw table.problem(row, column, "a category");
      }
      found.merge(table.cell(row, column), 1, Integer::sum);
    }
    return found;
  }

  /**
   * Returns the features of a table, {@code [N][C]}.
   *
   * @throws UserError if a column is missing, a cell is not a finite number, or a category is not
   *     one of those learned; it says line and column
   */
  double[][] features(CsvTable table) {
    return features(table, null);
  }

  /**
   * Returns the features of a table, {@code [N][C]}; a category that was never seen is 0 in all its
   * columns.
   *
   * @param unseen hears of such cells; null if there must not be any
   * @throws UserError as {@link #features(CsvTable)}
   */
  double[][] features(CsvTable table, UnseenCategories unseen) {
    double[][] numbers = new double[table.rows().size()][width()];
    int place = 0;
    for (int i = 0; i < features.size(); i++) {
      Feature feature = features.get(i);
      int column = table.indexOf(feature.name());
      Map<String, Integer> places = feature.places();
      for (int row = 0; row < numbers.length; row++) {
        if (places.isEmpty()) {
          numbers[row][place] = table.number(row, column, A_NUMBER);
          continue;
        }
        Integer known = places.get(table.cell(row, column));
        if (known != null) {
          numbers[row][place + known] = 1;
        } else if (unseen == null || table.isMissing(row, column)) {
          throw table.problem(row, column, "one of " + CsvTable.quoted(feature.categories()));
        } else {
          unseen.add(row, i, table.cell(row, column));
        }
      }
      place += feature.width();
    }
    return numbers;
  }

  /** Returns the number of the model's inputs that all features have. */
  int width() {
    return place(features.size());
  }

  /** Returns the place of a feature's first input in a row. */
  int place(int feature) {
    return features.stream().limit(feature).mapToInt(Feature::width).sum();
  }

  /**
   * Returns the targets of a table, {@code [N][D]}.
   *
   * @throws UserError if a column is missing or a cell is not a finite number
   */
  double[][] targets(CsvTable table) {
    int[] columns = targets.stream().mapToInt(table::indexOf).toArray();
    return IntStream.range(0, table.rows().size())
        .mapToObj(row -> targets(table, row, columns))
        .toArray(double[][]::new);
  }

  private static double[] targets(CsvTable table, int row, int[] columns) {
    return IntStream.of(columns)
        .mapToDouble(column -> table.number(row, column, "a finite number"))
        .toArray();
  }

  /**
   * Returns the targets of a table that need not have any, {@code [N][D]}; null for a row in which
   * one is missing.
   *
   * @throws UserError if a cell is neither missing nor a finite number
   */
  double[][] knownTargets(CsvTable table) {
    double[][] known = new double[table.rows().size()][];
    if (table.columns().containsAll(targets)) {
      int[] columns = targets.stream().mapToInt(table::indexOf).toArray();
      for (int row = 0; row < known.length; row++) {
        int one = row;
        if (IntStream.of(columns).noneMatch(column -> table.isMissing(one, column))) {
          known[row] = targets(table, row, columns);
        }
      }
    }
    return known;
  }
}
