/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.examples.plot.CalibrationPlot;
import org.mdn4j.examples.plot.PitHistogram;
import org.mdn4j.examples.plot.SurvivalCurves;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/** The data that a page's script reads, as JSON. Parameters are exact; points have five digits. */
@JsonInclude(JsonInclude.Include.ALWAYS)
record PageData(
    String title,
    String summary,
    Figures figures,
    double[] temperatures,
    List<View> panels,
    List<Joint> joints,
    Loss loss,
    List<Calibration> calibrations,
    List<Survival> survivals,
    RowExplorer explorer,
    List<FeatureView> features,
    List<Listing> listings) {

  /** A table of texts under a title; the first column has the names of the rows. */
  record Listing(String title, String note, List<String> columns, List<List<String>> rows) {}

  /** A table: the names of its columns but the first, and its rows. */
  record Figures(List<String> columns, List<List<String>> rows, String note) {}

  /** The NLL by epoch; floor null for none. */
  record Loss(List<Double> train, List<Double> validation, Double floor) {}

  /** The calibration of a target; the name of the only one may be empty. */
  record Calibration(String target, PitHistogram pit, List<CalibrationPlot.Coverage> coverage) {}

  /** Mean predicted survival of models, over an estimate with its band; all at the grid. */
  record Survival(
      String target,
      double[] grid,
      double[] estimate,
      double[] low,
      double[] high,
      List<String> models,
      List<double[]> means) {

    static Survival of(SurvivalCurves curves) {
      return new Survival(
          curves.target(),
          rounded(5, Arrays.stream(curves.grid())),
          rounded(5, Arrays.stream(curves.estimate())),
          rounded(5, Arrays.stream(curves.low())),
          rounded(5, Arrays.stream(curves.high())),
          List.copyOf(curves.means().keySet()),
          curves.means().values().stream().map(it -> rounded(5, Arrays.stream(it))).toList());
    }
  }

  /** Points of the plane. */
  record Points(double[] x, double[] y) {}

  /**
   * Two targets together.
   *
   * @param outputs their names, {@code [2]}
   * @param data what was observed of both, {@code [N]}
   * @param oneEach whether one of the data belongs to each input
   * @param mixtures at each input
   */
  record Joint(List<String> outputs, Points data, boolean oneEach, List<Plane> mixtures) {

    static Joint of(Panel.Joint joint) {
      return new Joint(
          joint.outputs(),
          new Points(column(joint.data(), 0), column(joint.data(), 1)),
          joint.oneEach(),
          Arrays.stream(joint.predictions()).map(Plane::of).toList());
    }

    private static double[] column(double[][] rows, int index) {
      return rounded(5, Arrays.stream(rows).mapToDouble(row -> row[index]));
    }
  }

  /**
   * A mixture of Gaussians over the plane: x, and y given x. Its components of a weight that can be
   * seen, to the digits that a network in single precision has.
   *
   * @param logWeight log π, {@code [K]}
   * @param x mean of x, {@code [K]}
   * @param y mean of y, {@code [K]}
   * @param scaleX standard deviation of x, {@code [K]}
   * @param slope how much the mean of y given x rises with x, {@code [K]}
   * @param scaleY standard deviation of y given x, {@code [K]}
   */
  record Plane(
      double[] logWeight,
      double[] x,
      double[] y,
      double[] scaleX,
      double[] slope,
      double[] scaleY) {
    private static final double SMALLEST_WEIGHT = 1e-15; // at the highest temperature 2e-5
    private static final int DIGITS = 8;
    private static final double SMALLEST_SHARE = 1e-12; // of the variance of y, given x

    static Plane of(Mixture mixture) {
      double[] weights = mixture.weights();
      double[][] means = mixture.means();
      double[][][] covariances = mixture.covariances();
      int[] seen =
          IntStream.range(0, weights.length).filter(k -> weights[k] > SMALLEST_WEIGHT).toArray();
      return new Plane(
          of(seen, k -> Math.log(weights[k])),
          of(seen, k -> means[k][0]),
          of(seen, k -> means[k][1]),
          of(seen, k -> Math.sqrt(covariances[k][0][0])),
          of(seen, k -> covariances[k][0][1] / covariances[k][0][0]),
          of(seen, k -> Math.sqrt(varianceOfY(covariances[k]))));
    }

    private static double varianceOfY(double[][] covariance) {
      double explained = covariance[0][1] / covariance[0][0] * covariance[0][1];
      return Math.max(covariance[1][1] - explained, SMALLEST_SHARE * covariance[1][1]);
    }

    private static double[] of(int[] components, IntToDoubleFunction value) {
      return rounded(DIGITS, IntStream.of(components).mapToDouble(value));
    }
  }

  /**
   * A panel; samples are {@code [temperatures][grid · perInput]}; names null for numbers, joints
   * are indices among the page's, open among the data.
   */
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
      List<Parameters> mixtures,
      List<String> names,
      List<Integer> joints,
      int[] open) {

    static View of(
        Panel panel, List<Integer> joints, double[] temperatures, int perInput, long seed) {
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
          new Points(
              rounded(5, Arrays.stream(panel.dataX())), rounded(5, Arrays.stream(panel.dataY()))),
          perInput,
          samples,
          Arrays.stream(panel.predictions()).map(Parameters::of).toList(),
          panel.names().isEmpty() ? null : panel.names(),
          joints,
          panel.open());
    }

    /** Draws with the same seed at each temperature, so that samples wander instead of jumping. */
    private static double[] samples(
        Mixture[] mixtures, Temperature temperature, int perInput, long seed) {
      UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
      return rounded(
          5,
          Arrays.stream(mixtures)
              .map(mixture -> mixture.temperature(temperature).sample(perInput, random))
              .flatMap(Arrays::stream)
              .mapToDouble(sample -> sample[0]));
    }
  }

  /**
   * A mixture's components of positive weight.
   *
   * @param logWeight log π, {@code [K]}
   * @param location μ, {@code [K]}
   * @param scale σ, for VON_MISES κ, for NEGATIVE_BINOMIAL α, {@code [K]}
   * @param degrees ν of STUDENT_T, {@code [K]}; null for other families
   * @param peak log density of a STUDENT_T component with scale 1 at its location, {@code [K]};
   *     null for other families
   * @param atoms with their probabilities, which weights are less; null for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Parameters(
      double[] logWeight,
      double[] location,
      double[] scale,
      double[] degrees,
      double[] peak,
      List<Atom> atoms) {

    /** A value with a probability of its own. */
    record Atom(double value, double probability) {}

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
          student ? Arrays.stream(present).mapToDouble(k -> peak(degrees[k])).toArray() : null,
          atoms(mixture));
    }

    private static List<Atom> atoms(Mixture mixture) {
      double[] values = mixture.atoms();
      double[] probabilities = mixture.atomProbabilities();
      return values.length == 0
          ? null
          : IntStream.range(0, values.length)
              .mapToObj(a -> new Atom(values[a], probabilities[a]))
              .toList();
    }

    private static double peak(double degrees) {
      double[][] zero = {{0}};
      double[][] one = {{1}};
      return Mixture.studentT(new double[] {1}, zero, one, new double[] {degrees}).logDensity(0);
    }
  }

  /** Rounds numbers; JSON has no infinity, which heavy tails may reach. */
  private static double[] rounded(int digits, DoubleStream values) {
    return values
        .map(value -> Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, value)))
        .map(value -> new BigDecimal(value).round(new MathContext(digits)).doubleValue())
        .toArray();
  }

  /** Returns temperatures from a tenth to √10, 1 among them. */
  static double[] temperatureLadder() {
    return IntStream.rangeClosed(-20, 10).mapToDouble(i -> Math.pow(10, i / 20.0)).toArray();
  }
}
