/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.PitHistogram;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/** What a page's script reads, as JSON. Parameters are exact; points have five digits. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record PageData(
    String title,
    String summary,
    Figures figures,
    double[] temperatures,
    List<View> panels,
    Loss loss,
    Calibration calibration) {

  /** A table: names of its columns but the first, and rows. */
  record Figures(List<String> columns, List<List<String>> rows) {}

  /** NLL by epoch; floor null for none. */
  record Loss(List<Double> train, List<Double> validation, Double floor) {}

  /** Whether predicted probabilities hold. */
  record Calibration(PitHistogram pit, List<CalibrationPlot.Coverage> coverage) {}

  /** Points. */
  record Points(double[] x, double[] y) {}

  /** A panel; samples are {@code [temperatures][grid · perInput]}. */
  record View(
      String name,
      String input,
      String output,
      String note,
      ComponentFamily family,
      double[] grid,
      int start,
      Double nearby,
      Points data,
      int perInput,
      double[][] samples,
      List<Parameters> mixtures) {

    static View of(Panel panel, double[] temperatures, int perInput, long seed) {
      double[][] samples =
          Arrays.stream(temperatures)
              .mapToObj(tau -> samples(panel.predictions(), Temperature.of(tau), perInput, seed))
              .toArray(double[][]::new);
      return new View(
          panel.name(),
          panel.input(),
          panel.output(),
          panel.note(),
          panel.predictions()[0].family(),
          panel.grid(),
          panel.startIndex(),
          panel.nearby().isPresent() ? panel.nearby().getAsDouble() : null,
          new Points(rounded(panel.dataX()), rounded(panel.dataY())),
          perInput,
          samples,
          Arrays.stream(panel.predictions()).map(Parameters::of).toList());
    }

    /** The same seed at each temperature, so that samples wander instead of jumping. */
    private static double[] samples(
        Mixture[] mixtures, Temperature temperature, int perInput, long seed) {
      UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
      return rounded(
          Arrays.stream(mixtures)
              .map(mixture -> mixture.temperature(temperature).sample(perInput, random))
              .flatMap(Arrays::stream)
              .mapToDouble(sample -> sample[0])
              .toArray());
    }
  }

  /**
   * A mixture's components of positive weight.
   *
   * @param logWeight log π, {@code [K]}
   * @param location μ, {@code [K]}
   * @param scale σ, for VON_MISES κ, {@code [K]}
   * @param degrees ν of STUDENT_T, {@code [K]}; null for other families
   * @param peak log density of a STUDENT_T component with scale 1 at its location, {@code [K]};
   *     null for other families
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Parameters(
      double[] logWeight, double[] location, double[] scale, double[] degrees, double[] peak) {

    static Parameters of(Mixture mixture) {
      double[] weights = mixture.weights();
      double[][] locations = mixture.locations();
      double[][] scales = mixture.scales();
      double[] degrees = mixture.degreesOfFreedom();
      int[] present = IntStream.range(0, weights.length).filter(k -> weights[k] > 0).toArray();
      boolean student = mixture.family() == ComponentFamily.STUDENT_T;
      return new Parameters(
          Arrays.stream(present).mapToDouble(k -> Math.log(weights[k])).toArray(),
          Arrays.stream(present).mapToDouble(k -> locations[k][0]).toArray(),
          Arrays.stream(present).mapToDouble(k -> scales[k][0]).toArray(),
          student ? Arrays.stream(present).mapToDouble(k -> degrees[k]).toArray() : null,
          student ? Arrays.stream(present).mapToDouble(k -> peak(degrees[k])).toArray() : null);
    }

    private static double peak(double degrees) {
      double[][] zero = {{0}};
      double[][] one = {{1}};
      return Mixture.studentT(new double[] {1}, zero, one, new double[] {degrees}).logDensity(0);
    }
  }

  /** To five digits; JSON has no infinity, which heavy tails may reach. */
  private static double[] rounded(double[] values) {
    return Arrays.stream(values)
        .map(value -> Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value)))
        .map(value -> new BigDecimal(value).round(new MathContext(5)).doubleValue())
        .toArray();
  }

  /** From a tenth to √10, 1 among them. */
  static double[] temperatureLadder() {
    return IntStream.rangeClosed(-20, 10).mapToDouble(i -> Math.pow(10, i / 20.0)).toArray();
  }
}
