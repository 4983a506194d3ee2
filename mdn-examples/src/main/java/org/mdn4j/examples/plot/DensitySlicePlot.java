/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.knowm.xchart.Histogram;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Mixture;

/** The learned density at one input, its components, and the data near that input. */
public final class DensitySlicePlot {
  private static final int BINS = 140;
  private static final int GRID = 1000;
  private static final double SMALLEST_WEIGHT = 0.001;

  private DensitySlicePlot() {}

  /**
   * Draws the picture.
   *
   * @param slice the input x
   * @param halfWidth data within this distance of x counts as near
   * @param nearby targets of the data near x; may be empty
   * @param prediction the learned density at x
   * @param lower lower end of the axis of y
   * @param upper upper end of the axis of y
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      double slice,
      double halfWidth,
      double[] nearby,
      Mixture prediction,
      double lower,
      double upper,
      Path file)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.HEIGHT)
            .title("Learned density p(y | x = %s)".formatted(slice))
            .xAxisTitle("y")
            .yAxisTitle("density")
            .build();
    Pictures.style(chart.getStyler());
    if (nearby.length > 0) {
      addHistogram(chart, halfWidth, nearby, lower, upper);
    }
    double[] y =
        IntStream.rangeClosed(0, GRID)
            .mapToDouble(i -> lower + (upper - lower) * i / GRID)
            .toArray();
    double[] weights = prediction.weights();
    boolean named = false;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] < SMALLEST_WEIGHT) {
        continue;
      }
      int component = k;
      Mixture alone =
          Mixture.gaussian(
              new double[] {1},
              new double[][] {prediction.means()[k]},
              new double[][] {prediction.standardDeviations()[k]});
      double[] density =
          Arrays.stream(y).map(value -> weights[component] * alone.density(value)).toArray();
      line(chart, named ? "component " + k : "weighted components", y, density)
          .setLineColor(Pictures.ORANGE)
          .setLineWidth(1.5f)
          .setShowInLegend(!named);
      named = true;
    }
    line(chart, "learned density", y, Arrays.stream(y).map(prediction::density).toArray())
        .setLineColor(Pictures.BLUE)
        .setLineWidth(3f);
    Pictures.savePng(chart, file);
  }

  private static void addHistogram(
      XYChart chart, double halfWidth, double[] nearby, double lower, double upper) {
    Histogram histogram = new Histogram(Arrays.stream(nearby).boxed().toList(), BINS, lower, upper);
    double binWidth = (upper - lower) / BINS;
    double[] edges =
        IntStream.rangeClosed(0, BINS).mapToDouble(i -> lower + i * binWidth).toArray();
    double[] heights = new double[BINS + 1]; // the last edge closes the last step
    Arrays.setAll(
        heights,
        i -> histogram.getyAxisData().get(Math.min(i, BINS - 1)) / (nearby.length * binWidth));
    chart
        .addSeries(
            "data with |x − slice| ≤ %s (%s points)".formatted(halfWidth, nearby.length),
            edges,
            heights)
        .setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.StepArea)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(Pictures.GREY)
        .setFillColor(Pictures.faint(Pictures.GREY, 90));
  }

  private static XYSeries line(XYChart chart, String name, double[] x, double[] y) {
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }
}
