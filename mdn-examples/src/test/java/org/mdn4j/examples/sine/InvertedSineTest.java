/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;

@Tag("slow")
class InvertedSineTest {
  private static InvertedSineReport run(Path folder, String... options) throws IOException {
    List<String> all = new ArrayList<>(List.of(options));
    all.addAll(List.of("--out", folder.toString()));
    all.addAll(List.of("--epochs", "6", "--points", "1000", "--test-points", "1000"));
    try (CapturedOutput output = new CapturedOutput()) {
      InvertedSineReport report = InvertedSine.run(all.toArray(String[]::new));
      assertTrue(output.out().contains("Test NLL"), output::out);
      return report;
    }
  }

  /**
   * The three networks by either engine, and by DL4J's fit and the fused trainer: noise and order
   * are the same. Training amplifies their different rounding: how far is a matter of epochs.
   */
  @Test
  void enginesAndTrainersEndAtTheSameNll(@TempDir Path folder) throws IOException {
    InvertedSineReport fused = run(folder, "--engine", "fused", "--trainer", "fused");
    InvertedSineReport graph = run(folder, "--engine", "samediff");
    InvertedSineReport dl4j = run(folder, "--trainer", "dl4j");
    assertEquals(List.of("fused", "samediff"), List.of(fused.engine(), graph.engine()));
    assertEquals(List.of("fused", "dl4j"), List.of(fused.trainer(), dl4j.trainer()));
    assertEquals(fused.testNll(), graph.testNll(), 0.01);
    assertEquals(fused.testNll(), dl4j.testNll(), 0.01);
    assertEquals(fused.baselineNll(), dl4j.baselineNll(), 0.01);
    assertEquals(fused.constantSigmaNll(), dl4j.constantSigmaNll(), 0.01);
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
}
