/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.stream.DoubleStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.examples.WholeFile;

/**
 * Predicted mean against observed target, with error bars of one predicted standard deviation and
 * the diagonal on which a perfect prediction lies.
 */
public final class ObservedPredictedPlot {
  private ObservedPredictedPlot() {}

  /**
   * Draws and saves.
   *
   * @param file where to, a PNG
   * @param title above the picture
   * @param target the target's name
   * @param observed {@code [N]}, N at least 1
   * @param mean {@code [N]}
   * @param deviation {@code [N]}
   * @throws IOException if it cannot be written
   */
  public static void write(
      Path file, String title, String target, double[] observed, double[] mean, double[] deviation)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(800)
            .height(800)
            .title(title)
            .xAxisTitle(target + ", observed")
            .yAxisTitle(target + ", predicted mean ± one standard deviation")
            .build();
    chart
        .getStyler()
        .setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter)
        .setLegendPosition(LegendPosition.InsideNW)
        .setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setErrorBarsColor(new Color(31, 119, 180, 90));
    chart.getStyler().setMarkerSize(5);

    DoubleSummaryStatistics range =
        DoubleStream.concat(DoubleStream.of(observed), DoubleStream.of(mean)).summaryStatistics();
    double margin = 0.05 * (range.getMax() - range.getMin());
    double[] ends = {range.getMin() - margin, range.getMax() + margin};
    chart.getStyler().setXAxisMin(ends[0]).setXAxisMax(ends[1]);
    chart.getStyler().setYAxisMin(ends[0]).setYAxisMax(ends[1]);

    XYSeries diagonal = chart.addSeries("predicted = observed", ends, ends);
    diagonal.setXYSeriesRenderStyle(XYSeriesRenderStyle.Line);
    diagonal.setMarker(SeriesMarkers.NONE);
    diagonal.setLineColor(Color.DARK_GRAY);
    diagonal.setLineStyle(new BasicStroke(1.5f));
    XYSeries rows = chart.addSeries("test rows", observed, mean, deviation);
    rows.setMarker(SeriesMarkers.CIRCLE);
    rows.setMarkerColor(new Color(31, 119, 180, 180));

    WholeFile.write(
        file,
        path -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(path))) {
            BitmapEncoder.saveBitmap(chart, out, BitmapEncoder.BitmapFormat.PNG);
          }
        });
  }
}
