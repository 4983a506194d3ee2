/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.mdn4j.Covariance;
import org.mdn4j.examples.plot.ScalingPlot;

/** The time of one score and gradient over N, K and D, one of them at a time. */
final class Scaling {
  /** The report: the measurements, and how they grow. */
  record Report(List<Measurement> measurements, List<Growth> growth) {}

  /**
   * Growth along one axis: time ~ size^slope.
   *
   * @param axis what is varied and what is fixed
   * @param system the system
   * @param slope least-squares slope of log time over log size, through the three largest sizes
   * @param from the smallest of the three
   * @param to the largest
   */
  record Growth(String axis, String system, double slope, int from, int to) {}

  private record Axis(String title, String name, int[] sizes, IntFunction<LikelihoodCase> at) {}

  private static final List<String> SYSTEMS =
      List.of("fused", "samediff", "dl4j-lossmixturedensity", "pytorch-eager");
  private static final long LONG_RUN = 5_000_000; // entries of the raw output

  private static final List<Axis> AXES =
      List.of(
          new Axis(
              "rows N (K = 20, D = 1)",
              "N",
              new int[] {128, 512, 2048, 8192, 65_536, 262_144, 1_000_000},
              n -> new LikelihoodCase(n, 20, 1, Covariance.SPHERICAL)),
          new Axis(
              "components K (N = 1000, D = 1)",
              "K",
              new int[] {1, 3, 10, 30, 100, 300, 1000},
              k -> new LikelihoodCase(1000, k, 1, Covariance.SPHERICAL)),
          new Axis(
              "targets D (N = 1000, K = 10, DIAGONAL)",
              "D",
              new int[] {1, 2, 4, 8, 16, 32, 64},
              d -> new LikelihoodCase(1000, 10, d, Covariance.DIAGONAL)));

  private final Effort effort;
  private final Effort longEffort;
  private final Path logs;
  private final List<String> systems;

  /**
   * Creates a study.
   *
   * @param quick with less care
   * @param logs folder for what JMH prints
   * @param only found in the names of the systems that are measured
   */
  Scaling(boolean quick, Path logs, Pattern only) {
    this.systems = SYSTEMS.stream().filter(system -> only.matcher(system).find()).toList();
    this.effort = quick ? new Effort(1, 200, 2, 100, false) : new Effort(3, 400, 5, 250, false);
    this.longEffort = quick ? new Effort(1, 1, 1, 1, true) : new Effort(1, 1, 3, 1, true);
    this.logs = logs;
  }

  Report run(Path picture) throws IOException {
    List<Measurement> measurements = new ArrayList<>();
    List<Growth> growth = new ArrayList<>();
    List<ScalingPlot.Panel> panels = new ArrayList<>();
    for (Axis axis : AXES) {
      List<ScalingPlot.Line> lines = new ArrayList<>();
      for (String system : systems) {
        List<Double> micros = new ArrayList<>();
        for (int size : axis.sizes()) {
          Measurement measurement = measure(axis.at().apply(size), system);
          measurements.add(measurement);
          micros.add(measurement.medianMicros());
        }
        List<Integer> sizes = IntStream.of(axis.sizes()).boxed().toList();
        double slope = slope(sizes, micros);
        growth.add(
            new Growth(
                axis.title(),
                system,
                slope,
                sizes.get(sizes.size() - 3),
                sizes.get(sizes.size() - 1)));
        lines.add(new ScalingPlot.Line(system, sizes, micros, slope));
      }
      panels.add(new ScalingPlot.Panel(axis.title(), axis.name(), lines));
    }
    ScalingPlot.write(panels, picture);
    return new Report(measurements, growth);
  }

  /**
   * Measures one size; LossMixtureDensity has no DIAGONAL: its line over D is its SPHERICAL one.
   */
  private Measurement measure(LikelihoodCase size, String system) throws IOException {
    Covariance covariance =
        system.equals("dl4j-lossmixturedensity") ? Covariance.SPHERICAL : size.covariance();
    LikelihoodCase measured =
        new LikelihoodCase(size.rows(), size.components(), size.targets(), covariance);
    long outputs = (long) size.rows() * measured.spec().parameterCount();
    List<Contender> contender =
        Contenders.likelihood(measured.name(), system).map(Contender::withFirstVariant).toList();
    Measuring measuring = new Measuring(outputs < LONG_RUN ? effort : longEffort, logs);
    measuring.firstRound(contender);
    return measuring.results(contender).get(0);
  }

  private static double slope(List<Integer> sizes, List<Double> micros) {
    int from = sizes.size() - 3;
    double[] x = new double[3];
    double[] y = new double[3];
    for (int i = 0; i < 3; i++) {
      x[i] = Math.log(sizes.get(from + i));
      y[i] = Math.log(micros.get(from + i));
    }
    double meanX = (x[0] + x[1] + x[2]) / 3;
    double meanY = (y[0] + y[1] + y[2]) / 3;
    double xy = 0;
    double xx = 0;
    for (int i = 0; i < 3; i++) {
      xy += (x[i] - meanX) * (y[i] - meanY);
      xx += (x[i] - meanX) * (x[i] - meanX);
    }
    return Math.round(1000 * xy / xx) / 1000.0;
  }
}
