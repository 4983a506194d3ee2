/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Where the time of a step of {@link org.mdn4j.training.FusedTraining} goes, in one thread. */
final class StepProfile {
  private static final String WHOLE = "step";
  private static final List<String> PARTS =
      List.of("products", "likelihood", "activations", "update");

  private StepProfile() {}

  /** Returns the contenders: each part by itself and the whole step, in small and large steps. */
  static List<Contender> contenders() {
    return Stream.of("fit_N128", "fit_N4096")
        .flatMap(fit -> Stream.concat(PARTS.stream(), Stream.of(WHOLE)).map(part -> of(fit, part)))
        .toList();
  }

  private static Contender of(String fit, String part) {
    return new Contender(
        fit,
        part,
        "StepPartBenchmark.run",
        Map.of("fit", fit, "part", part),
        List.of(Variant.nd4j(1)));
  }

  /**
   * Returns a table of µs in Markdown; the rest is the whole step less the sum of its parts.
   *
   * @param measured the results of the contenders, or of some of them
   */
  static String table(List<Measurement> measured) {
    List<String> cases = measured.stream().map(Measurement::caseName).distinct().toList();
    StringBuilder table = new StringBuilder("| part |");
    cases.forEach(name -> table.append(" %s |".formatted(name)));
    table.append("\n|---|").append("---|".repeat(cases.size())).append('\n');
    for (String part : PARTS) {
      addRow(table, part, cases.stream().map(name -> micros(measured, name, part)));
    }
    addRow(
        table,
        "the rest",
        cases.stream()
            .map(
                name ->
                    micros(measured, name, WHOLE)
                        - PARTS.stream().mapToDouble(part -> micros(measured, name, part)).sum()));
    addRow(table, "whole step", cases.stream().map(name -> micros(measured, name, WHOLE)));
    return table.toString();
  }

  private static void addRow(StringBuilder table, String name, Stream<Double> micros) {
    table.append("| %s |".formatted(name));
    micros.forEach(value -> table.append(String.format(Locale.ROOT, " %,.1f |", value)));
    table.append('\n');
  }

  /** Returns a median; NaN for what was not measured. */
  private static double micros(List<Measurement> measured, String caseName, String system) {
    return measured.stream()
        .filter(m -> m.caseName().equals(caseName) && m.system().equals(system))
        .mapToDouble(Measurement::medianMicros)
        .findFirst()
        .orElse(Double.NaN);
  }
}
