/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Letters of a joined hand, as points that the pen passes. The base line is y = 0, a small letter's
 * height is 1. A letter goes from (0, {@value #JOIN}) to the next one's beginning.
 */
final class CursiveAlphabet {
  /** The height at which letters are joined. */
  static final double JOIN = 0.15;

  /**
   * A letter's path and marks.
   *
   * @param path points after the beginning, {@code [points][2]}; the next letter begins at the last
   * @param mark a dot or a bar that is set when the word is written, {@code [points][2]}; empty for
   *     none
   */
  record Letter(double[][] path, double[][] mark) {
    double width() {
      return path[path.length - 1][0];
    }
  }

  private static final Map<Character, Letter> LETTERS =
      Map.of(
          'a',
          letter(
              0.45, 0.60, 0.85, 0.98, 0.55, 0.98, 0.22, 0.50, 0.45, 0.02, 0.80, 0.45, 0.95, 0.98,
              0.90, 0.40, 1.08, 0.02, 1.35, JOIN),
          'e',
          letter(0.40, 0.40, 0.68, 0.80, 0.50, 1.02, 0.28, 0.70, 0.30, 0.22, 0.58, 0, 0.95, JOIN),
          'i',
          new Letter(
              points(0.25, 0.55, 0.42, 1, 0.40, 0.45, 0.55, 0.02, 0.82, JOIN),
              points(0.50, 1.50, 0.52, 1.45, 0.53, 1.40)),
          'l',
          letter(0.45, 0.90, 0.70, 1.70, 0.52, 2.02, 0.34, 1.50, 0.34, 0.50, 0.52, 0, 0.88, JOIN),
          'n',
          letter(
              0.22, 0.75, 0.38, 0.98, 0.42, 0.50, 0.40, 0.02, 0.55, 0.70, 0.80, 1, 0.92, 0.65, 0.95,
              0.20, 1.10, 0, 1.35, JOIN),
          's',
          letter(
              0.30, 0.55, 0.55, 1.10, 0.62, 0.75, 0.72, 0.35, 0.55, 0.02, 0.30, 0.10, 0.60, 0.06,
              0.98, JOIN),
          't',
          new Letter(
              points(0.30, 0.80, 0.48, 1.60, 0.44, 0.80, 0.46, 0.20, 0.62, 0, 0.92, JOIN),
              points(0.15, 1.15, 0.50, 1.18, 0.90, 1.22)),
          'u',
          letter(
              0.25, 0.55, 0.42, 1, 0.40, 0.45, 0.58, 0.02, 0.85, 0.40, 1, 1, 0.98, 0.45, 1.12, 0.02,
              1.40, JOIN),
          'y',
          letter(
              0.25, 0.55, 0.42, 1, 0.42, 0.45, 0.60, 0.04, 0.85, 0.40, 1, 1, 0.96, 0.10, 0.85,
              -0.70, 0.62, -1, 0.50, -0.70, 0.85, -0.20, 1.35, JOIN));

  /** The letters of the alphabet, in alphabetical order. */
  static final String CHARACTERS =
      LETTERS.keySet().stream().sorted().map(String::valueOf).collect(Collectors.joining());

  private CursiveAlphabet() {}

  /**
   * Returns the letter of a character.
   *
   * @throws IllegalArgumentException if there is none
   */
  static Letter letter(char character) {
    Letter letter = LETTERS.get(character);
    if (letter == null) {
      throw new IllegalArgumentException(
          "Expected letters of \"%s\", got \"%s\"".formatted(CHARACTERS, character));
    }
    return letter;
  }

  private static Letter letter(double... coordinates) {
    return new Letter(points(coordinates), new double[0][]);
  }

  private static double[][] points(double... coordinates) {
    double[][] points = new double[coordinates.length / 2][];
    for (int i = 0; i < points.length; i++) {
      points[i] = new double[] {coordinates[2 * i], coordinates[2 * i + 1]};
    }
    return points;
  }
}
