/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.examples.plot.Pictures;

/**
 * An animation of a word being written, step by step, with a cloud of the places where the pen
 * could have gone instead.
 */
public final class WritingAnimation {
  private static final int FRAME_MILLIS = 120;
  private static final int FRAMES_AT_END = 12;
  private static final int PIXELS = 60; // per unit, at most
  private static final double ROOM_FOR_GUESSES = 1.5; // to the right of the word

  private WritingAnimation() {}

  /**
   * Draws the animation.
   *
   * @param trace the word
   * @param given number of first steps that were given, drawn in grey
   * @param guesses gives samples of the offset of a step, {@code [n][2]}
   * @param file the GIF file to write
   * @throws IOException if it cannot be written
   */
  public static void write(PenTrace trace, int given, IntFunction<double[][]> guesses, Path file)
      throws IOException {
    Rectangle2D cell = PenTracePlot.cell(List.of(trace));
    double left = -cell.getX(); // where the pen begins
    double base = -cell.getY();
    double width = cell.getWidth() + ROOM_FOR_GUESSES;
    int pixels = PenTracePlot.pixels(PIXELS, width, cell.getHeight());
    List<BufferedImage> frames = new ArrayList<>();
    for (int step = 0; step <= trace.length(); step++) {
      XYChart chart =
          PenTracePlot.paper(
              "The pen, and where it could go next", pixels, width, cell.getHeight());
      if (step < trace.length()) {
        addPoints(chart, "next", left, base, after(trace, step, guesses.apply(step)))
            .setMarkerColor(Pictures.ORANGE);
      }
      Ink beginning = new Ink();
      beginning.add(trace, 0, Math.min(step, given), left, base);
      beginning.drawOn(chart, "given", Pictures.GREY, 3);
      Ink written = new Ink();
      written.add(trace, given, step, left, base);
      written.drawOn(chart, "written", Pictures.BLUE, 3);
      if (step < trace.length()) {
        addPoints(chart, "pen", left, base, trace.positions()[step]).setMarkerColor(Pictures.BLACK);
      }
      Pictures.equalScales(chart);
      frames.add(BitmapEncoder.getBufferedImage(chart));
    }
    frames.addAll(Collections.nCopies(FRAMES_AT_END, frames.get(trace.length())));
    Pictures.saveGif(frames, FRAME_MILLIS, file);
  }

  private static double[][] after(PenTrace trace, int step, double[][] offsets) {
    double[] pen = trace.positions()[step];
    return Arrays.stream(offsets)
        .map(offset -> new double[] {pen[0] + offset[0], pen[1] + offset[1]})
        .toArray(double[][]::new);
  }

  private static XYSeries addPoints(
      XYChart chart, String name, double left, double base, double[]... points) {
    chart.getStyler().setMarkerSize(4);
    XYSeries series =
        chart.addSeries(
            name,
            Arrays.stream(points).mapToDouble(point -> left + point[0]).toArray(),
            Arrays.stream(points).mapToDouble(point -> base + point[1]).toArray());
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    return series;
  }
}
