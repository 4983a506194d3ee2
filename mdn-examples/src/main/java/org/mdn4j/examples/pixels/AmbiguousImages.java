/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.pixels;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Images of balls in the dark, seen in grey, whose colour is to be guessed. The grey picture x is
 * shaded and noisy. The chroma y of a pixel, on an axis from blue (negative) to orange, is
 *
 * <pre>
 *   y = s m(b) + N(0, {@value #NOISE}²),   m(b) = {@value #STRONGEST} sin²(πb)
 * </pre>
 *
 * <p>where b is the mean of x over the 5 × 5 pixels around it, 0 beyond the edge (black and white
 * have no chroma, grey has most), and s = ±1 a fair coin that is tossed once per ball, and once for
 * the ground. So given x a pixel is blue or orange, as likely the one as the other:
 *
 * <pre>
 *   p(y | x) = ½ N(y; m(b), σ²) + ½ N(y; −m(b), σ²)
 * </pre>
 *
 * @param grey x, {@code [N][H][W]}, from 0 to 1
 * @param chroma y, {@code [N][H][W]}
 */
public record AmbiguousImages(float[][][] grey, float[][][] chroma) {
  static final double NOISE = 0.08;
  static final double STRONGEST = 0.8;
  private static final int REACH = 2; // of the neighbourhood, to each side
  private static final int FEWEST_BALLS = 2;
  private static final int MOST_BALLS = 5;
  private static final double GREY_NOISE = 0.05;
  private static final double[] LIGHT = {-0.4, -0.5, 0.77}; // towards the lamp, of length 1

  /**
   * Draws images at random.
   *
   * @param count number of images N, at least 1
   * @param size height and width, at least 8
   * @param random source of randomness
   * @return the images
   * @throws IllegalArgumentException if there is no image, or they are smaller
   */
  public static AmbiguousImages draw(int count, int size, UniformRandomProvider random) {
    if (count < 1 || size < 8) {
      throw new IllegalArgumentException(
          "Expected at least 1 image of at least 8 by 8 pixels, got %s of %s"
              .formatted(count, size));
    }
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    float[][][] grey = new float[count][size][size];
    float[][][] chroma = new float[count][size][size];
    for (int n = 0; n < count; n++) {
      int[][] signs = new int[size][size];
      paint(grey[n], signs, random);
      for (float[] line : grey[n]) {
        for (int column = 0; column < size; column++) {
          double noisy = line[column] + GREY_NOISE * normal.sample();
          line[column] = (float) Math.max(0, Math.min(1, noisy));
        }
      }
      double[][] strength = strength(grey[n]);
      for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
          double mean = signs[row][column] * strength[row][column];
          chroma[n][row][column] = (float) (mean + NOISE * normal.sample());
        }
      }
    }
    return new AmbiguousImages(grey, chroma);
  }

  /** Paints ground and balls, later ones in front, each with its coin. */
  private static void paint(float[][] grey, int[][] signs, UniformRandomProvider random) {
    int size = grey.length;
    float ground = random.nextFloat(0.02f, 0.2f);
    int groundSign = sign(random);
    for (int row = 0; row < size; row++) {
      Arrays.fill(grey[row], ground);
      Arrays.fill(signs[row], groundSign);
    }
    int balls = random.nextInt(FEWEST_BALLS, MOST_BALLS + 1);
    for (int ball = 0; ball < balls; ball++) {
      double radius = size * random.nextDouble(0.15, 0.3);
      double middleRow = size * random.nextDouble(0.1, 0.9);
      double middleColumn = size * random.nextDouble(0.1, 0.9);
      double albedo = random.nextDouble(0.5, 1);
      int sign = sign(random);
      for (int row = 0; row < size; row++) {
        for (int column = 0; column < size; column++) {
          double x = (column - middleColumn) / radius;
          double y = (row - middleRow) / radius;
          double depth = 1 - x * x - y * y;
          if (depth >= 0) {
            double cosine = LIGHT[0] * x + LIGHT[1] * y + LIGHT[2] * Math.sqrt(depth);
            grey[row][column] = (float) (albedo * (0.3 + 0.7 * Math.max(0, cosine)));
            signs[row][column] = sign;
          }
        }
      }
    }
  }

  private static int sign(UniformRandomProvider random) {
    return random.nextBoolean() ? 1 : -1;
  }

  /**
   * Returns the strength of each pixel's chroma.
   *
   * @param image number of the image
   * @return m(b), {@code [H][W]}
   */
  public double[][] strength(int image) {
    return strength(grey[image]);
  }

  private static double[][] strength(float[][] grey) {
    int size = grey.length;
    double[][] strength = new double[size][size];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        double sum = 0;
        for (int i = Math.max(0, row - REACH); i <= Math.min(size - 1, row + REACH); i++) {
          for (int j = Math.max(0, column - REACH); j <= Math.min(size - 1, column + REACH); j++) {
            sum += grey[i][j];
          }
        }
        double sine = Math.sin(Math.PI * sum / ((2 * REACH + 1) * (2 * REACH + 1)));
        strength[row][column] = STRONGEST * sine * sine;
      }
    }
    return strength;
  }

  /**
   * Returns the number of images.
   *
   * @return N
   */
  public int size() {
    return grey.length;
  }

  /**
   * Returns the images as DL4J takes them.
   *
   * @return features and labels, {@code [N, 1, H, W]} each, FLOAT
   */
  public DataSet toDataSet() {
    long[] shape = {size(), 1, grey[0].length, grey[0].length};
    return new DataSet(
        Nd4j.createFromArray(grey).reshape('c', shape),
        Nd4j.createFromArray(chroma).reshape('c', shape));
  }

  /**
   * Returns the NLL per pixel that no model of single pixels can beat, given these grey pictures:
   * the mean of H(Y | x), by quadrature.
   *
   * @return the floor in nats
   */
  public double floorNll() {
    return meanOverPixels(AmbiguousImages::entropy);
  }

  /**
   * Returns the NLL per pixel that no single Gaussian can beat, given these grey pictures: N(0, m²
   * + σ²) scores ½ log 2πe(m² + σ²).
   *
   * @return the floor of one Gaussian in nats
   */
  public double gaussianFloorNll() {
    return meanOverPixels(m -> 0.5 * Math.log(2 * Math.PI * Math.E * (m * m + NOISE * NOISE)));
  }

  private double meanOverPixels(DoubleUnaryOperator ofStrength) {
    return Arrays.stream(grey)
        .mapToDouble(
            image ->
                Arrays.stream(strength(image))
                    .flatMapToDouble(Arrays::stream)
                    .map(ofStrength)
                    .average()
                    .orElseThrow())
        .average()
        .orElseThrow();
  }

  /**
   * Returns the true conditional density.
   *
   * @param y chroma of a pixel
   * @param m its strength
   * @return ½ N(y; m, σ²) + ½ N(y; −m, σ²)
   */
  public static double density(double y, double m) {
    double plus = (y - m) / NOISE;
    double minus = (y + m) / NOISE;
    return (Math.exp(-0.5 * plus * plus) + Math.exp(-0.5 * minus * minus))
        / (2 * NOISE * Math.sqrt(2 * Math.PI));
  }

  /**
   * Returns the entropy of p(y | x) by the trapezoidal rule, which for bells converges
   * exponentially.
   */
  private static double entropy(double m) {
    double step = NOISE / 4;
    int steps = (int) Math.ceil((m + 9 * NOISE) / step);
    double sum = 0;
    for (int i = -steps; i <= steps; i++) {
      double density = density(i * step, m);
      sum -= density > 0 ? density * Math.log(density) * step : 0;
    }
    return sum;
  }
}
