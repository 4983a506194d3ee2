/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Interval;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.page.PageCheck;
import org.mdn4j.regression.frame.ColumnKind;

/**
 * A table as people have them: categories, dates, booleans, missing cells, weights and patients
 * with several rows; its intervals are to hold for each kind.
 */
@Tag("slow")
class RealColumnsTest {
  private static final int ROWS = 400;

  @TempDir private static Path folder;

  private static Path csv;
  private static Path out;
  private static TabularRegression.Result result;
  private static String printed;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(8);
    List<String> lines = new ArrayList<>(List.of("patient,kind,dose,seen,smokes,answer,times"));
    for (int n = 0; n < ROWS; n++) {
      String kind = n % 3 == 0 ? "loud" : "quiet";
      double dose = random.nextDouble();
      double noise = (n % 3 == 0 ? 3 : 0.3) * random.nextGaussian();
      lines.add(
          String.format(
              Locale.ROOT,
              "P%d,%s,%s,%s,%s,%.4f,%d",
              n / 4,
              random.nextInt(10) == 0 ? "" : kind,
              random.nextInt(5) == 0 ? "NA" : Digits.of(dose, 4),
              LocalDate.of(2024, 1, 1).plusDays(random.nextInt(600)),
              random.nextBoolean(),
              10 * dose + noise,
              1 + random.nextInt(3)));
    }
    csv = Files.write(folder.resolve("answers.csv"), lines);
    out = folder.resolve("out");
    try (CapturedOutput output = new CapturedOutput()) {
      result =
          TabularRegression.run(
              "--csv",
              csv.toString(),
              "--target",
              "answer",
              "--weights",
              "times",
              "--groups",
              "patient",
              "--conformal",
              "0.4",
              "--conformal-groups",
              "kind",
              "--components",
              "3",
              "--out",
              out.toString());
      printed = output.out();
      assertEquals("", output.err());
    }
  }

  @Test
  void noRowIsDropped() {
    assertEquals(0, result.dropped());
    assertEquals(ROWS, result.trainingRows() + result.predictions().size());
  }

  @Test
  void theRowsOfAPatientStayTogether() throws IOException {
    List<String> rows = Files.readAllLines(csv);
    Set<Integer> lines = new HashSet<>();
    result.predictions().forEach(one -> lines.add(one.row()));
    assertEquals(60, lines.size(), 4);
    for (int line : lines) {
      int first = line - (line - 2) % 4;
      IntStream.range(first, first + 4)
          .forEach(other -> assertTrue(lines.contains(other), () -> rows.get(other - 1)));
    }
  }

  @Test
  void scoresCountTheWeights() throws IOException {
    List<String> rows = Files.readAllLines(csv);
    double sum = 0;
    double weights = 0;
    for (Prediction prediction : result.predictions()) {
      String row = rows.get(prediction.row() - 1);
      double weight = Double.parseDouble(row.substring(row.lastIndexOf(',') + 1));
      sum -= weight * prediction.logDensity();
      weights += weight;
    }
    assertEquals(sum / weights, result.testNll(), 1e-6);
  }

  @Test
  void theModelKnowsItsColumns() throws IOException {
    TableModel model = TableModel.load(out.resolve("model.zip"));
    assertEquals(
        List.of(
            new TableColumns.Input("kind", ColumnKind.CATEGORY),
            new TableColumns.Input("dose", ColumnKind.NUMBER),
            new TableColumns.Input("seen", ColumnKind.DATE),
            new TableColumns.Input("smokes", ColumnKind.BOOLEAN)),
        model.columns().inputs());
    assertTrue(model.regressor().trust().isConformal());
  }

  /** Wide for the loud ones, narrow for the quiet ones, by the calibration of each kind. */
  @Test
  void conformalIntervalsAreWrittenAndPrinted() throws IOException {
    CsvTable read = CsvTable.read(out.resolve("predictions.csv"));
    int lower = read.indexOf("conformal_0.9_lower_answer");
    double[] widths = new double[2];
    int[] counts = new int[2];
    for (int n = 0; n < read.rows().size(); n++) {
      String kind = read.cell(n, read.indexOf("kind"));
      if (!kind.isEmpty()) {
        int i = kind.equals("loud") ? 1 : 0;
        widths[i] +=
            Double.parseDouble(read.cell(n, lower + 1)) - Double.parseDouble(read.cell(n, lower));
        counts[i]++;
      }
    }
    assertTrue(
        widths[1] / counts[1] > 1.5 * widths[0] / counts[0],
        () -> "%s in %s".formatted(widths[1] / counts[1], widths[0] / counts[0]));
    assertTrue(printed.contains("Conformal intervals, calibrated by 1"), printed);
    assertTrue(printed.contains("asked for"), printed);
  }

  @Test
  void predictWritesThemToo() throws IOException {
    Path rows =
        Files.write(
            folder.resolve("new.csv"),
            List.of(
                "kind,dose,seen,smokes",
                "loud,0.5,2024-03-01,true",
                ",NA,,",
                "new,0.5,2024-03-01 12:00:00,false"));
    Path file = folder.resolve("new-out.csv");
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.Result predicted =
          Predict.run(
              "--model",
              out.resolve("model.zip").toString(),
              "--csv",
              rows.toString(),
              "--level",
              "0.8",
              "--out",
              file.toString());
      assertEquals(3, predicted.rows());
      assertTrue(output.err().contains("\"kind\" \"new\" (1)"), output.err());
    }
    CsvTable read = CsvTable.read(file);
    TableModel model = TableModel.load(out.resolve("model.zip"));
    List<List<Interval>> expected =
        model
            .regressor()
            .trust()
            .intervals(model.columns().frame(CsvTable.read(rows, CsvDialect.DEFAULT)), 0.8);
    int lower = read.indexOf("conformal_0.8_lower_answer");
    for (int n = 0; n < 3; n++) {
      assertEquals(Digits.of(expected.get(n).get(0).lower(), 6), read.cell(n, lower));
      assertEquals(Digits.of(expected.get(n).get(0).upper(), 6), read.cell(n, lower + 1));
    }
  }

  @Test
  void thePageShowsAllKinds() throws IOException, InterruptedException {
    String page = Files.readString(out.resolve("report.html"));
    for (String view : List.of("kind moves", "dose moves", "seen moves", "smokes moves")) {
      assertTrue(page.contains("\"name\":\"" + view + "\""), view);
    }
    PageCheck.check(
        out.resolve("report.html"),
        Files.createDirectory(folder.resolve("browser")),
        Path.of("target/screenshots/real-columns"));
  }
}
