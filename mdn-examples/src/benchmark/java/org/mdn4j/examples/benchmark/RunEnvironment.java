/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;

/**
 * The machine and software that a report was made on.
 *
 * @param date when
 * @param cpu the processor
 * @param cores cores that the JVM sees
 * @param os operating system
 * @param jdk the JVM
 * @param jvmFlags flags of the measured JVMs that are not in a measurement's settings
 * @param versions versions of the libraries
 * @param command how it was started
 */
record RunEnvironment(
    String date,
    String cpu,
    int cores,
    String os,
    String jdk,
    String jvmFlags,
    Map<String, String> versions,
    String command) {

  static RunEnvironment of(Map<String, String> versions, String command) {
    return new RunEnvironment(
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
        CpuModel.name(),
        Runtime.getRuntime().availableProcessors(),
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        "%s %s".formatted(System.getProperty("java.vm.name"), Runtime.version()),
        String.join(" ", Variant.plain().jvmArguments()),
        versions,
        command);
  }
}
