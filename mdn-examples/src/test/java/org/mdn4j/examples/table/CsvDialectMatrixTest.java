/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One table, written in every dialect: it reads the same each time. */
class CsvDialectMatrixTest {
  private static final List<String> HEADER = List.of("Fläche in m²", "Baujahr", "Ort", "Preis");

  /** Cells with numbers in points; the year of the third is missing. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("52.84", "1958", "Köln", "113399.45"),
          List.of("-.5", "1e3", "Bad \"Ems\", |alt|;\tneu", "+7."),
          List.of("77", "", "Köln", "1"),
          List.of("3.25", "2007", "zwei\nZeilen", "0.125"));

  private static final double[][] FEATURES = { // area, year, town: Bad Ems, Köln, two lines
    {52.84, 1958, 0, 1, 0}, {-0.5, 1000, 1, 0, 0}, {3.25, 2007, 0, 0, 1}
  };
  private static final double[][] TARGETS = {{113399.45}, {7}, {0.125}};

  private enum Encoding {
    UTF_8("UTF-8", false, "UTF-8"),
    UTF_8_MARKED("UTF-8", true, "UTF-8"),
    UTF_16_LE_MARKED("UTF-16LE", true, "UTF-8"),
    UTF_16_BE_MARKED("UTF-16BE", true, "UTF-8"),
    UTF_32_LE_MARKED("UTF-32LE", true, "UTF-8"),
    UTF_16_LE("UTF-16LE", false, "UTF-16LE"),
    LATIN_1("ISO-8859-1", false, "ISO-8859-1"),
    WINDOWS("windows-1252", false, "windows-1252");

    private final Charset charset;
    private final boolean marked;
    private final String option; // what the reader is told

    Encoding(String charset, boolean marked, String option) {
      this.charset = Charset.forName(charset);
      this.marked = marked;
      this.option = option;
    }

    byte[] bytes(String text) throws IOException {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      if (marked) {
        bytes.write("\uFEFF".getBytes(charset));
      }
      bytes.write(text.getBytes(charset));
      return bytes.toByteArray();
    }
  }

  private static String cell(
      String text, boolean number, String delimiter, boolean decimalComma, boolean allQuoted) {
    String written = number && decimalComma ? text.replace('.', ',') : text;
    boolean quoted =
        allQuoted || written.contains(delimiter) || written.matches("(?s).*[\"\r\n].*");
    return quoted ? '"' + written.replace("\"", "\"\"") + '"' : written;
  }

  @ParameterizedTest
  @ValueSource(strings = {",", ";", "\t", "|"})
  void readsTheSame(String delimiter, @TempDir Path folder) throws IOException {
    Path file = folder.resolve("table.csv");
    int files = 0;
    for (boolean decimalComma : new boolean[] {false, true}) {
      for (Encoding encoding : Encoding.values()) {
        for (String lineEnd : List.of("\n", "\r\n", "\r")) {
          for (boolean allQuoted : new boolean[] {false, true}) {
            for (String missing : CsvDialect.DEFAULT.missing()) {
              List<String> lines = new ArrayList<>();
              lines.add(
                  HEADER.stream()
                      .map(name -> cell(name, false, delimiter, false, allQuoted))
                      .collect(Collectors.joining(delimiter)));
              for (List<String> row : ROWS) {
                List<String> cells = new ArrayList<>();
                for (int column = 0; column < row.size(); column++) {
                  boolean absent = row.get(column).isEmpty();
                  String text = absent ? missing : row.get(column);
                  boolean number = column != 2 && !absent;
                  cells.add(cell(text, number, delimiter, decimalComma, allQuoted));
                }
                lines.add(String.join(delimiter, cells).replace("\n", lineEnd));
              }
              boolean endless = files++ % 2 == 0; // without an end of the last line
              String text = String.join(lineEnd, lines) + (endless ? "" : lineEnd);
              Files.write(file, encoding.bytes(text));
              CsvDialect dialect =
                  new CsvDialect(
                      encoding.option, delimiter, decimalComma, CsvDialect.DEFAULT.missing());
              assertTable(
                  CsvTable.read(file, dialect),
                  () ->
                      "%s, %s, %s, quoted %s, \"%s\""
                          .formatted(
                              dialect,
                              encoding,
                              lineEnd.chars().boxed().toList(),
                              allQuoted,
                              missing));
            }
          }
        }
      }
    }
    assertEquals(2 * 8 * 3 * 2 * 8, files);
  }

  private static void assertTable(CsvTable table, Supplier<String> of) {
    assertEquals(HEADER, table.columns(), of);
    assertEquals(List.of(2, 3, 4, 5), table.lines(), of);
    CsvTable complete = table.withoutMissing(HEADER);
    assertEquals(List.of(2, 3, 5), complete.lines(), of);
    TableEncoding encoding = TableEncoding.of(complete, "Preis", List.of("Ort"));
    assertEquals(
        List.of(ROWS.get(1).get(2), "Köln", "zwei\nZeilen"),
        encoding.features().get(2).categories(),
        of);
    assertArrayEquals(FEATURES, encoding.features(complete), of.get());
    assertArrayEquals(TARGETS, encoding.targets(complete), of.get());
  }
}
