/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.Color;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.eval.KaplanMeier;

/**
 * Mean predicted survival P(Y &gt; t) over Kaplan and Meier's estimate from the same rows.
 *
 * @param target its name
 * @param grid ascending t, {@code [G]}
 * @param means of each model by its name, {@code [G]}
 * @param observed the estimate
 */
public record SurvivalCurves(
    String target, double[] grid, Map<String, double[]> means, KaplanMeier observed) {
  private static final double NORMAL_95 = 1.96;

  /** Returns the estimate at the grid. */
  public double[] estimate() {
    return at(observed::survival);
  }

  /** Returns where 95 % of estimates from so many rows would lie about this one, from below. */
  public double[] low() {
    return at(t -> Math.max(0, observed.survival(t) - NORMAL_95 * observed.standardError(t)));
  }

  /** Returns the same, from above. */
  public double[] high() {
    return at(t -> Math.min(1, observed.survival(t) + NORMAL_95 * observed.standardError(t)));
  }

  private double[] at(DoubleUnaryOperator value) {
    return Arrays.stream(grid).map(value).toArray();
  }

  /** Creates the chart. */
  XYChart chart() {
    XYChart chart =
        Pictures.panel(
            Pictures.WIDTH, "Survival, mean of all test rows", target + ", t", "P(later than t)");
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    chart.getStyler().setXAxisMin(grid[0]).setXAxisMax(grid[grid.length - 1]);
    XYSeries band =
        chart.addSeries(
            "95 % of such estimates",
            DoubleStream.concat(DoubleStream.of(grid), reversed(grid)).toArray(),
            DoubleStream.concat(DoubleStream.of(low()), reversed(high())).toArray());
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setMarker(SeriesMarkers.NONE).setLineColor(Color.WHITE);
    band.setFillColor(Pictures.faint(Pictures.GREY, 70));
    add(chart, "Kaplan-Meier", estimate(), Pictures.BLACK, 2.5f)
        .setXYSeriesRenderStyle(XYSeriesRenderStyle.Step);
    List<Color> colours = Pictures.PALETTE;
    int model = 0;
    for (Map.Entry<String, double[]> mean : means.entrySet()) {
      add(chart, mean.getKey(), mean.getValue(), colours.get(model++ % colours.size()), 2.5f);
    }
    return chart;
  }

  private static DoubleStream reversed(double[] values) {
    return IntStream.range(0, values.length).mapToDouble(i -> values[values.length - 1 - i]);
  }

  private XYSeries add(XYChart chart, String name, double[] values, Color color, float width) {
    XYSeries series = chart.addSeries(name, grid, values);
    series.setMarker(SeriesMarkers.NONE).setLineColor(color).setLineWidth(width);
    return series;
  }
}
