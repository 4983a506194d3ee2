/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/**
 * A column of a table as an axis, along which predictions are shown: a number is its own place, a
 * date is the year with its part that has gone, and a category's or boolean's place is its index
 * among the names.
 *
 * @param name of the column
 * @param kind of its cells
 * @param names what places 0, 1, … are called; empty for numbers and dates
 * @param places of the rows' cells, {@code [N]}; NaN where one is missing
 * @param grid ascending places to look at
 * @param start the median, or the most frequent name's
 */
public record MovingColumn(
    String name,
    ColumnKind kind,
    List<String> names,
    double[] places,
    double[] grid,
    double start) {
  private static final int MOST_NAMES = 40;
  private static final int DIGITS = 5;
  private static final double DAYS_PER_YEAR = 365.2425;
  private static final double SECONDS_PER_YEAR = 86_400 * DAYS_PER_YEAR;

  /**
   * Creates the axis of a column.
   *
   * @param frame rows
   * @param name of the column
   * @param steps the length of the grid of numbers and dates at most
   * @return the axis
   */
  public static MovingColumn of(Frame frame, String name, int steps) {
    return switch (frame.kind(name)) {
      case CATEGORY -> named(frame, name, frame.categories(name));
      case BOOLEAN ->
          named(
              frame,
              name,
              Arrays.stream(frame.numbers(name))
                  .mapToObj(one -> Double.isNaN(one) ? null : Boolean.toString(one > 0))
                  .toArray(String[]::new));
      case NUMBER -> ordered(frame, name, frame.numbers(name), steps);
      case DATE ->
          ordered(
              frame,
              name,
              Arrays.stream(frame.numbers(name))
                  .map(one -> 1970 + one / SECONDS_PER_YEAR)
                  .toArray(),
              steps);
    };
  }

  private static MovingColumn ordered(Frame frame, String name, double[] places, int steps) {
    double[] known = Arrays.stream(places).filter(one -> !Double.isNaN(one)).sorted().toArray();
    if (known.length == 0) {
      return new MovingColumn(name, frame.kind(name), List.of(), places, new double[1], Double.NaN);
    }
    double[] grid = // without -0.0 beside 0.0
        Arrays.stream(Panel.evenly(known[0], known[known.length - 1], steps))
            .map(one -> one + 0.0)
            .distinct()
            .toArray();
    return new MovingColumn(
        name, frame.kind(name), List.of(), places, grid, known[known.length / 2]);
  }

  /** The most frequent names, in alphabetical order; the rows of others have no place. */
  private static MovingColumn named(Frame frame, String name, String[] cells) {
    Map<String, Long> counts =
        Arrays.stream(cells)
            .filter(Objects::nonNull)
            .sorted()
            .collect(Collectors.groupingBy(one -> one, LinkedHashMap::new, Collectors.counting()));
    Comparator<String> often = Comparator.comparing(one -> -counts.get(one));
    List<String> names = counts.keySet().stream().sorted(often).limit(MOST_NAMES).sorted().toList();
    String most = names.stream().min(often).orElse(null);
    return new MovingColumn(
        name,
        frame.kind(name),
        names,
        Arrays.stream(cells)
            .mapToDouble(cell -> names.contains(cell) ? names.indexOf(cell) : Double.NaN)
            .toArray(),
        IntStream.range(0, names.size()).mapToDouble(i -> i).toArray(),
        most == null ? Double.NaN : names.indexOf(most));
  }

  /**
   * Returns whether there is more than one place.
   *
   * @return false of a column that is the same in all rows
   */
  public boolean moves() {
    return grid.length > 1;
  }

  /**
   * Returns the rows that have a place.
   *
   * @return ascending
   */
  public int[] known() {
    return IntStream.range(0, places.length).filter(row -> !Double.isNaN(places[row])).toArray();
  }

  /**
   * Returns the first row at a named place.
   *
   * @param place its index among the names
   * @return a row
   */
  public int rowOf(int place) {
    return IntStream.range(0, places.length)
        .filter(row -> places[row] == place)
        .findFirst()
        .orElseThrow();
  }

  /**
   * Returns what an axis is called.
   *
   * @return the column's name, of dates with what their numbers are
   */
  public String title() {
    return kind == ColumnKind.DATE ? name + ", year" : name;
  }

  /** Returns the place that it starts at, in words. */
  String startText() {
    if (Double.isNaN(start)) {
      return "missing";
    }
    return names.isEmpty() ? Digits.of(start, DIGITS) : names.get((int) start);
  }

  /** Returns a frame of this column alone, with cells at some places; NaN for a missing one. */
  Frame frame(double[] at) {
    Frame.Builder builder = Frame.builder();
    switch (kind) {
      case NUMBER -> builder.numbers(name, at);
      case DATE ->
          builder.dates(
              name, DoubleStream.of(at).mapToObj(MovingColumn::date).toArray(LocalDateTime[]::new));
      case CATEGORY ->
          builder.categories(
              name, DoubleStream.of(at).mapToObj(this::named).toArray(String[]::new));
      case BOOLEAN ->
          builder.booleans(
              name,
              DoubleStream.of(at)
                  .mapToObj(one -> Double.isNaN(one) ? null : Boolean.valueOf(named(one)))
                  .toArray(Boolean[]::new));
    }
    return builder.build();
  }

  private String named(double place) {
    return Double.isNaN(place) ? null : names.get((int) place);
  }

  private static LocalDateTime date(double year) {
    return Double.isNaN(year)
        ? null
        : LocalDateTime.ofInstant(
            Instant.ofEpochSecond(Math.round((year - 1970) * SECONDS_PER_YEAR)), ZoneOffset.UTC);
  }
}
