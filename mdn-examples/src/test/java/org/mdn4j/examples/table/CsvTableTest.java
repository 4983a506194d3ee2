/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/** What people have in their CSV files: the right table, or one sentence. */
class CsvTableTest {
  private static final CsvDialect COMMAS = CsvDialect.DEFAULT;
  private static final CsvDialect GERMAN =
      new CsvDialect("windows-1252", ";", true, COMMAS.missing());

  @TempDir private Path folder;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("data.csv"), bytes);
  }

  private CsvTable read(CsvDialect dialect, String text) throws IOException {
    return CsvTable.read(file(text.getBytes(Charset.forName(dialect.encoding()))), dialect);
  }

  private static String message(Executable read) {
    String message = assertThrows(UserError.class, read::run).getMessage();
    assertEquals(1, message.lines().count(), message);
    return message;
  }

  private interface Executable {
    void run() throws IOException;
  }

  private static void assertSays(String message, String... facts) {
    for (String fact : facts) {
      assertTrue(message.contains(fact), () -> "\"" + fact + "\" is not in: " + message);
    }
  }

  static Stream<Arguments> tables() {
    List<List<String>> two = List.of(List.of("1", "2"), List.of("3", "4"));
    return Stream.of(
        Arguments.of("plain", COMMAS, "a,b\n1,2\n3,4\n", two),
        Arguments.of("no last line end", COMMAS, "a,b\n1,2\n3,4", two),
        Arguments.of("blank lines", COMMAS, "\n\na,b\n\n1,2\n  \n3,4\n\n\n", two),
        Arguments.of("lines of delimiters", COMMAS, "a,b\n1,2\n,\n3,4\n , \n,\n", two),
        Arguments.of("CR and blank lines", COMMAS, "\ra,b\r\r1,2\r3,4\r\r", two),
        Arguments.of("mixed line ends", COMMAS, "a,b\r\n1,2\r3,4\n", two),
        Arguments.of("spaces", COMMAS, " a , b\n 1 ,2 \n3, 4\n", two),
        Arguments.of("spaces around quotes", COMMAS, "\"a\" , \"b\"\n \"1\",\"2\" \n3,4\n", two),
        Arguments.of("spaces in quotes", COMMAS, "\" a\",b\n\" 1 \",2\n3,\"4 \"\n", two),
        Arguments.of(
            "non-breaking spaces", COMMAS, "\u00A0a,b\u202F\n1\u00A0,2\n\u20073,\u200B4\n", two),
        Arguments.of("tabs", COMMAS.delimiter("\t"), "a\tb\n1\t2\n 3\t4 \n", two),
        Arguments.of("separator line", COMMAS, "sep=;\r\na;b\r\n1;2\r\n3;4\r\n", two),
        Arguments.of("its own separator line", COMMAS, "sep=,\na,b\n1,2\n3,4\n", two),
        Arguments.of("separator line of tabs", COMMAS, "\"sep=\t\"\na\tb\n1\t2\n3\t4\n", two),
        Arguments.of(
            "quoted delimiters and line ends",
            COMMAS,
            "a,b\n\"x, \"\"y\"\"\",\"1\r\n2\"\n",
            List.of(List.of("x, \"y\"", "1\n2"))),
        Arguments.of(
            "quotes within a cell",
            COMMAS,
            "a,b\n\"5\"\" pipe\",\"\"\"2\"\"\"\n",
            List.of(List.of("5\" pipe", "\"2\""))),
        Arguments.of(
            "empty cells",
            COMMAS,
            "a,b\n,2\n\"\",4\n",
            List.of(List.of("", "2"), List.of("", "4"))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("tables")
  void reads(String name, CsvDialect dialect, String text, List<List<String>> rows)
      throws IOException {
    CsvTable table = read(dialect, text);
    assertEquals(List.of("a", "b"), table.columns());
    assertEquals(rows, table.rows());
  }

  @Test
  void oneColumnIsATableToo() throws IOException {
    assertEquals(List.of(List.of("1"), List.of("2")), read(COMMAS, "a\n1\n\n2\n\n").rows());
  }

  @Test
  void rowsKnowTheLineTheyBeginOn() throws IOException {
    CsvTable table = read(COMMAS, "\n\"a\nb\",c\n\"1\n\n2\",3\n\n4,5\n\"6\r7\",8\r\n9,10");
    assertEquals(List.of(4, 8, 9, 11), table.lines());
    assertSays(
        message(() -> read(COMMAS, "a,b\n\"1\n2\",3\n4,5,6\n")),
        "line 4: expected 2 cells",
        "got 3");
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            COMMAS, "a,b\n1,2\n3,Bonn\"\n4,5\n", "line 3: a double quote stands in a cell that"),
        Arguments.of(COMMAS, "a,b\n1,5\" pipe\n", "line 2: a double quote stands in a cell that"),
        Arguments.of(COMMAS, "a,b\n1,\u00A0\"2\"\n", "line 2: a double quote stands in a cell"),
        Arguments.of(COMMAS, "", "is empty"),
        Arguments.of(COMMAS, "\uFEFF", "is empty"),
        Arguments.of(COMMAS, "a,b\n\n\n", "header but no rows"),
        Arguments.of(COMMAS, "\uFEFFa,b", "header but no rows"),
        Arguments.of(COMMAS, "a,b\n1,2\n3\n", "line 3: expected 2 cells as in the header, got 1"),
        Arguments.of(COMMAS, "a,b\n1,2,\n", "line 2: expected 2 cells as in the header, got 3"),
        Arguments.of(
            COMMAS, "a,b\n1,2\n\"3,4\n5,6\n", "line 3: a double quote opens a cell and none"),
        Arguments.of(
            COMMAS, "a,b\n1,2\n\"3\"x,4\n", "line 3: a double quote opens a cell and the one"),
        Arguments.of(
            COMMAS, "a,b\n1,\"2\n3,\"4\"\n", "line 2: a double quote opens a cell and the one"),
        Arguments.of(
            COMMAS,
            "a;b\n1;2\n",
            "looks delimited by semicolons, not by commas (2 columns: \"a\", \"b\"): say --delimiter"
                + " \";\""),
        Arguments.of(
            COMMAS,
            "a;b;c\n1,5;2;3\n4;5;6,25\n",
            "semicolons, not by commas (3 columns: \"a\", \"b\", \"c\"): say --delimiter \";\" and"
                + " --decimal-comma, as it has 1,5"),
        Arguments.of(
            COMMAS, "\"a, m\";b\n1;2\n", "(2 columns: \"a, m\", \"b\"): say --delimiter \";\""),
        Arguments.of(COMMAS, "a, m;b;c\n1;2;3\n", "(3 columns: \"a, m\", \"b\", \"c\")"),
        Arguments.of(COMMAS, "a\tb\n1\t2\n", "looks delimited by tabs", "--delimiter tab"),
        Arguments.of(COMMAS, "a|b\n1|2\n", "looks delimited by \"|\"", "--delimiter \"|\""),
        Arguments.of(GERMAN, "a,b\n1,2\n", "by commas, not by semicolons", "--delimiter \",\""),
        Arguments.of(COMMAS, "a\0b,c\n1,2", "line 1: a NUL character", "--encoding"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void saysWhatIsWrong(CsvDialect dialect, String text, String fact) {
    assertSays(message(() -> read(dialect, text)), "data.csv", fact);
  }

  /** A table that goes wrong far below is not taken for another one. */
  @Test
  void aLineThatIsNotAsTheOthersIsNoOtherDelimiter() {
    String text = "a,b\n" + "1;1,2;2\n".repeat(30) + "3\n";
    assertSays(message(() -> read(COMMAS, text)), "line 32: expected 2 cells");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 1500})
  void bytesOfAnotherEncodingAreRefusedWithTheirLine(int line) throws IOException {
    for (String lineEnd : List.of("\n", "\r\n", "\r")) {
      String text = "town,price" + lineEnd + ("Köln,1" + lineEnd).repeat(1600);
      byte[] good = text.getBytes(StandardCharsets.UTF_8);
      String[] lines = text.split(lineEnd);
      int before =
          String.join(lineEnd, List.of(lines).subList(0, line - 1)).getBytes("UTF-8").length;
      int at = line == 1 ? 0 : before + lineEnd.length(); // where the line begins
      for (int offset : new int[] {0, 3}) {
        byte[] bad = good.clone();
        bad[at + offset] = (byte) 0xFC;
        assertSays(
            message(() -> CsvTable.read(file(bad))),
            "data.csv, line %s: the bytes here are not UTF-8".formatted(line),
            "--encoding",
            "windows-1252, ISO-8859-1");
      }
    }
  }

  @Test
  void otherBytesThatAreNoText() throws IOException {
    byte[] cut = {'a', ',', 'b', '\n', '1', ',', (byte) 0xC3};
    assertSays(message(() -> CsvTable.read(file(cut))), "line 2: the bytes here are not UTF-8");
    byte[] none = {'a', ',', 'b', '\n', '1', ',', (byte) 0x81};
    CsvDialect windows = new CsvDialect("windows-1252", ",", false, List.of());
    assertSays(message(() -> CsvTable.read(file(none), windows)), "line 2", "not windows-1252");
    byte[] unmarked = "a,b\n1,2\n".getBytes(StandardCharsets.UTF_16LE);
    assertSays(message(() -> CsvTable.read(file(unmarked))), "line 1: a NUL", "UTF-16LE");
    byte[] odd = "\uFEFFa,b\n1,2\n3".getBytes(StandardCharsets.UTF_16LE);
    byte[] short16 = Arrays.copyOf(odd, odd.length - 1);
    assertSays(message(() -> CsvTable.read(file(short16))), "line 3: the bytes", "not UTF-16LE");
  }

  @Test
  void aByteOrderMarkCountsMoreThanTheOption() throws IOException {
    for (String charset : List.of("UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE")) {
      byte[] bytes = "\uFEFFä,b\n1,2\n".getBytes(Charset.forName(charset));
      CsvDialect latin = new CsvDialect("ISO-8859-1", ",", false, List.of());
      assertEquals(List.of("ä", "b"), CsvTable.read(file(bytes), latin).columns(), charset);
    }
  }

  /** An accent as a letter of its own, as a Mac's files have it. */
  @Test
  void whatLooksTheSameIsTheSame() throws IOException {
    CsvTable table = read(COMMAS, "to\u0308wn,y\nKo\u0308ln,1\nK\u00F6ln\u200E,2\n");
    assertEquals(List.of("t\u00F6wn", "y"), table.columns());
    String[] towns = CsvFrame.of(table, Map.of()).categories("t\u00F6wn");
    assertArrayEquals(new String[] {"K\u00F6ln", "K\u00F6ln"}, towns);
  }

  @ParameterizedTest
  @CsvSource({
    "1e5, 100000",
    "1E-2, 0.01",
    "+5, 5",
    "-5, -5",
    ".5, 0.5",
    "-.5e1, -5",
    "7., 7",
    "007, 7",
    "0, 0",
    "-0.0, -0.0",
    "123456789012345678, 123456789012345680",
    "1e-999, 0",
  })
  void numbers(String text, double expected) {
    assertEquals(OptionalDouble.of(expected), COMMAS.number(text));
    assertEquals(OptionalDouble.of(expected), GERMAN.number(text.replace('.', ',')));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0x10",
        "Infinity",
        "-Infinity",
        "inf",
        "NaN",
        "1e999",
        "5d",
        "5f",
        "1_000",
        "1 000",
        "1'000",
        "1,5",
        "1.5.0",
        "1e",
        "e5",
        "+",
        ".",
        "--5",
        "1e5.0",
        "5 %",
        "€ 5",
        "true",
        "2020-01-01",
        "١٢",
        "−5",
        "0b1",
        "1L",
        "0x1p3",
        ""
      })
  void noNumbers(String text) {
    assertEquals(OptionalDouble.empty(), COMMAS.number(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.5", "1.234,5", "1,234,5", "1.", "0x1", "1,5d"})
  void noNumbersWithCommas(String text) {
    assertEquals(OptionalDouble.empty(), GERMAN.number(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "52,84 | a comma in place of the point needs --decimal-comma",
        "1,234.5 | nothing may stand between thousands",
        "1,234 | nothing may stand between thousands; a comma in place of the point needs",
        "1'234 | nothing may stand between thousands",
        "1 234 | nothing may stand between thousands",
        "two | (or a column that --categorical names), got \"two\"",
      })
  void whatIsNoNumberIsNamed(String cell, String fact) throws IOException {
    CsvTable table = read(COMMAS, "a,y\n1,2\n\"%s\",3\n".formatted(cell));
    String message = message(() -> CsvFrame.of(table, Map.of()));
    assertSays(message, "line 3, column \"a\": expected a finite number", fact);
  }

  @Test
  void aPointIsNoDecimalComma() throws IOException {
    CsvTable table = read(GERMAN, "a;y\n1,5;2\n1.234;3\n");
    assertSays(
        message(() -> CsvFrame.of(table, Map.of())),
        "line 3",
        "\"1.234\" (nothing may stand between thousands; with --decimal-comma a number has no"
            + " point)");
  }

  @Test
  void columnsWithoutANameAreLeftOutWithAWarning() throws IOException {
    CsvTable table = read(COMMAS, ",Unnamed: 0,a,\u00A0,y\n0,7,1,,2\n1,8,3,,4\n");
    try (CapturedOutput output = new CapturedOutput()) {
      CsvTable named = table.without(List.of());
      assertEquals(List.of("a", "y"), named.columns());
      assertEquals(List.of(List.of("1", "2"), List.of("3", "4")), named.rows());
      assertEquals(
          "Warning: %s: columns 1, 2, 4 without a name are left out%n".formatted(table.file()),
          output.err());
    }
  }

  @Test
  void namesThatAreThereTwiceMatterWhereTheyAreUsed() throws IOException {
    CsvTable table = read(COMMAS, "a,b,y,b\n1,2,3,4\n");
    assertSays(message(() -> CsvFrame.of(table, Map.of())), "two columns \"b\"");
    assertEquals(List.of("a", "y"), table.without(table.named(List.of("b"))).columns());
    assertEquals(1, table.withoutMissing(List.of("a", "y")).rows().size());
    CsvTable empty = read(COMMAS, "a,b,y\n1,,2\n3,NA,4\n");
    assertSays(
        message(() -> empty.withoutMissing(empty.columns())),
        "has no row without a missing cell; nothing is in the columns \"b\"");
  }

  @Test
  void optionsNameColumns() throws IOException {
    CsvTable table = read(COMMAS, "a,\"b, c\",d\n1,2,3\n");
    assertEquals(List.of("a", "d"), table.named(List.of("a,d")));
    assertEquals(List.of("d", "a"), table.named(List.of(" d ", "a , d")));
    assertEquals(List.of("b, c"), table.named(List.of("b, c")));
    assertEquals(List.of("a", "b, c"), table.named(List.of("a,\"b, c\"")));
    assertSays(
        message(() -> table.named(List.of("a,e"))), "no column \"e\"", "\"a\", \"b, c\", \"d\"");
    assertSays(message(() -> table.named(List.of("a,\"d"))), "Expected names separated by commas");
  }

  @Test
  void messagesStayOnOneLine() throws IOException {
    CsvTable table = read(COMMAS, "a,y\n1,2\n\"one\ntwo%s\",3\n".formatted("x".repeat(1000)));
    String message = message(() -> CsvFrame.of(table, Map.of()));
    assertSays(message, "got \"one\\ntwoxxx", "…\"");
    assertTrue(message.length() < 400, message);
  }

  @Test
  void severalTargets() throws IOException {
    CsvTable table = read(COMMAS, "a,t,b,u\n1,2,x,3\n4,5,y,6\n7,,y,NA\n");
    TableColumns columns =
        new TableColumns(
            List.of(
                new TableColumns.Input("b", ColumnKind.CATEGORY),
                new TableColumns.Input("a", ColumnKind.NUMBER)),
            TargetColumns.values(List.of("u", "t")));
    Frame inputs = columns.frame(table);
    assertEquals(List.of("b", "a"), inputs.names());
    assertArrayEquals(new double[] {1, 4, 7}, inputs.numbers("a"));
    assertArrayEquals(new String[] {"x", "y", "y"}, inputs.categories("b"));
    assertArrayEquals(new double[][] {{3, 2}, {6, 5}, null}, columns.targets().known(table, false));
    assertSays(
        message(() -> data(table, List.of("u", "t"), List.of())),
        "line 4, column \"u\"",
        "--drop-missing");
    assertSays(
        message(() -> data(table, List.of("t", "b"), List.of("b"))), "\"b\" must be a number");
    assertSays(
        message(() -> data(table, List.of("t", "b", "a", "u"), List.of())), "no column beside");
  }

  private static TabularData data(CsvTable table, List<String> targets, List<String> categorical) {
    return TabularData.of(
        table,
        table,
        new TabularData.Options(TargetColumns.values(targets), false, categorical, null, null),
        0);
  }
}
