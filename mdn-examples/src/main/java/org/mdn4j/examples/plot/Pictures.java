/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import com.madgag.gif.fmsware.AnimatedGifEncoder;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.mdn4j.examples.kit.Digits;
import org.mdn4j.examples.kit.WholeFile;

/** The look of the pictures, and their files. */
public final class Pictures {
  public static final int WIDTH = 900;
  public static final int HEIGHT = 600;

  private static final int TICK_DIGITS = 10; // more would show the rounding of steps
  private static final int SAMPLED_PIXELS = 30; // every 30th gives the colours of a frame

  // Okabe and Ito's palette, which colour-blind readers can tell apart.
  public static final Color GREY = new Color(153, 153, 153);
  public static final Color ORANGE = new Color(230, 159, 0);
  public static final Color BLUE = new Color(0, 114, 178);
  public static final Color VERMILION = new Color(213, 94, 0);
  static final Color GREEN = new Color(0, 158, 115);
  public static final Color BLACK = Color.BLACK;
  static final List<Color> PALETTE = List.of(BLUE, VERMILION, GREEN, ORANGE);

  private Pictures() {}

  public static Color faint(Color color, int alpha) {
    return new Color(color.getRed(), color.getGreen(), color.getBlue(), alpha);
  }

  public static Color mixedWithWhite(Color color, double share) {
    return new Color(
        (int) (255 - share * (255 - color.getRed())),
        (int) (255 - share * (255 - color.getGreen())),
        (int) (255 - share * (255 - color.getBlue())));
  }

  public static void style(Styler styler) {
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBorderVisible(false);
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    if (styler instanceof AxesChartStyler axes) {
      axes.setxAxisTickLabelsFormattingFunction(Pictures::tick);
      axes.setyAxisTickLabelsFormattingFunction(Pictures::tick);
    }
  }

  static String tick(double value) {
    return Digits.of(value, TICK_DIGITS);
  }

  /** Creates a square chart, one of several side by side. */
  public static XYChart panel(int size, String title, String x, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(size)
            .height(size)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    style(chart.getStyler());
    return chart;
  }

  /**
   * Widens the axis whose unit is longer on the picture; to be called when the chart is complete.
   */
  public static void equalScales(XYChart chart) {
    XYStyler styler = chart.getStyler();
    BitmapEncoder.getBufferedImage(chart); // lays the chart out
    double xUnit = chart.getScreenXFromChart(1) - chart.getScreenXFromChart(0);
    double yUnit = chart.getScreenYFromChart(0) - chart.getScreenYFromChart(1);
    double xMissing = (styler.getXAxisMax() - styler.getXAxisMin()) * (xUnit / yUnit - 1);
    double yMissing = (styler.getYAxisMax() - styler.getYAxisMin()) * (yUnit / xUnit - 1);
    if (xMissing > 0) {
      styler.setXAxisMin(styler.getXAxisMin() - 0.5 * xMissing);
      styler.setXAxisMax(styler.getXAxisMax() + 0.5 * xMissing);
    } else {
      styler.setYAxisMin(styler.getYAxisMin() - 0.5 * yMissing);
      styler.setYAxisMax(styler.getYAxisMax() + 0.5 * yMissing);
    }
  }

  public static void savePng(Chart<?, ?> chart, Path file) throws IOException {
    savePng(List.of(chart), file);
  }

  /** Saves charts of one size side by side in one picture. */
  public static void savePng(List<? extends Chart<?, ?>> charts, Path file) throws IOException {
    savePng(charts, 1, charts.size(), file);
  }

  /** Saves charts of one size in one picture, row by row. */
  public static void savePng(List<? extends Chart<?, ?>> charts, int rows, int columns, Path file)
      throws IOException {
    WholeFile.write(
        file,
        draft -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
            BitmapEncoder.saveBitmap(charts, rows, columns, out, BitmapEncoder.BitmapFormat.PNG);
          }
        });
  }

  public static void savePng(BufferedImage picture, Path file) throws IOException {
    WholeFile.write(file, draft -> ImageIO.write(picture, "png", draft.toFile()));
  }

  public static void saveGif(List<BufferedImage> frames, int frameMillis, Path file)
      throws IOException {
    WholeFile.write(
        file,
        draft -> {
          try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(draft))) {
            AnimatedGifEncoder gif = new AnimatedGifEncoder();
            gif.setRepeat(0);
            gif.setDelay(frameMillis);
            gif.setQuality(SAMPLED_PIXELS);
            gif.start(out);
            boolean complete = frames.stream().allMatch(gif::addFrame) && gif.finish();
            if (!complete) {
              throw new IOException("The frames could not be encoded: " + file);
            }
          }
        });
  }
}
