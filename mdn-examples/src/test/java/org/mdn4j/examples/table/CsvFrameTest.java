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
