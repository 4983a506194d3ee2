/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Program.UserError;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;

/** Each of the CSV files beside the project: its right table, or one sentence. */
class SharedCsvTest {
  private static final CsvDialect DEFAULT = CsvDialect.DEFAULT;
  private static final List<String> TOWN = List.of("town");

  @TempDir private Path folder;

  /** What is in a table, by a program that knows no dialect but its own. */
  private record Numbers(double[][] features, double[][] targets) {
    static Numbers plain(int... without) throws IOException {
      List<String[]> rows =
          Files.readAllLines(SharedCsv.file("plain.csv")).stream()
              .skip(1)
              .map(line -> line.split(","))
              .toList();
      int[] kept =
          IntStream.range(0, rows.size())
              .filter(row -> IntStream.of(without).noneMatch(line -> line == row + 2))
              .toArray();
      double[][] features =
          IntStream.of(kept)
              .mapToObj(rows::get)
              .map(
                  row ->
                      new double[] {
                        Double.parseDouble(row[0]),
                        Double.parseDouble(row[1]),
                        row[2].equals("Bonn") ? 1 : 0,
                        row[2].equals("Köln") ? 1 : 0
                      })
              .toArray(double[][]::new);
      double[][] targets =
          IntStream.of(kept)
              .mapToObj(row -> new double[] {Double.parseDouble(rows.get(row)[3])})
              .toArray(double[][]::new);
      return new Numbers(features, targets);
    }

    static Numbers of(CsvTable table, List<String> categorical, String target) {
      Map<String, ColumnKind> kinds =
          categorical.stream().collect(Collectors.toMap(name -> name, x -> ColumnKind.CATEGORY));
      Frame frame = CsvFrame.of(table, kinds);
      List<String> numbers =
          frame.names().stream()
              .filter(name -> !name.equals(target) && !categorical.contains(name))
              .toList();
      double[][] features = frame.numbers(numbers);
      for (String name : categorical) {
        String[] towns = frame.categories(name);
        List<String> names = List.copyOf(new TreeSet<>(List.of(towns)));
        for (int row = 0; row < towns.length; row++) {
          int place = features[row].length;
          features[row] = Arrays.copyOf(features[row], place + names.size());
          features[row][place + names.indexOf(towns[row])] = 1;
        }
      }
      return new Numbers(features, frame.numbers(List.of(target)));
    }

    void assertAre(Numbers expected) {
      assertArrayEquals(expected.features, features);
      assertArrayEquals(expected.targets, targets);
    }
  }

  private static CsvTable read(String name) throws IOException {
    return CsvTable.read(SharedCsv.file(name), DEFAULT);
  }

  private static void assertRefused(String name, String... facts) {
    Path file = SharedCsv.file(name);
    String message =
        assertThrows(UserError.class, () -> Numbers.of(CsvTable.read(file), TOWN, "price"))
            .getMessage();
    assertEquals(1, message.lines().count(), message);
    for (String fact : facts) {
      assertTrue(message.contains(fact), () -> fact + " is not in: " + message);
    }
  }

  @Test
  void plain() throws IOException {
    CsvTable table = read("plain.csv");
    assertEquals(120, table.rows().size());
    Numbers.of(table, TOWN, "price").assertAre(Numbers.plain());
  }

  @Test
  void latin() throws IOException {
    assertRefused("latin_merge.csv", "line 2: the bytes here are not UTF-8", "--encoding");
    CsvTable right = read("utf_merge.csv");
    assertEquals(
        Set.of("Mahl", "Möhl", "Mühl"),
        new TreeSet<>(List.of(CsvFrame.of(right, Map.of()).categories("town"))));
    for (String encoding : List.of("ISO-8859-1", "windows-1252", "latin1")) {
      CsvDialect dialect = new CsvDialect(encoding, ",", false, DEFAULT.missing());
      CsvTable latin = CsvTable.read(SharedCsv.file("latin_merge.csv"), dialect);
      Numbers.of(latin, TOWN, "price").assertAre(Numbers.of(right, TOWN, "price"));
    }
  }

  @Test
  void semicolonsAndDecimalCommas() throws IOException {
    assertRefused(
        "semicolon_decimal_comma.csv",
        "looks delimited by semicolons, not by commas (4 columns: \"area\", \"year\", \"town\","
            + " \"price\"): say --delimiter \";\" and --decimal-comma, as it has 52,84");
    CsvDialect dialect = new CsvDialect("UTF-8", ";", true, DEFAULT.missing());
    CsvTable table = CsvTable.read(SharedCsv.file("semicolon_decimal_comma.csv"), dialect);
    Numbers.of(table, TOWN, "price").assertAre(Numbers.plain());
  }

  @Test
  void utf16() throws IOException {
    Numbers.of(read("utf16.csv"), TOWN, "price").assertAre(Numbers.plain());
  }

  @Test
  void aDataFramesIndex() throws IOException {
    try (CapturedOutput output = new CapturedOutput()) {
      CsvTable table = read("pandas_index.csv").without(List.of());
      Numbers.of(table, TOWN, "price").assertAre(Numbers.plain());
      assertEquals(1, output.err().lines().count(), output.err());
      assertTrue(output.err().contains("column 1 without a name is left out"), output.err());
    }
  }

  @Test
  void missing() throws IOException {
    CsvTable table = read("missing_na_lower.csv");
    int[] lines =
        IntStream.range(0, table.rows().size())
            .filter(row -> table.cell(row, 1).equals("nan"))
            .map(row -> table.lines().get(row))
            .toArray();
    assertTrue(lines.length > 1 && lines.length < 60, () -> lines.length + " rows");
    Numbers.of(table.withoutMissing(table.columns()), TOWN, "price")
        .assertAre(Numbers.plain(lines));
  }

  @Test
  void wind() throws IOException {
    Numbers numbers = Numbers.of(read("wind.csv"), List.of(), "power");
    assertEquals(400, numbers.targets().length);
    assertArrayEquals(new double[] {4.17, 0}, numbers.features()[0]);
    assertArrayEquals(new double[] {0.172}, numbers.targets()[2]);
  }

  @Test
  void newRows() throws IOException {
    CsvTable table = read("plain.csv");
    MixtureRegressor regressor =
        MixtureRegressor.builder()
            .components(2)
            .noise(new NoiseLevel(0.05, 0.02))
            .maxEpochs(20)
            .quiet()
            .build()
            .fit(CsvFrame.of(table, Map.of()), "price");
    Path model = folder.resolve("model.zip");
    new TableModel(regressor, CsvDialect.DEFAULT, null).save(model);
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.Result empty = predict(model, "new_no_target_empty.csv");
      assertEquals(1, empty.rows());
      assertTrue(Double.isNaN(empty.nll()));
      assertEquals("", output.err());
      assertEquals(2, predict(model, "new_unseen.csv").rows());
      assertEquals(1, output.err().lines().count(), output.err());
      assertTrue(output.err().contains("1 cell in 1 row with a category"), output.err());
      assertTrue(output.err().contains("\"town\" \"Ulm\" (1)"), output.err());
    }
    String refused =
        assertThrows(UserError.class, () -> predict(model, "new_unseen.csv", "--strict"))
            .getMessage();
    assertTrue(
        refused.contains(
            "line 3, column \"town\": expected a category that training has seen, got \"Ulm\""),
        refused);
  }

  private Predict.Result predict(Path model, String name, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of("--model", model.toString(), "--csv", SharedCsv.file(name).toString()));
    arguments.addAll(List.of("--out", folder.resolve("out.csv").toString()));
    arguments.addAll(List.of(more));
    return Predict.run(arguments.toArray(String[]::new));
  }
}
