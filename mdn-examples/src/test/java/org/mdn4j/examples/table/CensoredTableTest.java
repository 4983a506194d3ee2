/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.KaplanMeier;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Times of which some are only known to be longer, from training to prediction: by a column of
 * flags, and by two columns of ends, which is the same model.
 */
class CensoredTableTest {
  private static final int ROWS = 160;

  @TempDir private static Path folder;

  private static Path out;
  private static String printed;
  private static TabularRegression.Result result;
  private static List<String[]> rows;
  private static List<String> names;

  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(2);
    List<String> flags = new ArrayList<>(List.of("x,time,failed,make"));
    List<String> ends = new ArrayList<>(List.of("x,low,high,make"));
    for (int n = 0; n < ROWS; n++) {
      double x = random.nextDouble();
      double time = 4 + 6 * x + random.nextGaussian();
      double end = 2 + 14 * random.nextDouble();
      String make = n % 3 == 0 ? "A" : "B";
      String shown = String.format(Locale.ROOT, "%.3f", Math.min(time, end));
      String cell = String.format(Locale.ROOT, "%.3f", x);
      flags.add(String.join(",", cell, shown, time <= end ? "1" : "0", make));
      ends.add(String.join(",", cell, shown, time <= end ? shown : n % 2 == 0 ? "" : "inf", make));
    }
    Path csv = Files.write(folder.resolve("flags.csv"), flags);
    Files.write(folder.resolve("ends.csv"), ends);
    out = folder.resolve("out");
    try (CapturedOutput output = new CapturedOutput()) {
      result =
          TabularRegression.run(
              quick(csv, out, "--target", "time", "--event", "failed", "--horizons", "6,9"));
      printed = output.out();
    }
    rows = lines(out.resolve("predictions.csv"));
    names = List.of(rows.remove(0));
  }

  private static String[] quick(Path csv, Path folder, String... more) {
    List<String> arguments =
        new ArrayList<>(List.of("--csv", csv.toString(), "--out", folder.toString()));
    arguments.addAll(List.of("--components", "2", "--max-epochs", "2", "--test-fraction", "0.3"));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static List<String[]> lines(Path file) throws IOException {
    return new ArrayList<>(
        Files.readAllLines(file).stream().map(line -> line.split(",", -1)).toList());
  }

  private static double number(String[] row, String column) {
    return Double.parseDouble(row[names.indexOf(column)]);
  }

  private static boolean seen(String[] row) {
    return row[names.indexOf("failed")].equals("1");
  }

  private static String score(String name) {
    String line =
        printed.lines().filter(one -> one.startsWith(name + " ")).findFirst().orElseThrow();
    return line.substring(name.length()).strip().split(" ")[0];
  }

  private static Mixture predicted(TableModel model, String[] row) {
    Frame frame =
        Frame.builder()
            .numbers("x", number(row, "x"))
            .categories("make", row[names.indexOf("make")])
            .build();
    return model.regressor().predict(frame).get(0);
  }

  @Test
  void predictionsAreScoredByWhatIsKnown() throws IOException {
    assertEquals(
        List.of("row", "x", "make", "time", "failed", "mean_time", "standard_deviation_time"),
        names.subList(0, 7));
    assertTrue(names.contains("probability_above_6_time"), names::toString);
    assertEquals("nll", names.get(names.size() - 1));
    assertEquals(result.predictions().size(), rows.size());
    TableModel model = TableModel.load(out.resolve("model.zip"));
    double sum = 0;
    int censored = 0;
    for (String[] row : rows) {
      Mixture mixture = predicted(model, row);
      double time = number(row, "time");
      double expected = seen(row) ? -mixture.logDensity(time) : -mixture.logSurvival(time);
      assertEquals(expected, number(row, "nll"), 2e-3 * Math.max(1, Math.abs(expected)));
      assertEquals(mixture.survival(9), number(row, "probability_above_9_time"), 1e-4);
      censored += seen(row) ? 0 : 1;
      sum += number(row, "nll");
    }
    assertTrue(censored > 5, "censored test rows: " + censored);
    assertEquals(sum / rows.size(), result.testNll(), 1e-4);
    assertEquals(Digits.of(result.testNll(), 4), score("NLL in nats"));
    assertTrue(result.testNll() < result.baselineNll() + 0.5, result::toString);
  }

  /** Harrell's index by all pairs, of the file's own columns. */
  @Test
  void concordanceIsThatOfAllPairs() {
    double pairs = 0;
    double concordant = 0;
    for (String[] one : rows) {
      for (String[] two : rows) {
        double first = number(one, "time");
        double second = number(two, "time");
        if (seen(one) && (first < second || first == second && !seen(two) && one != two)) {
          pairs++;
          double sooner = number(two, "quantile_0.5_time") - number(one, "quantile_0.5_time");
          concordant += sooner > 0 ? 1 : sooner == 0 ? 0.5 : 0;
        }
      }
    }
    assertEquals(concordant / pairs, Double.parseDouble(score("concordance of the median")), 6e-4);
    double brier =
        Double.parseDouble(
            printed
                .lines()
                .filter(line -> line.startsWith("integrated Brier score, "))
                .findFirst()
                .orElseThrow()
                .split(" {2,}")[1]);
    assertTrue(brier > 0 && brier < 0.25, "no better than one half: " + brier);
    long known = rows.stream().filter(CensoredTableTest::seen).count();
    assertTrue(printed.contains("CRPS in units of time, of " + known + " known values"), printed);
  }

  @Test
  void thePictureHasTheSurvivalBesideThePredictions() throws IOException {
    BufferedImage picture = ImageIO.read(out.resolve("predictions.png").toFile());
    assertEquals(2 * picture.getHeight(), picture.getWidth(), "two squares");
    assertTrue(PictureFiles.colours(picture) > 10);
    PictureFiles.assertFolder(
        out, "loss.png", "model.zip", "predictions.csv", "predictions.png", "report.html");
  }

  @Test
  void thePageHasTheCurveOfKaplanAndMeier() throws IOException {
    String page = Files.readString(out.resolve("report.html"));
    JsonNode report =
        new ObjectMapper()
            .readTree(page.replaceFirst("(?s).*id=\"report\">(.*?)</script>.*", "$1"));
    JsonNode survival = report.get("survivals").get(0);
    assertEquals("[\"mixture\",\"one Gaussian\"]", survival.get("models").toString());
    double[] times = rows.stream().mapToDouble(row -> number(row, "time")).toArray();
    boolean[] seen = new boolean[times.length];
    for (int n = 0; n < seen.length; n++) {
      seen[n] = seen(rows.get(n));
    }
    KaplanMeier expected = KaplanMeier.of(times, seen);
    double[] sorted = Arrays.stream(times).sorted().toArray();
    JsonNode grid = survival.get("grid");
    double step = grid.get(1).asDouble() - grid.get(0).asDouble();
    double end = sorted[(int) (0.9 * (sorted.length - 1))];
    assertTrue(grid.size() > 40 && grid.size() < 103, grid::toString);
    assertEquals(sorted[0] - 0.5 * step, grid.get(0).asDouble(), 0.5 * step + 1e-3);
    assertEquals(end - 0.5 * step, grid.get(grid.size() - 1).asDouble(), 0.5 * step + 1e-3);
    for (int i : new int[] {0, 13, 36}) {
      double t = survival.get("grid").get(i).asDouble();
      assertEquals(expected.survival(t + 1e-4), survival.get("estimate").get(i).asDouble(), 0.03);
      double mean = survival.get("means").get(0).get(i).asDouble();
      assertTrue(mean >= 0 && mean <= 1);
    }
    assertTrue(report.get("explorer").get("censored").asBoolean());
    assertTrue(page.contains("[\"time\",\"target, seen where failed is 1\""), "its role");
    assertTrue(page.contains("\"said\":[\"above "), "what is known of a row");
    assertEquals(1, report.get("calibrations").get(0).get("coverage").size(), "of regions none");
  }

  /** Ends in two columns are the same labels, so that the model is the same bit for bit. */
  @Test
  void twoColumnsOfEndsAreTheSameModel() throws IOException {
    Path other = folder.resolve("ends");
    try (CapturedOutput output = new CapturedOutput()) {
      TabularRegression.Result ends =
          TabularRegression.run(
              quick(
                  folder.resolve("ends.csv"),
                  other,
                  "--target",
                  "low,high",
                  "--censored",
                  "--drop-missing"));
      assertEquals(result, ends, "and no row is dropped because a side is open");
      assertTrue(output.out().contains("0 rows dropped"), output::out);
    }
    String header = lines(other.resolve("predictions.csv")).get(0)[5];
    assertEquals("mean_low_to_high", header);
    Path more =
        Files.write(
            folder.resolve("more.csv"),
            List.of("make,x,high,low", "A,0.5,,7", "B,0.2,,", "A,1,9,2"));
    Path file = folder.resolve("more-out.csv");
    String model = other.resolve("model.zip").toString();
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.run("--model", model, "--csv", more.toString(), "--out", file.toString());
      assertTrue(output.out().contains("of the 2 that have a target"), output::out);
    }
    List<String[]> predicted = lines(file);
    int nll = predicted.get(0).length - 1;
    TableModel loaded = TableModel.load(other.resolve("model.zip"));
    Frame rows = Frame.builder().numbers("x", 0.5, 1).categories("make", "A", "A").build();
    Mixture first = loaded.regressor().predict(rows).get(0);
    Mixture last = loaded.regressor().predict(rows).get(1);
    assertEquals(-first.logSurvival(7), Double.parseDouble(predicted.get(1)[nll]), 1e-4);
    assertEquals("", predicted.get(2)[nll]);
    assertEquals(
        -Math.log(last.probability(2, 9)), Double.parseDouble(predicted.get(3)[nll]), 1e-4);
  }

  @Test
  void predictKnowsTheFlags() throws IOException {
    TableModel model = TableModel.load(out.resolve("model.zip"));
    assertEquals(new TargetColumns(List.of("time"), false, "failed"), model.columns().targets());
    Path more = folder.resolve("more-flags.csv");
    Path file = folder.resolve("more-flags-out.csv");
    Files.write(more, List.of("make,x,failed,time", "A,0.5,0,7", "A,0.5,1,7", "A,0.5,,7"));
    String[] arguments = {
      "--model",
      out.resolve("model.zip").toString(),
      "--csv",
      more.toString(),
      "--out",
      file.toString()
    };
    try (CapturedOutput output = new CapturedOutput()) {
      double nll = Predict.run(arguments).nll();
      Frame row = Frame.builder().numbers("x", 0.5).categories("make", "A").build();
      Mixture mixture = model.regressor().predict(row).get(0);
      assertEquals(-0.5 * (mixture.logSurvival(7) + mixture.logDensity(7)), nll, 1e-4);
      Files.write(more, List.of("make,x,failed,time", "A,0.5,no,7"));
      Files.delete(file);
      assertEquals(2, Predict.execute(arguments));
      assertTrue(
          output.err().contains("line 2, column \"failed\": expected 1 where the value was seen"),
          output::err);
      assertFalse(Files.exists(file), "nothing is written");
    }
  }

  @Test
  void intervalsOfOtherKindsHaveNoSurvivalScores() throws IOException {
    List<String> lines = new ArrayList<>(List.of("x,low,high"));
    for (int n = 0; n < 60; n++) {
      lines.add(n + "," + (n % 4 == 0 ? "" : Integer.toString(n)) + "," + (n + n % 3));
    }
    Path csv = Files.write(folder.resolve("intervals.csv"), lines);
    Path other = folder.resolve("intervals");
    try (CapturedOutput output = new CapturedOutput()) {
      TabularRegression.run(quick(csv, other, "--target", "low,high", "--censored"));
      assertFalse(output.out().contains("concordance"), output::out);
      assertTrue(output.out().contains("PIT, distance to uniform"), output::out);
    }
    BufferedImage picture = ImageIO.read(other.resolve("predictions.png").toFile());
    assertEquals(picture.getHeight(), picture.getWidth(), "no curve");
    assertArrayEquals(
        new String[] {"row", "x", "low", "high"},
        Arrays.copyOf(lines(other.resolve("predictions.csv")).get(0), 4));
  }

  /** A file of the first version that had flags, and what it predicted then. */
  @Test
  void aFrozenModelPredictsAsItDid() throws IOException {
    Path model = folder.resolve("event.zip");
    try (InputStream frozen = getClass().getResourceAsStream("event.zip")) {
      Files.copy(frozen, model);
    }
    Path more =
        Files.write(
            folder.resolve("frozen.csv"),
            List.of("failed,time,load,make", "1,3,0.5,A", "0,3,0.5,A", ",,-0.9,B"));
    Path file = folder.resolve("frozen-out.csv");
    try (CapturedOutput output = new CapturedOutput()) {
      Predict.run(
          "--model",
          model.toString(),
          "--csv",
          more.toString(),
          "--out",
          file.toString(),
          "--horizons",
          "5");
      assertTrue(output.out().contains("3 rows predicted, NLL 0.914 nats of the 2"), output::out);
    }
    List<String[]> lines = lines(file);
    List<String> columns = List.of(lines.get(0));
    String[][] expected = {
      {"mean_time", "4.56928", "4.56928", "3.18342"},
      {"quantile_0.95_time", "8.5249", "8.5249", "6.17894"},
      {"probability_above_5_time", "0.428671", "0.428671", "0.210144"},
      {"nll", "1.26228", "0.56608", ""}
    };
    for (String[] column : expected) {
      for (int row = 1; row <= 3; row++) {
        String cell = lines.get(row)[columns.indexOf(column[0])];
        if (column[row].isEmpty()) {
          assertEquals("", cell);
        } else { // FLOAT's matrix products may be summed in another order
          assertEquals(Double.parseDouble(column[row]), Double.parseDouble(cell), 1e-3, column[0]);
        }
      }
    }
  }

  @Test
  void flagsOfAModelWithoutIntervalsAreRefused() throws IOException {
    MixtureRegressor exact =
        MixtureRegressor.builder()
            .components(1)
            .noise(NoiseLevel.NONE)
            .bins(0)
            .strongerDecay(0)
            .widerUnits(0)
            .maxEpochs(1)
            .quiet()
            .build()
            .fit(
                Frame.ofNumbers(
                    List.of("x", "y"),
                    IntStream.range(0, 30)
                        .mapToObj(n -> new double[] {n, n % 7})
                        .toArray(double[][]::new)),
                "y");
    Path file = folder.resolve("exact.zip");
    new TableModel(exact, CsvDialect.DEFAULT, "x").save(file);
    String message = assertThrows(IOException.class, () -> TableModel.load(file)).getMessage();
    assertTrue(
        message.contains("expected the two ends of one target beside flags, got [y]"), message);
  }
}
