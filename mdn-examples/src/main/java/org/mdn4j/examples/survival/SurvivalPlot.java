/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.survival;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.KaplanMeier;
import org.mdn4j.examples.plot.Pictures;

/** Survival curves: predicted ones over the true ones, and their mean over Kaplan and Meier's. */
final class SurvivalPlot {
  private static final int STEPS = 376; // by 0.02 years;
  private static final int SIZE = Pictures.WIDTH / 2;
  private static final int COLUMNS = 2;

  private SurvivalPlot() {}

  /**
   * The curves of one load.
   *
   * @param load x
   * @param mixture its prediction
   * @param baseline that of one log-normal distribution
   */
  record Curves(double load, Mixture mixture, Mixture baseline) {}

  /**
   * The mean over the test points.
   *
   * @param times where it is known
   * @param mixture mean predicted survival, {@code [times]}
   * @param observed Kaplan and Meier's estimate
   */
  record Means(double[] times, double[] mixture, KaplanMeier observed) {}

  /**
   * Draws the curves of some loads, and the means.
   *
   * @param curves three of them make a square with the means
   * @throws IOException if the file cannot be written
   */
  static void write(List<Curves> curves, Means means, Path file) throws IOException {
    List<XYChart> charts = new ArrayList<>();
    for (Curves one : curves) {
      XYChart chart = chart(String.format(Locale.ROOT, "load %.1f", one.load()));
      double load = one.load();
      add(chart, "true", Pictures.BLACK, 2, time -> SurvivalData.survival(load, time));
      add(chart, "one log-normal", Pictures.VERMILION, 2, one.baseline()::survival);
      add(chart, "mixture", Pictures.BLUE, 2.5f, one.mixture()::survival);
      charts.add(chart);
    }
    XYChart chart = chart("mean of all machines");
    add(chart, "Kaplan-Meier", Pictures.GREY, 4, means.observed()::survival);
    series(chart, "mean prediction", means.times(), means.mixture(), Pictures.BLUE, 2);
    charts.add(chart);
    Pictures.savePng(charts, (charts.size() + 1) / COLUMNS, COLUMNS, file);
  }

  private static XYChart chart(String title) {
    XYChart chart = Pictures.panel(SIZE, title, "years", "still running");
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(SurvivalData.LAST_END);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    return chart;
  }

  private static void add(
      XYChart chart, String name, Color color, float width, DoubleUnaryOperator survival) {
    double[] times = new double[STEPS];
    Arrays.setAll(times, i -> SurvivalData.LAST_END * i / (STEPS - 1));
    series(chart, name, times, Arrays.stream(times).map(survival).toArray(), color, width);
  }

  private static void series(
      XYChart chart, String name, double[] times, double[] survivals, Color color, float width) {
    XYSeries series = chart.addSeries(name, times, survivals);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(width);
  }
}
