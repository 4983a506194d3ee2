/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One way to start the JVM that is measured.
 *
 * @param settings what a report says of it; may be empty
 * @param environment NAME=VALUE, or null
 * @param jvmArguments options of the JVM
 */
record Variant(String settings, String environment, List<String> jvmArguments) {
  private static final List<String> COMMON =
      List.of(
          "-Xms1g",
          "-Xmx4g",
          "-Djava.awt.headless=true",
          "-Dorg.slf4j.simpleLogger.defaultLogLevel=error");

  /** Returns a JVM that runs our own Java code only. */
  static Variant plain(String... jvmArguments) {
    return new Variant("", null, with(COMMON, jvmArguments));
  }

  /** Returns ND4J at its best, with a number of threads for an operation. */
  static Variant nd4j(int threads, String... jvmArguments) {
    return nd4jUntuned(
        "OMP_NUM_THREADS=%s, no memory check of JavaCPP, %s"
            .formatted(
                threads, CpuModel.hasAvx2() ? "AVX2 binaries of nd4j-native" : "plain binaries"),
        "OMP_NUM_THREADS=" + threads,
        with(
            List.of(
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                binaries(CpuModel.hasAvx2() ? "avx2" : "none")),
            jvmArguments));
  }

  /** Returns ND4J with the settings given and no others. */
  static Variant nd4jUntuned(String settings, String environment, List<String> jvmArguments) {
    return new Variant(settings, environment, with(COMMON, jvmArguments.toArray(String[]::new)));
  }

  /**
   * Returns the option that chooses among nd4j-native's binaries: avx512, avx2 or none of the two.
   */
  static String binaries(String extension) {
    return "-Dorg.bytedeco.javacpp.platform.extension=-" + extension;
  }

  /** Returns PyTorch with a number of threads for an operation. */
  static Variant pytorch(int threads) {
    return new Variant(
        "PyTorch's threads=" + threads,
        null,
        with(
            COMMON,
            "-Dai.djl.offline=true",
            "-Dai.djl.pytorch.num_threads=" + threads,
            "-Dai.djl.pytorch.num_interop_threads=1"));
  }

  private static List<String> with(List<String> some, String... more) {
    List<String> all = new ArrayList<>(some);
    all.addAll(Arrays.asList(more));
    return all;
  }
}
