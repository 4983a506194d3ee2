/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Interval;

/** Regions of any shape, filled by vertical strokes side by side. */
public final class Strokes {
  private Strokes() {}

  /**
   * Adds a region to a chart: one stroke per column and interval.
   *
   * @param width of a stroke in pixels, a little more than the columns are apart
   * @param columns x of the columns
   * @param intervals which y belong to the region, per column
   */
  public static void add(
      XYChart chart,
      String name,
      Color color,
      float width,
      double[] columns,
      List<List<Interval>> intervals) {
    List<Double> x = new ArrayList<>();
    List<Double> y = new ArrayList<>();
    for (int i = 0; i < columns.length; i++) {
      for (Interval interval : intervals.get(i)) {
        x.addAll(List.of(columns[i], columns[i], columns[i]));
        y.addAll(Arrays.asList(interval.lower(), interval.upper(), Double.NaN));
      }
    }
    XYSeries series = chart.addSeries(name, x, y);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color);
    series.setLineStyle(new BasicStroke(width, BasicStroke.CAP_BUTT, BasicStroke.JOIN_BEVEL));
  }
}
