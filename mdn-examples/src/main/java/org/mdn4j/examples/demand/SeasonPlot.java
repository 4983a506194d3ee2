/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.demand;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.plot.Pictures;

/** The year's demand: on the left its quantiles, on the right the probability of none. */
final class SeasonPlot {
  private static final double[] LEVELS = {0.05, 0.25, 0.5, 0.75, 0.95};
  private static final double REACH = 50;

  private SeasonPlot() {}

  /**
   * Draws the picture.
   *
   * @param data some of the data
   * @param predicted the model's distribution of each week
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  static void write(DemandData data, Mixture[] predicted, Path file) throws IOException {
    double[] weeks = IntStream.range(0, DemandData.WEEKS).asDoubleStream().toArray();
    Mixture[] truth = Arrays.stream(weeks).mapToObj(DemandData::truth).toArray(Mixture[]::new);
    XYChart quantiles =
        Pictures.panel(Pictures.HEIGHT, "Quantiles: 5, 25, 50, 75 and 95 %", "week", "demand");
    XYSeries points =
        quantiles.addSeries(
            "data", IntStream.of(data.weeks()).asDoubleStream().toArray(), data.demands());
    points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    points.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(Pictures.faint(Pictures.BLACK, 60));
    for (double level : LEVELS) {
      boolean first = level == LEVELS[0];
      steps(quantiles, "true" + level, weeks, truth, level)
          .setLineColor(Pictures.BLACK)
          .setLineWidth(1.2f)
          .setLabel("true")
          .setShowInLegend(first);
      steps(quantiles, "model" + level, weeks, predicted, level)
          .setLineColor(Pictures.BLUE)
          .setLineWidth(2.5f)
          .setLabel("predicted")
          .setShowInLegend(first);
    }
    quantiles.getStyler().setMarkerSize(3);
    quantiles.getStyler().setYAxisMin(-1.0).setYAxisMax(REACH);

    XYChart empty = Pictures.panel(Pictures.HEIGHT, "Weeks without demand", "week", "P(y = 0)");
    line(empty, "true", weeks, truth).setLineColor(Pictures.BLACK).setLineWidth(1.2f);
    line(empty, "predicted", weeks, predicted).setLineColor(Pictures.BLUE).setLineWidth(2.5f);
    empty.getStyler().setYAxisMin(0.0).setYAxisMax(0.4);
    Pictures.savePng(List.of(quantiles, empty), file);
  }

  private static XYSeries steps(
      XYChart chart, String name, double[] weeks, Mixture[] mixtures, double level) {
    double[] y = Arrays.stream(mixtures).mapToDouble(it -> it.quantile(level)).toArray();
    XYSeries series = chart.addSeries(name, weeks, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Step);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }

  private static XYSeries line(XYChart chart, String name, double[] weeks, Mixture[] mixtures) {
    double[] y = Arrays.stream(mixtures).mapToDouble(it -> it.density(0)).toArray();
    XYSeries series = chart.addSeries(name, weeks, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    return series;
  }
}
