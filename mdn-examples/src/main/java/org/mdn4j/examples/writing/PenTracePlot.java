/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.mdn4j.examples.plot.Pictures;

/** Sheets of handwriting side by side. */
public final class PenTracePlot {
  static final double CELL_WIDTH = 7.5;
  static final double CELL_HEIGHT = 4.2;
  static final double LEFT = 0.6; // of the pen's beginning in its cell
  static final double BASE = 1.6;
  private static final int PIXELS = 32; // per unit
  private static final int MARGIN = 50;

  private PenTracePlot() {}

  /**
   * A sheet.
   *
   * @param title above it
   * @param columns number of columns of words
   * @param traces the words, line by line
   * @param given number of first steps of each that were given, drawn in grey
   */
  public record Sheet(String title, int columns, List<PenTrace> traces, int given) {}

  /**
   * Draws.
   *
   * @param sheets one or more, with equally many columns and lines
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Sheet> sheets, Path file) throws IOException {
    Pictures.savePng(sheets.stream().map(PenTracePlot::chart).toList(), file);
  }

  private static XYChart chart(Sheet sheet) {
    int lines = (sheet.traces().size() + sheet.columns() - 1) / sheet.columns();
    XYChart chart = paper(sheet.title(), PIXELS, sheet.columns() * CELL_WIDTH, lines * CELL_HEIGHT);
    Ink given = new Ink(CELL_WIDTH - LEFT);
    Ink written = new Ink(CELL_WIDTH - LEFT);
    for (int i = 0; i < sheet.traces().size(); i++) {
      PenTrace trace = sheet.traces().get(i);
      double left = i % sheet.columns() * CELL_WIDTH + LEFT;
      double base = (lines - 1 - i / sheet.columns()) * CELL_HEIGHT + BASE;
      given.add(trace, 0, sheet.given(), left, base);
      written.add(trace, sheet.given(), trace.length(), left, base);
    }
    given.drawOn(chart, "given", Pictures.GREY, 2);
    written.drawOn(chart, "written", Pictures.BLUE, 2);
    Pictures.equalScales(chart);
    return chart;
  }

  /** An empty chart without axes, of a width and height in units, which are so many pixels. */
  static XYChart paper(String title, int pixels, double width, double height) {
    XYChart chart =
        new XYChartBuilder()
            .width((int) (pixels * width) + MARGIN)
            .height((int) (pixels * height) + MARGIN)
            .title(title)
            .build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setAxisTicksVisible(false).setPlotGridLinesVisible(false);
    chart.getStyler().setLegendVisible(false).setPlotContentSize(1);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(width);
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(height);
    return chart;
  }
}
