/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.examples.plot.Pictures;

/** An arm with two links in several poses, for each of several positions of its hand. */
public final class ArmPosesPlot {
  private static final double FROM = 0;
  private static final double TO = 1.1;

  private ArmPosesPlot() {}

  /**
   * Draws the arm, one picture per position side by side.
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
      String title =
          String.format(Locale.ROOT, "hand seen at (%.2f, %.2f)", hands[m][0], hands[m][1]);
      XYChart chart = Pictures.panel(Pictures.WIDTH / 2, title, "x", "y");
      chart.getStyler().setXAxisMin(FROM).setXAxisMax(TO).setYAxisMin(FROM).setYAxisMax(TO);
      Map<Boolean, List<double[]>> byBranch =
          Arrays.stream(poses[m]).collect(Collectors.partitioningBy(pose -> pose[1] < Math.PI));
      add(chart, "θ₂ < π", Pictures.BLUE, byBranch.get(true), elbow, hand);
      add(chart, "θ₂ > π", Pictures.VERMILION, byBranch.get(false), elbow, hand);
      XYSeries seen =
          chart.addSeries("hand, as seen", new double[] {hands[m][0]}, new double[] {hands[m][1]});
      seen.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      seen.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(Pictures.BLACK);
      chart.getStyler().setMarkerSize(9);
      Pictures.equalScales(chart);
      charts.add(chart);
    }
    Pictures.savePng(charts, file);
  }

  private static void add(
      XYChart chart,
      String branch,
      Color color,
      List<double[]> poses,
      UnaryOperator<double[]> elbow,
      UnaryOperator<double[]> hand) {
    for (int i = 0; i < poses.size(); i++) {
      double[] middle = elbow.apply(poses.get(i));
      double[] end = hand.apply(poses.get(i));
      XYSeries series =
          chart.addSeries(
              i == 0 ? branch : branch + i,
              new double[] {0, middle[0], end[0]},
              new double[] {0, middle[1], end[1]});
      series.setMarker(SeriesMarkers.NONE).setShowInLegend(i == 0);
      series.setLineColor(Pictures.faint(color, 90));
      series.setLineStyle(new BasicStroke(2, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
    }
  }
}
