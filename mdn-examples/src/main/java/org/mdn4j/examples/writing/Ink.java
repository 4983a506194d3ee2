/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines of a pen, smooth through its places, as one series of a chart. */
final class Ink {
  private static final int PER_STEP = 5;

  private final double room;
  private final List<Double> x = new ArrayList<>(); // lines end with NaN
  private final List<Double> y = new ArrayList<>();

  /**
   * No lines yet.
   *
   * @param room to the right of where a pen begins; what it draws beyond is left out
   */
  Ink(double room) {
    this.room = room;
  }

  /**
   * Adds what a pen drew in some of its steps.
   *
   * @param from first step
   * @param to the step after the last
   * @param left where the pen began
   * @param base where the pen began
   */
  void add(PenTrace trace, int from, int to, double left, double base) {
    double[][] places = trace.positions(); // places[t + 1] is the end of step t
    boolean[] lifted = trace.lifted();
    int start = 0; // place where the line began
    for (int t = 0; t < trace.length(); t++) {
      if (lifted[t] || t == trace.length() - 1) {
        addLine(Arrays.copyOfRange(places, start, t + 2), from - start, to - start, left, base);
        start = t + 2;
      }
    }
  }

  /** A line's spans from one number to another, of a curve through all its places. */
  private void addLine(double[][] places, int from, int to, double left, double base) {
    int first = Math.max(0, from);
    int last = Math.min(places.length - 1, to);
    if (first >= last) {
      return;
    }
    List<double[]> points = new ArrayList<>();
    if (places.length < 3) {
      points.addAll(Arrays.asList(places));
    } else {
      PlaneSpline curve = PlaneSpline.through(places);
      double[] parameters = curve.parameters(PER_STEP);
      for (int i = first * PER_STEP; i <= last * PER_STEP; i++) {
        points.add(curve.at(parameters[i]));
      }
    }
    points.add(new double[] {Double.NaN, Double.NaN});
    for (double[] point : points) {
      x.add(point[0] > room ? Double.NaN : left + point[0]);
      y.add(base + point[1]);
    }
  }

  /** Draws it, if there is any. */
  void drawOn(XYChart chart, String name, Color color, float width) {
    if (x.isEmpty()) {
      return;
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(width);
  }
}
