/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

import static org.mdn4j.Arguments.require;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.Writable;

/**
 * A table with named columns of numbers, categories, booleans and dates, any of whose cells may be
 * missing. Immutable.
 *
 * <pre>{@code
 * Frame houses =
 *     Frame.builder()
 *         .numbers("area", 120, 85, Double.NaN)
 *         .categories("town", "Ulm", "Bonn", null)
 *         .booleans("garden", true, null, false)
 *         .dates("sold", "2024-05-01", "2024-05-17", "2025-01-02")
 *         .numbers("price", 410_000, 295_000, 350_000)
 *         .build();
 * }</pre>
 */
public final class Frame {
  private final Map<String, Column> columns;
  private final int rows;

  private Frame(Collection<Column> columns) {
    require(!columns.isEmpty(), "Expected at least one column, got none");
    this.columns = new LinkedHashMap<>();
    for (Column column : columns) {
      require(
          this.columns.put(column.name(), column) == null,
          "Expected columns of different names, got '%s' twice",
          column.name());
    }
    Column first = columns.iterator().next();
    this.rows = first.rows();
    require(rows > 0, "Expected at least one row, got none");
    for (Column column : columns) {
      require(
          column.rows() == rows,
          "Expected %d cells in column '%s' as in '%s', got %d",
          rows,
          column.name(),
          first.name(),
          column.rows());
    }
  }

  /**
   * Creates a builder of a frame.
   *
   * @return a builder without columns
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Returns whether a text is a date that {@link Builder#dates(String, String...)} takes.
   *
   * @param text such as 2026-11-29, 2026-11-29T14:30 or 2026-11-29 14:30:00Z
   * @return whether it is a date as ISO 8601 writes them
   */
  public static boolean isDate(String text) {
    return IsoDates.seconds(text).isPresent();
  }

  /**
   * Creates a frame of rows of numbers.
   *
   * @param names per column
   * @param rows {@code [N][C]}; NaN for a missing cell
   * @return the frame
   * @throws IllegalArgumentException if a row has another number of cells than there are names, a
   *     cell is infinite, or two names are the same
   */
  public static Frame ofNumbers(List<String> names, double[][] rows) {
    for (int row = 0; row < rows.length; row++) {
      require(
          rows[row].length == names.size(),
          "Expected %d cells in each row, as many as names, got %d in row %d",
          names.size(),
          rows[row].length,
          row);
    }
    Builder builder = builder();
    for (int c = 0; c < names.size(); c++) {
      int column = c;
      builder.numbers(names.get(c), Arrays.stream(rows).mapToDouble(row -> row[column]).toArray());
    }
    return builder.build();
  }

  /**
   * Creates a frame of DataVec's rows. Integers, longs, floats and doubles are numbers; strings and
   * categories are categories; times are dates; a null, an empty text or a NaN is a missing cell.
   *
   * @param schema names and types of the columns
   * @param rows as a record reader of that schema gives them
   * @return the frame
   * @throws IllegalArgumentException if a column is of another type, or a cell is not of its
   *     column's type; the message names column and row
   */
  public static Frame of(Schema schema, List<List<Writable>> rows) {
    return DataVecRows.frame(schema, rows);
  }

  /**
   * Creates a frame of what a transformation makes of DataVec's rows, one after the other; rows
   * that it filters are left out.
   *
   * @param transform of steps that take one row at a time
   * @param rows of the transformation's initial schema
   * @return the frame
   * @throws IllegalArgumentException as {@link #of(Schema, List)}, or if no row is left
   */
  public static Frame of(TransformProcess transform, List<List<Writable>> rows) {
    return DataVecRows.frame(transform, rows);
  }

  /**
   * Returns how many rows there are.
   *
   * @return N, at least 1
   */
  public int rows() {
    return rows;
  }

  /**
   * Returns the names of the columns.
   *
   * @return in order
   */
  public List<String> names() {
    return List.copyOf(columns.keySet());
  }

  /**
   * Returns whether there is a column of that name.
   *
   * @param name a column
   * @return whether it is one of {@link #names()}
   */
  public boolean has(String name) {
    return columns.containsKey(name);
  }

  /**
   * Returns the kind of a column.
   *
   * @param name of the column
   * @return its kind
   * @throws IllegalArgumentException if there is no such column
   */
  public ColumnKind kind(String name) {
    return column(name).kind();
  }

  /**
   * Returns whether a cell is missing.
   *
   * @param name of the column
   * @param row from 0
   * @return whether nothing stands there
   * @throws IllegalArgumentException if there is no such column
   */
  public boolean isMissing(String name, int row) {
    return column(name).isMissing(row);
  }

  /**
   * Returns the cells of a column as numbers: numbers themselves, 1 for true and 0 for false, the
   * seconds since 1970-01-01T00:00 of dates, in UTC.
   *
   * @param name of the column
   * @return {@code [N]}, NaN where a cell is missing
   * @throws IllegalArgumentException if there is no such column, or it holds categories
   */
  public double[] numbers(String name) {
    Column column = column(name);
    require(column.numbers() != null, "Expected a column of numbers, '%s' holds categories", name);
    return column.numbers().clone();
  }

  /**
   * Returns the cells of a column of categories.
   *
   * @param name of the column
   * @return {@code [N]}, null where a cell is missing
   * @throws IllegalArgumentException if there is no such column, or it does not hold categories
   */
  public String[] categories(String name) {
    Column column = column(name);
    require(
        column.texts() != null,
        "Expected a column of categories, '%s' is of kind %s",
        name,
        column.kind());
    return column.texts().clone();
  }

  /**
   * Returns some rows.
   *
   * @param rows which, from 0, in the order that they are to have; one may come several times
   * @return a frame of these rows
   * @throws IllegalArgumentException if there is no such row, or none is asked for
   */
  public Frame select(int[] rows) {
    for (int row : rows) {
      require(
          0 <= row && row < this.rows, "Expected rows from 0 to %d, got %d", this.rows - 1, row);
    }
    return new Frame(columns.values().stream().map(column -> column.select(rows)).toList());
  }

  /**
   * Returns some columns.
   *
   * @param names which, in the order that they are to have
   * @return a frame of these columns
   * @throws IllegalArgumentException if there is no such column, or none is asked for
   */
  public Frame select(List<String> names) {
    return new Frame(names.stream().map(this::column).toList());
  }

  /**
   * Returns this frame with the columns of another one: in place of its own of the same name, and
   * behind them where it has none.
   *
   * @param other a frame of as many rows
   * @return a frame of all columns
   * @throws IllegalArgumentException if it has another number of rows
   */
  public Frame with(Frame other) {
    require(other.rows == rows, "Expected a frame of %d rows, got one of %d", rows, other.rows);
    Map<String, Column> all = new LinkedHashMap<>(columns);
    all.putAll(other.columns);
    return new Frame(all.values());
  }

  /**
   * Returns the numbers of some columns, as targets or weights are given.
   *
   * @param names of columns of numbers
   * @return {@code [N][names]}
   * @throws IllegalArgumentException if there is no such column, it does not hold numbers, or a
   *     cell is missing; the message names column and row
   */
  public double[][] numbers(List<String> names) {
    double[][] numbers = new double[rows][names.size()];
    for (int i = 0; i < names.size(); i++) {
      Column column = column(names.get(i));
      require(
          column.kind() == ColumnKind.NUMBER,
          "Expected numbers in column '%s', it is of kind %s",
          column.name(),
          column.kind());
      for (int row = 0; row < rows; row++) {
        require(
            !column.isMissing(row),
            "Expected a number in column '%s', row %d: the cell is missing",
            column.name(),
            row);
        numbers[row][i] = column.numbers()[row];
      }
    }
    return numbers;
  }

  private Column column(String name) {
    Column column = columns.get(name);
    require(column != null, "Expected a column '%s', there are %s", name, columns.keySet());
    return column;
  }

  /** Returns rows, names and kinds of the columns. */
  @Override
  public String toString() {
    return "%s rows of %s"
        .formatted(
            rows,
            columns.values().stream().map(one -> one.name() + " (" + one.kind() + ")").toList());
  }

  /** Collects the columns of a frame. */
  public static final class Builder {
    private final List<Column> columns = new ArrayList<>();

    private Builder() {}

    /**
     * Adds a column of numbers.
     *
     * @param name of the column
     * @param cells per row; NaN where one is missing
     * @return this builder
     * @throws IllegalArgumentException if a cell is infinite
     */
    public Builder numbers(String name, double... cells) {
      for (int row = 0; row < cells.length; row++) {
        require(
            !Double.isInfinite(cells[row]),
            "Expected finite numbers in column '%s', got %s in row %d",
            name,
            cells[row],
            row);
      }
      return add(name, ColumnKind.NUMBER, cells.clone(), null);
    }

    /**
     * Adds a column of categories.
     *
     * @param name of the column
     * @param cells per row; null where one is missing
     * @return this builder
     */
    public Builder categories(String name, String... cells) {
      return add(name, ColumnKind.CATEGORY, null, cells.clone());
    }

    /**
     * Adds a column of booleans.
     *
     * @param name of the column
     * @param cells per row; null where one is missing
     * @return this builder
     */
    public Builder booleans(String name, Boolean... cells) {
      double[] numbers =
          Arrays.stream(cells)
              .mapToDouble(cell -> cell == null ? Double.NaN : cell ? 1 : 0)
              .toArray();
      return add(name, ColumnKind.BOOLEAN, numbers, null);
    }

    /**
     * Adds a column of dates that are written as ISO 8601 has them, such as 2026-11-29,
     * 2026-11-29T14:30, or 2026-11-29T14:30:00Z. What has no zone counts as UTC.
     *
     * @param name of the column
     * @param cells per row; null where one is missing
     * @return this builder
     * @throws IllegalArgumentException if a cell is no such date; the message names column and row
     */
    public Builder dates(String name, String... cells) {
      return addDates(
          name,
          cells.length,
          row -> {
            OptionalDouble date =
                cells[row] == null ? OptionalDouble.of(Double.NaN) : IsoDates.seconds(cells[row]);
            require(
                date.isPresent(),
                "Expected an ISO 8601 date in column '%s', row %d, such as 2026-11-29 or"
                    + " 2026-11-29T14:30:00Z, got '%s'",
                name,
                row,
                cells[row]);
            return date.getAsDouble();
          });
    }

    /**
     * Adds a column of dates.
     *
     * @param name of the column
     * @param cells per row; null where one is missing
     * @return this builder
     */
    public Builder dates(String name, LocalDate... cells) {
      return addDates(
          name,
          cells.length,
          row -> seconds(cells[row] == null ? null : cells[row].atStartOfDay()));
    }

    /**
     * Adds a column of dates with a time of day, which counts as UTC.
     *
     * @param name of the column
     * @param cells per row; null where one is missing
     * @return this builder
     */
    public Builder dates(String name, LocalDateTime... cells) {
      return addDates(name, cells.length, row -> seconds(cells[row]));
    }

    /**
     * Adds a column of points in time.
     *
     * @param name of the column
     * @param cells per row; null where one is missing
     * @return this builder
     */
    public Builder dates(String name, Instant... cells) {
      return addDates(
          name,
          cells.length,
          row ->
              seconds(
                  cells[row] == null ? null : LocalDateTime.ofInstant(cells[row], ZoneOffset.UTC)));
    }

    private static double seconds(LocalDateTime date) {
      return date == null ? Double.NaN : IsoDates.seconds(date);
    }

    private Builder addDates(String name, int rows, IntToDoubleFunction secondsOf) {
      return add(
          name, ColumnKind.DATE, IntStream.range(0, rows).mapToDouble(secondsOf).toArray(), null);
    }

    private Builder add(String name, ColumnKind kind, double[] numbers, String[] texts) {
      columns.add(new Column(name, kind, numbers, texts));
      return this;
    }

    /**
     * Creates the frame.
     *
     * @return the frame
     * @throws IllegalArgumentException if there is no column or no row, two columns have the same
     *     name, or another number of cells
     */
    public Frame build() {
      return new Frame(columns);
    }
  }
}
