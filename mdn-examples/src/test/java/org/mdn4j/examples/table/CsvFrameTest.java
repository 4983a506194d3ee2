/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.examples.kit.Outcomes;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

class CsvFrameTest {
  @TempDir private Path folder;

  private Frame frame(String text, String... categorical) throws IOException {
    Path file = Files.writeString(folder.resolve("table.csv"), text);
    return CsvFrame.of(
        CsvTable.read(file, CsvDialect.DEFAULT),
        Stream.of(categorical).collect(Collectors.toMap(name -> name, x -> ColumnKind.CATEGORY)));
  }

  @Test
  void columnsAreWhatTheirCellsAre() throws IOException {
    Frame frame =
        frame(
            """
            area,town,garden,sold,seen,code,none
            1.5,Ulm,true,2024-05-01,2024-05-01 12:00:00,7,
            ,,,,,,
            NA,1.5 km,FALSE,2024-05-02,2024-05-02T12:00:00+02:00,8,
            """,
            "code");

    assertEquals(2, frame.rows(), "a line without any cell is none");
    assertEquals(
        List.of(
            ColumnKind.NUMBER,
            ColumnKind.CATEGORY,
            ColumnKind.BOOLEAN,
            ColumnKind.DATE,
            ColumnKind.DATE,
            ColumnKind.CATEGORY,
            ColumnKind.NUMBER),
        frame.names().stream().map(frame::kind).toList());
    assertArrayEquals(new double[] {1.5, Double.NaN}, frame.numbers("area"));
    assertArrayEquals(new String[] {"Ulm", "1.5 km"}, frame.categories("town"));
    assertArrayEquals(new double[] {1, 0}, frame.numbers("garden"));
    assertArrayEquals(new String[] {"7", "8"}, frame.categories("code"));
    assertEquals(86_400, frame.numbers("sold")[1] - frame.numbers("sold")[0]);
    assertEquals(22 * 3600, frame.numbers("seen")[1] - frame.numbers("seen")[0]);
  }

  /** One cell of a column of dates is none: a mistake, and not a column of categories. */
  @Test
  void mostCellsSayThatAColumnHoldsDates() throws IOException {
    String dates = "sold,price\n2024-05-01,1\n2024-02-30,2\n,3\n2024-05-03,4\n";
    assertEquals(
        "line 3, column \"sold\": expected an ISO 8601 date as in most rows (or a column that"
            + " --categorical names), got \"2024-02-30\"",
        assertThrows(UserError.class, () -> frame(dates)).getMessage().replaceAll("^.*csv, ", ""));
    assertEquals(ColumnKind.CATEGORY, frame(dates, "sold").kind("sold"));
    Frame texts = frame("sold,price\n2024-05-01,1\nunknown,2\nnever,3\n2024-05-03,4\n");
    assertEquals(ColumnKind.CATEGORY, texts.kind("sold"), "no more than half");
  }

  @Test
  void numbersOfOtherScriptsAreNoCategories() throws IOException {
    for (String cell : List.of("۶۳٫۴۴", "۶۳.۴۴", "\u221263.44", "６３.４４")) {
      String message =
          assertThrows(UserError.class, () -> frame("area,price\n" + cell + ",1\n")).getMessage();
      assertTrue(message.contains("line 2, column \"area\": expected a finite number"), message);
      assertTrue(message.contains("digits are 0 to 9"), message);
      assertTrue(message.endsWith("63.44)"), message);
    }
  }

  @Test
  void columnsThatAreHardlyMeantAsCategoriesAreNamed() throws IOException {
    Frame frame =
        frame(
            """
            id,german,american,town,word,two,price
            a1,01.05.2024,5/1/2024,Ulm,x,yes,1
            a2,02.05.2024,5/2/2024,Ulm,,no,2
            a3,02.05.2024,5/2/2024,Bonn,,,3
            a4,02.05.2024,5/2/2024,Bonn,,,4
            """);
    List<String> doubts = DoubtfulColumns.of(frame, List.of());
    assertEquals(3, doubts.size(), doubts.toString());
    assertTrue(doubts.get(0).startsWith("column \"id\": 4 of 4 cells differ, such as \"a1\""));
    assertTrue(doubts.get(1).startsWith("column \"german\": the cells, such as \"01.05.2024\""));
    assertTrue(doubts.get(2).startsWith("column \"american\": the cells, such as \"5/1/2024\""));
    assertEquals(List.of(), DoubtfulColumns.of(frame, List.of("id", "german", "american")));
  }

  @Test
  void targetsOfFewValuesAreNamed() {
    double[][] labels = new double[40][2];
    for (int n = 0; n < 40; n++) {
      labels[n] = new double[] {n % 2, n};
    }
    Outcomes outcomes = Outcomes.exact(labels);
    List<String> doubts = DoubtfulColumns.ofTargets(outcomes, List.of("flag", "size"));
    assertEquals(1, doubts.size(), doubts.toString());
    assertTrue(doubts.get(0).startsWith("column \"flag\": 2 different values in 40 rows;"));
    assertEquals(
        List.of(),
        DoubtfulColumns.ofTargets(outcomes.select(new int[] {0, 1, 2, 3}), List.of("a", "b")));
  }

  /** A kind that is given is what cells must be, line and column are said; nothing is guessed. */
  @Test
  void givenKindsCount() throws IOException {
    CsvTable table =
        CsvTable.read(
            Files.writeString(folder.resolve("given.csv"), "a,b\n1,true\n,NA\n2.5,0\n"),
            CsvDialect.DEFAULT);
    Frame frame = CsvFrame.of(table, Map.of("a", ColumnKind.CATEGORY, "b", ColumnKind.CATEGORY));
    assertArrayEquals(new String[] {"1", null, "2.5"}, frame.categories("a"));
    for (ColumnKind kind : List.of(ColumnKind.BOOLEAN, ColumnKind.NUMBER, ColumnKind.DATE)) {
      String message =
          assertThrows(UserError.class, () -> CsvFrame.of(table, Map.of("b", kind))).getMessage();
      String line = kind == ColumnKind.BOOLEAN ? "line 4" : "line 2";
      assertTrue(message.contains(line + ", column \"b\": expected "), message);
    }
  }

  /** A column of numbers in another notation would be one of categories, and nobody would know. */
  @Test
  void numbersInAnotherNotationAreNoCategories() {
    for (String cells : List.of("\"1,5\"\n\"2,25\"", "1'000\n2'000", "\"1,234.5\"\n\"2,345.6\"")) {
      String message =
          assertThrows(UserError.class, () -> frame("area\n" + cells + "\n")).getMessage();
      assertTrue(message.contains("line 2, column \"area\": expected a finite number"), message);
      assertTrue(message.contains("--categorical"), message);
    }
  }

  @Test
  void aStrayCellAmongNumbersIsAMistake() {
    String message = assertThrows(UserError.class, () -> frame("area\n1\n2\ntwo\n")).getMessage();

    assertTrue(message.contains("line 4") && message.contains("two"), message);
    assertTrue(message.contains("--categorical"), message);
  }
}
