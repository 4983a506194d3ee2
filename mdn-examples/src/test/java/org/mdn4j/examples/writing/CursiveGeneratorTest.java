/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.regression.SimpleRegression;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.writing.CursiveGenerator.Style;

class CursiveGeneratorTest {
  private static final Style PLAIN = new Style(0, 1, 1, 0.3, 0);

  private static UniformRandomProvider random(long seed) {
    return RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
  }

  private static PenTrace write(String word, Style style) {
    return CursiveGenerator.write(word, style, random(1));
  }

  private static double highest(PenTrace trace) {
    return Arrays.stream(trace.positions()).mapToDouble(place -> place[1]).max().orElseThrow();
  }

  private static double lowest(PenTrace trace) {
    return Arrays.stream(trace.positions()).mapToDouble(place -> place[1]).min().orElseThrow();
  }

  private static int lifts(PenTrace trace) {
    int lifts = 0;
    for (boolean lifted : trace.lifted()) {
      lifts += lifted ? 1 : 0;
    }
    return lifts;
  }

  @Test
  void wordsAreOfModerateLengthAndEndWithALift() {
    List<PenTrace> words = CursiveGenerator.draw(300, random(2));
    assertEquals(300, words.size());
    for (PenTrace word : words) {
      assertTrue(20 <= word.length() && word.length() <= 110, "steps " + word.length());
      assertTrue(word.lifted()[word.length() - 1]);
      assertTrue(1 <= lifts(word) && lifts(word) <= 5, "a line, and at most four marks");
    }
    double mean = words.stream().mapToInt(PenTrace::length).average().orElseThrow();
    assertTrue(40 < mean && mean < 80, "mean steps " + mean);
  }

  @Test
  void theSameSeedGivesTheSameWords() {
    PenTrace word = CursiveGenerator.draw(3, random(3)).get(2);
    PenTrace again = CursiveGenerator.draw(3, random(3)).get(2);
    assertArrayEquals(word.offsets(), again.offsets());
    assertArrayEquals(word.lifted(), again.lifted());
    PenTrace other = CursiveGenerator.draw(3, random(4)).get(2);
    assertFalse(Arrays.deepEquals(word.offsets(), other.offsets()));
  }

  @Test
  void lettersHaveTheirHeightsAndMarks() {
    assertEquals("aeilnstuy", CursiveGenerator.letters());
    assertEquals(0.85, highest(write("eee", PLAIN)), 0.15, "a small letter above the joins");
    assertEquals(1.85, highest(write("l", PLAIN)), 0.15, "a tall one");
    assertEquals(-1.15, lowest(write("y", PLAIN)), 0.15, "a tail");
    assertEquals(1, lifts(write("easy", PLAIN)));
    assertEquals(4, lifts(write("tiny", PLAIN)) + lifts(write("an", PLAIN)), "bar and dot");
    PenTrace dotted = write("ie", PLAIN);
    int lift = 0;
    while (!dotted.lifted()[lift]) {
      lift++;
    }
    double[] end = dotted.positions()[lift + 1];
    double[] dot = dotted.positions()[lift + 2];
    assertEquals(0.82 + 0.95, end[0], 0.2, "the line goes to the end of the word");
    assertEquals(0.5, dot[0], 0.3, "then the pen goes back to the dot");
    assertEquals(1.35, dot[1], 0.3);
  }

  @Test
  void styleSetsSlantSizeSpeedAndTremor() {
    PenTrace plain = write("l", PLAIN);
    double plainWidth = plain.positions()[plain.length()][0];
    assertEquals(2 * highest(plain), highest(write("l", new Style(0, 1, 2, 0.6, 0))), 0.1);
    PenTrace wide = write("l", new Style(0, 1.5, 1, 0.3, 0));
    assertEquals(1.5 * plainWidth, wide.positions()[wide.length()][0], 1e-9);
    PenTrace slanted = write("l", new Style(0.5, 1, 1, 0.3, 0));
    double[] end = plain.positions()[plain.length()];
    assertEquals(end[0] + 0.5 * end[1], slanted.positions()[slanted.length()][0], 1e-9);
    assertEquals(xOfTop(plain) + 0.5 * highest(plain), xOfTop(slanted), 0.15);
    double steps = plain.length();
    assertEquals(0.5, write("l", new Style(0, 1, 1, 0.6, 0)).length() / steps, 0.1);

    PenTrace steady = write("lull", PLAIN);
    PenTrace trembling = write("lull", new Style(0, 1, 1, 0.3, 0.02));
    double sum = 0;
    for (int t = 1; t <= steady.length(); t++) {
      double difference = trembling.positions()[t][0] - steady.positions()[t][0];
      sum += difference * difference;
    }
    // Stationary standard deviation of an autoregression: σ / √(1 − 0.7²).
    double expected = 0.02 / Math.sqrt(1 - 0.49);
    assertEquals(expected, Math.sqrt(sum / steady.length()), 0.4 * expected);
  }

  private static double xOfTop(PenTrace trace) {
    return Arrays.stream(trace.positions())
        .max((a, b) -> Double.compare(a[1], b[1]))
        .orElseThrow()[0];
  }

  /** The slope of log speed over log curvature is −1/3 where the line bends enough. */
  @Test
  void speedFallsWithCurvature() {
    PenTrace fine = write("eleen", new Style(0, 1, 1, 0.02, 0));
    double[][] places = fine.positions();
    SimpleRegression regression = new SimpleRegression();
    for (int t = 2; t < places.length; t++) {
      double[] before = {places[t - 1][0] - places[t - 2][0], places[t - 1][1] - places[t - 2][1]};
      double[] after = {places[t][0] - places[t - 1][0], places[t][1] - places[t - 1][1]};
      double way = 0.5 * (Math.hypot(before[0], before[1]) + Math.hypot(after[0], after[1]));
      double turn =
          Math.abs(
              Math.atan2(
                  before[0] * after[1] - before[1] * after[0],
                  before[0] * after[0] + before[1] * after[1]));
      if (turn / way > 0.3 && turn / way < 20) {
        regression.addData(Math.log(turn / way + 0.6), Math.log(way));
      }
    }
    assertEquals(-1.0 / 3, regression.getSlope(), 0.03);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "Eel", "an eel"})
  void otherWordsAreRefused(String word) {
    assertThrows(IllegalArgumentException.class, () -> write(word, PLAIN));
  }

  @Test
  void stylesAreChecked() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
      assertThrows(IllegalArgumentException.class, () -> new Style(0, bad, 1, 1, 0));
      assertThrows(IllegalArgumentException.class, () -> new Style(0, 1, bad, 1, 0));
      assertThrows(IllegalArgumentException.class, () -> new Style(0, 1, 1, bad, 0));
      assertThrows(IllegalArgumentException.class, () -> new Style(0, 1, 1, 1, bad));
    }
    assertThrows(IllegalArgumentException.class, () -> new Style(Double.NaN, 1, 1, 1, 0));
  }

  @Test
  void tracesAreCheckedAndKnowTheirPlaces() {
    PenTrace trace = new PenTrace(new double[][] {{1, 2}, {3, -1}}, new boolean[] {false, true});
    assertArrayEquals(new double[][] {{0, 0}, {1, 2}, {4, 1}}, trace.positions());
    assertEquals(1, trace.first(1).length());
    assertThrows(IllegalArgumentException.class, () -> trace.first(0));
    assertThrows(IllegalArgumentException.class, () -> trace.first(3));
    assertThrows(
        IllegalArgumentException.class, () -> new PenTrace(new double[0][], new boolean[0]));
    assertThrows(
        IllegalArgumentException.class, () -> new PenTrace(new double[1][2], new boolean[2]));
    assertThrows(
        IllegalArgumentException.class, () -> new PenTrace(new double[1][3], new boolean[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> new PenTrace(new double[][] {{0, Double.NaN}}, new boolean[1]));
  }

  @Test
  void splinesPassTheirPointsAndKnowTheirCurvature() {
    double[][] circle = new double[41][];
    Arrays.setAll(
        circle, i -> new double[] {2 * Math.cos(Math.PI * i / 20), 2 * Math.sin(Math.PI * i / 20)});
    PlaneSpline curve = PlaneSpline.through(circle);
    double[] parameters = curve.parameters(4);
    assertEquals(161, parameters.length);
    double length = 0;
    for (int i = 0; i < 161; i++) {
      double[] point = curve.at(parameters[i]);
      assertEquals(2, Math.hypot(point[0], point[1]), 20 < i && i < 140 ? 1e-4 : 5e-3);
      if (i % 4 == 0) {
        assertArrayEquals(circle[i / 4], point, 1e-12);
      }
      if (20 < i && i < 140) { // a natural spline is straight at its ends
        assertEquals(0.5, curve.curvature(parameters[i]), 0.01);
      }
      length += i == 0 ? 0 : curve.speed(parameters[i]) * (parameters[i] - parameters[i - 1]);
    }
    assertEquals(4 * Math.PI, length, 0.01);
    assertThrows(IllegalArgumentException.class, () -> PlaneSpline.through(new double[2][2]));
  }
}
