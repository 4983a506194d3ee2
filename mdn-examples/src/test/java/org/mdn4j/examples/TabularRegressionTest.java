/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.page.PageCheck;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Two branches, 100 · (±x) + noise, which no single Gaussian can follow. */
class TabularRegressionTest {
  private static final int ROWS = 400;

  @TempDir private static Path folder;

  private static Path out;
  private static double[][] table; // [ROWS][4]: constant, x, price, irrelevant
  private static TabularRegression.Result result;
  private static String printed;

  @BeforeAll
  static void train() throws IOException {
    table = twoBranches();
    List<String> lines = new ArrayList<>(List.of("constant, x,\"price, net\",irrelevant"));
    for (double[] row : table) {
      lines.add(
          String.format(Locale.ROOT, "%s, %s ,\"%s\", \" %s \" ", row[0], row[1], row[2], row[3]));
    }
    Path csv = Files.write(folder.resolve("two branches ±.csv"), lines);
    out = folder.resolve("new").resolve("out");
    try (CapturedOutput output = new CapturedOutput()) {
      result = TabularRegression.run(arguments(csv, out));
      printed = output.out();
      assertEquals("", output.err());
    }
  }

  private static String[] arguments(Path csv, Path out) {
    return new String[] {
      "--csv",
      csv.toString(),
      "--target",
      "price, net",
      "--out",
      out.toString(),
      "--components",
      "3",
      "--epochs",
      "25",
      "--hidden-units",
      "16",
      "--learning-rate",
      "0.01"
    };
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
    assertEquals(60, result.validationRows());
    assertEquals(280, result.trainingRows());
    assertTrue(printed.contains("280 rows for training, 60 for validation, 60 for test"), printed);
    assertTrue(printed.contains("Ignored, because constant in training: [constant]"), printed);
  }

  /** Branches 200 to 600 apart with a deviation of 5 each: log 2 + log 5 + 1.42 = 3.72 at best. */
  @Test
  void beatsOneGaussian() {
    assertTrue(result.testNll() > 3.4, () -> "NLL " + result.testNll());
    assertTrue(result.testNll() < result.baselineNll() - 0.5, result::toString);
    assertTrue(result.baselineNll() > 6 && result.baselineNll() < 7.5, result::toString);
    assertTrue(
        printed.contains(
            "in nats and units of \"price, net\": mixture %.3f, one Gaussian %.3f"
                .formatted(result.testNll(), result.baselineNll())),
        printed);
  }

  @Test
  void writesTheTestRowsWithTheirLogDensities() throws IOException {
    List<String> lines = Files.readAllLines(out.resolve("predictions.csv"));
    assertEquals("row,target,log_density,mean,standard_deviation", lines.get(0));
    List<Prediction> read = lines.stream().skip(1).map(TabularRegressionTest::parse).toList();
    assertEquals(result.predictions(), read);
    for (Prediction prediction : read) {
      double[] row = table[prediction.row() - 2]; // line 1 is the header
      assertEquals(row[2], prediction.target());
      assertTrue(prediction.standardDeviation() > 0);
    }
    double nll = -read.stream().mapToDouble(Prediction::logDensity).average().orElseThrow();
    assertEquals(result.testNll(), nll, 1e-12);
  }

  private static Prediction parse(String line) {
    String[] cells = line.split(",");
    return new Prediction(
        Integer.parseInt(cells[0]),
        Double.parseDouble(cells[1]),
        Double.parseDouble(cells[2]),
        Double.parseDouble(cells[3]),
        Double.parseDouble(cells[4]));
  }

  @Test
  void savesTheModelWithItsNormaliser() throws IOException {
    var file = out.resolve("model.zip").toFile();
    var restored = ModelSerializer.restoreMultiLayerNetworkAndNormalizer(file, false);
    MultiLayerNetwork net = restored.getFirst();
    NormalizerStandardize standardize = (NormalizerStandardize) restored.getSecond();
    var head = (MixtureDensityOutputLayer) net.getOutputLayer().conf().getLayer();
    double[][] inputs =
        result.predictions().stream()
            .map(prediction -> table[prediction.row() - 2])
            .map(row -> new double[] {row[0], row[1], row[3]})
            .toArray(double[][]::new);
    INDArray features = Nd4j.createFromArray(inputs);
    standardize.transform(features);
    Mixture[] mixtures =
        new ScaledModel(net, head.getSpec(), standardize)
            .predictStandardized(features.castTo(DataType.FLOAT));
    for (int n = 0; n < mixtures.length; n++) {
      Prediction expected = result.predictions().get(n);
      assertEquals(expected, Prediction.of(expected.row(), expected.target(), mixtures[n]));
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
    assertTrue(page.contains("two branches ±.csv: 280 rows for training"), "what it is of");
    assertTrue(page.contains("irrelevant moves") && !page.contains("constant moves"), "its views");
  }

  @Test
  void sameSeedSameFiles() throws IOException {
    Path again = folder.resolve("again");
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(
          result, TabularRegression.run(arguments(folder.resolve("two branches ±.csv"), again)));
      assertEquals(printed.lines().count(), output.out().lines().count());
    }
    assertEquals(
        -1, Files.mismatch(out.resolve("predictions.csv"), again.resolve("predictions.csv")));
  }

  @Test
  void standardisesByTheTrainingRowsAlone() {
    double[][] rows = {{0, 1, 5}, {2, 3, 5}, {4, 5, 5}, {1, 100, 6}, {3, -100, 7}};
    NumericTable numbers =
        new NumericTable(Path.of("file"), List.of("a", "b", "c"), rows, new int[] {2, 3, 4, 5, 6});
    StandardizedTable standardized =
        StandardizedTable.of(
            numbers, 1, new RandomSplit(new int[] {0, 1, 2}, new int[] {3}, new int[] {4}));
    double deviation = Math.sqrt(8 / 3.0); // of 0, 2, 4 and of 1, 3, 5
    assertEquals(List.of("c"), standardized.ignored());
    assertEquals(Math.log(deviation), standardized.nllOffset(), 1e-12);
    assertEquals(
        Nd4j.createFromArray(
            new float[][] {{(float) (-2 / deviation), 0}, {0, 0}, {(float) (2 / deviation), 0}}),
        standardized.training().getFeatures());
    assertEquals(97 / deviation, standardized.validation().getLabels().getDouble(0), 1e-5, "float");
    assertEquals(0, standardized.test().getFeatures().getDouble(0, 1), 1e-20);
  }

  @Test
  void readsWhatSpreadsheetsWrite() throws IOException {
    Path csv = folder.resolve("spreadsheet.csv");
    Files.writeString(
        csv,
        "\uFEFF\"a b\" , \"say \"\"c\"\"\",d\r\n\r\n\"1.5\" , -2e3,\"+4\"\r\n\r\n.5,\" 6 \",7.\r\n");
    NumericTable read = NumericTable.read(csv);
    assertEquals(List.of("a b", "say \"c\"", "d"), read.columns());
    assertEquals(
        Map.of(3, List.of(1.5, -2e3, 4.0), 5, List.of(0.5, 6.0, 7.0)), byLine(read), "by line");
  }

  private static Map<Integer, List<Double>> byLine(NumericTable table) {
    Map<Integer, List<Double>> rows = new TreeMap<>();
    for (int n = 0; n < table.rows().length; n++) {
      rows.put(table.lines()[n], Arrays.stream(table.rows()[n]).boxed().toList());
    }
    return rows;
  }

  @Test
  void explainsItsOptions() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, TabularRegression.execute("--help"));
      for (String option :
          List.of("--csv", "--target", "--components", "--out", "--epochs", "--seed", "5")) {
        assertTrue(output.out().contains(option), option);
      }
      assertFalse(output.out().contains("null"), output.out());
    }
  }
}
