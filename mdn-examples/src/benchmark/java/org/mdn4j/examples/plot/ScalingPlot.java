/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Time over the size of the problem, both logarithmic. */
public final class ScalingPlot {
  private static final int WIDTH = 620;
  private static final int HEIGHT = 640;

  private ScalingPlot() {}

  /**
   * One system along one axis.
   *
   * @param system name of the system
   * @param sizes values on the axis
   * @param micros time at each, in microseconds
   * @param slope growth at the large end, 1 for linear
   */
  public record Line(String system, List<Integer> sizes, List<Double> micros, double slope) {}

  /**
   * One axis.
   *
   * @param title what is varied and what is fixed
   * @param axis name of the axis
   * @param lines the systems
   */
  public record Panel(String title, String axis, List<Line> lines) {}

  /**
   * Draws the panels.
   *
   * @param panels one chart beside the other
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Panel> panels, Path file) throws IOException {
    Pictures.savePng(panels.stream().map(ScalingPlot::chart).toList(), file);
  }

  private static XYChart chart(Panel panel) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(panel.title())
            .xAxisTitle(panel.axis())
            .yAxisTitle("µs")
            .build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setLegendLayout(Styler.LegendLayout.Vertical);
    chart.getStyler().setXAxisLogarithmic(true);
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setMarkerSize(6);
    for (Line line : panel.lines()) {
      XYSeries series =
          chart.addSeries(
              String.format(
                  Locale.ROOT, "%s, slope %.2f at the large end", line.system(), line.slope()),
              line.sizes(),
              line.micros());
      series.setMarker(SeriesMarkers.CIRCLE);
      series.setLineColor(SystemColors.of(line.system()));
      series.setMarkerColor(SystemColors.of(line.system()));
    }
    return chart;
  }
}
