/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.examples.page.PageCheck;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** One run of the inverted sine, short and with other options than its defaults. */
@Tag("slow")
class InvertedSineRunTest {
  @TempDir private static Path folder;

  private static Path out;
  private static InvertedSineReport report;
  private static JsonNode json;
  private static String printed;

  @BeforeAll
  static void run() throws IOException {
    out = folder.resolve("new/folder");
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
    json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1 of 3: mixture  epoch  40/40",
        "2 of 3: one Gaussian  epoch  40/40",
        "3 of 3: one sigma  epoch  40/40",
        "Scoring 5,000 test points",
        "Drawing",
        "Test NLL"
      })
  void saysWhatItDoes(String line) {
    assertTrue(printed.contains(line), printed);
  }

  @Test
  void learns() {
    // The standard error of 5,000 points is about 0.014: nothing learns better than the floor.
    assertTrue(report.testNll() > report.floorNll() - 0.05, report::summary);
    assertTrue(report.testNll() < 1.7, report::summary);
    assertTrue(report.baselineNll() > 2.736 - 0.05, report::summary);
    assertTrue(report.constantSigmaNll() > 2.949 - 0.05, report::summary);
    assertTrue(report.constantSigmaNll() < 3.2, report::summary);
  }

  @Test
  void reportsItsScores() {
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(5000, json.get("testPoints").asInt());
    assertEquals(1.2880, json.get("floorNll").asDouble(), 5e-5);
    assertEquals(report.baselineNll(), json.get("baselineNll").asDouble());
    assertEquals(report.constantSigmaNll(), json.get("constantSigmaNll").asDouble());
  }

  @Test
  void reportsItsOptions() {
    assertEquals(40, json.get("epochs").asInt());
    assertEquals(2000, json.get("samples").asInt());
    assertEquals(8, json.get("components").asInt());
    assertEquals("auto", json.get("engine").asText());
    assertEquals("fused", json.get("trainer").asText());
    assertEquals(-3, json.get("seed").asLong());
  }

  @Test
  void reportsTheTimeOfEachPart() {
    assertTrue(json.get("trainSeconds").asDouble() > 0);
    List<String> parts = new ArrayList<>();
    json.get("seconds").fieldNames().forEachRemaining(parts::add);
    assertEquals(
        List.of("start", "data", "mixture", "oneGaussian", "oneSigma", "evaluation", "pictures"),
        parts);
    parts.forEach(part -> assertTrue(json.at("/seconds/" + part).asDouble() > 0, part));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/truth"})
  void isCalibrated(String figures) {
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

  @Test
  void findsTheBranchesAndIsNoBetterThanTheTruth() {
    assertEquals(5, json.at("/truth/sliceModes").size());
    assertTrue(json.get("sliceModes").size() >= 3, json::toString);
    assertTrue(report.calibration().crps() > report.truth().crps() - 0.05, "better than the truth");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"prediction.png", "pdf-slice.png", "loss.png", "fan.png", "calibration.png"})
  void draws(String picture) throws IOException {
    BufferedImage image = ImageIO.read(out.resolve(picture).toFile());
    assertTrue(image.getWidth() == 900 || image.getWidth() == 1200, picture);
    assertTrue(PictureFiles.colours(image) > 10, picture + " is empty");
  }

  @Test
  void movesThroughTheTemperatures() throws IOException {
    assertEquals(24, differentFrames(out.resolve("temperatures.gif")));
  }

  @Test
  void writesAPage() throws IOException, InterruptedException {
    PageCheck.check(
        out.resolve("report.html"),
        Files.createDirectory(folder.resolve("browser")),
        Path.of("target/screenshots/inverted-sine"));
  }

  @Test
  void leavesNoDrafts() throws IOException {
    try (Stream<Path> files = Files.list(out)) {
      assertEquals(8, files.count(), "drafts are left");
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
