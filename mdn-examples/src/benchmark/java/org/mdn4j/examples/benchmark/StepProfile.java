/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.mdn4j.training.FusedTraining;
import org.mdn4j.training.dense.NotCoveredException;
import org.mdn4j.training.dense.StepParts;

/**
 * Where the time of a step of {@link FusedTraining} goes: each part by itself, and the whole, in
 * one thread. It is the processor's time, not the clock's, so that other programs disturb little.
 *
 * @param micros µs of processor time by minibatch and part
 */
record StepProfile(Map<Integer, Map<String, Double>> micros) {
  private static final int[] ROWS = {128, 4096};
  private static final String REST = "the rest";
  private static final String WHOLE = "whole step";

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final long MILLIS = 1_000_000;

  /**
   * Measures all parts.
   *
   * @param quick with less care
   */
  static StepProfile measured(boolean quick) {
    Map<Integer, Map<String, Double>> micros = new LinkedHashMap<>();
    for (int rows : ROWS) {
      Map<String, Double> parts = new LinkedHashMap<>();
      double sum = 0;
      for (Map.Entry<String, Runnable> part : parts(rows).entrySet()) {
        double each = micros(part.getValue(), quick);
        System.out.printf(Locale.ROOT, "N = %d: %,.1f µs, %s%n", rows, each, part.getKey());
        if (part.getKey().equals(WHOLE)) {
          parts.put(REST, each - sum);
        }
        parts.put(part.getKey(), each);
        sum += each;
      }
      micros.put(rows, parts);
    }
    return new StepProfile(micros);
  }

  private static Map<String, Runnable> parts(int rows) {
    DenseNetFit fit =
        new DenseNetFit("mdn-head-fused", FitInput.of(FitCase.narrow(rows)), WorkspaceMode.ENABLED);
    Map<String, Runnable> parts = new LinkedHashMap<>();
    try {
      StepParts step = new StepParts(fit.net(), fit.features(), fit.labels());
      parts.put("matrix products by OpenBLAS, with biases", step::products);
      parts.put("likelihood and its gradient, in double", step::likelihood);
      parts.put("tanh and its derivative", step::activations);
      parts.put("Adam; the network's parameters and state, read and written", step::update);
    } catch (NotCoveredException e) {
      throw new IllegalStateException(e);
    }
    DenseNetFit whole =
        new DenseNetFit("mdn-head-fused", FitInput.of(FitCase.narrow(rows)), WorkspaceMode.ENABLED);
    FusedTraining training = FusedTraining.inOneThread(whole.net());
    parts.put(WHOLE, () -> training.fit(whole.features(), whole.labels()));
    return parts;
  }

  /** Returns the median over batches, once the part is compiled. */
  private static double micros(Runnable part, boolean quick) {
    run(part, (quick ? 500 : 2000) * MILLIS);
    double[] batches = new double[quick ? 5 : 21];
    Arrays.setAll(batches, batch -> run(part, 100 * MILLIS));
    Arrays.sort(batches);
    return Math.round(batches[batches.length / 2] * 10) / 10.0;
  }

  /** Runs a part for so many ns at least, and returns the µs that each run took. */
  private static double run(Runnable part, long least) {
    long start = THREADS.getCurrentThreadCpuTime();
    int runs = 0;
    long spent;
    do {
      for (int i = 0; i < 10; i++) { // to ask for the time costs some 0.3 µs
        part.run();
      }
      runs += 10;
      spent = THREADS.getCurrentThreadCpuTime() - start;
    } while (spent < least);
    return spent / 1000.0 / runs;
  }

  /** Returns a table in Markdown. */
  String table() {
    StringBuilder table = new StringBuilder("| part |");
    micros.keySet().forEach(rows -> table.append(" N = %s |".formatted(rows)));
    table.append("\n|---|").append("---|".repeat(micros.size())).append('\n');
    List<Map<String, Double>> columns = List.copyOf(micros.values());
    for (String part : columns.get(0).keySet()) {
      Stream<String> cells =
          columns.stream().map(column -> String.format(Locale.ROOT, "%,.0f", column.get(part)));
      table.append("| %s | %s |%n".formatted(part, String.join(" | ", cells.toList())));
    }
    return table.toString();
  }
}
