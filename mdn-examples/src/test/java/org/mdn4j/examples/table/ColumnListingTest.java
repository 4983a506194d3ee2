/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ColumnListingTest {
  @TempDir private Path folder;

  /** A name of a thousand characters is cut, between characters that take two. */
  @Test
  void whatColumnsHoldIsShort() throws IOException {
    String longest = "\uD83D\uDE00".repeat(1000);
    Path file =
        Files.writeString(
            folder.resolve("table.csv"),
            "town,sold,garden,area,price\n"
                + longest
                + ",2024-05-01,true,1.5,1\nUlm,2024-05-03,false,,2\n"
                + longest
                + ",,true,2.5,3\n");
    CsvTable table = CsvTable.read(file);
    TabularData.Options options =
        new TabularData.Options(
            TargetColumns.values(List.of("price")), false, List.of(), null, null);
    TabularData data = TabularData.of(table, table, options, 0);

    assertEquals(
        List.of(
            List.of(
                "town", "input", "category", "none", "2: " + longest.substring(0, 80) + "…, Ulm"),
            List.of("sold", "input", "date", "1 (33.3 %)", "2024-05-01 to 2024-05-03"),
            List.of("garden", "input", "boolean", "none", "true in 66.7 %"),
            List.of("area", "nothing: constant", "number", "1 (33.3 %)", "1.5 to 2.5, mean 2"),
            List.of("price", "target", "number", "none", "1 to 3, mean 2")),
        ColumnListing.of(data, List.of("area")));
  }
}
