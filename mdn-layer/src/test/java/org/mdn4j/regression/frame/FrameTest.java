/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.datavec.api.transform.MathOp;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.condition.ConditionOp;
import org.datavec.api.transform.condition.column.CategoricalColumnCondition;
import org.datavec.api.transform.filter.ConditionFilter;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.writable.BooleanWritable;
import org.datavec.api.writable.DoubleWritable;
import org.datavec.api.writable.LongWritable;
import org.datavec.api.writable.NullWritable;
import org.datavec.api.writable.Text;
import org.datavec.api.writable.Writable;
import org.joda.time.DateTimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameTest {
  private static final Frame HOUSES =
      Frame.builder()
          .numbers("area", 120, Double.NaN, 85)
          .categories("town", "Ulm", "Bonn", null)
          .booleans("garden", true, null, false)
          .dates("sold", "2024-05-01", null, "2024-05-01T12:00")
          .build();

  private static void assertRejected(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void knowsItsColumns() {
    assertEquals(3, HOUSES.rows());
    assertEquals(List.of("area", "town", "garden", "sold"), HOUSES.names());
    assertEquals(ColumnKind.DATE, HOUSES.kind("sold"));
    assertArrayEquals(new double[] {120, Double.NaN, 85}, HOUSES.numbers("area"));
    assertArrayEquals(new double[] {1, Double.NaN, 0}, HOUSES.numbers("garden"));
    assertArrayEquals(new String[] {"Ulm", "Bonn", null}, HOUSES.categories("town"));
    assertTrue(HOUSES.isMissing("area", 1));
    assertFalse(HOUSES.isMissing("area", 0));
    assertTrue(HOUSES.isMissing("town", 2));
    assertEquals(
        "3 rows of [area (NUMBER), town (CATEGORY), garden (BOOLEAN), sold (DATE)]",
        HOUSES.toString());
  }

  /** Seconds by {@code date -u -d DATE +%s}. */
  @ParameterizedTest
  @CsvSource({
    "2024-05-01, 1714521600",
    "1969-12-31, -86400",
    "2026-11-29T14:30, 1795962600",
    "2026-11-29 14:30:01, 1795962601",
    "2026-11-29T14:30:00Z, 1795962600",
    "2026-11-29T14:30:00.5+02:00, 1795955400.5",
    "' 2024-05-01 ', 1714521600"
  })
  void readsDates(String text, double seconds) {
    assertArrayEquals(
        new double[] {seconds}, Frame.builder().dates("d", text).build().numbers("d"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2024-13-01", "2024-02-30", "1.5.2024", "yesterday", "", "2024"})
  void namesTheCellThatIsNoDate(String text) {
    assertRejected(
        "Expected an ISO 8601 date in column 'sold', row 1, such as 2026-11-29 or"
            + " 2026-11-29T14:30:00Z, got '"
            + text
            + "'",
        () -> Frame.builder().dates("sold", "2024-01-01", text));
  }

  @Test
  void takesDatesOfJava() {
    Frame frame =
        Frame.builder()
            .dates("day", LocalDate.of(2024, 5, 1), null)
            .dates("time", LocalDateTime.of(2024, 5, 1, 0, 0, 30), null)
            .dates("instant", Instant.ofEpochSecond(7), null)
            .build();

    assertArrayEquals(new double[] {1714521600, Double.NaN}, frame.numbers("day"));
    assertArrayEquals(new double[] {1714521630, Double.NaN}, frame.numbers("time"));
    assertArrayEquals(new double[] {7, Double.NaN}, frame.numbers("instant"));
  }

  @Test
  void selectsRowsAndColumns() {
    Frame some = HOUSES.select(new int[] {2, 0, 0}).select(List.of("town", "area"));

    assertArrayEquals(new String[] {null, "Ulm", "Ulm"}, some.categories("town"));
    assertArrayEquals(new double[] {85, 120, 120}, some.numbers("area"));
    assertRejected("Expected rows from 0 to 2, got 3", () -> HOUSES.select(new int[] {3}));
    assertRejected(
        "Expected a column 'rooms', there are [area, town, garden, sold]",
        () -> HOUSES.select(List.of("rooms")));
  }

  @Test
  void takesColumnsOfAnotherFrame() {
    Frame moved =
        HOUSES.with(
            Frame.builder()
                .categories("town", "Bonn", "Ulm", "Bonn")
                .numbers("rooms", 1, 2, 3)
                .build());

    assertEquals(List.of("area", "town", "garden", "sold", "rooms"), moved.names());
    assertArrayEquals(new String[] {"Bonn", "Ulm", "Bonn"}, moved.categories("town"));
    assertArrayEquals(HOUSES.numbers("area"), moved.numbers("area"));
    assertRejected(
        "Expected a frame of 3 rows, got one of 1",
        () -> HOUSES.with(Frame.builder().numbers("rooms", 1).build()));
  }

  @Test
  void rejectsWhatIsNoTable() {
    assertRejected("Expected at least one column, got none", () -> Frame.builder().build());
    assertRejected(
        "Expected at least one row, got none", () -> Frame.builder().numbers("a").build());
    assertRejected(
        "Expected columns of different names, got 'a' twice",
        () -> Frame.builder().numbers("a", 1).booleans("a", true).build());
    assertRejected(
        "Expected 2 cells in column 'b' as in 'a', got 1",
        () -> Frame.builder().numbers("a", 1, 2).numbers("b", 1).build());
    assertRejected(
        "Expected finite numbers in column 'a', got Infinity in row 1",
        () -> Frame.builder().numbers("a", 1, Double.POSITIVE_INFINITY));
    assertRejected("Expected a name for each column, got  ", () -> Frame.builder().numbers(" ", 1));
    assertRejected(
        "Expected 1 cells in each row, as many as names, got 2 in row 1",
        () -> Frame.ofNumbers(List.of("a"), new double[][] {{1}, {1, 2}}));
  }

  @Test
  void givesNumbersOfTargetsOrNamesTheCell() {
    assertArrayEquals(
        new double[][] {{1, 3}, {2, 4}},
        Frame.builder().numbers("a", 1, 2).numbers("b", 3, 4).build().numbers(List.of("a", "b")));
    assertRejected(
        "Expected a number in column 'area', row 1: the cell is missing",
        () -> HOUSES.numbers(List.of("area")));
    assertRejected(
        "Expected numbers in column 'town', it is of kind CATEGORY",
        () -> HOUSES.numbers(List.of("town")));
  }

  @Test
  void isImmutable() {
    double[] cells = {1, 2};
    Frame frame = Frame.builder().numbers("a", cells).build();
    cells[0] = 7;
    frame.numbers("a")[1] = 7;

    assertArrayEquals(new double[] {1, 2}, frame.numbers("a"));
  }

  private static final Schema SCHEMA =
      new Schema.Builder()
          .addColumnDouble("area")
          .addColumnCategorical("town", "Ulm", "Bonn")
          .addColumnBoolean("garden")
          .addColumnTime("sold", DateTimeZone.UTC)
          .addColumnLong("rooms")
          .build();

  private static List<Writable> row(Writable... cells) {
    return new ArrayList<>(List.of(cells));
  }

  private static final List<List<Writable>> ROWS =
      List.of(
          row(
              new DoubleWritable(1.5),
              new Text("Ulm"),
              new BooleanWritable(true),
              new LongWritable(1_500),
              new LongWritable(4)),
          row(
              NullWritable.INSTANCE,
              new Text(""),
              NullWritable.INSTANCE,
              NullWritable.INSTANCE,
              new LongWritable(3)),
          row(
              new DoubleWritable(Double.NaN),
              new Text("Bonn"),
              new BooleanWritable(false),
              new LongWritable(-1_000),
              new LongWritable(2)));

  @Test
  void takesRowsOfDataVec() {
    Frame frame = Frame.of(SCHEMA, ROWS);

    assertArrayEquals(new double[] {1.5, Double.NaN, Double.NaN}, frame.numbers("area"));
    assertArrayEquals(new String[] {"Ulm", null, "Bonn"}, frame.categories("town"));
    assertArrayEquals(new double[] {1, Double.NaN, 0}, frame.numbers("garden"));
    assertArrayEquals(new double[] {1.5, Double.NaN, -1}, frame.numbers("sold"));
    assertArrayEquals(new double[] {4, 3, 2}, frame.numbers("rooms"));
    assertEquals(ColumnKind.DATE, frame.kind("sold"));
  }

  @Test
  void takesWhatATransformationMakesOfThem() {
    TransformProcess transform =
        new TransformProcess.Builder(SCHEMA)
            .filter(
                new ConditionFilter(
                    new CategoricalColumnCondition("town", ConditionOp.Equal, "Bonn")))
            .longMathOp("rooms", MathOp.Multiply, 10)
            .removeColumns("garden", "sold")
            .build();
    Frame frame = Frame.of(transform, ROWS);

    assertEquals(List.of("area", "town", "rooms"), frame.names());
    assertArrayEquals(new double[] {40, 30}, frame.numbers("rooms"));
  }

  @Test
  void namesTheCellThatDoesNotFitTheSchema() {
    Schema schema = new Schema.Builder().addColumnInteger("rooms").build();
    assertRejected(
        "Expected a number in column 'rooms', row 0, got 'four'",
        () -> Frame.of(schema, List.of(row(new Text("four")))));
    assertRejected(
        "Expected 1 cells in each row, as many as columns, got 2 in row 0",
        () -> Frame.of(schema, List.of(row(new Text("4"), new Text("4")))));
    assertRejected(
        "Expected numbers, categories, strings, booleans or times, column 'b' is of type NDArray",
        () ->
            Frame.of(
                new Schema.Builder().addColumnNDArray("b", new long[] {2}).build(),
                List.of(row(new Text("4")))));
  }

  @Test
  void eachColumnHasOneRole() {
    assertEquals(
        List.of("town", "sold"), ColumnRoles.targets("area").weights("garden").features(HOUSES));
    assertRejected(
        "Expected one role for each column, 'area' has two",
        () -> ColumnRoles.targets("area").groups("area"));
    assertRejected(
        "Expected at least one target, got none", () -> ColumnRoles.targets(new String[0]));
    assertRejected(
        "Expected a column 'id', there are [area, town, garden, sold]",
        () -> ColumnRoles.targets("area").exclude("id").features(HOUSES));
    assertThrows(
        IllegalArgumentException.class,
        () -> ColumnRoles.targets("area").exclude("town", "garden", "sold").features(HOUSES));
  }
}
