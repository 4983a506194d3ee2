/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Samples of a model as the temperature goes up and down again. */
public final class TemperatureAnimation {
  private static final int FRAME_MILLIS = 150;

  private TemperatureAnimation() {}

  /**
   * Draws the animation.
   *
   * @param data the data, behind every frame
   * @param temperatures τ of the frames on the way up; the way down mirrors them
   * @param samples gives the samples at a τ
   * @param file the GIF file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      PredictionPlot.Points data,
      List<Double> temperatures,
      DoubleFunction<PredictionPlot.Points> samples,
      Path file)
      throws IOException {
    List<BufferedImage> frames = new ArrayList<>();
    for (double tau : temperatures) {
      frames.add(frame(data, samples.apply(tau), tau));
    }
    for (int i = temperatures.size() - 2; i > 0; i--) {
      frames.add(frames.get(i));
    }
    Pictures.saveGif(frames, FRAME_MILLIS, file);
  }

  private static BufferedImage frame(
      PredictionPlot.Points data, PredictionPlot.Points samples, double tau) {
    XYChart chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH * 2 / 3)
            .height(Pictures.HEIGHT * 2 / 3)
            .title(String.format(Locale.ROOT, "temperature τ = %.2f", tau))
            .xAxisTitle("x")
            .yAxisTitle("y")
            .build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    chart.getStyler().setMarkerSize(3);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.InsideNW);
    chart.getStyler().setXAxisMin(-16.0).setXAxisMax(16.0);
    chart.getStyler().setYAxisMin(-16.0).setYAxisMax(16.0);
    add(chart, "data", data).setMarkerColor(Pictures.GREY);
    add(chart, "samples", samples).setMarkerColor(Pictures.BLUE);
    return BitmapEncoder.getBufferedImage(chart);
  }

  private static XYSeries add(XYChart chart, String name, PredictionPlot.Points points) {
    XYSeries series = chart.addSeries(name, points.x(), points.y());
    series.setMarker(SeriesMarkers.CIRCLE);
    return series;
  }
}
