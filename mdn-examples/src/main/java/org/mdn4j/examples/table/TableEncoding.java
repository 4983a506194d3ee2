/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.DoubleWritable;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * How a table's columns become a model's numbers: features by name, categories as one column each
 * by DataVec's one-hot transform. It is kept with the model.
 *
 * @param target the column that is predicted
 * @param features the others, in the order of the training file
 */
record TableEncoding(
    @JsonProperty("target") String target, @JsonProperty("features") List<Feature> features) {

  /**
   * A column.
   *
   * @param name in the header
   * @param categories its values in alphabetical order; empty for a number
   */
  record Feature(
      @JsonProperty("name") String name, @JsonProperty("categories") List<String> categories) {}

  /**
   * Learns names and categories.
   *
   * @throws UserError if there is no such column, or no feature, or a category is missing
   */
  static TableEncoding of(CsvTable table, String target, List<String> categorical) {
    int targetColumn = table.indexOf(target);
    Program.require(
        table.columns().size() > 1,
        "%s has no column beside \"%s\" to predict it from",
        table.file(),
        target);
    categorical.forEach(table::indexOf);
    Program.require(
        !categorical.contains(target),
        "The target \"%s\" must be a number, not a category",
        target);
    List<Feature> features = new ArrayList<>();
    for (int column = 0; column < table.columns().size(); column++) {
      if (column != targetColumn) {
        String name = table.columns().get(column);
        features.add(
            new Feature(name, categorical.contains(name) ? categories(table, column) : List.of()));
      }
    }
    return new TableEncoding(target, features);
  }

  private static List<String> categories(CsvTable table, int column) {
    for (int row = 0; row < table.rows().size(); row++) {
      if (table.isMissing(row, column)) {
        throw table.problem(row, column, "a category");
      }
    }
    return List.copyOf(new TreeSet<>(table.rows().stream().map(row -> row.get(column)).toList()));
  }

  /**
   * The features of a table, {@code [N][C]}.
   *
   * @throws UserError if a column is missing, a cell is not a finite number, or a category is not
   *     one of those learned; it says line and column
   */
  double[][] features(CsvTable table) {
    int[] columns = features.stream().mapToInt(feature -> table.indexOf(feature.name())).toArray();
    TransformProcess oneHot = oneHot();
    double[][] numbers = new double[table.rows().size()][];
    for (int row = 0; row < numbers.length; row++) {
      List<Writable> record = new ArrayList<>();
      for (int i = 0; i < columns.length; i++) {
        record.add(cell(table, row, columns[i], features.get(i)));
      }
      numbers[row] = oneHot.execute(record).stream().mapToDouble(Writable::toDouble).toArray();
    }
    return numbers;
  }

  /** The features' names; of a category, the column's and its own. */
  List<String> featureNames() {
    return features.stream()
        .flatMap(
            feature ->
                feature.categories().isEmpty()
                    ? Stream.of(feature.name())
                    : feature.categories().stream().map(one -> feature.name() + " " + one))
        .toList();
  }

  /**
   * The targets of a table, {@code [N][1]}.
   *
   * @throws UserError if the column is missing or a cell is not a finite number
   */
  double[][] targets(CsvTable table) {
    int column = table.indexOf(target);
    double[][] numbers = new double[table.rows().size()][1];
    for (int row = 0; row < numbers.length; row++) {
      numbers[row][0] = number(table, row, column, "a finite number");
    }
    return numbers;
  }

  private static Writable cell(CsvTable table, int row, int column, Feature feature) {
    if (feature.categories().isEmpty()) {
      return new DoubleWritable(
          number(table, row, column, "a finite number (or a column that --categorical names)"));
    }
    String category = table.rows().get(row).get(column);
    if (!feature.categories().contains(category)) {
      throw table.problem(
          row,
          column,
          feature.categories().stream()
              .map(CsvTable::quoted)
              .collect(Collectors.joining(", ", "one of ", "")));
    }
    return new Text(category);
  }

  /** By BigDecimal, because Double.parseDouble takes "5d" for a number. */
  private static double number(CsvTable table, int row, int column, String expected) {
    double number;
    try {
      number = new BigDecimal(table.rows().get(row).get(column)).doubleValue();
    } catch (NumberFormatException e) {
      throw table.problem(row, column, expected);
    }
    if (!Double.isFinite(number)) {
      throw table.problem(row, column, expected);
    }
    return number;
  }

  private TransformProcess oneHot() {
    Schema.Builder schema = new Schema.Builder();
    List<String> categorical = new ArrayList<>();
    // numbered, because one-hot makes names of its own that could meet those of the file
    for (int i = 0; i < features.size(); i++) {
      String name = "feature" + i;
      if (features.get(i).categories().isEmpty()) {
        schema.addColumnDouble(name);
      } else {
        schema.addColumnCategorical(name, features.get(i).categories());
        categorical.add(name);
      }
    }
    TransformProcess.Builder transform = new TransformProcess.Builder(schema.build());
    if (!categorical.isEmpty()) {
      transform.categoricalToOneHot(categorical.toArray(String[]::new));
    }
    return transform.build();
  }
}
