/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.rain;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.plot.Pictures;

/** The year's rain: the probability of a dry day, quantiles, and the probability of much rain. */
final class RainPlot {
  private static final double[] LEVELS = {0.5, 0.75, 0.9, 0.95};
  private static final double[] AMOUNTS = {10, 50, RainData.MOST};

  private RainPlot() {}

  /**
   * Draws the picture.
   *
   * @param data some of the data
   * @param predicted the model's distribution of each day
   * @param gaussian that of the Gaussian mixture
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  static void write(RainData data, Mixture[] predicted, Mixture[] gaussian, Path file)
      throws IOException {
    double[] days = IntStream.range(0, RainData.DAYS).asDoubleStream().toArray();
    Mixture[] truth = RainData.truths();

    XYChart dry = Pictures.panel(Pictures.HEIGHT, "Dry days", "day", "P(Y ≤ 0.05 mm)");
    three(dry, "", days, truth, predicted, gaussian, it -> it.cdf(RainData.LEAST), true);
    dry.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);

    XYChart quantiles =
        Pictures.panel(Pictures.HEIGHT, "Quantiles: 50, 75, 90 and 95 %", "day", "rain, mm");
    XYSeries points =
        quantiles.addSeries(
            "readings", IntStream.of(data.days()).asDoubleStream().toArray(), data.readings());
    points.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    points.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(Pictures.faint(Pictures.BLACK, 60));
    for (double level : LEVELS) {
      boolean first = level == LEVELS[0];
      three(
          quantiles,
          " " + level,
          days,
          truth,
          predicted,
          gaussian,
          it -> Math.max(0, it.quantile(level)),
          first);
    }
    quantiles.getStyler().setMarkerSize(3);
    quantiles.getStyler().setYAxisMin(-2.0).setYAxisMax(160.0);

    XYChart survival =
        Pictures.panel(
            Pictures.HEIGHT,
            "More than 10, 50 and 100 mm",
            "day",
            "P(Y > y), the gauge ends at 100");
    for (double amount : AMOUNTS) {
      boolean first = amount == AMOUNTS[0];
      three(
          survival,
          " " + amount,
          days,
          truth,
          predicted,
          gaussian,
          it -> it.survival(amount),
          first);
    }
    survival.getStyler().setYAxisMin(0.0).setYAxisMax(0.5);
    Pictures.savePng(List.of(dry, quantiles, survival), file);
  }

  private static void three(
      XYChart chart,
      String name,
      double[] days,
      Mixture[] truth,
      Mixture[] predicted,
      Mixture[] gaussian,
      ToDoubleFunction<Mixture> value,
      boolean legend) {
    line(chart, "Gaussian mixture", name, days, gaussian, value, Pictures.ORANGE, 1.5f, legend);
    line(chart, "atom and censoring", name, days, predicted, value, Pictures.BLUE, 2.5f, legend);
    line(chart, "true", name, days, truth, value, Pictures.BLACK, 1.2f, legend);
  }

  private static void line(
      XYChart chart,
      String label,
      String name,
      double[] days,
      Mixture[] mixtures,
      ToDoubleFunction<Mixture> value,
      Color color,
      float width,
      boolean legend) {
    double[] y = Arrays.stream(mixtures).mapToDouble(value).toArray();
    XYSeries series = chart.addSeries(label + name, days, y);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    series.setMarker(SeriesMarkers.NONE);
    series.setLineColor(color).setLineWidth(width).setLabel(label).setShowInLegend(legend);
  }
}
