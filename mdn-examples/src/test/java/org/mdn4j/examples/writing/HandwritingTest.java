/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Mistakes;
import org.mdn4j.examples.kit.PictureFiles;
import org.mdn4j.sequence.SequenceGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

@Tag("slow")
class HandwritingTest {
  private static final List<PenTrace> WORDS =
      CursiveGenerator.draw(12, RandomSource.XO_RO_SHI_RO_128_PP.create(1L));

  private static HandwritingModel untrained() {
    return HandwritingModel.create(
        6, 3, new FixedSchedule(0.01), PenTraceCoding.of(WORDS), WORDS, 1);
  }

  @Test
  void trainsScoresAndDraws(@TempDir Path folder) throws IOException {
    Path out = folder.resolve("new/folder");
    HandwritingReport report;
    try (CapturedOutput output = new CapturedOutput()) {
      report =
          Handwriting.run(
              ("--words 48 --validation-words 4 --test-words 12 --components 3 --units 8"
                      + " --epochs 2 --temperatures 0.2,1.5 --seed -4 --out "
                      + out)
                  .split(" "));
      assertEquals("", output.err());
      assertTrue(output.out().contains("mixture  epoch   2/2"), output::out);
      assertTrue(output.out().contains("one Gaussian  epoch   2/2"), output::out);
      assertTrue(output.out().contains("Test NLL per step"), output::out);
    }
    assertTrue(report.testNll() < report.gaussianTestNll(), report::summary);
    JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
    assertEquals(report.testNll(), json.get("testNll").asDouble());
    assertEquals(report.gaussianTestNll(), json.get("gaussianTestNll").asDouble());
    assertEquals(report.penTestNll(), json.get("penTestNll").asDouble());
    assertEquals(report.gaussianPenTestNll(), json.get("gaussianPenTestNll").asDouble());
    assertEquals(report.testSteps(), json.get("testSteps").asLong());
    assertTrue(json.get("trainSeconds").asDouble() > 0);
    assertEquals(2, json.get("epochs").asInt());
    assertEquals(48, json.get("words").asInt());
    assertEquals(3, json.get("components").asInt());
    assertEquals(8, json.get("units").asInt());
    assertEquals("[0.2,1.5]", json.get("temperatures").toString());
    assertEquals(-4, json.get("seed").asLong());
    PictureFiles.assertFolder(
        out, "words.png", "temperatures.png", "writing.gif", "mixture.zip", "report.json");
  }

  /** The same as the generator's own score, and as the pen's probabilities. */
  @Test
  void scoresAreMeansPerStepInTheTracesUnits() {
    HandwritingModel model = untrained();
    HandwritingModel.Scores scores = model.score(WORDS);
    MultiDataSet set = model.coding().encode(WORDS);
    INDArray mask = set.getLabelsMaskArray(0);
    double steps = mask.sumNumber().doubleValue();
    assertEquals(WORDS.stream().mapToInt(PenTrace::length).sum(), steps);
    assertEquals(steps, scores.steps());
    double logLikelihood =
        SequenceGenerator.of(model.graph())
            .logLikelihood(new DataSet(set.getFeatures(0), set.getLabels(0), null, mask))
            .sumNumber()
            .doubleValue();
    double unit = Arrays.stream(model.coding().standardDeviation()).map(Math::log).sum();
    assertEquals(-logLikelihood / steps + unit, scores.offsetNll(), 1e-9);

    double score = model.graph().score(set); // of both heads, standardised, per word
    assertEquals(score * WORDS.size() / steps + unit, scores.offsetNll() + scores.penNll(), 1e-4);
    assertEquals(scores, model.score(WORDS), "a score with masks leaves nothing behind");

    PenTrace word = WORDS.get(0);
    MultiDataSet alone = model.coding().encode(List.of(word));
    double ofStep =
        SequenceGenerator.of(model.graph())
            .logLikelihood(new DataSet(alone.getFeatures(0), alone.getLabels(0)))
            .getDouble(0, 4);
    assertEquals(ofStep - unit, model.predict(word).get(0, 4).logDensity(word.offsets()[4]), 1e-4);
  }

  @Test
  void writesWhatItsSeedSays() {
    HandwritingModel model = untrained();
    List<PenTrace> written = model.write(5, 9, 1, 3);
    assertEquals(5, written.size());
    for (int n = 0; n < 5; n++) {
      PenTrace trace = written.get(n);
      assertTrue(trace.length() <= 9);
      assertTrue(trace.length() == 9 || trace.lifted()[trace.length() - 1], "ends with a lift");
      assertArrayEquals(trace.offsets(), model.write(5, 9, 1, 3).get(n).offsets());
    }
    assertFalse(
        Arrays.deepEquals(written.get(0).offsets(), model.write(5, 9, 1, 4).get(0).offsets()));
  }

  @Test
  void goesOnFromABeginning() {
    HandwritingModel model = untrained();
    PenTrace beginning = WORDS.get(3).first(15);
    List<PenTrace> written = model.goOn(beginning, 3, 6, 1, 3);
    assertEquals(3, written.size());
    for (PenTrace trace : written) {
      assertTrue(15 < trace.length() && trace.length() <= 21);
      assertArrayEquals(Arrays.copyOf(trace.lifted(), 15), beginning.lifted());
      for (int t = 0; t < 15; t++) {
        assertArrayEquals(beginning.offsets()[t], trace.offsets()[t], 1e-5, "as FLOAT");
      }
    }
    // What comes first depends on the beginning, and at a low temperature hardly on the seed.
    double[] next = model.goOn(beginning, 1, 1, 1e-8, 3).get(0).offsets()[15];
    double[] likeliest = model.predict(written.get(0)).get(0, 15).heaviestLocation();
    assertArrayEquals(likeliest, next, 1e-2);
  }

  @Test
  void codingIsAStepLateStandardisedAndMasked() {
    PenTrace first = new PenTrace(new double[][] {{1, 10}, {3, 30}}, new boolean[] {false, true});
    PenTrace second =
        new PenTrace(new double[][] {{5, 50}, {7, 70}, {9, 90}}, new boolean[] {true, false, true});
    PenTraceCoding coding = PenTraceCoding.of(List.of(first, second));
    assertArrayEquals(new double[] {5, 50}, coding.mean(), 1e-12);
    double deviation = Math.sqrt(10); // Σ (x − 5)² / 4
    assertArrayEquals(new double[] {deviation, 10 * deviation}, coding.standardDeviation(), 1e-12);
    MultiDataSet set = coding.encode(List.of(first, second));
    float s = (float) (2 / deviation);
    assertArrayEquals(
        new float[] {0, -2 * s, 0, 0, -2 * s, 0, 0, 0, 0, 0, 0, s, 0, 0, s, 0, 1, 0},
        flat(set.getFeatures(0)),
        1e-6f);
    assertArrayEquals(
        new float[] {-2 * s, -s, 0, -2 * s, -s, 0, 0, s, 2 * s, 0, s, 2 * s},
        flat(set.getLabels(0)),
        1e-6f);
    assertArrayEquals(new float[] {0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1}, flat(set.getLabels(1)));
    for (int output = 0; output < 2; output++) {
      assertArrayEquals(new float[] {1, 1, 0, 1, 1, 1}, flat(set.getLabelsMaskArray(output)));
    }
    assertArrayEquals(
        new double[] {7, 70}, coding.offset(coding.feature(new double[] {s, s}, true)), 1e-5);
  }

  private static float[] flat(INDArray array) {
    return array.dup('c').data().asFloat();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--words 11 | --words: expected at least 12, got 11",
        "--validation-words 0 | --validation-words: expected at least 1, got 0",
        "--test-words 11 | --test-words: expected at least 12, got 11",
        "--components 0 | --components: expected at least 1, got 0",
        "--units 0 | --units: expected at least 1, got 0",
        "--epochs 0 | --epochs: expected at least 1, got 0",
        "--temperatures 1,0 | --temperatures: expected numbers above 0, got [1.0, 0.0]",
        "--temperatures NaN | --temperatures: expected numbers above 0, got [NaN]",
        "--temperatures warm | warm",
        "--hand left | --hand",
      })
  void mistakesAreOneLineAndLeaveNothing(String options, String message, @TempDir Path folder) {
    Mistakes.assertRefused(Handwriting::execute, options, message, folder);
  }

  @Test
  void outputFolderThatIsAFileIsRefusedBeforeTraining(@TempDir Path folder) throws IOException {
    Mistakes.assertFileAsFolderRefused(Handwriting::execute, folder);
  }

  @Test
  void helpNamesTheOptionsAndTheirDefaults() {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(0, Handwriting.execute("--help"));
      for (String text : List.of("--words", "4000", "--units", "--seed", "--temperatures")) {
        assertTrue(output.out().contains(text), text);
      }
    }
  }
}
