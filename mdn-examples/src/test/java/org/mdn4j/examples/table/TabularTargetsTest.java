/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.examples.page.PageCheck;
import org.mdn4j.regression.frame.ColumnKind;
import org.mdn4j.regression.frame.Frame;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * Two targets that move together, in a file of another country's dialect, from training to
 * prediction.
 */
@Tag("slow")
class TabularTargetsTest {
  private static final Charset WINDOWS = Charset.forName("windows-1252");
  private static final int ROWS = 90;

  @TempDir private static Path folder;

  private static Path csv;
  private static Path out;
  private static TabularRegression.Result result;
  private static String warnings;

  /** In Köln both targets are higher by 30; their noise is shared. */
  @BeforeAll
  static void train() throws IOException {
    Random random = new Random(4);
    List<String> lines = new ArrayList<>(List.of(";Fläche;Ort;Notiz;Preis;Miete"));
    for (int n = 0; n < ROWS; n++) {
      double area = 50 + 100 * random.nextDouble();
      boolean cologne = n % 3 == 0;
      double noise = 20 * random.nextGaussian();
      double price = 0.2 * area + (cologne ? 30 : 0) + noise;
      double rent = 0.1 * area + (cologne ? 30 : 0) + noise + 2 * random.nextGaussian();
      lines.add(
          String.format(
                  Locale.ROOT,
                  "%d;%.2f;%s;x;%.2f;%.2f",
                  n,
                  area,
                  cologne ? "Köln" : "Bonn",
                  price,
                  rent)
              .replace('.', ','));
    }
    lines.add("90;k. A.;Bonn;x;100;20");
    csv = Files.write(folder.resolve("häuser.csv"), lines, WINDOWS);
    out = folder.resolve("out");
    try (CapturedOutput output = new CapturedOutput()) {
      result = TabularRegression.run(arguments("--checkpoint", ""));
      warnings = output.err();
      String printed = output.out();
      assertTrue(printed.contains("1 rows dropped"), printed);
      assertTrue(printed.contains("energy score of all targets "), printed);
      assertTrue(printed.contains("Miete: CRPS in units of Miete "), printed);
    }
  }

  /** Options as pairs; those given take the place of these. */
  private static String[] arguments(String... given) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("--csv", csv.toString());
    options.put("--target", "Preis,Miete");
    options.put("--categorical", "Ort");
    options.put("--exclude", "Notiz");
    options.put("--encoding", "windows-1252");
    options.put("--delimiter", ";");
    options.put("--missing", "-,k. A.");
    options.put("--components", "2");
    options.put("--out", out.toString());
    for (int i = 0; i < given.length; i += 2) {
      options.put(given[i], given[i + 1]);
    }
    List<String> arguments = new ArrayList<>(List.of("--drop-missing"));
    if (!options.containsKey("--no-decimal-comma")) {
      arguments.add("--decimal-comma");
    }
    options.forEach(
        (option, value) -> {
          arguments.add(option);
          if (!value.isEmpty()) {
            arguments.add(value);
          }
        });
    return arguments.toArray(String[]::new);
  }

  @Test
  void theIndexIsLeftOutWithAWarning() {
    assertEquals("Warning: %s: column 1 without a name is left out%n".formatted(csv), warnings);
  }

  @Test
  void writesBothTargetsAndTheirCorrelation() throws IOException {
    List<String[]> lines =
        Files.readAllLines(out.resolve("predictions.csv")).stream()
            .map(line -> line.split(",", -1))
            .toList();
    List<String> names = List.of(lines.get(0));
    assertEquals(
        List.of(
            "row",
            "Fläche",
            "Ort",
            "Preis",
            "Miete",
            "mean_Preis",
            "mean_Miete",
            "standard_deviation_Preis",
            "standard_deviation_Miete",
            "quantile_0.05_Preis",
            "quantile_0.05_Miete"),
        names.subList(0, 11));
    assertEquals(
        List.of("correlation_Preis_Miete", "nll"), names.subList(names.size() - 2, names.size()));
    assertEquals(result.predictions().size() + 1, lines.size());
    List<String> rows = Files.readAllLines(csv, WINDOWS);
    double sum = 0;
    double correlation = 0;
    for (String[] cells : lines.subList(1, lines.size())) {
      String[] row = rows.get(Integer.parseInt(cells[0]) - 1).replace(',', '.').split(";");
      assertEquals(
          List.of(row[1], row[2], row[4], row[5]),
          Arrays.asList(cells).subList(1, 5),
          "as written");
      sum += Double.parseDouble(cells[names.size() - 1]);
      correlation += Double.parseDouble(cells[names.size() - 2]);
    }
    int count = lines.size() - 1;
    assertEquals(result.testNll(), sum / count, 1e-4);
    // the noise is 400 and 404 in variance, 400 of it shared: 0.995
    assertTrue(correlation / count > 0.7, "mean correlation " + correlation / count);
  }

  @Test
  void remembersTheDialectAndTheColumns() throws IOException {
    TableModel model = TableModel.load(out.resolve("model.zip"));
    assertEquals(
        new CsvDialect("windows-1252", ";", true, List.of("", "-", "k. A.")), model.dialect());
    assertEquals(List.of("Preis", "Miete"), model.columns().targets().names());
    assertEquals(
        List.of(
            new TableColumns.Input("Fläche", ColumnKind.NUMBER),
            new TableColumns.Input("Ort", ColumnKind.CATEGORY)),
        model.columns().inputs());
  }

  private static Predict.Result predict(Path rows, String... more) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("--model", out.resolve("model.zip").toString()));
    arguments.addAll(List.of("--csv", rows.toString(), "--quantiles", "0.5"));
    arguments.addAll(List.of("--out", folder.resolve("new-out.csv").toString()));
    arguments.addAll(List.of(more));
    return Predict.run(arguments.toArray(String[]::new));
  }

  private static Frame house(double area, String town) {
    return Frame.builder().numbers("Fläche", area).categories("Ort", town).build();
  }

  private static List<String[]> predicted() throws IOException {
    return Files.readAllLines(folder.resolve("new-out.csv")).stream()
        .map(line -> line.split(",", -1))
        .toList();
  }

  @Test
  void predictReadsFilesAsTrainingDid() throws IOException {
    Path rows =
        Files.write(
            folder.resolve("neu.csv"),
            List.of(
                "Ort;Fläche;Preis;Miete", "Köln;100,5;130,5;40", "Bonn;60;;", "Bonn;70;k. A.;3,5"),
            WINDOWS);
    Predict.Result scored = predict(rows);
    List<String[]> lines = predicted();
    List<String> names = Arrays.asList(lines.get(0));
    assertEquals(
        List.of("row", "Fläche", "Ort", "Preis", "Miete", "mean_Preis", "mean_Miete"),
        names.subList(0, 7));
    assertEquals("quantile_0.5_Miete", names.get(10));
    assertEquals("region_0.9_lower_1_Preis", names.get(11));
    int nll = names.indexOf("nll");
    TableModel model = TableModel.load(out.resolve("model.zip"));
    Mixture first = model.regressor().predict(house(100.5, "Köln")).get(0);
    assertEquals(first.mean()[1], Double.parseDouble(lines.get(1)[6]), 1e-3);
    assertEquals(first.marginal(1).quantile(0.5), Double.parseDouble(lines.get(1)[10]), 1e-3);
    assertEquals(List.of("100.5", "Köln", "130.5"), Arrays.asList(lines.get(1)).subList(1, 4));
    assertEquals(-first.logDensity(130.5, 40), scored.nll(), 1e-3, "of the only row with both");
    assertEquals(Digits.of(scored.nll(), 6), lines.get(1)[nll]);
    assertEquals("", lines.get(2)[nll]);
    assertEquals(List.of("k. A.", "3.5"), Arrays.asList(lines.get(3)).subList(3, 5));
    assertEquals("", lines.get(3)[nll]);
    Predict.Result other =
        predict(
            Files.writeString(folder.resolve("new.csv"), "Fläche,Ort\n100.5,Köln\n"),
            "--encoding",
            "UTF-8",
            "--delimiter",
            ",",
            "--no-decimal-comma");
    assertTrue(Double.isNaN(other.nll()));
    assertEquals(first.mean()[1], Double.parseDouble(predicted().get(1)[4]), 1e-3);
  }

  /**
   * p(y | unknown) = b/16 p(y | Bonn) + (16 − b)/16 p(y | Köln), as sixteen guesses stand for it;
   * of the rows that were learned from about two thirds are in Bonn.
   */
  @Test
  void anUnseenCategoryIsUnknown() throws IOException {
    Path rows =
        Files.write(
            folder.resolve("unseen.csv"),
            List.of("Ort;Fläche;Preis;Miete", "Ulm;100;125;25", "Bonn;100;1;2", "Ulm;90;1;2"),
            WINDOWS);
    try (CapturedOutput output = new CapturedOutput()) {
      predict(rows);
      assertEquals(
          "Warning: %s: 2 cells in 2 rows with a category that training never saw, taken as unknown:"
                  .formatted(rows)
              + " \"Ort\" \"Ulm\" (2)"
              + System.lineSeparator(),
          output.err());
    }
    TableModel model = TableModel.load(out.resolve("model.zip"));
    Mixture bonn = model.regressor().predict(house(100, "Bonn")).get(0);
    Mixture cologne = model.regressor().predict(house(100, "Köln")).get(0);
    double inBonn = bonn.logDensity(125, 25);
    double inCologne = cologne.logDensity(125, 25);
    double larger = Math.max(inBonn, inCologne); // far from both, densities may underflow
    List<String[]> lines = predicted();
    double rent = Double.parseDouble(lines.get(1)[6]);
    long inBonnOf16 =
        Math.round(16 * (rent - cologne.mean()[1]) / (bonn.mean()[1] - cologne.mean()[1]));
    assertTrue(inBonnOf16 >= 9 && inBonnOf16 <= 12, inBonnOf16 + " of 16 are in Bonn");
    double share = inBonnOf16 / 16.0;
    double sum = share * Math.exp(inBonn - larger) + (1 - share) * Math.exp(inCologne - larger);
    double nll = Double.parseDouble(lines.get(1)[lines.get(1).length - 1]);
    assertSixDigits(-larger - Math.log(sum), nll);
    assertSixDigits(share * bonn.mean()[1] + (1 - share) * cologne.mean()[1], rent);
    assertSixDigits(bonn.mean()[1], Double.parseDouble(lines.get(2)[6]));
  }

  /** As the file has them: half a unit of the sixth digit is at most 5e-6 of the number. */
  private static void assertSixDigits(double expected, double written) {
    assertEquals(expected, written, 5.1e-6 * Math.abs(expected));
  }

  @Test
  void drawsBothTargets() throws IOException {
    BufferedImage picture = ImageIO.read(out.resolve("predictions.png").toFile());
    assertEquals(2 * picture.getHeight(), picture.getWidth(), "two squares");
    assertTrue(PictureFiles.colours(picture) > 10);
  }

  @Test
  void thePageHasThePlaneAndTheCategories() throws IOException, InterruptedException {
    String page = Files.readString(out.resolve("report.html"));
    String json = page.replaceFirst("(?s).*id=\"report\">(.*?)</script>.*", "$1");
    JsonNode report = new ObjectMapper().readTree(json);
    JsonNode panels = report.get("panels");
    assertEquals(6, panels.size());
    for (JsonNode panel : panels) {
      JsonNode joint = report.get("joints").get(panel.get("joints").get(0).asInt());
      assertEquals("[\"Preis\",\"Miete\"]", joint.get("outputs").toString());
      assertEquals(panel.get("grid").size(), joint.get("mixtures").size());
    }
    assertEquals(4, report.get("joints").size(), "the rows' of each target, and shared ones");
    JsonNode town =
        IntStream.range(0, 6)
            .mapToObj(panels::get)
            .filter(panel -> panel.get("name").asText().equals("Miete: Ort moves"))
            .findFirst()
            .orElseThrow();
    assertEquals("[\"Bonn\",\"Köln\"]", town.get("names").toString());
    assertEquals("[0.0,1.0]", town.get("grid").toString());
    assertEquals(2, report.get("calibrations").size());
    assertFalse(page.contains("Ort Köln moves;"), "no column of zeros and ones");
    PageCheck.check(
        out.resolve("report.html"),
        Files.createDirectory(folder.resolve("browser")),
        Path.of("target/screenshots/tabular-targets"));
  }

  @Test
  void goesOnFromACheckpointToTheSameModel() throws IOException {
    assertTrue(Files.exists(out.resolve("checkpoint.zip")));
    assertTrue(Files.exists(out.resolve("checkpoint.zip.gaussian")));
    Path again = folder.resolve("again");
    try (CapturedOutput output = new CapturedOutput()) {
      TabularRegression.Result resumed =
          TabularRegression.run(
              arguments(
                  "--out",
                  again.toString(),
                  "--resume",
                  out.resolve("checkpoint.zip").toString(),
                  "--id",
                  "Notiz"));
      assertEquals(result, resumed, "an id is no input");
      List<String> lines = Files.readAllLines(again.resolve("predictions.csv"));
      assertTrue(lines.get(0).startsWith("row,Notiz,Preis,Miete,mean_Preis,"), lines.get(0));
      assertTrue(lines.get(1).matches("\\d+,x,.*"), lines.get(1));
      assertEquals(2, TabularRegression.execute(arguments("--resume", "", "--components", "3")));
      assertTrue(output.err().contains("was written with other options"), output.err());
    }
  }

  @Test
  void mistakesAreOneLine() throws IOException {
    String none = folder.resolve("none.zip").toString();
    String one = folder.resolve("one.zip").toString();
    assertMistake(arguments("--resume", none), "--resume: there is no file", none);
    assertMistake(
        arguments("--checkpoint", one, "--resume", none), "expected one file, got", one, none);
    assertMistake(
        arguments("--checkpoint", folder.toString()),
        "--checkpoint: expected a file, got the folder");
    assertMistake(arguments("--checkpoint", csv + "/c.zip"), "Nothing can be written to");
    assertMistake(arguments("--exclude", "Miete"), "--exclude: \"Miete\" is a target");
    assertMistake(arguments("--exclude", "Ort"), "--exclude: \"Ort\" is in --categorical");
    assertMistake(arguments("--id", "Miete"), "--id: \"Miete\" is a target");
    assertMistake(arguments("--id", "Ort"), "--id: \"Ort\" is in --categorical");
    assertMistake(arguments("--quantiles", "0.5,1"), "--quantiles: expected numbers in (0, 1)");
    assertMistake(arguments("--level", "0"), "--level: expected a number in (0, 1), got 0.0");
    assertMistake(arguments("--exclude", "Keller"), "no column \"Keller\"");
    assertMistake(arguments("--delimiter", "ab"), "--delimiter: Expected one character", "\"ab\"");
    assertMistake(arguments("--delimiter", "1"), "--delimiter: Expected one character");
    assertMistake(arguments("--encoding", "latin-99"), "--encoding: expected UTF-8", "latin-99");
    assertMistake(arguments("--encoding", "UTF-8"), "line 1: the bytes here are not UTF-8");
    assertMistake(arguments("--delimiter", ","), "semicolons, not by commas", "--delimiter \";\"");
    assertMistake(arguments("--delimiter", "tab"), "semicolons, not by tabs");
    assertMistake(arguments("--no-decimal-comma", ""), "--decimal-comma");
  }

  private static void assertMistake(String[] arguments, String... facts) {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, TabularRegression.execute(arguments));
      List<String> lines =
          output.err().lines().filter(line -> !line.startsWith("Warning: ")).toList();
      assertEquals(1, lines.size(), output::err);
      for (String fact : facts) {
        assertTrue(lines.get(0).contains(fact), () -> fact + " is not in: " + lines.get(0));
      }
    }
  }

  /** UTF-8 is remembered where nothing was said, and a mark in a later file still counts. */
  @Test
  void aByteOrderMarkCountsInPredict() throws IOException {
    byte[] text = "\uFEFFFläche;Ort\n100,5;Köln\n".getBytes(StandardCharsets.UTF_16BE);
    assertEquals(1, predict(Files.write(folder.resolve("utf16.csv"), text)).rows());
  }
}
