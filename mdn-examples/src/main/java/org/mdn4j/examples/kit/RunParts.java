/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The parts of a run, one after the other: it prints a line on standard output when one begins, and
 * times it.
 */
public final class RunParts {
  private final Map<String, Double> seconds = new LinkedHashMap<>();
  private String present;
  private long began;

  /** Creates a run whose first part is the start of this JVM until now. */
  public RunParts() {
    long millis = System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime();
    seconds.put("start", Math.max(0, millis) / 1e3);
  }

  /**
   * Ends the part before, and begins another without a line, for a part that reports its own
   * progress.
   *
   * @param part its name in the report
   */
  public void begin(String part) {
    end();
    present = part;
    began = System.nanoTime();
  }

  /**
   * Ends the part before, and begins another.
   *
   * @param part its name in the report
   * @param line what to print
   */
  public void begin(String part, String line) {
    begin(part);
    System.out.println(line);
  }

  /**
   * Ends the last part.
   *
   * @return the seconds that each part took, in their order
   */
  public Map<String, Double> end() {
    if (present != null) {
      seconds.merge(present, (System.nanoTime() - began) / 1e9, Double::sum);
      present = null;
    }
    return Collections.unmodifiableMap(seconds);
  }

  /**
   * Returns seconds as a line for people.
   *
   * @param seconds as {@link #end} returned them
   * @return one line
   */
  public static String summary(Map<String, Double> seconds) {
    StringBuilder line = new StringBuilder("Seconds:");
    double sum = 0;
    for (Map.Entry<String, Double> part : seconds.entrySet()) {
      line.append(String.format(Locale.ROOT, " %s %.1f,", part.getKey(), part.getValue()));
      sum += part.getValue();
    }
    return line.append(String.format(Locale.ROOT, " together %.1f", sum)).toString();
  }
}
