/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Benchmarks of the likelihood, a training step and prediction, beside their peers and beside the
 * arithmetic alone.
 *
 * <pre>
 *   mvn -q -B -Pbenchmark verify -DskipTests              report.json, benchmark.png
 *   mvn -q -B -Pbenchmark verify -DskipTests -Dscaling    scaling.json, scaling.png
 *   mvn -q -B -Pbenchmark verify -DskipTests -Dsettings   settings.json
 *   mvn -q -B -Pbenchmark verify -DskipTests -Dprofile    profile.json, and a table of it
 * </pre>
 *
 * <p>into {@code mdn-examples/target/benchmark}, with {@code environment.json}; {@code -Dquick}
 * takes a first look, with less care. For linux-x86_64, since the peers' binaries are chosen in the
 * POM. Each measurement is a JVM of its own, started by JMH, that first holds its result against a
 * plain loop in double and fails if they differ.
 */
package org.mdn4j.examples.benchmark;
