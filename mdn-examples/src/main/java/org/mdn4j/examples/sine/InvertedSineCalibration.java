/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoublePredicate;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.UniformRealDistribution;
import org.apache.commons.math3.stat.inference.KolmogorovSmirnovTest;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.TargetScores;
import org.mdn4j.examples.sine.InvertedSineReport.Calibration;
import org.mdn4j.examples.sine.InvertedSineReport.Coverage;

/** The figures on calibration of the inverted sine's report. */
final class InvertedSineCalibration {
  private static final double SMALLEST_MODE = 0.05; // of the highest mode's density

  private InvertedSineCalibration() {}

  /**
   * Returns the figures of a model, from its evaluation and the modes of its prediction at the
   * slice.
   */
  static Calibration of(MixtureEvaluation evaluation, Mixture atSlice) {
    TargetScores scores = evaluation.target(0);
    double highest =
        Arrays.stream(atSlice.modes()).mapToDouble(atSlice::density).max().orElseThrow();
    double[] modes =
        Arrays.stream(atSlice.modes())
            .mapToDouble(mode -> mode[0])
            .filter(mode -> atSlice.density(mode) >= SMALLEST_MODE * highest)
            .toArray();
    return new Calibration(
        scores.crps(),
        scores.pitKs(),
        new Coverage(
            byLevel(evaluation.levels(), scores::centralCoverage),
            byLevel(evaluation.levels(), scores::regionCoverage)),
        modes);
  }

  /** Returns the figures of the true conditional density on the same points. */
  static Calibration ofTruth(InvertedSineData test, List<Double> levels, double slice) {
    int count = test.s().length;
    double[] crps = new double[count];
    double[] pit = new double[count];
    double[] above = new double[count];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            n -> {
              InvertedSineTruth truth = new InvertedSineTruth(test.s()[n]);
              crps[n] = truth.crps(test.t()[n]);
              pit[n] = truth.cdf(test.t()[n]);
              above[n] = truth.massAbove(test.t()[n]);
            });
    return new Calibration(
        Arrays.stream(crps).average().orElseThrow(),
        new KolmogorovSmirnovTest()
            .kolmogorovSmirnovStatistic(new UniformRealDistribution(0, 1), pit),
        new Coverage(
            byLevel(levels, level -> share(pit, value -> Math.abs(2 * value - 1) <= level)),
            byLevel(levels, level -> share(above, value -> value <= level))),
        new InvertedSineTruth(slice).modes(SMALLEST_MODE));
  }

  private static double share(double[] values, DoublePredicate condition) {
    return (double) Arrays.stream(values).filter(condition).count() / values.length;
  }

  private static Map<Double, Double> byLevel(List<Double> levels, DoubleUnaryOperator share) {
    Map<Double, Double> byLevel = new TreeMap<>();
    levels.forEach(level -> byLevel.put(level, share.applyAsDouble(level)));
    return byLevel;
  }
}
