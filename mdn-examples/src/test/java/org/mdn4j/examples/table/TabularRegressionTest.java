/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.page.PageCheck;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;

/** Two branches, 100 · (±x) + noise, which no single Gaussian can follow. */
@Tag("slow")
class TabularRegressionTest {
  private static final int ROWS = 400;

  @TempDir private static Path folder;

  private static Path out;
  private static double[][] table; // [ROWS][4]: constant, x, price, colour above 0
  private static TabularRegression.Result result;
  private static String printed;

  @BeforeAll
  static void train() throws IOException {
    table = twoBranches();
    List<String> lines = new ArrayList<>(List.of("constant, x,\"price, net\",colour"));
    for (double[] row : table) {
      lines.add(
          String.format(
              Locale.ROOT,
              "%s, %s ,\"%s\", \" %s \" ",
              row[0],
              row[1],
              row[2],
              row[3] > 0 ? "red, dark" : "blue"));
    }
    lines.add("0.1,,5,blue");
    lines.add("0.1,2,NA,blue");
    Path csv = Files.write(folder.resolve("two branches ±.csv"), lines);
    out = folder.resolve("new").resolve("out");
    try (CapturedOutput output = new CapturedOutput()) {
      result =
          TabularRegression.run(
              "--csv",
              csv.toString(),
              "--target",
              "price, net",
              "--categorical",
              "colour",
              "--drop-missing",
              "--components",
              "3",
              "--out",
              out.toString());
      printed = output.out();
      assertEquals("", output.err());
    }
  }

  private static double[][] twoBranches() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    ZigguratSampler.NormalizedGaussian gaussian = ZigguratSampler.NormalizedGaussian.of(random);
    double[][] rows = new double[ROWS][];
    for (int n = 0; n < ROWS; n++) {
      double x = random.nextDouble(1, 3);
      double sign = random.nextBoolean() ? 1 : -1;
      rows[n] = new double[] {0.1, x, 100 * sign * x + 5 * gaussian.sample(), gaussian.sample()};
    }
    return rows;
  }

  @Test
  void splitsTheRows() {
    assertEquals(60, result.predictions().size());
    assertEquals(340, result.trainingRows());
    assertEquals(2, result.dropped());
    assertTrue(printed.contains("2 rows dropped, because a cell is missing"), printed);
    assertTrue(printed.contains("340 rows to learn from, 60 for the test"), printed);
  }

  /** Branches 200 to 600 apart with a deviation of 5 each: log 2 + log 5 + 1.42 = 3.72 at best. */
  @Test
  void beatsOneGaussian() {
    assertTrue(result.testNll() > 3.4, () -> "NLL " + result.testNll());
    assertTrue(result.testNll() < result.baselineNll() - 0.5, result::toString);
    assertTrue(result.baselineNll() > 6 && result.baselineNll() < 7.5, result::toString);
  }

  /** Every score of both models, with its standard error; the lines are the page's, too. */
  @Test
  void printsAllScoresOfBothModels() throws IOException {
    String page = Files.readString(out.resolve("report.html"));
    for (String score :
        List.of(
            "NLL in nats",
            "CRPS in units of price, net",
            "RMSE of the mean in units of price, net",
            "MAE of the median in units of price, net",
            "width of 90 % intervals in units of price, net",
            "coverage of 90 % intervals")) {
      String line =
          printed.lines().filter(one -> one.startsWith(score + " ")).findFirst().orElseThrow();
      List<String> texts = List.of(line.substring(score.length()).strip().split(" {2,}"));
      assertEquals(2, texts.size(), line);
      texts.forEach(text -> assertTrue(text.matches("-?[\\d.]+ ± [\\d.]+"), line));
      assertTrue(
          page.contains("[\"%s\",\"%s\",\"%s\"]".formatted(score, texts.get(0), texts.get(1))),
          score);
      if (score.startsWith("NLL")) {
        assertEquals(Digits.of(result.testNll(), 4), texts.get(0).split(" ± ")[0]);
        assertEquals(Digits.of(result.baselineNll(), 4), texts.get(1).split(" ± ")[0]);
      }
    }
    assertTrue(printed.contains("1 of 2: mixture: the network: validation NLL "), printed);
    assertTrue(printed.contains("2 of 2: one Gaussian: the network: validation NLL "), printed);
  }

  /** The branches part: of most rows the region of 90 % is two intervals, one around each. */
  @Test
  void writesTheTestRowsWithTheirRegions() throws IOException {
    CsvTable read = CsvTable.read(out.resolve("predictions.csv"));
    assertEquals(
        List.of("row", "constant", "x", "colour", "price, net", "mean_price, net"),
        read.columns().subList(0, 6));
    assertEquals(result.predictions().size(), read.rows().size());
    int lower = read.indexOf("region_0.9_lower_1_price, net");
    double nll = 0;
    int parted = 0;
    for (int n = 0; n < read.rows().size(); n++) {
      Prediction prediction = result.predictions().get(n);
      double[] row = table[prediction.row() - 2]; // line 1 is the header
      assertEquals(Integer.toString(prediction.row()), read.cell(n, 0));
      assertEquals(Double.toString(row[1]), read.cell(n, 2), "as it was written");
      assertEquals(row[3] > 0 ? "red, dark" : "blue", read.cell(n, 3));
      assertEquals(row[2], Double.parseDouble(read.cell(n, 4)));
      assertEquals(Digits.of(prediction.mean(), 6), read.cell(n, 5));
      assertEquals(Digits.of(prediction.standardDeviation(), 6), read.cell(n, 6));
      nll += Double.parseDouble(read.cell(n, read.indexOf("nll")));
      boolean two = !read.cell(n, lower + 2).isEmpty();
      parted += two && read.cell(n, lower + 1).startsWith("-") ? 1 : 0;
    }
    assertEquals(result.testNll(), nll / read.rows().size(), 1e-4);
    assertTrue(parted > 50, parted + " of 60 regions part");
  }

  @Test
  void savesTheModelWithItsColumns() throws IOException {
    TableModel model = TableModel.load(out.resolve("model.zip"));
    assertEquals(
        List.of(
            new TableColumns.Input("constant", ColumnKind.NUMBER),
            new TableColumns.Input("x", ColumnKind.NUMBER),
            new TableColumns.Input("colour", ColumnKind.CATEGORY)),
        model.columns().inputs());
    assertEquals(List.of("price, net"), model.columns().targets().names());
    assertTrue(printed.contains("Column 'constant' (NUMBER) is constant and left out"), printed);
    for (Prediction expected : result.predictions()) {
      double[] row = table[expected.row() - 2];
      Frame features =
          Frame.builder()
              .numbers("x", row[1])
              .categories("colour", row[3] > 0 ? "red, dark" : "blue")
              .build();
      Mixture mixture = model.regressor().predict(features).get(0);
      // alone or among others, a row's product of matrices may be summed in another order
      assertEquals(expected.mean(), mixture.mean()[0], 1e-3);
      assertEquals(expected.logDensity(), mixture.logDensity(expected.target()), 1e-3);
    }
  }

  @Test
  void drawsPictures() throws IOException {
    for (String picture : List.of("predictions.png", "loss.png")) {
      assertNotNull(ImageIO.read(out.resolve(picture).toFile()), picture);
    }
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(5, files.count(), "no drafts are left");
    }
  }

  @Test
  void writesAPage() throws IOException, InterruptedException {
    PageCheck.check(
        out.resolve("report.html"),
        Files.createDirectory(folder.resolve("browser")),
        Path.of("target/screenshots/tabular-regression"));
    String page = Files.readString(out.resolve("report.html"));
    assertTrue(page.contains("two branches ±.csv: 340 rows to learn from"), "what it is of");
    assertTrue(page.contains("colour blue moves") && !page.contains("constant moves"), "its views");
    assertTrue(page.contains("\"name\":\"colour moves\""), "one view per category");
    assertTrue(page.contains("\"names\":[\"blue\",\"red, dark\"]"), "by its names");
  }

  @Test
  void readsWhatSpreadsheetsWrite() throws IOException {
    Path csv = folder.resolve("spreadsheet.csv");
    Files.writeString(
        csv,
        "\uFEFF\"a b\" , \"say \"\"c\"\"\",d\r\n\r\n\"1.5\" , -2e3,\"+4\"\r\n\r\n.5,\" 6 \",7.\r\n");
    CsvTable read = CsvTable.read(csv);
    assertEquals(List.of("a b", "say \"c\"", "d"), read.columns());
    assertEquals(List.of(3, 5), read.lines());
    assertArrayEquals(
        new double[][] {{1.5, -2e3, 4}, {0.5, 6, 7}},
        CsvFrame.of(read, Map.of()).numbers(read.columns()));
  }

  @Test
  void explainsItsOptions() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, TabularRegression.execute("--help"));
      for (String option :
          List.of(
              "--csv",
              "--target",
              "--categorical",
              "--drop-missing",
              "--ensemble",
              "--censored",
              "--event",
              "--atoms",
              "--compare-atoms",
              "--family",
              "NEGATIVE_BINOMIAL",
              "--horizons",
              "--save",
              "10")) {
        assertTrue(output.out().contains(option), option);
      }
      assertFalse(output.out().contains("null"), output.out());
    }
  }
}
