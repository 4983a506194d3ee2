/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

import static org.mdn4j.Arguments.require;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.datavec.api.transform.ColumnType;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.NullWritable;
import org.datavec.api.writable.Writable;

/** Frames of DataVec's rows. */
final class DataVecRows {
  private DataVecRows() {}

  static Frame frame(TransformProcess transform, List<List<Writable>> rows) {
    List<List<Writable>> results = new ArrayList<>();
    for (List<Writable> row : rows) {
      List<Writable> result = transform.execute(row);
      if (result != null) { // filtered
        results.add(result);
      }
    }
    return frame(transform.getFinalSchema(), results);
  }

  static Frame frame(Schema schema, List<List<Writable>> rows) {
    for (int row = 0; row < rows.size(); row++) {
      require(
          rows.get(row).size() == schema.numColumns(),
          "Expected %d cells in each row, as many as columns, got %d in row %d",
          schema.numColumns(),
          rows.get(row).size(),
          row);
    }
    Frame.Builder builder = Frame.builder();
    for (int c = 0; c < schema.numColumns(); c++) {
      int column = c;
      add(
          builder,
          schema.getName(c),
          schema.getType(c),
          rows.stream().map(row -> row.get(column)).toList());
    }
    return builder.build();
  }

  private static void add(
      Frame.Builder builder, String name, ColumnType type, List<Writable> cells) {
    switch (type) {
      case Integer, Long, Float, Double ->
          builder.numbers(
              name,
              IntStream.range(0, cells.size())
                  .mapToDouble(row -> number(name, row, cells.get(row)))
                  .toArray());
      case String, Categorical ->
          builder.categories(
              name,
              cells.stream()
                  .map(cell -> isMissing(cell) ? null : cell.toString())
                  .toArray(String[]::new));
      case Boolean ->
          builder.booleans(
              name,
              IntStream.range(0, cells.size())
                  .mapToObj(row -> bool(name, row, cells.get(row)))
                  .toArray(Boolean[]::new));
      case Time ->
          builder.dates(
              name,
              IntStream.range(0, cells.size())
                  .mapToObj(
                      row ->
                          isMissing(cells.get(row))
                              ? null
                              : Instant.ofEpochMilli((long) number(name, row, cells.get(row))))
                  .toArray(Instant[]::new));
      default ->
          throw new IllegalArgumentException(
              "Expected numbers, categories, strings, booleans or times, column '%s' is of type %s"
                  .formatted(name, type));
    }
  }

  private static boolean isMissing(Writable cell) {
    return cell == null || cell instanceof NullWritable || cell.toString().isBlank();
  }

  private static double number(String name, int row, Writable cell) {
    if (isMissing(cell)) {
      return Double.NaN;
    }
    try {
      return Double.parseDouble(cell.toString());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "Expected a number in column '%s', row %s, got '%s'".formatted(name, row, cell), e);
    }
  }

  private static Boolean bool(String name, int row, Writable cell) {
    if (isMissing(cell)) {
      return null;
    }
    String text = cell.toString();
    require(
        Objects.equals(text, "true") || Objects.equals(text, "false"),
        "Expected true or false in column '%s', row %d, got '%s'",
        name,
        row,
        cell);
    return Boolean.valueOf(text);
  }
}
