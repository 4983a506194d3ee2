/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A picture of the NLL by epoch. */
public final class LossPlot {
  private LossPlot() {}

  /**
   * Draws the picture.
   *
   * @param train NLL on the training data by epoch, in nats
   * @param validation NLL on the validation data by epoch, in nats
   * @param floor the NLL that no model can beat, drawn as a line; NaN for none
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Double> train, List<Double> validation, double floor, Path file)
      throws IOException {
    XYChart chart =
        new XYChartBuilder()
            .width(Pictures.WIDTH)
            .height(Pictures.HEIGHT)
            .title("Negative log-likelihood by epoch")
            .xAxisTitle("epoch")
            .yAxisTitle("nats")
            .build();
    Pictures.style(chart.getStyler());
    chart.getStyler().setMarkerSize(6);
    // Where values are evenly spaced from end to end, XChart puts its ticks close, at some of them.
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(train.size() + 0.5);
    chart.getStyler().setxAxisTickLabelsFormattingFunction(LossPlot::epoch);
    add(chart, "training", train).setLineColor(Pictures.GREY);
    add(chart, "validation", validation).setLineColor(Pictures.BLUE);
    if (!Double.isNaN(floor)) {
      add(
              chart,
              String.format(Locale.ROOT, "floor %.3f", floor),
              Collections.nCopies(train.size(), floor))
          .setLineColor(Pictures.VERMILION);
    }
    Pictures.savePng(chart, file);
  }

  /**
   * Returns the label of an epoch, none at halves; XChart takes a wider step until labels differ.
   */
  private static String epoch(double value) {
    return value == Math.rint(value) ? Pictures.tick(value) : "";
  }

  private static XYSeries add(XYChart chart, String name, List<Double> values) {
    List<Integer> epochs = IntStream.rangeClosed(1, values.size()).boxed().toList();
    XYSeries series = chart.addSeries(name, epochs, values);
    series.setMarker(values.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
    return series;
  }
}
