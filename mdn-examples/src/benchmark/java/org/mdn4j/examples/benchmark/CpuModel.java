/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processor as Linux describes it. */
final class CpuModel {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  private CpuModel() {}

  /** Returns name, family, model and clock as Linux knows them. */
  static String name() {
    return "%s (family %s, model %s, %s MHz)"
        .formatted(value("model name"), value("cpu family"), value("model"), value("cpu MHz"));
  }

  static boolean hasAvx2() {
    return List.of(value("flags").split(" ")).contains("avx2");
  }

  static boolean hasAvx512() {
    return List.of(value("flags").split(" ")).contains("avx512f");
  }

  private static String value(String key) {
    try (var lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.split("\t*:")[0].strip().equals(key))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
