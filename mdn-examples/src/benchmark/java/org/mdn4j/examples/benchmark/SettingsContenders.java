/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The contenders of the run-time settings, one at a time, in one iteration of training a net of
 * 1-64-64 units under our head, K = 20. The system's name is the setting.
 */
final class SettingsContenders {
  private static final String HEAD = "mdn-head-fused";
  private static final String ONE_THREAD = "OMP_NUM_THREADS=1";
  private static final String NO_MEMORY_CHECK = "-Dorg.bytedeco.javacpp.maxphysicalbytes=0";
  private static final String PLAIN_BINARIES = Variant.binaries("none");
  private static final String AVX2 = Variant.binaries("avx2");
  private static final String AVX512 = Variant.binaries("avx512");
  private static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  private SettingsContenders() {}

  static List<Contender> all() {
    List<Contender> all = new ArrayList<>();
    for (int rows : new int[] {128, 1024}) {
      all.add(fit(rows, "as it comes", null, Map.of(), PLAIN_BINARIES));
      all.add(fit(rows, ONE_THREAD, ONE_THREAD, Map.of(), PLAIN_BINARIES));
      all.add(fit(rows, "setMaxThreads(1)", null, Map.of("maxThreads", "1"), PLAIN_BINARIES));
      all.add(fit(rows, NO_MEMORY_CHECK, null, Map.of(), PLAIN_BINARIES, NO_MEMORY_CHECK));
      all.add(fit(rows, "avx2 binaries", null, Map.of(), AVX2));
      if (CpuModel.hasAvx512()) {
        all.add(fit(rows, "avx512 binaries", null, Map.of(), AVX512));
      }
      all.add(fit(rows, "WorkspaceMode.NONE", null, Map.of("workspaces", "NONE"), PLAIN_BINARIES));
      all.add(fit(rows, QUICK_COMPILER, null, Map.of(), PLAIN_BINARIES, QUICK_COMPILER));
      all.add(
          fit(
              rows,
              "the examples': setMaxThreads(1), no memory check, quick compiler",
              null,
              Map.of("maxThreads", "1"),
              PLAIN_BINARIES,
              NO_MEMORY_CHECK,
              QUICK_COMPILER));
      all.add(fit(rows, "best", ONE_THREAD, Map.of(), AVX2, NO_MEMORY_CHECK));
    }
    for (int rows : new int[] {32, 256, 512, 2048, 4096}) {
      all.add(fit(rows, "best", ONE_THREAD, Map.of(), AVX2, NO_MEMORY_CHECK));
    }
    for (int rows : new int[] {128, 1024}) {
      for (String feeding : List.of("arrays", "iterator", "asynchronous-iterator")) {
        all.add(
            new Contender(
                "fit_N" + rows,
                "best, fed by " + feeding,
                "FeedingBenchmark.fit",
                Map.of("rows", String.valueOf(rows), "system", HEAD, "feeding", feeding),
                List.of(Variant.nd4jUntuned("", ONE_THREAD, List.of(AVX2, NO_MEMORY_CHECK)))));
      }
    }
    return all;
  }

  private static Contender fit(
      int rows,
      String setting,
      String environment,
      Map<String, String> parameters,
      String... jvmArguments) {
    Map<String, String> all = new HashMap<>(parameters);
    all.put("fit", "fit_N" + rows);
    all.put("system", HEAD);
    return new Contender(
        "fit_N" + rows,
        setting,
        "FitBenchmark.step",
        all,
        List.of(Variant.nd4jUntuned("", environment, List.of(jvmArguments))));
  }
}
