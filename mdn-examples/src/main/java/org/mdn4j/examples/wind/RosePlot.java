/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.wind;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.plot.Pictures;

/**
 * Roses: densities of a direction on a compass, north at the top. The distance from the centre is
 * the root of the density, so that areas are probabilities.
 */
public final class RosePlot {
  private static final int PETALS = 36;
  private static final int STEPS = 720;
  private static final String[] COMPASS = {"N", "E", "S (±π)", "W"};
  private static final Color LIGHT = Pictures.mixedWithWhite(Pictures.GREY, 0.5);

  private RosePlot() {}

  /**
   * The contents of one rose.
   *
   * @param title what is given
   * @param observed directions of the data, in radians clockwise from north
   * @param truth the true density
   * @param directions the density of the model that knows directions
   * @param line the density of the model that takes an angle for a number in [−π, π)
   */
  public record Rose(
      String title, double[] observed, Mixture truth, Mixture directions, Mixture line) {}

  /**
   * Draws the roses side by side.
   *
   * @param roses what to draw
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Rose> roses, Path file) throws IOException {
    List<XYChart> charts = new ArrayList<>();
    for (Rose rose : roses) {
      charts.add(chart(rose));
    }
    Pictures.savePng(charts, file);
  }

  private static XYChart chart(Rose rose) {
    XYChart chart = Pictures.panel(Pictures.WIDTH / 2, rose.title(), "", "");
    chart.getStyler().setAxisTicksVisible(false).setPlotGridLinesVisible(false);
    double highest = Arrays.stream(angles()).map(rose.truth()::density).max().orElseThrow();
    double ring = 1.15 * Math.sqrt(highest);
    double reach = 1.15 * ring;
    chart.getStyler().setXAxisMin(-reach).setXAxisMax(reach);
    chart.getStyler().setYAxisMin(-reach).setYAxisMax(reach);
    curve(chart, "ring", LIGHT, 1, angle -> ring * ring).setShowInLegend(false);
    for (double angle = 0; angle < Math.PI; angle += 0.5 * Math.PI) {
      add(chart, "axis " + angle, new double[] {angle, angle}, new double[] {-ring, ring}, LIGHT)
          .setLineWidth(1)
          .setShowInLegend(false);
    }
    petals(chart, rose.observed());
    curve(chart, "true density", Pictures.BLACK, 1.5f, rose.truth()::density);
    curve(chart, "Gaussian, raw angle", Pictures.VERMILION, 2.5f, rose.line()::density);
    curve(chart, "von Mises", Pictures.BLUE, 2.5f, rose.directions()::density);
    for (int i = 0; i < COMPASS.length; i++) {
      double angle = 0.5 * Math.PI * i;
      chart.addAnnotation(
          new AnnotationText(
              COMPASS[i], 1.07 * ring * Math.sin(angle), 1.07 * ring * Math.cos(angle), false));
    }
    Pictures.equalScales(chart);
    return chart;
  }

  /** Returns angles in [−π, π], where the ends do not meet: a density may differ there. */
  private static double[] angles() {
    return IntStream.rangeClosed(0, STEPS)
        .mapToDouble(i -> -Math.PI + 2 * Math.PI * i / STEPS * (1 - 1e-12))
        .toArray();
  }

  private static void petals(XYChart chart, double[] observed) {
    double width = 2 * Math.PI / PETALS;
    double[] share = new double[PETALS];
    for (double angle : observed) {
      share[(int) Math.min(PETALS - 1, (angle + Math.PI) / width)] += 1.0 / observed.length;
    }
    double[] edges = // twice each, inside and outside of the step
        IntStream.range(0, 2 * PETALS).mapToDouble(i -> -Math.PI + width * ((i + 1) / 2)).toArray();
    double[] radius =
        IntStream.range(0, 2 * PETALS).mapToDouble(i -> Math.sqrt(share[i / 2] / width)).toArray();
    XYSeries series = add(chart, "data", edges, radius, Pictures.GREY);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.PolygonArea);
    series.setFillColor(Pictures.faint(Pictures.GREY, 110));
  }

  private static XYSeries curve(
      XYChart chart, String name, Color color, float width, DoubleUnaryOperator density) {
    double[] angles = angles();
    double[] radius = DoubleStream.of(angles).map(density).map(Math::sqrt).toArray();
    XYSeries series = add(chart, name, angles, radius, color);
    series.setLineWidth(width);
    return series;
  }

  private static XYSeries add(
      XYChart chart, String name, double[] angles, double[] radius, Color color) {
    double[] x = new double[angles.length];
    double[] y = new double[angles.length];
    Arrays.setAll(x, i -> radius[i] * Math.sin(angles[i]));
    Arrays.setAll(y, i -> radius[i] * Math.cos(angles[i]));
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color);
    return series;
  }
}
