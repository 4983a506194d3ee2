/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.plot.Pictures;
import org.mdn4j.examples.plot.Strokes;

/**
 * The true density of two angles given the hand's position, as highest-density regions, and over it
 * the ellipses of the predicted components.
 */
public final class PosteriorPlot {
  private static final double[] LEVELS = {0.95, 0.8, 0.5};
  private static final int COLUMNS = 150;
  private static final int ROWS = 400;
  private static final double MARGIN = 0.1; // of a range, on either side
  private static final double SMALLEST_WEIGHT = 0.02;

  private PosteriorPlot() {}

  /**
   * Draws the densities, one picture per position side by side.
   *
   * @param covariance what the components' covariances are called
   * @param ranges lower and upper end of each angle, {@code [2][2]}
   * @param hands where the hand was seen, {@code [M][2]}
   * @param truth the true densities of the angles there
   * @param predictions the predicted ones
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(
      String covariance,
      double[][] ranges,
      double[][] hands,
      List<DoubleBinaryOperator> truth,
      Mixture[] predictions,
      Path file)
      throws IOException {
    List<XYChart> charts = new ArrayList<>();
    for (int m = 0; m < hands.length; m++) {
      String title =
          String.format(
              Locale.ROOT,
              "%s covariance, hand seen at (%.2f, %.2f)",
              covariance,
              hands[m][0],
              hands[m][1]);
      XYChart chart = Pictures.panel(Pictures.WIDTH / 2, title, "θ₁", "θ₂");
      double[] margins =
          Arrays.stream(ranges).mapToDouble(it -> MARGIN * (it[1] - it[0])).toArray();
      chart.getStyler().setXAxisMin(ranges[0][0] - margins[0]);
      chart.getStyler().setXAxisMax(ranges[0][1] + margins[0]);
      chart.getStyler().setYAxisMin(ranges[1][0] - margins[1]);
      chart.getStyler().setYAxisMax(ranges[1][1] + margins[1]);
      addRegions(chart, ranges, truth.get(m));
      addEllipses(chart, predictions[m]);
      charts.add(chart);
    }
    Pictures.savePng(charts, file);
  }

  private static void addRegions(XYChart chart, double[][] ranges, DoubleBinaryOperator density) {
    double[] columns = centers(ranges[0], COLUMNS);
    double[] rows = centers(ranges[1], ROWS);
    double[][] values =
        Arrays.stream(columns)
            .mapToObj(x -> Arrays.stream(rows).map(y -> density.applyAsDouble(x, y)).toArray())
            .toArray(double[][]::new);
    double[] ascending = Arrays.stream(values).flatMapToDouble(Arrays::stream).sorted().toArray();
    float width = 1.3f * chart.getWidth() / (1 + 2 * (float) MARGIN) / COLUMNS;
    for (int i = 0; i < LEVELS.length; i++) {
      double lowest = lowestDensity(ascending, LEVELS[i]);
      List<List<Interval>> intervals =
          Arrays.stream(values).map(column -> runs(column, rows, lowest)).toList();
      Strokes.add(
          chart,
          String.format(Locale.ROOT, "true, %.0f %%", 100 * LEVELS[i]),
          Pictures.mixedWithWhite(Pictures.GREY, 0.35 + 0.3 * i),
          width,
          columns,
          intervals);
    }
  }

  private static double[] centers(double[] range, int count) {
    return IntStream.range(0, count)
        .mapToDouble(i -> range[0] + (range[1] - range[0]) * (i + 0.5) / count)
        .toArray();
  }

  /** Returns the density that is exceeded in the smallest region of a level. */
  private static double lowestDensity(double[] ascending, double level) {
    double remaining = (1 - level) * Arrays.stream(ascending).sum();
    int i = 0;
    while (remaining > ascending[i]) {
      remaining -= ascending[i];
      i++;
    }
    return ascending[i];
  }

  /** Returns the intervals in which a column's values are at least as high as given. */
  private static List<Interval> runs(double[] values, double[] rows, double lowest) {
    double half = 0.5 * (rows[1] - rows[0]);
    List<Interval> runs = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      int start = i;
      while (i < rows.length && values[i] >= lowest) {
        i++;
      }
      if (i > start) {
        runs.add(new Interval(rows[start] - half, rows[i - 1] + half));
      }
    }
    return runs;
  }

  private static void addEllipses(XYChart chart, Mixture mixture) {
    double[] weights = mixture.weights();
    double heaviest = Arrays.stream(weights).max().orElseThrow();
    boolean named = false;
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] >= SMALLEST_WEIGHT) {
        double[][] ellipse = ellipse(mixture.means()[k], mixture.covariances()[k]);
        XYSeries series = chart.addSeries(named ? "component " + k : "1 σ", ellipse[0], ellipse[1]);
        int alpha = (int) (60 + 195 * weights[k] / heaviest);
        series.setMarker(SeriesMarkers.NONE).setLineWidth(2);
        series.setLineColor(Pictures.faint(Pictures.BLUE, alpha)).setShowInLegend(!named);
        named = true;
      }
    }
  }

  /** Returns the points of {y : (y − μ)ᵀ Σ⁻¹ (y − μ) = 1}, {@code [2][points]}. */
  private static double[][] ellipse(double[] mean, double[][] covariance) {
    double a = Math.sqrt(covariance[0][0]); // Cholesky's factor is a, 0 | b, c
    double b = covariance[1][0] / a;
    double c = Math.sqrt(covariance[1][1] - b * b);
    double[] turn = IntStream.rangeClosed(0, 72).mapToDouble(i -> Math.PI * i / 36).toArray();
    return new double[][] {
      Arrays.stream(turn).map(t -> mean[0] + a * Math.cos(t)).toArray(),
      Arrays.stream(turn).map(t -> mean[1] + b * Math.cos(t) + c * Math.sin(t)).toArray()
    };
  }
}
