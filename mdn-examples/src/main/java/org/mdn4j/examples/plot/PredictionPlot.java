/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.BubbleChart;
import org.knowm.xchart.BubbleChartBuilder;
import org.knowm.xchart.BubbleSeries;
import org.mdn4j.distribution.Mixture;

/** Samples from a model with one input and one target over the data, and the components' means. */
public final class PredictionPlot {
  private static final double POINT = 4;
  private static final double LARGEST_MEAN = 12;
  private static final double SMALLEST_WEIGHT = 0.01;

  private PredictionPlot() {}

  /**
   * Points in the plane.
   *
   * @param x inputs
   * @param y targets
   */
  public record Points(double[] x, double[] y) {}

  /**
   * Draws the picture.
   *
   * @param data the data
   * @param samples one sample of the model per input
   * @param grid inputs at which the means are drawn, with an area in proportion to their weight
   * @param predictions the model's mixtures at the grid
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      Points data, Points samples, double[] grid, Mixture[] predictions, Path file)
      throws IOException {
    BubbleChart chart =
        new BubbleChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.HEIGHT)
            .title("Inverted sine: the data, samples of the model, and its components' means")
            .xAxisTitle("x")
            .yAxisTitle("y")
            .build();
    Pictures.style(chart.getStyler());
    double[] dots = new double[data.x().length];
    Arrays.fill(dots, POINT);
    add(chart, "data", data, dots, Pictures.faint(Pictures.GREY, 140));
    double[] sampleDots = new double[samples.x().length];
    Arrays.fill(sampleDots, POINT);
    add(chart, "samples", samples, sampleDots, Pictures.faint(Pictures.BLUE, 110));

    List<double[]> means = new ArrayList<>();
    for (int i = 0; i < grid.length; i++) {
      double[] weights = predictions[i].weights();
      double[][] locations = predictions[i].means();
      for (int k = 0; k < weights.length; k++) {
        if (weights[k] >= SMALLEST_WEIGHT) {
          means.add(new double[] {grid[i], locations[k][0], LARGEST_MEAN * Math.sqrt(weights[k])});
        }
      }
    }
    Points meanPoints = new Points(column(means, 0), column(means, 1));
    add(chart, "means, area ∝ weight", meanPoints, column(means, 2), Pictures.VERMILION);
    Pictures.savePng(chart, file);
  }

  private static void add(
      BubbleChart chart, String name, Points points, double[] sizes, Color color) {
    BubbleSeries series = chart.addSeries(name, points.x(), points.y(), sizes);
    series.setFillColor(color);
    series.setLineColor(new Color(0, 0, 0, 0));
  }

  private static double[] column(List<double[]> rows, int index) {
    return rows.stream().mapToDouble(row -> row[index]).toArray();
  }
}
