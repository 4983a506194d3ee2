/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.ColumnSummary;

/**
 * The columns of a table that a model takes and gives.
 *
 * @param inputs those that it predicts from, in the order of the training file
 * @param targets those that it predicts
 */
record TableColumns(List<Input> inputs, TargetColumns targets) {

  /**
   * A column that a model predicts from.
   *
   * @param name in the header
   * @param kind of its cells
   */
  record Input(String name, ColumnKind kind) {}

  /** Returns the columns of a regressor that was fitted to a frame. */
  static TableColumns of(MixtureRegressor regressor, TargetColumns targets) {
    List<ColumnSummary> columns = regressor.report().columns();
    return new TableColumns(
        columns.stream().map(column -> new Input(column.name(), column.kind())).toList(), targets);
  }

  /** Returns the names of the inputs. */
  List<String> inputNames() {
    return inputs.stream().map(Input::name).toList();
  }

  /**
   * Returns the inputs of a table's rows.
   *
   * @throws UserError if a column is not there, or a cell is not of its column's kind
   */
  Frame frame(CsvTable table) {
    inputNames().forEach(table::indexOf);
    Map<String, ColumnKind> kinds = new HashMap<>();
    inputs.forEach(input -> kinds.put(input.name(), input.kind()));
    return CsvFrame.of(table.select(inputNames()), kinds);
  }

  /**
   * Returns the numbers of some columns, {@code [N][columns]}.
   *
   * @throws UserError if a column is not there, or a cell is missing or not a finite number; it
   *     says line and column
   */
  static double[][] numbers(CsvTable table, List<String> columns) {
    int[] indices = columns.stream().mapToInt(table::indexOf).toArray();
    return IntStream.range(0, table.rows().size())
        .mapToObj(row -> numbers(table, row, indices))
        .toArray(double[][]::new);
  }

  private static double[] numbers(CsvTable table, int row, int[] columns) {
    return IntStream.of(columns)
        .mapToDouble(column -> table.number(row, column, "a finite number"))
        .toArray();
  }

  /**
   * Checks that there is a column beside the targets, and that these are no categories.
   *
   * @param table all of whose columns are targets or inputs
   */
  static void requireRoles(CsvTable table, TargetColumns targets, List<String> categorical) {
    List<String> names = targets.all();
    Program.require(
        table.columns().size() > names.size(),
        "%s has no column beside %s to predict %s from",
        table.file(),
        CsvTable.quoted(names),
        names.size() == 1 ? "it" : "them");
    for (String name : names) {
      Program.require(
          !categorical.contains(name),
          "The target %s must be a number, not a category",
          CsvTable.quoted(name));
    }
  }
}
