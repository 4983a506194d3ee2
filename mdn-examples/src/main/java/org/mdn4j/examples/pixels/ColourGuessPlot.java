/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.pixels;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.examples.plot.Pictures;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Guesses of the colours of grey images, by a mixture and by one Gaussian per pixel.
 *
 * @param images the images
 * @param drawn how many of them to draw, the first ones
 * @param mixture a mixture per pixel of the images that are drawn
 * @param gaussian one Gaussian per pixel of them
 * @param seed of the samples
 */
public record ColourGuessPlot(
    AmbiguousImages images, int drawn, MixtureBatch mixture, MixtureBatch gaussian, long seed) {
  private static final int SIDE = 128;
  private static final double LOW = 0.2;
  private static final int GRID = 600;
  private static final double REACH = 1.2; // of the axis of chroma

  /**
   * Draws grey images, the truth, and guesses: means, samples, and the same quantile in all pixels.
   *
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public void writeImages(Path file) throws IOException {
    INDArray quantiles = mixture.quantile(LOW, 1 - LOW); // [pixels, 2]
    List<ImageGrid.Column> columns =
        List.of(
            column("input", new double[pixels() * drawn]),
            column("truth", truth()),
            column("one Gaussian:\nmean", numbers(gaussian.mean())),
            column("one Gaussian:\nsample", numbers(gaussian.sample(1, seed))),
            column("mixture:\nmean", numbers(mixture.mean())),
            column("mixture:\nsample", numbers(mixture.sample(1, seed))),
            column(quantileTitle(LOW), column(quantiles, 0)),
            column(quantileTitle(1 - LOW), column(quantiles, 1)));
    Pictures.savePng(ImageGrid.draw(columns, SIDE), file);
  }

  private static String quantileTitle(double p) {
    return String.format(Locale.ROOT, "mixture: quantile\n%.1f everywhere", p);
  }

  /**
   * Draws the densities of chroma at the pixel of the first image where blue and orange are
   * farthest apart.
   *
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public void writePixel(Path file) throws IOException {
    double[][] strength = images.strength(0);
    int size = strength.length;
    int pixel =
        IntStream.range(0, size * size)
            .reduce((a, b) -> strength[b / size][b % size] > strength[a / size][a % size] ? b : a)
            .orElseThrow();
    double m = strength[pixel / size][pixel % size];
    Mixture learned = mixture.get(pixel);
    Mixture single = gaussian.get(pixel);
    XYChart chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.HEIGHT)
            .title("Density of one pixel's colour, given the grey image")
            .xAxisTitle("chroma, from blue to orange")
            .yAxisTitle("density")
            .build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setXAxisMin(-REACH).setXAxisMax(REACH).setXAxisMaxLabelCount(13);
    add(chart, "truth", y -> AmbiguousImages.density(y, m), Pictures.GREY, 6);
    add(chart, "mixture", learned::density, Pictures.BLUE, 2);
    add(chart, "one Gaussian", single::density, Pictures.VERMILION, 2);
    Pictures.savePng(chart, file);
  }

  private static void add(
      XYChart chart, String name, DoubleUnaryOperator density, Color color, float width) {
    double[] y =
        IntStream.rangeClosed(0, GRID).mapToDouble(i -> REACH * (2.0 * i / GRID - 1)).toArray();
    chart
        .addSeries(name, y, Arrays.stream(y).map(density).toArray())
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(color)
        .setLineWidth(width);
  }

  private int pixels() {
    return images.grey()[0].length * images.grey()[0].length;
  }

  private double[] truth() {
    return Arrays.stream(images.chroma())
        .limit(drawn)
        .flatMap(Arrays::stream)
        .flatMapToDouble(line -> IntStream.range(0, line.length).mapToDouble(i -> line[i]))
        .toArray();
  }

  private static double[] numbers(INDArray array) {
    return array.dup('c').data().asDouble();
  }

  private static double[] column(INDArray rows, int column) {
    return rows.getColumn(column).toDoubleVector();
  }

  /**
   * Returns images of this chroma, image by image and line by line, with the lightness of the
   * input.
   */
  private ImageGrid.Column column(String title, double[] chroma) {
    int size = images.grey()[0].length;
    List<BufferedImage> column =
        IntStream.range(0, drawn)
            .mapToObj(
                n -> {
                  BufferedImage image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
                  for (int i = 0; i < pixels(); i++) {
                    float grey = images.grey()[n][i / size][i % size];
                    image.setRGB(i % size, i / size, colour(grey, chroma[n * pixels() + i]));
                  }
                  return image;
                })
            .toList();
    return new ImageGrid.Column(title, column);
  }

  /** Returns a colour: blue for negative chroma, orange for positive. */
  private static int colour(double grey, double chroma) {
    return new Color(channel(grey + 0.5 * chroma), channel(grey), channel(grey - 0.5 * chroma))
        .getRGB();
  }

  private static float channel(double value) {
    return (float) Math.max(0, Math.min(1, value));
  }
}
