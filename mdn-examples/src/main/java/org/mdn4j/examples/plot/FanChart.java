/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;

/**
 * Predictions over one input: on the left central intervals and the median, on the right
 * highest-density regions, which part where there are several branches.
 */
public final class FanChart {
  private static final double[] LEVELS = {0.95, 0.8, 0.5};

  private FanChart() {}

  /**
   * Draws the picture.
   *
   * @param data the data
   * @param grid inputs, ascending and evenly spaced
   * @param predictions the model's mixtures at the grid, one target
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      PredictionPlot.Points data, double[] grid, Mixture[] predictions, Path file)
      throws IOException {
    XYChart central = chart("Central intervals and median");
    for (int i = 0; i < LEVELS.length; i++) {
      double level = LEVELS[i];
      Interval[] intervals =
          Arrays.stream(predictions).map(it -> it.interval(level)).toArray(Interval[]::new);
      band(central, level, shade(i), grid, intervals);
    }
    double[] median = Arrays.stream(predictions).mapToDouble(it -> it.quantile(0.5)).toArray();
    XYSeries line = central.addSeries("median", grid, median);
    line.setMarker(SeriesMarkers.NONE).setLineColor(Pictures.VERMILION);
    line.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);

    XYChart highest = chart("Highest-density regions");
    for (int i = 0; i < LEVELS.length; i++) {
      double level = LEVELS[i];
      List<List<Interval>> regions =
          Arrays.stream(predictions).map(it -> it.highestDensityRegion(level)).toList();
      float width = 1.1f * Pictures.HEIGHT / grid.length;
      Strokes.add(highest, name(level), shade(i), width, grid, regions);
    }
    for (XYChart chart : List.of(central, highest)) {
      XYSeries points = chart.addSeries("data", data.x(), data.y());
      points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
      points.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(Pictures.faint(Pictures.BLACK, 90));
      double[] ends = Arrays.stream(data.y()).sorted().toArray();
      double margin = 0.15 * (ends[ends.length - 1] - ends[0]);
      chart.getStyler().setYAxisMin(ends[0] - margin).setYAxisMax(ends[ends.length - 1] + margin);
      chart.getStyler().setXAxisMin(grid[0]).setXAxisMax(grid[grid.length - 1]);
    }
    Pictures.savePng(List.of(central, highest), file);
  }

  private static Color shade(int level) {
    return Pictures.mixedWithWhite(Pictures.BLUE, 0.25 + 0.25 * level);
  }

  private static String name(double level) {
    return String.format(Locale.ROOT, "%.0f %%", 100 * level);
  }

  private static void band(
      XYChart chart, double level, Color color, double[] grid, Interval[] intervals) {
    int last = grid.length - 1;
    double[] x =
        DoubleStream.concat(
                Arrays.stream(grid),
                IntStream.rangeClosed(0, last).mapToDouble(i -> grid[last - i]))
            .toArray();
    double[] y =
        DoubleStream.concat(
                Arrays.stream(intervals).mapToDouble(Interval::lower),
                IntStream.rangeClosed(0, last).mapToDouble(i -> intervals[last - i].upper()))
            .toArray();
    XYSeries series = chart.addSeries(name(level), x, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setFillColor(color);
  }

  private static XYChart chart(String title) {
    XYChart chart = Pictures.panel(Pictures.HEIGHT, title, "x", "y");
    chart.getStyler().setMarkerSize(3);
    return chart;
  }
}
