/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures contenders in rounds, so that what the machine does meanwhile falls on all of them. The
 * first round tries every variant of a contender, the others its fastest.
 */
final class Measuring {
  private final int rounds;
  private final Effort effort;
  private final Path logs;

  Measuring(int rounds, Effort effort, Path logs) {
    this.rounds = rounds;
    this.effort = effort;
    this.logs = logs;
  }

  List<Measurement> measure(List<Contender> contenders) throws IOException {
    Map<Contender, Variant> fastest = new LinkedHashMap<>();
    Map<Contender, List<Fork>> forks = new LinkedHashMap<>();
    for (Contender contender : contenders) {
      Measurement best = null;
      for (Variant variant : contender.variants()) {
        Fork fork = Fork.run(contender, variant, effort, logs);
        Measurement measurement = Measurement.of(contender, variant, List.of(fork));
        print(measurement);
        if (best == null || measurement.medianMicros() < best.medianMicros()) {
          best = measurement;
          fastest.put(contender, variant);
          forks.put(contender, new ArrayList<>(List.of(fork)));
        }
      }
    }
    for (int round = 1; round < rounds; round++) {
      for (Contender contender : contenders) {
        Fork fork = Fork.run(contender, fastest.get(contender), effort, logs);
        forks.get(contender).add(fork);
        print(Measurement.of(contender, fastest.get(contender), List.of(fork)));
      }
    }
    return contenders.stream()
        .map(contender -> Measurement.of(contender, fastest.get(contender), forks.get(contender)))
        .toList();
  }

  private static void print(Measurement measurement) {
    System.out.printf(
        "%-24s %-24s %,12.1f µs   %s%n",
        measurement.caseName(),
        measurement.system(),
        measurement.medianMicros(),
        measurement.settings());
  }
}
