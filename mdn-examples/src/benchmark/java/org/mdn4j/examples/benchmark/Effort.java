/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/**
 * The effort of one JVM's measurement. For an operation that is measured shot by shot the times do
 * not matter.
 *
 * @param warmupIterations iterations before the first that counts
 * @param warmupMillis length of each
 * @param iterations iterations that count
 * @param millis length of each
 * @param collecting whether garbage is collected between iterations, which frees what long
 *     operations leave off the heap
 */
record Effort(
    int warmupIterations, int warmupMillis, int iterations, int millis, boolean collecting) {}
