/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A line of the report.
 *
 * @param caseName the case
 * @param system the system
 * @param medianMicros median over JMH's iterations of the time of one operation
 * @param minMicros the fastest iteration
 * @param maxMicros the slowest iteration
 * @param iterations how many iterations counted
 * @param allocatedBytes heap and, where countable, off-heap bytes that one operation allocates
 * @param heapBytes those on the heap, by JMH's gc profiler
 * @param offHeapBytes those outside, or null if they cannot be counted
 * @param threads threads that compute
 * @param settings how the system was made as fast as it goes
 * @param deviation largest difference from the plain loop in double, as {@link Note} says, or null
 */
record Measurement(
    @JsonProperty("case") String caseName,
    String system,
    double medianMicros,
    double minMicros,
    double maxMicros,
    int iterations,
    long allocatedBytes,
    long heapBytes,
    Long offHeapBytes,
    int threads,
    String settings,
    Double deviation) {

  /** Creates the measurement from the forks of one variant. */
  static Measurement of(Contender contender, Variant variant, List<Fork> forks) {
    double[] micros =
        forks.stream().flatMapToDouble(fork -> Arrays.stream(fork.micros())).sorted().toArray();
    Note note = forks.get(0).note();
    long heapBytes =
        Math.round(forks.stream().mapToDouble(Fork::heapBytes).average().orElseThrow());
    return new Measurement(
        contender.caseName(),
        contender.system(),
        rounded(median(micros)),
        rounded(micros[0]),
        rounded(micros[micros.length - 1]),
        micros.length,
        heapBytes + (note.offHeapBytes() == null ? 0 : note.offHeapBytes()),
        heapBytes,
        note.offHeapBytes(),
        note.threads(),
        Stream.of(variant.settings(), note.settings())
            .filter(text -> !text.isEmpty())
            .collect(Collectors.joining(", ")),
        note.deviation());
  }

  private static double median(double[] sorted) {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static double rounded(double micros) {
    return Math.round(micros * 1000) / 1000.0;
  }
}
