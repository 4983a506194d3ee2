/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.examples.kit.Program.UserError;

/** What cells of targets say, and what of them is refused. */
class TargetColumnsTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final TargetColumns ENDS = new TargetColumns(List.of("low", "high"), true, null);
  private static final TargetColumns EVENT = new TargetColumns(List.of("t"), false, "seen");

  @TempDir private Path folder;

  private CsvTable table(String... lines) throws IOException {
    return CsvTable.read(Files.write(folder.resolve("rows.csv"), List.of(lines)));
  }

  @Test
  void endsMayBeOpen() throws IOException {
    CsvTable table =
        table(
            "x,low,high",
            "1,2,3",
            "1,4,4",
            "1,,5",
            "1,6,",
            "1,-inf,7",
            "1,8,INF",
            "1,NA,-9",
            "1,-1,Infinity",
            "1,-∞,0.5");
    Outcomes outcomes = ENDS.read(table, false);
    double[][] expected = {
      {2, 3},
      {4, 4},
      {-INFINITY, 5},
      {6, INFINITY},
      {-INFINITY, 7},
      {8, INFINITY},
      {-INFINITY, -9},
      {-1, INFINITY},
      {-INFINITY, 0.5}
    };
    for (int row = 0; row < expected.length; row++) {
      assertArrayEquals(expected[row], outcomes.label(row), "row " + row);
    }
    assertArrayEquals(new double[] {2.5, 4, 5, 6, 7, 8, -9, -1, 0.5}, outcomes.shown(0));
    assertEquals("2 to 3", outcomes.text(0, 0, 4));
    assertEquals("4", outcomes.text(1, 0, 4));
    assertEquals("at most 5", outcomes.text(2, 0, 4));
    assertEquals("above 6", outcomes.text(3, 0, 4));
    assertArrayEquals(new int[] {1}, outcomes.exactRows(0));
    assertFalse(outcomes.isRightCensored(0));
    assertTrue(outcomes.select(new int[] {1, 3, 5, 7}).isRightCensored(0));
    assertEquals(List.of("low_to_high"), ENDS.names());
    TargetColumns two = new TargetColumns(List.of("a", "b", "c", "d"), true, null);
    assertEquals(List.of("a_to_b", "c_to_d"), two.names());
    double[] both = two.read(table("a,b,c,d,x", "1,1,,2,0"), false).label(0);
    assertArrayEquals(new double[] {1, 1, -INFINITY, 2}, both);
  }

  @Test
  void flagsSayWhatWasSeen() throws IOException {
    CsvTable table = table("t,x,seen", "5,1,1", "6,1,0", "7,1,1.0", "-8,1,0.0");
    Outcomes outcomes = EVENT.read(table, false);
    assertArrayEquals(new double[] {5, 5}, outcomes.label(0));
    assertArrayEquals(new double[] {6, INFINITY}, outcomes.label(1));
    assertArrayEquals(new double[] {7, 7}, outcomes.label(2));
    assertArrayEquals(new double[] {-8, INFINITY}, outcomes.label(3));
    assertTrue(outcomes.isRightCensored(0));
    assertEquals(List.of("t"), EVENT.names());
    assertEquals(List.of("t", "t_upper__"), EVENT.ofFrame(List.of("t_upper", "t_upper_", "x")));
  }

  /** The line and the column are named. */
  @ParameterizedTest(name = "{0}, {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "3,2 | column \"low\": expected a lower end of at most the upper one, 2 in column \"high\"",
        "two,3 | column \"low\": expected a finite number, or none for an open end, got \"two\"",
        "1,3d | column \"high\": expected a finite number, or none for an open end, got \"3d\"",
        "inf,3 | column \"low\": expected a lower end, a number or -inf, got \"inf\"",
        "1,-inf | column \"high\": expected an upper end, a number or inf, got \"-inf\"",
        "-inf,inf | column \"low\": expected at least one end of the interval from it to \"high\"",
        "1e999,3 | column \"low\": expected a finite number",
        ", | (--drop-missing leaves such rows out)"
      })
  void wrongEnds(String cells, String fact) throws IOException {
    CsvTable table = table("low,high,x", "1,1,0", cells + ",0");
    String message = assertThrows(UserError.class, () -> ENDS.read(table, false)).getMessage();
    assertTrue(message.contains("line 3, column "), message);
    assertTrue(message.contains(fact), message);
  }

  @ParameterizedTest
  @CsvSource({"yes", "2", "-1", "true", "seen", "0.5", "''"})
  void wrongFlags(String cell) throws IOException {
    CsvTable table = table("t,x,seen", "5,1,1", "6,1," + cell);
    String message = assertThrows(UserError.class, () -> EVENT.read(table, false)).getMessage();
    assertTrue(
        message.contains(
            "line 3, column \"seen\": expected 1 where the value was seen, or 0 where it is only a"
                + " bound, got \"%s\"".formatted(cell)),
        message);
  }

  @Test
  void countsAreIntegers() throws IOException {
    TargetColumns sold = TargetColumns.values(List.of("y"));
    assertArrayEquals(new double[] {7}, sold.read(table("y,x", "7.0,1"), true).label(0));
    for (String cell : List.of("1.5", "-1")) {
      CsvTable table = table("y,x", "7,1", cell + ",1");
      String message = assertThrows(UserError.class, () -> sold.read(table, true)).getMessage();
      assertTrue(
          message.contains("line 3, column \"y\": expected a count, an integer of at least 0, got"),
          message);
    }
  }

  @Test
  void rowsForPredictionNeedNone() throws IOException {
    CsvTable table = table("low,high,x", "1,,0", ",,0", ",2,0");
    double[][] known = ENDS.known(table, false);
    assertArrayEquals(new double[] {1, INFINITY}, known[0]);
    assertNull(known[1]);
    assertArrayEquals(new double[] {-INFINITY, 2}, known[2]);
    assertArrayEquals(new int[] {0, 2}, ENDS.knownRows(table));
    assertArrayEquals(new double[3][], EVENT.known(table, false), "no such columns");
    CsvTable flags = table("t,seen,x", "1,,0", ",1,0", "4,0,0");
    double[][] seen = EVENT.known(flags, false);
    assertNull(seen[0]);
    assertNull(seen[1]);
    assertArrayEquals(new double[] {4, INFINITY}, seen[2]);
  }

  /** Rows of weight 2 count as two do, and what is too few for a curve has none. */
  @Test
  void survivalCountsWeights() {
    double[][] ends = {{1, 1}, {2, INFINITY}, {3, 3}, {4, 4}, {5, INFINITY}, {6, 6}};
    int[] repeated = {0, 1, 1, 2, 3, 3, 4, 5};
    double[] weights = {1, 2, 1, 2, 1, 1};
    List<Mixture> predicted =
        IntStream.range(0, 6)
            .mapToObj(
                n ->
                    Mixture.gaussian(
                        new double[] {1}, new double[][] {{4 + n % 3}}, new double[][] {{2}}))
            .toList();
    Outcomes outcomes = Outcomes.intervals(ends);
    SurvivalView weighted = SurvivalView.of(outcomes, 0, weights).orElseThrow();
    SurvivalView rows = SurvivalView.of(outcomes.select(repeated), 0, null).orElseThrow();
    List<Mixture> again = IntStream.of(repeated).mapToObj(predicted::get).toList();
    assertArrayEquals(rows.grid(), weighted.grid());
    assertArrayEquals(rows.mean(again), weighted.mean(predicted), 1e-12);
    for (int i = 0; i < 2; i++) {
      TestScore expected = rows.scores("", again).get(i);
      assertEquals(expected.value(), weighted.scores("", predicted).get(i).value(), 1e-12);
      assertEquals(expected.name(), weighted.scores("", predicted).get(i).name());
    }
    assertEquals(81, weighted.grid().length);
    assertEquals(1, weighted.grid()[0], 1e-12);
    assertEquals(1.05, weighted.grid()[1], 1e-12, "by round steps");
    assertEquals(5, weighted.grid()[80], 1e-12, "beyond it one row in ten is left");
    double[][] same = {{1, 1}, {1, 1}, {1, 1}};
    assertEquals(Optional.empty(), SurvivalView.of(Outcomes.intervals(same), 0, null));
    double[][] left = {{1, 1}, {-INFINITY, 2}};
    assertEquals(Optional.empty(), SurvivalView.of(Outcomes.intervals(left), 0, null));
  }
}
