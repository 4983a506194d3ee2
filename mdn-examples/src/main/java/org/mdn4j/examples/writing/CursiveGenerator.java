/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.interpolation.LinearInterpolator;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * A generator of random words in a joined hand: synthetic handwriting, of which there is as much as
 * training needs. Lengths are in heights of a small letter.
 *
 * <p>A word is one smooth curve through its letters' points, each a little off its place; then come
 * the dots and bars, from left to right, each after a lift of the pen. Every word has a style of
 * its own. The pen's speed v falls where the curve bends, after the two-thirds power law of human
 * movement,
 *
 * <pre>
 *   v ∝ (κ + κ₀)^(−1/3),  κ the curvature
 * </pre>
 *
 * <p>and its place is read at even times. Tremor is an autoregression of first order on the places.
 *
 * <p>Source: F. Lacquaniti, C. Terzuolo and P. Viviani, <i>The law relating the kinematic and
 * figural aspects of drawing movements</i> (1983).
 */
public final class CursiveGenerator {
  private static final int SHORTEST_WORD = 3;
  private static final int LONGEST_WORD = 4;
  private static final double LETTER_SPREAD = 0.035;
  private static final double MARK_SPREAD = 0.07;
  private static final double TREMOR_PERSISTENCE = 0.7;
  private static final double BASE_CURVATURE = 0.6;
  private static final double LARGEST_CURVATURE = 40;
  private static final int FINE_STEPS = 24; // from one point of a letter to the next

  private CursiveGenerator() {}

  /**
   * The style of a written word.
   *
   * @param slant how far the top of a letter of height 1 leans to the right
   * @param width horizontal scale of the letters
   * @param size scale of the letters
   * @param speed mean way of the pen per step
   * @param tremor standard deviation of the tremor's innovations
   */
  public record Style(double slant, double width, double size, double speed, double tremor) {
    /**
     * Creates a style and checks it.
     *
     * @param slant finite
     * @param width positive
     * @param size positive
     * @param speed positive
     * @param tremor at least 0
     * @throws IllegalArgumentException if the slant is not finite, width, size or speed are not
     *     positive and finite, or the tremor is negative or not finite
     */
    public Style {
      if (!(Double.isFinite(slant)
          && positive(width)
          && positive(size)
          && positive(speed)
          && (tremor == 0 || positive(tremor)))) {
        throw new IllegalArgumentException(
            "Expected a finite slant, positive width, size and speed, and a tremor of at least 0,"
                + " got %s, %s, %s, %s and %s".formatted(slant, width, size, speed, tremor));
      }
    }

    private static boolean positive(double value) {
      return value > 0 && Double.isFinite(value);
    }

    /**
     * Draws a random style: slant in [−0.1, 0.6), width in [0.8, 1.2), size in [0.85, 1.15), speed
     * in [0.28, 0.38), tremor in [0.003, 0.02), all uniform.
     *
     * @param random source of randomness
     * @return the style
     */
    public static Style draw(UniformRandomProvider random) {
      return new Style(
          random.nextDouble(-0.1, 0.6),
          random.nextDouble(0.8, 1.2),
          random.nextDouble(0.85, 1.15),
          random.nextDouble(0.28, 0.38),
          random.nextDouble(0.003, 0.02));
    }

    /** Returns the place of a point of the alphabet in the word. */
    private double[] place(double[] point) {
      return new double[] {size * (width * point[0] + slant * point[1]), size * point[1]};
    }
  }

  /**
   * Returns the letters that can be written.
   *
   * @return in alphabetical order
   */
  public static String letters() {
    return CursiveAlphabet.CHARACTERS;
  }

  /**
   * Draws words of 3 or 4 random letters, each in a random style.
   *
   * @param count number of words, at least 0
   * @param random source of randomness
   * @return the words, of about 25 to 85 steps
   */
  public static List<PenTrace> draw(int count, UniformRandomProvider random) {
    List<PenTrace> words = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      StringBuilder word = new StringBuilder();
      int length = random.nextInt(SHORTEST_WORD, LONGEST_WORD + 1);
      for (int i = 0; i < length; i++) {
        word.append(letters().charAt(random.nextInt(letters().length())));
      }
      words.add(write(word.toString(), Style.draw(random), random));
    }
    return words;
  }

  /**
   * Writes a word.
   *
   * @param word one or more of {@link #letters()}
   * @param style how
   * @param random source of the letters' spread and of the tremor
   * @return the pen's way, which ends with a lift
   * @throws IllegalArgumentException if the word is empty or has another letter
   */
  public static PenTrace write(String word, Style style, UniformRandomProvider random) {
    if (word.isEmpty()) {
      throw new IllegalArgumentException("Expected a word, got an empty one");
    }
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    double[] origin = {0, CursiveAlphabet.JOIN};
    List<double[]> line = new ArrayList<>(List.of(style.place(origin)));
    List<double[][]> marks = new ArrayList<>();
    for (char character : word.toCharArray()) {
      CursiveAlphabet.Letter letter = CursiveAlphabet.letter(character);
      for (double[] point : letter.path()) {
        line.add(
            style.place(
                new double[] {
                  origin[0] + point[0] + LETTER_SPREAD * normal.sample(),
                  point[1] + LETTER_SPREAD * normal.sample()
                }));
      }
      if (letter.mark().length > 0) {
        double x = origin[0] + MARK_SPREAD * normal.sample();
        double y = MARK_SPREAD * normal.sample();
        double[][] mark = new double[letter.mark().length][];
        for (int i = 0; i < mark.length; i++) {
          mark[i] = style.place(new double[] {x + letter.mark()[i][0], y + letter.mark()[i][1]});
        }
        marks.add(mark);
      }
      origin[0] += letter.width();
    }
    List<List<double[]>> strokes = new ArrayList<>();
    strokes.add(atEvenTimes(line.toArray(double[][]::new), style.speed()));
    marks.forEach(mark -> strokes.add(atEvenTimes(mark, style.speed())));
    return trace(strokes, style, normal);
  }

  /** Returns the places of the pen along a curve, from its beginning to its end. */
  private static List<double[]> atEvenTimes(double[][] points, double speed) {
    PlaneSpline curve = PlaneSpline.through(points);
    double[] parameters = curve.parameters(FINE_STEPS);
    double[] times = new double[parameters.length];
    double length = 0;
    for (int i = 1; i < times.length; i++) {
      double middle = 0.5 * (parameters[i - 1] + parameters[i]);
      double way = curve.speed(middle) * (parameters[i] - parameters[i - 1]);
      double curvature = Math.min(LARGEST_CURVATURE, curve.curvature(middle));
      length += way;
      // A pen that stands still for a moment would leave time without an inverse.
      times[i] = times[i - 1] + Math.max(1e-9, way * Math.cbrt(curvature + BASE_CURVATURE));
    }
    UnivariateFunction parameterAt = new LinearInterpolator().interpolate(times, parameters);
    double end = times[times.length - 1];
    int steps = (int) Math.max(2, Math.round(length / speed));
    List<double[]> places = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      places.add(curve.at(parameterAt.value(end * i / steps)));
    }
    places.add(points[points.length - 1]);
    return places;
  }

  private static PenTrace trace(
      List<List<double[]>> strokes, Style style, ZigguratSampler.NormalizedGaussian normal) {
    List<double[]> offsets = new ArrayList<>();
    List<Boolean> lifted = new ArrayList<>();
    double[] pen = strokes.get(0).remove(0); // where the first stroke begins, the pen stands
    double[] tremor = new double[2];
    for (List<double[]> stroke : strokes) {
      for (int i = 0; i < stroke.size(); i++) {
        double[] offset = new double[2];
        for (int d = 0; d < 2; d++) {
          tremor[d] = TREMOR_PERSISTENCE * tremor[d] + style.tremor() * normal.sample();
          offset[d] = stroke.get(i)[d] + tremor[d] - pen[d];
          pen[d] += offset[d];
        }
        offsets.add(offset);
        lifted.add(i == stroke.size() - 1);
      }
    }
    boolean[] flags = new boolean[lifted.size()];
    for (int t = 0; t < flags.length; t++) {
      flags[t] = lifted.get(t);
    }
    return new PenTrace(offsets.toArray(double[][]::new), flags);
  }
}
