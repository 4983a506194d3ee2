/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** An arm with two links in several poses, for each of several positions of its hand. */
public final class ArmPosesPlot {
  private static final double FROM = 0;
  private static final double TO = 1.1;

  private ArmPosesPlot() {}

  /**
   * Draws, one picture per position side by side.
   *
   * @param hands where the hand was seen, {@code [M][2]}
   * @param poses angles, {@code [M][poses][2]}; which side the elbow bends to is told by whether
   *     the second is below π
   * @param elbow from angles to where the links meet, {@code [2]}
   * @param hand from angles to the end of the second link, {@code [2]}
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      double[][] hands,
      double[][][] poses,
      UnaryOperator<double[]> elbow,
      UnaryOperator<double[]> hand,
      Path file)
      throws IOException {
    List<XYChart> charts = new ArrayList<>();
    for (int m = 0; m < hands.length; m++) {
      String title = "hand seen at (%.2f, %.2f)".formatted(hands[m][0], hands[m][1]);
      XYChart chart = Pictures.panel(Pictures.WIDTH / 2, title, "x", "y");
      chart.getStyler().setXAxisMin(FROM).setXAxisMax(TO).setYAxisMin(FROM).setYAxisMax(TO);
      for (int i = 0; i < poses[m].length; i++) {
        boolean below = poses[m][i][1] < Math.PI;
        add(
            chart,
            below ? "θ₂ < π" : "θ₂ > π",
            i,
            below ? Pictures.BLUE : Pictures.VERMILION,
            elbow.apply(poses[m][i]),
            hand.apply(poses[m][i]));
      }
      XYSeries seen =
          chart.addSeries("hand", new double[] {hands[m][0]}, new double[] {hands[m][1]});
      seen.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      seen.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(Pictures.BLACK);
      chart.getStyler().setMarkerSize(9);
      Pictures.equalScales(chart);
      charts.add(chart);
    }
    Pictures.savePng(charts, file);
  }

  private static void add(
      XYChart chart, String branch, int pose, Color color, double[] elbow, double[] hand) {
    boolean first = !chart.getSeriesMap().containsKey(branch);
    XYSeries series =
        chart.addSeries(
            first ? branch : branch + pose,
            new double[] {0, elbow[0], hand[0]},
            new double[] {0, elbow[1], hand[1]});
    series.setMarker(SeriesMarkers.NONE).setShowInLegend(first);
    series.setLineColor(Pictures.faint(color, 90));
    series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
  }
}
