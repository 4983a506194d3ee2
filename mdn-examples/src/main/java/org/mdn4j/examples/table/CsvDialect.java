/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The dialect of a CSV file. It is kept with the model, so that later files are read as the first
 * one was.
 *
 * @param encoding the name of its character set; a byte order mark in the file takes precedence
 * @param delimiter what stands between two cells, one character
 * @param decimalComma whether numbers are written as 1,5 and not as 1.5
 * @param missing cells that count as missing, the empty one among them
 */
record CsvDialect(
    @JsonProperty("encoding") String encoding,
    @JsonProperty("delimiter") String delimiter,
    @JsonProperty("decimalComma") boolean decimalComma,
    @JsonProperty("missing") List<String> missing) {
  /** Commas, points, UTF-8, and what spreadsheets and data frames write for a missing cell. */
  static final CsvDialect DEFAULT =
      new CsvDialect(
          StandardCharsets.UTF_8.name(),
          ",",
          false,
          List.of("", "NA", "N/A", "NaN", "nan", "null", "-", "?"));

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?");

  CsvDialect {
    Charset.forName(encoding);
    if (delimiter.length() != 1 || !separates(delimiter.charAt(0))) {
      throw new IllegalArgumentException(
          "Expected one character as delimiter, no letter, digit, quote or line end, got \"%s\""
              .formatted(delimiter));
    }
    missing =
        Stream.concat(Stream.of(""), missing.stream()).map(CsvDialect::text).distinct().toList();
  }

  private static boolean separates(char delimiter) {
    return !Character.isLetterOrDigit(delimiter) && "\"\r\n\0.+-".indexOf(delimiter) < 0;
  }

  CsvDialect delimiter(String other) {
    return new CsvDialect(encoding, other, decimalComma, missing);
  }

  /** Returns this dialect with the other decimal mark. */
  CsvDialect otherMark() {
    return new CsvDialect(encoding, delimiter, !decimalComma, missing);
  }

  boolean isMissing(String cell) {
    return missing.contains(cell);
  }

  /**
   * Returns the number that a cell holds; empty if it holds none, or one beyond the range of a
   * double. Decimal digits only: no hexadecimal, no infinity, nothing between thousands.
   */
  OptionalDouble number(String cell) {
    String text = cell;
    if (decimalComma) {
      text = cell.indexOf('.') < 0 ? cell.replace(',', '.') : "";
    }
    if (!NUMBER.matcher(text).matches()) {
      return OptionalDouble.empty();
    }
    double number = Double.parseDouble(text);
    return Double.isFinite(number) ? OptionalDouble.of(number) : OptionalDouble.empty();
  }

  /**
   * Returns a cell's text as a reader sees it: without spaces and invisible characters at its ends,
   * non-breaking ones too, accents and line ends in one form only, so that what looks the same is
   * the same.
   */
  static String text(String cell) {
    int from = 0;
    int to = cell.length();
    while (from < to && isBlank(cell.charAt(from))) {
      from++;
    }
    while (from < to && isBlank(cell.charAt(to - 1))) {
      to--;
    }
    String seen = cell.substring(from, to).replace("\r\n", "\n").replace('\r', '\n');
    return Normalizer.normalize(seen, Normalizer.Form.NFC);
  }

  private static boolean isBlank(char character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || Character.getType(character) == Character.FORMAT;
  }
}
