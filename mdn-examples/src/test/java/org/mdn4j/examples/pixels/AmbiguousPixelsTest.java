/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.pixels;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Mistakes;
import org.mdn4j.examples.kit.PictureFiles;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

@Tag("slow")
class AmbiguousPixelsTest {
  private static AmbiguousImages draw(int count, int size, long seed) {
    return AmbiguousImages.draw(count, size, RandomSource.XO_RO_SHI_RO_128_PP.create(seed));
  }

  @Test
  void trainsScoresAndDraws(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    AmbiguousPixelsReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          AmbiguousPixels.run(
              ("--images 60 --validation-images 5 --test-images 12 --size 16 --components 2"
                      + " --epochs 12 --seed -4 --out "
                      + out)
                  .split(" "));
      assertEquals("", output.err());
      assertTrue(output.out().contains("mixture  epoch  12/12"), output::out);
      assertTrue(output.out().contains("one Gaussian  epoch  12/12"), output::out);
      assertTrue(output.out().contains("Test NLL per pixel, 3072 pixels"), output::out);
    }
    // The standard error over 3,072 pixels is about 0.02, and the same for all.
    assertTrue(report.testNll() > report.floorNll() - 0.1, report::summary);
    assertTrue(report.testNll() < report.gaussianFloorNll() - 0.1, report::summary);
    assertTrue(report.gaussianTestNll() > report.gaussianFloorNll() - 0.1, report::summary);

    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(report.gaussianTestNll(), json.get("gaussianTestNll").asDouble());
    assertEquals(report.floorNll(), json.get("floorNll").asDouble());
    assertEquals(report.gaussianFloorNll(), json.get("gaussianFloorNll").asDouble());
    assertEquals(12 * 16 * 16, json.get("testPixels").asInt());
    assertTrue(json.get("trainSeconds").asDouble() > 0);
    assertTrue(json.get("gaussianTrainSeconds").asDouble() > 0);
    assertEquals(12, json.get("epochs").asInt());
    assertEquals(60, json.get("images").asInt());
    assertEquals(16, json.get("size").asInt());
    assertEquals(2, json.get("components").asInt());
    assertEquals(-4, json.get("seed").asLong());
    PictureFiles.assertFolder(out, "colours.png", "pixel.png", "report.json");
  }

  /** From the formula alone: the 25 pixels around one, and the two bells. */
  private static double plainStrength(float[][] grey, int row, int column) {
    double sum = 0;
    for (int i = row - 2; i <= row + 2; i++) {
      for (int j = column - 2; j <= column + 2; j++) {
        boolean inside = i >= 0 && i < grey.length && j >= 0 && j < grey.length;
        sum += inside ? grey[i][j] : 0;
      }
    }
    return 0.8 * (0.5 - 0.5 * Math.cos(2 * Math.PI * sum / 25));
  }

  private static double plainLogDensity(double y, double m) {
    double plus = Math.exp(-(y - m) * (y - m) / 0.0128) / Math.sqrt(0.0128 * Math.PI);
    double minus = Math.exp(-(y + m) * (y + m) / 0.0128) / Math.sqrt(0.0128 * Math.PI);
    return Math.log(0.5 * plus + 0.5 * minus);
  }

  /** Also says that the images are drawn from the formula: its NLL on them is the floor. */
  @Test
  void floorIsTheMeanNllOfTheFormulaOnDrawnImages() {
    AmbiguousImages images = draw(60, 24, 7);
    RunningMean nll = new RunningMean();
    RunningMean square = new RunningMean();
    for (int n = 0; n < images.size(); n++) {
      for (int row = 0; row < 24; row++) {
        for (int column = 0; column < 24; column++) {
          double m = plainStrength(images.grey()[n], row, column);
          double y = images.chroma()[n][row][column];
          nll.add(-plainLogDensity(y, m));
          square.add(0.5 * (Math.log(2 * Math.PI * (m * m + 0.0064)) + y * y / (m * m + 0.0064)));
        }
      }
    }
    assertEquals(images.floorNll(), nll.mean(), 4 * nll.standardError());
    assertEquals(images.gaussianFloorNll(), square.mean(), 4 * square.standardError());
    assertTrue(images.gaussianFloorNll() > images.floorNll() + 0.3, "ambiguous");
  }

  @Test
  void floorIsTheMeanEntropyOfTheMixtures() {
    AmbiguousImages images = draw(1, 12, 3);
    double sum = 0;
    for (int row = 0; row < 12; row++) {
      for (int column = 0; column < 12; column++) {
        double m = plainStrength(images.grey()[0], row, column);
        assertEquals(m, images.strength(0)[row][column], 1e-6);
        Mixture truth =
            Mixture.gaussian(
                new double[] {0.5, 0.5},
                new double[][] {{m}, {-m}},
                new double[][] {{0.08}, {0.08}});
        assertEquals(truth.density(0.3), AmbiguousImages.density(0.3, m), 1e-9);
        sum += truth.entropy();
      }
    }
    assertEquals(sum / 144, images.floorNll(), 1e-6);
  }

  @Test
  void everyBallTossesAFairCoin() {
    AmbiguousImages images = draw(400, 16, 5);
    int orange = 0;
    for (int n = 0; n < 400; n++) {
      double[][] strength = images.strength(n);
      int best = 0;
      for (int pixel = 0; pixel < 256; pixel++) {
        assertTrue(0 <= images.grey()[n][pixel / 16][pixel % 16]);
        assertTrue(images.grey()[n][pixel / 16][pixel % 16] <= 1);
        best = strength[pixel / 16][pixel % 16] > strength[best / 16][best % 16] ? pixel : best;
      }
      orange += images.chroma()[n][best / 16][best % 16] > 0 ? 1 : 0;
    }
    assertEquals(0.5, orange / 400.0, 5 * 0.5 / 20); // 5 standard errors
  }

  @Test
  void imagesAreDataSetsAndTheSameForTheSameSeed() {
    AmbiguousImages images = draw(3, 9, 11);
    DataSet set = images.toDataSet();
    assertArrayEquals(new long[] {3, 1, 9, 9}, set.getFeatures().shape());
    assertArrayEquals(new long[] {3, 1, 9, 9}, set.getLabels().shape());
    assertEquals(images.grey()[2][7][4], set.getFeatures().getFloat(2, 0, 7, 4));
    assertEquals(images.chroma()[1][0][8], set.getLabels().getFloat(1, 0, 0, 8));
    assertArrayEquals(images.chroma(), draw(3, 9, 11).chroma());
    assertTrue(images.chroma()[0][0][0] != draw(3, 9, 12).chroma()[0][0][0]);
    assertThrows(IllegalArgumentException.class, () -> draw(0, 9, 1));
    assertThrows(IllegalArgumentException.class, () -> draw(1, 7, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--images 9 | --images: expected at least 10, got 9",
        "--validation-images 0 | --validation-images: expected at least 1, got 0",
        "--test-images 3 | --test-images: expected at least 4, got 3",
        "--size 7 | --size: expected from 8 to 128, got 7",
        "--size 129 | --size: expected from 8 to 128, got 129",
        "--components 0 | --components: expected at least 1, got 0",
        "--epochs 0 | --epochs: expected at least 1, got 0",
        "--seed x | x",
        "--colour blue | --colour",
      })
  void mistakesAreOneLineAndLeaveNothing(String options, String message, @TempDir Path folder) {
    Mistakes.assertRefused(AmbiguousPixels::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(AmbiguousPixels::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, AmbiguousPixels.execute("--help"));
      for (String text : List.of("--images", "200", "--components", "--seed", "--size", "32")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
