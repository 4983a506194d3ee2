/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.markers.SeriesMarkers;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.TargetScores;

/**
 * A picture of calibration: on the left the histogram of the PIT values, flat for a calibrated
 * model, with the band in which 95 % of the bars of a calibrated model lie; on the right the
 * observed coverage of regions against their nominal level.
 */
public final class CalibrationPlot {
  private CalibrationPlot() {}

  /**
   * Observed coverage of regions of several levels.
   *
   * @param name what kind of regions they are
   * @param nominal levels, in (0, 1)
   * @param observed share of the targets that lie in their region, one per level
   */
  public record Coverage(String name, double[] nominal, double[] observed) {}

  /**
   * Returns the coverage of central intervals at 19 levels, and of highest-density regions at the
   * evaluation's.
   *
   * @param evaluation what was found on test data
   * @param target which target
   * @return the two curves
   */
  public static List<Coverage> coverages(MixtureEvaluation evaluation, int target) {
    TargetScores scores = evaluation.target(target);
    Map<Double, Double> regions = new TreeMap<>();
    evaluation.levels().forEach(level -> regions.put(level, scores.regionCoverage(level)));
    return coverages(scores.pitValues(), regions);
  }

  /**
   * Returns the coverage of central intervals at 19 levels, and of highest-density regions.
   *
   * @param pit the PIT values
   * @param regions observed coverage of the regions by their level
   * @return the two curves
   */
  public static List<Coverage> coverages(double[] pit, Map<Double, Double> regions) {
    double[] levels = IntStream.rangeClosed(1, 19).mapToDouble(i -> 0.05 * i).toArray();
    double[] central =
        Arrays.stream(levels)
            .map(
                level ->
                    Arrays.stream(pit).filter(value -> Math.abs(2 * value - 1) <= level).count()
                        / (double) pit.length)
            .toArray();
    return List.of(
        new Coverage("central intervals", levels, central),
        new Coverage(
            "highest-density regions",
            regions.keySet().stream().mapToDouble(level -> level).toArray(),
            regions.values().stream().mapToDouble(share -> share).toArray()));
  }

  /**
   * Draws the picture.
   *
   * @param pit PIT values F(y | x), {@code [N]}, N at least 1
   * @param coverages one or more kinds of regions
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(double[] pit, List<Coverage> coverages, Path file) throws IOException {
    Pictures.savePng(List.of(histogram(pit), reliability(coverages)), file);
  }

  private static XYChart histogram(double[] pit) {
    PitHistogram histogram = PitHistogram.of(pit);
    int bins = histogram.density().length;
    double[] share = Arrays.copyOf(histogram.density(), bins + 1);
    share[bins] = share[bins - 1]; // the last edge closes the last step
    double[] edges = IntStream.rangeClosed(0, bins).mapToDouble(i -> (double) i / bins).toArray();
    double low = histogram.low();
    double high = histogram.high();

    XYChart chart = chart("PIT of %s targets".formatted(pit.length), "F(y | x)", "density");
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.15 * Math.max(high, max(share)));
    XYSeries bars = chart.addSeries("PIT values", edges, share);
    bars.setXYSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
    bars.setMarker(SeriesMarkers.NONE);
    bars.setLineColor(Pictures.BLUE).setFillColor(Pictures.faint(Pictures.BLUE, 70));
    XYSeries band =
        chart.addSeries(
            "95 % of a calibrated model's bars",
            new double[] {0, 1, 1, 0}, new double[] {low, low, high, high});
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setMarker(SeriesMarkers.NONE);
    band.setLineColor(Pictures.ORANGE).setFillColor(Pictures.faint(Pictures.ORANGE, 90));
    return chart;
  }

  private static XYChart reliability(List<Coverage> coverages) {
    XYChart chart = chart("Coverage of predicted regions", "nominal", "observed");
    chart.getStyler().setYAxisMin(0.0).setYAxisMax(1.0);
    XYSeries diagonal = chart.addSeries("calibrated", new double[] {0, 1}, new double[] {0, 1});
    diagonal.setMarker(SeriesMarkers.NONE).setLineColor(Pictures.GREY);
    for (int i = 0; i < coverages.size(); i++) {
      Coverage coverage = coverages.get(i);
      XYSeries series = chart.addSeries(coverage.name(), coverage.nominal(), coverage.observed());
      series.setMarker(i == 0 ? SeriesMarkers.CIRCLE : SeriesMarkers.DIAMOND);
      series.setMarkerColor(Pictures.PALETTE.get(i)).setLineColor(Pictures.PALETTE.get(i));
    }
    return chart;
  }

  private static XYChart chart(String title, String x, String y) {
    XYChart chart = Pictures.panel(Pictures.HEIGHT, title, x, y);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(1.0);
    return chart;
  }

  private static double max(double[] values) {
    return Arrays.stream(values).max().orElseThrow();
  }
}
