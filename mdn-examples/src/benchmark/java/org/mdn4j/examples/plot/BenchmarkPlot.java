/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.plot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.CategoryStyler;

/** Times of several systems in several cases, as bars on a logarithmic axis. */
public final class BenchmarkPlot {
  private static final int WIDTH = 1300;
  private static final int HEIGHT = 520;

  private BenchmarkPlot() {}

  /**
   * Some cases that are drawn together.
   *
   * @param title title of the chart
   * @param logarithmic whether the axis is, for times of several magnitudes
   * @param micros time in microseconds by case, then by system
   */
  public record Panel(String title, boolean logarithmic, Map<String, Map<String, Double>> micros) {}

  /**
   * Draws the panels.
   *
   * @param panels one chart below the other
   * @param file the PNG file to write
   * @throws IOException if it cannot be written
   */
  public static void write(List<Panel> panels, Path file) throws IOException {
    Pictures.savePng(panels.stream().map(BenchmarkPlot::chart).toList(), panels.size(), 1, file);
  }

  private static CategoryChart chart(Panel panel) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(panel.title())
            .yAxisTitle(panel.logarithmic() ? "µs, logarithmic" : "µs")
            .build();
    CategoryStyler styler = chart.getStyler();
    Pictures.style(styler);
    styler.setYAxisLogarithmic(panel.logarithmic());
    styler.setYAxisMin(
        panel.logarithmic() ? Math.pow(10, Math.floor(Math.log10(least(panel)))) : 0);
    styler.setDecimalPattern("#,##0.#");
    styler.setAvailableSpaceFill(0.9);
    styler.setLabelsVisible(true);
    styler.setLabelsPosition(0.9);
    styler.setLabelsFont(styler.getLegendFont().deriveFont(10f));
    styler.setLabelsFontColorAutomaticEnabled(true);
    List<String> cases = new ArrayList<>(panel.micros().keySet());
    for (String system : systems(panel)) {
      List<Double> times = new ArrayList<>(); // null, which leaves a bar out, where not measured
      cases.forEach(name -> times.add(rounded(panel.micros().get(name).get(system))));
      chart.addSeries(system, cases, times).setFillColor(SystemColors.of(system));
    }
    return chart;
  }

  private static Double rounded(Double micros) {
    return micros == null || micros < 100 ? micros : (Double) Math.rint(micros);
  }

  private static double least(Panel panel) {
    return panel.micros().values().stream()
        .map(Map::values)
        .flatMap(Collection::stream)
        .mapToDouble(Double::doubleValue)
        .min()
        .orElseThrow();
  }

  private static Set<String> systems(Panel panel) {
    Set<String> systems = new LinkedHashSet<>();
    panel.micros().values().forEach(times -> systems.addAll(times.keySet()));
    return systems;
  }
}
