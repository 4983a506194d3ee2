/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.List;
import org.mdn4j.examples.kit.Program.UserError;
import picocli.CommandLine.Option;

/** The options that describe the dialect of a CSV file. */
final class CsvOptions {
  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "encoding, such as windows-1252, if not UTF-8; a byte order mark takes precedence")
  private String encoding;

  @Option(
      names = "--delimiter",
      paramLabel = "CHARACTER",
      description = "delimiter of cells, such as ; or tab, if not a comma")
  private String delimiter;

  @Option(
      names = "--decimal-comma",
      description = "numbers are written as 1,5 and not as 1.5",
      negatable = true)
  private Boolean decimalComma;

  @Option(
      names = "--missing",
      paramLabel = "TOKENS",
      split = ",",
      description =
          "texts of a missing cell, separated by commas, in place of NA, N/A, NaN, nan, -, ? and"
              + " the like; an empty cell is always missing")
  private List<String> missing;

  /**
   * Returns the dialect by which a file is to be read.
   *
   * @param otherwise what holds where an option is not given
   * @throws UserError if an option is out of its range
   */
  CsvDialect dialect(CsvDialect otherwise) {
    if (encoding != null) {
      try {
        Charset.forName(encoding);
      } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
        throw new UserError(
            "--encoding: expected UTF-8, ISO-8859-1, windows-1252 or the like, got " + encoding);
      }
    }
    try {
      return new CsvDialect(
          encoding == null ? otherwise.encoding() : encoding,
          delimiter == null ? otherwise.delimiter() : character(),
          decimalComma == null ? otherwise.decimalComma() : decimalComma,
          missing == null ? otherwise.missing() : missing);
    } catch (IllegalArgumentException e) {
      throw new UserError("--delimiter: " + e.getMessage());
    }
  }

  /** Returns the delimiter; a tab may be written out, because few command lines take one. */
  private String character() {
    return delimiter.equalsIgnoreCase("tab") || delimiter.equals("\\t") ? "\t" : delimiter;
  }
}
