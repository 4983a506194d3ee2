/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.awt.Color;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines of a pen, smooth through its places, as one series of a chart. */
final class Ink {
  private static final int PER_STEP = 5;

  private final List<Double> x = new ArrayList<>(); // lines end with NaN
  private final List<Double> y = new ArrayList<>();

  /**
   * Adds the lines that a pen drew in some of its steps.
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

  /** Adds a line's spans from one number to another, of a curve through all its places. */
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
      x.add(left + point[0]);
      y.add(base + point[1]);
    }
  }

  /** Returns the room that traces need which begin at (0, 0), with a margin on all sides. */
  static Rectangle2D room(Collection<PenTrace> traces, double margin) {
    Ink ink = new Ink();
    traces.forEach(trace -> ink.add(trace, 0, trace.length(), 0, 0));
    DoubleSummaryStatistics horizontal = range(ink.x);
    DoubleSummaryStatistics vertical = range(ink.y);
    Rectangle2D room = new Rectangle2D.Double(); // where the pens begin
    room.setFrameFromDiagonal(
        Math.min(0, horizontal.getMin()) - margin,
        Math.min(0, vertical.getMin()) - margin,
        Math.max(0, horizontal.getMax()) + margin,
        Math.max(0, vertical.getMax()) + margin);
    return room;
  }

  private static DoubleSummaryStatistics range(List<Double> values) {
    return values.stream()
        .mapToDouble(value -> value)
        .filter(value -> !Double.isNaN(value))
        .summaryStatistics();
  }

  /** Draws the ink, if there is any. */
  void drawOn(XYChart chart, String name, Color color, float width) {
    if (x.isEmpty()) {
      return;
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(width);
  }
}
