/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.util.List;
import java.util.Map;

/**
 * One system in one case of the benchmarks.
 *
 * @param caseName the case
 * @param system the system
 * @param method the method that JMH times, as Class.method
 * @param parameters values of the benchmark's parameters
 * @param variants ways to start its JVM, of which the fastest counts
 */
record Contender(
    String caseName,
    String system,
    String method,
    Map<String, String> parameters,
    List<Variant> variants) {

  Contender withFirstVariant() {
    return new Contender(caseName, system, method, parameters, variants.subList(0, 1));
  }
}
