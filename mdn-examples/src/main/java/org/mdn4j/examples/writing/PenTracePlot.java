/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.awt.geom.Rectangle2D;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.mdn4j.examples.plot.Pictures;

/** Sheets of handwriting side by side. */
public final class PenTracePlot {
  private static final double SMALLEST_WIDTH = 7.5; // of a word's cell, in units
  private static final double SMALLEST_HEIGHT = 4.2;
  private static final double SPACE = 0.5; // around a word
  private static final int PIXELS = 32; // per unit, at most
  private static final int LARGEST = 8000; // pixels of a picture in width and height, about
  private static final int MARGIN = 50;

  private PenTracePlot() {}

  /**
   * A sheet of words under a title.
   *
   * @param title above it
   * @param columns number of columns of words
   * @param traces the words, line by line
   * @param given number of first steps of each that were given, drawn in grey
   */
  public record Sheet(String title, int columns, List<PenTrace> traces, int given) {}

  /**
   * Draws the sheets.
   *
   * @param sheets one or more, with equally many columns and lines
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Sheet> sheets, Path file) throws IOException {
    Rectangle2D cell = cell(sheets.stream().flatMap(sheet -> sheet.traces().stream()).toList());
    double width = sheets.stream().mapToDouble(sheet -> sheet.columns() * cell.getWidth()).sum();
    int lines = sheets.stream().mapToInt(PenTracePlot::lines).max().orElseThrow();
    int pixels = pixels(PIXELS, width, lines * cell.getHeight());
    Pictures.savePng(sheets.stream().map(sheet -> chart(sheet, cell, pixels)).toList(), file);
  }

  private static int lines(Sheet sheet) {
    return (sheet.traces().size() + sheet.columns() - 1) / sheet.columns();
  }

  /**
   * Returns the pixels per unit: those given, or fewer where a picture of such a size would be too
   * large.
   */
  static int pixels(int most, double width, double height) {
    return (int) Math.max(1, Math.min(most, LARGEST / Math.max(width, height)));
  }

  /** Returns the room for each word, as seen from where its pen begins. */
  static Rectangle2D cell(List<PenTrace> traces) {
    Rectangle2D cell = Ink.room(traces, SPACE);
    double width = Math.max(SMALLEST_WIDTH, cell.getWidth());
    double height = Math.max(SMALLEST_HEIGHT, cell.getHeight());
    cell.setFrame(cell.getX(), cell.getCenterY() - 0.5 * height, width, height);
    return cell;
  }

  private static XYChart chart(Sheet sheet, Rectangle2D cell, int pixels) {
    int lines = lines(sheet);
    XYChart chart =
        paper(sheet.title(), pixels, sheet.columns() * cell.getWidth(), lines * cell.getHeight());
    Ink given = new Ink();
    Ink written = new Ink();
    for (int i = 0; i < sheet.traces().size(); i++) {
      PenTrace trace = sheet.traces().get(i);
      double left = i % sheet.columns() * cell.getWidth() - cell.getX();
      double base = (lines - 1 - i / sheet.columns()) * cell.getHeight() - cell.getY();
      given.add(trace, 0, sheet.given(), left, base);
      written.add(trace, sheet.given(), trace.length(), left, base);
    }
    given.drawOn(chart, "given", Pictures.GREY, 2);
    written.drawOn(chart, "written", Pictures.BLUE, 2);
    Pictures.equalScales(chart);
    return chart;
  }

  /**
   * Creates an empty chart without axes, of a width and height in units, each of the given number
   * of pixels.
   */
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
