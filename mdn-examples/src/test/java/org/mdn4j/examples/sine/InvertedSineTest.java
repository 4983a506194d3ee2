/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.examples.page.PageCheck;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

@Tag("slow")
class InvertedSineTest {
  private static final List<String> PICTURES =
      List.of("prediction.png", "pdf-slice.png", "loss.png", "fan.png", "calibration.png");

  /** Training amplifies the engines' different rounding: how far is a matter of epochs. */
  @Test
  void enginesEndAtTheSameNll(@TempDir Path folder) throws IOException {
    List<Double> nll = new ArrayList<>();
    for (String engine : List.of("fused", "samediff")) {
      try (CapturedOutput output = new CapturedOutput()) {
        InvertedSineReport report =
            InvertedSine.run(
                "--engine",
                engine,
                "--out",
                folder.toString(),
                "--epochs",
                "6",
                "--points",
                "1000",
                "--test-points",
                "1000");
        assertTrue(output.out().contains("Test NLL"), output::out);
        assertEquals(engine, report.engine());
        nll.add(report.testNll());
      }
    }
    assertEquals(nll.get(0), nll.get(1), 0.01);
  }

  @Test
  void learnsScoresAndDraws(@TempDir Path folder) throws IOException, InterruptedException {
    Path out = folder.resolve("new/folder");
    InvertedSineReport report;
    String printed;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          InvertedSine.run(
              "--out",
              out.toString(),
              "--epochs",
              "40",
              "--points",
              "2000",
              "--components",
              "8",
              "--test-points",
              "5000",
              "--seed",
              "-3",
              "--temperatures",
              "0.05,3");
      printed = output.out();
      assertEquals("", output.err());
    }
    for (String line :
        List.of(
            "1 of 3: mixture  epoch  40/40",
            "2 of 3: one Gaussian  epoch  40/40",
            "3 of 3: one sigma  epoch  40/40",
            "Scoring 5,000 test points",
            "Drawing")) {
      assertTrue(printed.contains(line), printed);
    }
    assertTrue(printed.contains("Test NLL"), printed);

    // The standard error of 5,000 points is about 0.014: nothing learns better than the floor.
    assertTrue(report.testNll() > report.floorNll() - 0.05, report::summary);
    assertTrue(report.testNll() < 1.7, report::summary);
    assertTrue(report.baselineNll() > 2.736 - 0.05, report::summary);
    assertTrue(report.constantSigmaNll() > 2.949 - 0.05, report::summary);
    assertTrue(report.constantSigmaNll() < 3.2, report::summary);

    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(5000, json.get("testPoints").asInt());
    assertEquals(1.2880, json.get("floorNll").asDouble(), 5e-5);
    assertEquals(report.baselineNll(), json.get("baselineNll").asDouble());
    assertEquals(report.constantSigmaNll(), json.get("constantSigmaNll").asDouble());
    assertTrue(json.get("trainSeconds").asDouble() > 0);
    assertEquals(40, json.get("epochs").asInt());
    assertEquals(2000, json.get("samples").asInt());
    assertEquals(8, json.get("components").asInt());
    assertEquals("auto", json.get("engine").asText());
    assertEquals("fused", json.get("trainer").asText());
    assertEquals(-3, json.get("seed").asLong());
    List<String> parts = new ArrayList<>();
    json.get("seconds").fieldNames().forEachRemaining(parts::add);
    assertEquals(
        List.of("start", "data", "mixture", "oneGaussian", "oneSigma", "evaluation", "pictures"),
        parts);
    parts.forEach(part -> assertTrue(json.at("/seconds/" + part).asDouble() > 0, part));

    for (String figures : List.of("", "/truth")) {
      JsonNode scores = json.at(figures);
      // A grid of 21/2100 and 5,000 points: 0.5 ± 4 standard errors of 0.007, PIT within 1.95/√n.
      double slack = figures.isEmpty() ? 0.15 : 0.03;
      assertTrue(scores.get("crps").asDouble() > 2 && scores.get("crps").asDouble() < 3, figures);
      assertTrue(scores.get("pitKs").asDouble() < (figures.isEmpty() ? 0.15 : 0.0276), figures);
      for (String kind : List.of("central", "highestDensity")) {
        for (String level : List.of("0.5", "0.8", "0.9", "0.95")) {
          double observed = scores.get("coverage").get(kind).get(level).asDouble();
          assertEquals(Double.parseDouble(level), observed, slack, figures + kind + level);
        }
      }
    }
    assertEquals(5, json.at("/truth/sliceModes").size());
    assertTrue(json.get("sliceModes").size() >= 3, json::toString);
    assertTrue(report.calibration().crps() > report.truth().crps() - 0.05, "better than the truth");

    for (String picture : PICTURES) {
      BufferedImage image = ImageIO.read(out.resolve(picture).toFile());
      assertTrue(image.getWidth() == 900 || image.getWidth() == 1200, picture);
      assertTrue(PictureFiles.colours(image) > 10, picture + " is empty");
    }
    assertEquals(24, differentFrames(out.resolve("temperatures.gif")));
    PageCheck.check(
        out.resolve("report.html"),
        Files.createDirectory(folder.resolve("browser")),
        Path.of("target/screenshots/inverted-sine"));
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(8, files.count(), "drafts are left");
    }
  }

  /** The three networks by DL4J's fit and by the fused trainer: noise and order are the same. */
  @Test
  void trainersEndAtTheSameNll(@TempDir Path folder) throws IOException {
    List<InvertedSineReport> reports = new ArrayList<>();
    for (String trainer : List.of("fused", "dl4j")) {
      try (CapturedOutput output = new CapturedOutput()) {
        reports.add(
            InvertedSine.run(
                "--trainer",
                trainer,
                "--out",
                folder.toString(),
                "--epochs",
                "6",
                "--points",
                "1000",
                "--test-points",
                "1000"));
        assertTrue(output.out().contains("Test NLL"), output::out);
        assertEquals(trainer, reports.get(reports.size() - 1).trainer());
      }
    }
    assertEquals(reports.get(0).testNll(), reports.get(1).testNll(), 0.01);
    assertEquals(reports.get(0).baselineNll(), reports.get(1).baselineNll(), 0.01);
    assertEquals(reports.get(0).constantSigmaNll(), reports.get(1).constantSigmaNll(), 0.01);
  }

  @Test
  void dataFollowTheirFormula() {
    InvertedSineData data =
        InvertedSineData.draw(100_000, RandomSource.XO_RO_SHI_RO_128_PP.create(5L));
    double[] noise = new double[data.t().length];
    Arrays.setAll(noise, i -> data.s()[i] - 7 * Math.sin(0.75 * data.t()[i]) - 0.5 * data.t()[i]);
    double mean = Arrays.stream(noise).average().orElseThrow();
    double variance = Arrays.stream(noise).map(value -> value * value).average().orElseThrow();
    assertEquals(0, mean, 5 / Math.sqrt(1e5)); // 5 standard errors
    assertEquals(1, variance, 5 * Math.sqrt(2 / 1e5));
    assertTrue(Arrays.stream(data.t()).allMatch(t -> -10.5 <= t && t < 10.5));
    // U(−10.5, 10.5) has a fourth of its mass below −5.25
    long low = Arrays.stream(data.t()).filter(t -> t < -5.25).count();
    assertEquals(0.25, low / 1e5, 5 * Math.sqrt(0.25 * 0.75 / 1e5));
  }

  @Test
  void floorAgreesWithTheKnownValue() {
    assertEquals(1.2880, InvertedSineData.floorNll(), 5e-5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--points 3 | at least 10, got 3",
        "--validation-points 0 | at least 10, got 0",
        "--test-points 1 | at least 10, got 1",
        "--components 0 | at least 1, got 0",
        "--epochs 0 | at least 1, got 0",
        "--workers 0 | at least 1, got 0",
        "--epochs many | many",
        "--trainer fused --workers 2 | auto or dl4j with several workers, got fused",
        "--trainer fused --engine samediff | auto or dl4j with the engine samediff, got fused",
        "--trainer torch | torch",
        "--slice NaN | finite number, got NaN",
        "--temperatures 2,1 | 0 < LOW < HIGH, got [2.0, 1.0]",
        "--temperatures 0,1 | 0 < LOW < HIGH, got [0.0, 1.0]",
        "--temperatures 1 | 0 < LOW < HIGH, got [1.0]",
        "--colour blue | --colour",
      })
  void mistakesAreOneLineAndLeaveNothing(String arguments, String message, @TempDir Path folder) {
    Path out = folder.resolve("out");
    String[] args = (arguments + " --out " + out).split(" ");
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, InvertedSine.execute(args));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(message), output::err);
    }
    assertFalse(Files.exists(out));
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "mine");
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, InvertedSine.execute("--out", file.toString()));
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(file.toString()), output::err);
      assertEquals("", output.out());
    }
    assertEquals("mine", Files.readString(file));
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, InvertedSine.execute("--help"));
      for (String text : List.of("--points", "10000", "--components", "--seed", "--temperatures")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }

  private static int differentFrames(Path gif) throws IOException {
    Set<Integer> frames = new HashSet<>();
    try (ImageInputStream input = ImageIO.createImageInputStream(gif.toFile())) {
      ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
      reader.setInput(input);
      int count = reader.getNumImages(true);
      assertEquals(46, count, "24 up, 22 down");
      for (int i = 0; i < count; i++) {
        BufferedImage frame = reader.read(i);
        frames.add(
            Arrays.hashCode(
                frame.getRGB(
                    0, 0, frame.getWidth(), frame.getHeight(), null, 0, frame.getWidth())));
      }
      reader.dispose();
    }
    return frames.size();
  }
}
