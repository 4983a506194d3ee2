/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The measurements of one JVM.
 *
 * @param micros time of one operation in each iteration
 * @param heapBytes bytes that one operation allocates on the heap
 * @param note what the JVM said of itself
 */
record Fork(double[] micros, double heapBytes, Note note) {

  /**
   * Starts a JVM by JMH and measures in it.
   *
   * @param contender what to measure
   * @param variant how to start the JVM
   * @param effort how long to measure
   * @param logs folder for what JMH prints
   * @throws IOException if JMH or the measured JVM failed; the message names the log
   */
  static Fork run(Contender contender, Variant variant, Effort effort, Path logs)
      throws IOException {
    Files.createDirectories(logs);
    Path log =
        Files.createTempFile(logs, contender.caseName() + "-" + contender.system() + "-", ".txt");
    Path note = Files.createTempFile("benchmark", ".json");
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("^org\\.mdn4j\\.examples\\.benchmark\\." + contender.method() + "$")
            .forks(1)
            .jvmArgs(variant.jvmArguments().toArray(String[]::new))
            .jvmArgsAppend("-D" + Note.FILE + "=" + note)
            .warmupIterations(effort.warmupIterations())
            .warmupTime(TimeValue.milliseconds(effort.warmupMillis()))
            .measurementIterations(effort.iterations())
            .measurementTime(TimeValue.milliseconds(effort.millis()))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .shouldDoGC(effort.collecting())
            .verbosity(VerboseMode.EXTRA)
            .output(log.toString());
    contender.parameters().forEach(options::param);
    if (variant.environment() != null) {
      options.addProfiler(ForkEnvironment.class, variant.environment());
    }
    try {
      Collection<RunResult> results = new Runner(options.build()).run();
      if (results.size() != 1) {
        throw new IOException("Expected one result, got " + results.size() + ": see " + log);
      }
      return of(results.iterator().next(), Note.read(note));
    } catch (RunnerException e) {
      throw new IOException(
          "%s, %s failed: see %s".formatted(contender.caseName(), contender.system(), log), e);
    } finally {
      Files.deleteIfExists(note);
    }
  }

  private static Fork of(RunResult result, Note note) {
    double[] micros =
        result.getBenchmarkResults().stream()
            .flatMap(fork -> fork.getIterationResults().stream())
            .map(IterationResult::getPrimaryResult)
            .mapToDouble(primary -> primary.getScore())
            .toArray();
    double heap = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    return new Fork(micros, heap, note);
  }
}
