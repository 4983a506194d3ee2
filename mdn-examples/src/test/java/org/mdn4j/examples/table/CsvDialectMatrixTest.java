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
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.regression.frame.Frame;

/** One table, written in every dialect: it reads the same each time. */
class CsvDialectMatrixTest {
  private static final List<String> HEADER = List.of("Fläche in m²", "Baujahr", "Ort", "Preis");

  /** Cells with numbers in points. */
  private static final List<List<String>> ROWS =
      List.of(
          List.of("52.84", "1958", "Köln", "113399.45"),
          List.of("-.5", "1e3", "Bad \"Ems\", |alt|;\tneu", "+7."),
          List.of("3.25", "2007", "zwei\nZeilen", "0.125"));

  private static final List<String> OTHER_TOKENS = List.of("", "-9999", "k. A.", "Ø");

  private static final double[][] NUMBERS = {{52.84, 1958}, {-0.5, 1000}, {3.25, 2007}};
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
        for (List<String> missing : List.of(CsvDialect.DEFAULT.missing(), OTHER_TOKENS)) {
          CsvDialect dialect = new CsvDialect(encoding.option, delimiter, decimalComma, missing);
          for (boolean allQuoted : new boolean[] {false, true}) {
            List<String> lines = lines(dialect, allQuoted);
            for (String lineEnd : List.of("\n", "\r\n", "\r")) {
              for (String last : List.of("", lineEnd)) {
                String text = String.join("\n", lines).replace("\n", lineEnd) + last;
                Files.write(file, encoding.bytes(text));
                assertTable(
                    CsvTable.read(file, dialect),
                    missing.size(),
                    () ->
                        "%s, %s, all quoted %s:%n%s".formatted(dialect, encoding, allQuoted, text));
                files++;
              }
            }
          }
        }
      }
    }
    assertEquals(2 * 8 * 2 * 2 * 3 * 2, files);
  }

  /** The header and the rows; before the last one, a row for each token of what is missing. */
  private static List<String> lines(CsvDialect dialect, boolean allQuoted) {
    List<String> lines = new ArrayList<>();
    lines.add(
        HEADER.stream()
            .map(name -> cell(name, false, dialect.delimiter(), false, allQuoted))
            .collect(Collectors.joining(dialect.delimiter())));
    lines.add(line(ROWS.get(0), dialect, allQuoted));
    lines.add(line(ROWS.get(1), dialect, allQuoted));
    for (String token : dialect.missing()) {
      lines.add(line(List.of("77", token, "Köln", "1"), dialect, allQuoted));
    }
    lines.add(line(ROWS.get(2), dialect, allQuoted));
    return lines;
  }

  private static String line(List<String> cells, CsvDialect dialect, boolean allQuoted) {
    return IntStream.range(0, cells.size())
        .mapToObj(
            column -> {
              String text = cells.get(column);
              boolean number = column != 2 && !dialect.isMissing(text);
              return cell(text, number, dialect.delimiter(), dialect.decimalComma(), allQuoted);
            })
        .collect(Collectors.joining(dialect.delimiter()));
  }

  private static void assertTable(CsvTable table, int missing, Supplier<String> of) {
    assertEquals(HEADER, table.columns(), of);
    assertEquals(3 + missing, table.rows().size(), of);
    CsvTable complete = table.withoutMissing(HEADER);
    assertEquals(List.of(2, 3, 4 + missing), complete.lines(), of);
    Frame frame = CsvFrame.of(complete, Map.of());
    assertArrayEquals(
        new String[] {"Köln", ROWS.get(1).get(2), "zwei\nZeilen"},
        frame.categories("Ort"),
        of.get());
    assertArrayEquals(NUMBERS, frame.numbers(List.of("Fläche in m²", "Baujahr")), of.get());
    assertArrayEquals(TARGETS, frame.numbers(List.of("Preis")), of.get());
    Frame all = CsvFrame.of(table, Map.of());
    assertEquals(missing + 3, all.rows(), of);
    for (int row = 0; row < all.rows(); row++) {
      assertEquals(row == 2 || row > 2 && row < 2 + missing, all.isMissing("Baujahr", row), of);
    }
  }
}
