/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;

/**
 * Predicted distribution against observed target: per row a stroke for each interval of its
 * highest-density regions, which part where there are several branches, and a dot where the density
 * is highest; with the diagonal, where what is predicted is what was observed.
 */
public final class ObservedPredictedPlot {
  private static final double[] LEVELS = {0.9, 0.5};
  private static final float[] WIDTHS = {1.5f, 3.5f}; // pixels

  private ObservedPredictedPlot() {}

  /**
   * The predictions and observations of one target.
   *
   * @param name the target's name
   * @param observed observed targets, {@code [N]}, N at least 1
   * @param predicted predicted distributions of this target, {@code [N]}
   * @param exact so many rows, the first, were observed exactly; of the others the value is an end
   *     of an interval that holds it, or its middle
   */
  public record Target(String name, double[] observed, List<Mixture> predicted, int exact) {}

  /**
   * Draws the picture.
   *
   * @param rows what the rows are, for the title, such as "60 test rows"
   * @param targets one or more, side by side
   * @param survival charts beside them; may be empty
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      String rows, List<Target> targets, List<SurvivalCurves> survival, Path file)
      throws IOException {
    List<XYChart> charts = new ArrayList<>();
    targets.forEach(target -> charts.add(chart(rows, target)));
    survival.forEach(curves -> charts.add(curves.chart()));
    Pictures.savePng(charts, file);
  }

  private static XYChart chart(String rows, Target target) {
    double[] observed = target.observed();
    double[] modes = target.predicted().stream().mapToDouble(one -> one.mode()[0]).toArray();
    XYChart chart =
        Pictures.panel(
            Pictures.WIDTH,
            "Predicted regions of %s".formatted(rows),
            target.name() + ", observed",
            target.name() + ", predicted");
    chart.getStyler().setMarkerSize(5);
    DoubleSummaryStatistics range =
        DoubleStream.concat(DoubleStream.of(observed), DoubleStream.of(modes)).summaryStatistics();
    double margin = range.getMax() > range.getMin() ? 0.1 * (range.getMax() - range.getMin()) : 1;
    double low = range.getMin() - margin;
    double high = range.getMax() + margin;
    chart.getStyler().setXAxisMin(low).setXAxisMax(high);
    chart.getStyler().setYAxisMin(low).setYAxisMax(high);

    List<List<List<Interval>>> regions = // [N][levels]
        target.predicted().stream().map(one -> one.highestDensityRegions(LEVELS)).toList();
    for (int i = 0; i < LEVELS.length; i++) {
      int level = i;
      Strokes.add(
          chart,
          String.format(Locale.ROOT, "%.0f %% region", 100 * LEVELS[i]),
          Pictures.mixedWithWhite(Pictures.BLUE, 0.35 + 0.3 * i),
          WIDTHS[i],
          observed,
          regions.stream().map(row -> within(row.get(level), low, high)).toList());
    }
    XYSeries diagonal =
        chart.addSeries("predicted = observed", new double[] {low, high}, new double[] {low, high});
    diagonal.setMarker(SeriesMarkers.NONE);
    diagonal.setLineColor(Pictures.VERMILION);
    diagonal.setLineWidth(1.5f);
    int exact = target.exact();
    if (exact > 0) {
      dots(chart, "highest density", Arrays.copyOf(observed, exact), Arrays.copyOf(modes, exact))
          .setMarker(SeriesMarkers.CIRCLE)
          .setMarkerColor(Pictures.BLACK);
    }
    if (exact < observed.length) {
      dots(
              chart,
              "only an interval is known",
              Arrays.copyOfRange(observed, exact, observed.length),
              Arrays.copyOfRange(modes, exact, observed.length))
          .setMarker(SeriesMarkers.CROSS)
          .setMarkerColor(Pictures.VERMILION);
    }
    return chart;
  }

  private static XYSeries dots(XYChart chart, String name, double[] x, double[] y) {
    XYSeries dots = chart.addSeries(name, x, y);
    dots.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    return dots;
  }

  /** Returns the parts of intervals that the picture shows; one that is all outside is an end. */
  private static List<Interval> within(List<Interval> intervals, double low, double high) {
    return intervals.stream()
        .map(
            it ->
                new Interval(
                    Math.min(Math.max(it.lower(), low), high),
                    Math.min(Math.max(it.upper(), low), high)))
        .toList();
  }
}
