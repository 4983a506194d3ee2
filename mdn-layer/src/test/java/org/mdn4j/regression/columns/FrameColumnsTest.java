/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.frame.UnseenCategory;

class FrameColumnsTest {
  private static FrameColumns columns(Frame frame, String... names) {
    return new FrameColumns(ColumnLearner.learn(frame, List.of(names)), List.of("y"), null);
  }

  private static double[] row(FrameColumns columns, Frame frame, int row, int guess) {
    Table table = columns.expand(frame, guess);
    return Arrays.copyOfRange(table.cells(), row * table.columns(), (row + 1) * table.columns());
  }

  private static String[] repeated(String... names) {
    return IntStream.range(0, 10 * names.length)
        .mapToObj(row -> names[row % names.length])
        .toArray(String[]::new);
  }

  private static double[] numbers(int rows) {
    return IntStream.range(0, rows).mapToDouble(row -> row % 7).toArray();
  }

  @Test
  void numbersComeFirstAndFlagsThen() {
    Frame frame =
        Frame.builder()
            .categories("town", repeated("Bonn", "Ulm"))
            .numbers("area", numbers(20))
            .booleans(
                "garden",
                IntStream.range(0, 20).mapToObj(row -> row % 3 == 0).toArray(Boolean[]::new))
            .build();
    FrameColumns columns = columns(frame, "town", "area", "garden");

    assertEquals(1, columns.continuous());
    assertEquals(4, columns.numbers());
    assertArrayEquals(new double[] {0, 1, 0, 1}, row(columns, frame, 0, FrameColumns.NO_GUESS));
    assertArrayEquals(new double[] {1, 0, 1, -1}, row(columns, frame, 1, FrameColumns.NO_GUESS));
  }

  @Test
  void datesHaveTheirParts() {
    String[] dates =
        IntStream.range(0, 800)
            .mapToObj(day -> java.time.LocalDate.of(2023, 1, 1).plusDays(day).toString())
            .toArray(String[]::new);
    Frame frame = Frame.builder().dates("sold", dates).build();
    FrameColumns columns = columns(frame, "sold");

    assertEquals(2, columns.continuous(), "days elapsed, year");
    assertEquals(6, columns.numbers(), "day of the year and of the week; no time of day");
    double[] first = row(columns, frame, 0, FrameColumns.NO_GUESS); // a Sunday
    double sunday = 2 * Math.PI * 6 / 7;
    assertArrayEquals(
        new double[] {0, 2023, 0, 1, Math.sin(sunday), Math.cos(sunday)}, first, 1e-12);
    double[] later = row(columns, frame, 465, FrameColumns.NO_GUESS); // 2024-04-10, a Wednesday
    double april = 2 * Math.PI * 100 / 366;
    double wednesday = 2 * Math.PI * 2 / 7;
    assertArrayEquals(
        new double[] {
          465, 2024, Math.sin(april), Math.cos(april), Math.sin(wednesday), Math.cos(wednesday)
        },
        later,
        1e-12);
  }

  @Test
  void aTimeOfDayIsAnAngle() {
    Frame frame = Frame.builder().dates("t", "2024-01-01T06:00", "2024-01-01T12:00").build();
    FrameColumns columns = columns(frame, "t");

    assertEquals(1, columns.continuous(), "days elapsed; the year does not vary");
    assertArrayEquals(
        new double[] {0.25, 0, -1}, row(columns, frame, 1, FrameColumns.NO_GUESS), 1e-12);
  }

  @Test
  void missingCellsOfTheFitAreAnAnswerOfTheirOwn() {
    double[] area = numbers(40);
    String[] town = repeated("Bonn", "Ulm", "Jena", "Kiel");
    for (int row = 0; row < 10; row++) {
      area[row] = Double.NaN;
      town[row] = null;
    }
    Frame frame = Frame.builder().numbers("area", area).categories("town", town).build();
    FrameColumns columns = columns(frame, "area", "town");

    assertEquals(1 + 1 + 4 + 1, columns.numbers());
    assertArrayEquals(
        new double[] {Double.NaN, 1, 0, 0, 0, 0, 1}, row(columns, frame, 0, FrameColumns.NO_GUESS));
    assertFalse(columns.needsGuesses(frame));
    Frame unseen = Frame.builder().numbers("area", 3).categories("town", "Rome").build();
    assertFalse(columns.needsGuesses(unseen), "unknown is missing");
    assertArrayEquals(
        new double[] {3, 0, 0, 0, 0, 0, 1}, row(columns, unseen, 0, FrameColumns.NO_GUESS));
    assertEquals(List.of(new UnseenCategory(0, "town", "Rome")), columns.unseen(unseen));
  }

  @Test
  void whatIsMissingForTheFirstTimeIsGuessed() {
    double[] area = IntStream.range(0, 80).mapToDouble(row -> row).toArray();
    String[] town = new String[80];
    Arrays.fill(town, 0, 60, "Bonn");
    Arrays.fill(town, 60, 80, "Ulm");
    Frame frame = Frame.builder().numbers("area", area).categories("town", town).build();
    FrameColumns columns = columns(frame, "area", "town");
    Frame missing = Frame.builder().numbers("area", Double.NaN).categories("town", "Rome").build();

    assertTrue(columns.needsGuesses(missing));
    assertFalse(columns.needsGuesses(frame));
    double[][] guesses =
        IntStream.range(0, FrameColumns.guesses())
            .mapToObj(guess -> row(columns, missing, 0, guess))
            .toArray(double[][]::new);
    assertArrayEquals(
        IntStream.range(0, 16).mapToDouble(i -> 2 + 5 * i).toArray(),
        Arrays.stream(guesses).mapToDouble(guess -> guess[0]).sorted().toArray());
    assertEquals(12, Arrays.stream(guesses).mapToDouble(guess -> guess[1]).sum(), "Bonn, 3 of 4");
    assertEquals(4, Arrays.stream(guesses).mapToDouble(guess -> guess[2]).sum(), "Ulm");
  }

  @Test
  void rareCategoriesShareBuckets() {
    String[] names =
        IntStream.range(0, 200)
            .mapToObj(row -> row < 100 ? "often" : "rare " + row)
            .toArray(String[]::new);
    Frame frame = Frame.builder().categories("c", names).build();
    FrameColumns columns = columns(frame, "c");

    assertEquals(1 + 25, columns.numbers(), "four of a hundred in each");
    double[] first = row(columns, frame, 150, FrameColumns.NO_GUESS);
    assertEquals(0, first[0]);
    assertEquals(1, Arrays.stream(first).sum());
    Frame fresh = Frame.builder().categories("c", "never seen").build();
    assertTrue(columns.unseen(fresh).isEmpty(), "one of many: it has a bucket");
    assertEquals(1, Arrays.stream(row(columns, fresh, 0, FrameColumns.NO_GUESS)).sum());
  }

  @Test
  void hashesByCrc32c() {
    // CRC-32C of "123456789" is 0xE3069283, RFC 3720, appendix B.4, and others' check value
    assertEquals(0xE3069283L % 64, FeatureColumn.bucket("123456789", 64));
  }

  @Test
  void constantColumnsAreLeftOut() {
    double[] same = new double[20];
    String[] none = new String[20];
    Frame frame =
        Frame.builder()
            .numbers("same", same)
            .categories("none", none)
            .numbers("area", numbers(20))
            .build();
    FrameColumns columns = columns(frame, "same", "none", "area");

    assertEquals(1, columns.numbers());
    assertEquals(
        List.of(
            "'same' (NUMBER) is constant and left out",
            "'none' (CATEGORY, 20 cells missing) is constant and left out",
            "'area' (NUMBER)"),
        columns.summaries(frame).stream().map(Object::toString).toList());
    assertThrows(IllegalArgumentException.class, () -> columns(frame, "same", "none"));
  }

  @Test
  void aColumnThatIsOnlySometimesThereSaysSo() {
    double[] cells = new double[20];
    Arrays.fill(cells, 0, 10, Double.NaN);
    Frame frame = Frame.builder().numbers("a", cells).build();
    FrameColumns columns = columns(frame, "a");

    assertEquals(2, columns.numbers());
    assertArrayEquals(new double[] {Double.NaN, 1}, row(columns, frame, 0, FrameColumns.NO_GUESS));
    assertArrayEquals(new double[] {0, 0}, row(columns, frame, 10, FrameColumns.NO_GUESS));
  }

  /** A file's seconds may be any number. */
  @Test
  void secondsBeyondAllDatesAreRefused() {
    double last = 31_556_889_832_780_000.0; // a few minutes before the year 1000000000
    assertEquals("when", dates(0, last).name());
    for (double[] seconds : new double[][] {{0, 1e17}, {0, -1e17}, {1e300, 0}}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> dates(seconds[0], seconds[1]))
              .getMessage();
      assertTrue(message.contains("Expected dates in column 'when'"), message);
    }
  }

  private static FeatureColumn dates(double origin, double guess) {
    return new FeatureColumn(
        "when",
        ColumnKind.DATE,
        false,
        false,
        List.of(),
        0,
        origin,
        List.of(DatePart.YEAR),
        Collections.nCopies(FeatureColumn.GUESSES, guess),
        List.of());
  }

  @Test
  void namesTheColumnThatDoesNotFit() {
    FrameColumns columns = columns(Frame.builder().numbers("area", numbers(20)).build(), "area");
    assertEquals(
        "Expected a column 'area' as in the fit, there are [size]",
        assertThrows(
                IllegalArgumentException.class,
                () -> columns.expand(Frame.builder().numbers("size", 1).build(), 0))
            .getMessage());
    assertEquals(
        "Expected column 'area' of kind NUMBER as in the fit, it is of kind CATEGORY",
        assertThrows(
                IllegalArgumentException.class,
                () -> columns.expand(Frame.builder().categories("area", "1").build(), 0))
            .getMessage());
  }
}
