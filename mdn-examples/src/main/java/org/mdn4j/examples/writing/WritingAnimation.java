/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

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

/** A word being written, step by step, with a cloud of where the pen could have gone instead. */
public final class WritingAnimation {
  private static final int FRAME_MILLIS = 120;
  private static final int FRAMES_AT_END = 12;
  private static final int PIXELS = 60; // per unit
  private static final double SMALLEST_WIDTH = 8;

  private WritingAnimation() {}

  /**
   * Draws.
   *
   * @param trace the word
   * @param given number of first steps that were given, drawn in grey
   * @param guesses gives samples of the offset of a step, {@code [n][2]}
   * @param file the GIF file to write
   * @throws IOException if it cannot be written
   */
  public static void write(PenTrace trace, int given, IntFunction<double[][]> guesses, Path file)
      throws IOException {
    double right =
        Arrays.stream(trace.positions()).mapToDouble(place -> place[0]).max().orElseThrow();
    double width = Math.max(SMALLEST_WIDTH, right + 4 * PenTracePlot.LEFT);
    List<BufferedImage> frames = new ArrayList<>();
    for (int step = 0; step <= trace.length(); step++) {
      XYChart chart =
          PenTracePlot.paper(
              "The pen, and where it could go next", PIXELS, width, PenTracePlot.CELL_HEIGHT);
      if (step < trace.length()) {
        addGuesses(chart, trace.positions()[step], guesses.apply(step));
      }
      Ink beginning = new Ink(PenTracePlot.CELL_WIDTH - PenTracePlot.LEFT);
      beginning.add(trace, 0, Math.min(step, given), PenTracePlot.LEFT, PenTracePlot.BASE);
      beginning.drawOn(chart, "given", Pictures.GREY, 3);
      Ink written = new Ink(PenTracePlot.CELL_WIDTH - PenTracePlot.LEFT);
      written.add(trace, given, step, PenTracePlot.LEFT, PenTracePlot.BASE);
      written.drawOn(chart, "written", Pictures.BLUE, 3);
      if (step < trace.length()) {
        addPen(chart, trace.positions()[step]);
      }
      Pictures.equalScales(chart);
      frames.add(BitmapEncoder.getBufferedImage(chart));
    }
    frames.addAll(Collections.nCopies(FRAMES_AT_END, frames.get(trace.length())));
    Pictures.saveGif(frames, FRAME_MILLIS, file);
  }

  private static void addGuesses(XYChart chart, double[] pen, double[][] offsets) {
    double[] x = new double[offsets.length];
    double[] y = new double[offsets.length];
    for (int i = 0; i < offsets.length; i++) {
      x[i] = PenTracePlot.LEFT + pen[0] + offsets[i][0];
      y[i] = PenTracePlot.BASE + pen[1] + offsets[i][1];
    }
    addPoints(chart, "next", x, y).setMarkerColor(Pictures.ORANGE);
  }

  private static void addPen(XYChart chart, double[] pen) {
    addPoints(
            chart,
            "pen",
            new double[] {PenTracePlot.LEFT + pen[0]},
            new double[] {PenTracePlot.BASE + pen[1]})
        .setMarkerColor(Pictures.BLACK);
  }

  private static XYSeries addPoints(XYChart chart, String name, double[] x, double[] y) {
    chart.getStyler().setMarkerSize(4);
    XYSeries series = chart.addSeries(name, x, y);
    series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE);
    return series;
  }
}
