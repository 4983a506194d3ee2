/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The measurement of contenders in rounds, so that what the machine does meanwhile affects all of
 * them. The first round tries every variant of a contender, the next its fastest.
 */
final class Measuring {
  /** PyTorch's net turns to NaN now and then, after thousands of steps that were right. */
  private static final int ATTEMPTS = 3;

  private final Effort effort;
  private final Path logs;
  private final Map<Contender, Variant> fastest = new LinkedHashMap<>();
  private final Map<Contender, List<Fork>> forks = new LinkedHashMap<>();

  /**
   * Creates a measurement with no results yet.
   *
   * @param effort how long each JVM is measured
   * @param logs folder for what JMH prints
   */
  Measuring(Effort effort, Path logs) {
    this.effort = effort;
    this.logs = logs;
  }

  /** Measures every variant of each contender once. */
  void firstRound(List<Contender> contenders) throws IOException {
    for (Contender contender : contenders) {
      double best = Double.POSITIVE_INFINITY;
      for (Variant variant : contender.variants()) {
        Fork fork = run(contender, variant);
        double micros = Measurement.of(contender, variant, List.of(fork)).medianMicros();
        if (micros < best) {
          best = micros;
          fastest.put(contender, variant);
          forks.put(contender, new ArrayList<>(List.of(fork)));
        }
      }
    }
  }

  /**
   * Measures the fastest variant of each contender once more.
   *
   * @param contenders contenders of a first round
   * @param deadline by {@link System#nanoTime()}, after which no other measurement starts
   */
  void anotherRound(List<Contender> contenders, long deadline) throws IOException {
    for (Contender contender : contenders) {
      if (System.nanoTime() - deadline > 0) {
        System.out.println("Time is up: the rest was measured in one round less");
        return;
      }
      forks.get(contender).add(run(contender, fastest.get(contender)));
    }
  }

  /** Returns the results, all rounds together. */
  List<Measurement> results(List<Contender> contenders) {
    return contenders.stream()
        .map(contender -> Measurement.of(contender, fastest.get(contender), forks.get(contender)))
        .toList();
  }

  private Fork run(Contender contender, Variant variant) throws IOException {
    Fork fork = fork(contender, variant);
    Measurement measurement = Measurement.of(contender, variant, List.of(fork));
    System.out.printf(
        Locale.ROOT,
        "%-22s %-24s %,12.1f µs   %s%n",
        measurement.caseName(),
        measurement.system(),
        measurement.medianMicros(),
        measurement.settings());
    return fork;
  }

  private Fork fork(Contender contender, Variant variant) throws IOException {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return Fork.run(contender, variant, effort, logs);
      } catch (IOException e) {
        System.out.println(e.getMessage() + "; once more");
      }
    }
    return Fork.run(contender, variant, effort, logs);
  }
}
