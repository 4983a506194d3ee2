/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * A note of a measured JVM for the one that started it, beside JMH's numbers.
 *
 * @param threads threads that compute
 * @param settings how the system was made as fast as it goes
 * @param offHeapBytes off-heap bytes that one operation allocates, or null if not countable
 * @param deviation largest difference from the plain loop in double: of the score relative to the
 *     sum of the rows' absolute scores, of a gradient's entry relative to the largest of its row,
 *     of a log density in nats, of samples' moments in standard errors; null where nothing is
 *     computed that could be compared
 */
record Note(int threads, String settings, Long offHeapBytes, Double deviation) {
  static final String FILE = "benchmark.note";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Writes the note for the JVM that started this one. */
  void leave() {
    try {
      JSON.writeValue(Path.of(System.getProperty(FILE)).toFile(), this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Note read(Path file) throws IOException {
    return JSON.readValue(Files.readString(file), Note.class);
  }
}
