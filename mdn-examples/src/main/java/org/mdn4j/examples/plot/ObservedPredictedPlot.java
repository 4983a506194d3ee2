/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Predicted mean against observed target, with error bars of one predicted standard deviation and
 * the diagonal, where a prediction is right.
 */
public final class ObservedPredictedPlot {
  private ObservedPredictedPlot() {}

  /**
   * The predictions and observations of one target.
   *
   * @param name the target's name
   * @param observed observed targets, {@code [N]}, N at least 1
   * @param mean predicted means, {@code [N]}
   * @param standardDeviation predicted standard deviations, {@code [N]}
   */
  public record Target(String name, double[] observed, double[] mean, double[] standardDeviation) {}

  /**
   * Draws the picture.
   *
   * @param targets one or more, side by side
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Target> targets, Path file) throws IOException {
    Pictures.savePng(targets.stream().map(ObservedPredictedPlot::chart).toList(), file);
  }

  private static XYChart chart(Target target) {
    double[] observed = target.observed();
    double[] mean = target.mean();
    XYChart chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.WIDTH)
            .title("Predicted mean ± one standard deviation, test rows")
            .xAxisTitle(target.name() + ", observed")
            .yAxisTitle(target.name() + ", predicted")
            .build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setMarkerSize(6);
    chart.getStyler().setErrorBarsColor(Pictures.faint(Pictures.BLUE, 70));

    DoubleSummaryStatistics range =
        DoubleStream.concat(DoubleStream.of(observed), DoubleStream.of(mean)).summaryStatistics();
    double margin = 0.05 * (range.getMax() - range.getMin());
    double low = range.getMin() - margin;
    double high = range.getMax() + margin;
    chart.getStyler().setXAxisMin(low).setXAxisMax(high);
    chart.getStyler().setYAxisMin(low).setYAxisMax(high);

    XYSeries rows = chart.addSeries("test rows", observed, mean, target.standardDeviation());
    rows.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    rows.setMarker(SeriesMarkers.CIRCLE);
    rows.setMarkerColor(Pictures.faint(Pictures.BLUE, 170));
    XYSeries diagonal =
        chart.addSeries("predicted = observed", new double[] {low, high}, new double[] {low, high});
    diagonal.setMarker(SeriesMarkers.NONE);
    diagonal.setLineColor(Pictures.VERMILION);
    diagonal.setLineWidth(1.5f);
    return chart;
  }
}
