/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.mdn4j.examples.WholeFile;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, and writes what came out. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true)
public final class Benchmarks implements Callable<Integer> {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Option(names = "--scaling", arity = "1", description = "time over N, K and D instead")
  private boolean scaling;

  @Option(names = "--settings", arity = "1", description = "run-time settings of DL4J instead")
  private boolean settings;

  @Option(names = "--quick", arity = "1", description = "a first look, with less care")
  private boolean quick;

  @Option(names = "--out", required = true, description = "folder to write to")
  private Path out;

  @Option(names = "--version-of", description = "NAME=VERSION of a library, for the report")
  private Map<String, String> versions = Map.of();

  /**
   * Runs the program.
   *
   * @param args the command line
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new Benchmarks()).execute(args));
  }

  @Override
  public Integer call() throws IOException {
    long start = System.nanoTime();
    String mode = scaling ? " -Dscaling" : settings ? " -Dsettings" : "";
    write(
        RunEnvironment.of(
            versions,
            "mvn -q -B -Pbenchmark verify -DskipTests" + mode + (quick ? " -Dquick" : "")),
        "environment.json");
    List<Measurement> report = compare();
    write(report, "report.json");
    System.out.printf("%.0f s; the report is in %s%n", (System.nanoTime() - start) / 1e9, out);
    return 0;
  }

  private List<Measurement> compare() throws IOException {
    Path logs = out.resolve("logs");
    Effort micro = quick ? new Effort(1, 200, 3, 100) : new Effort(3, 400, 5, 250);
    Effort shots = quick ? new Effort(1, 0, 2, 0) : new Effort(2, 0, 5, 0);
    List<Measurement> report = new ArrayList<>();
    report.addAll(new Measuring(quick ? 1 : 2, micro, logs).measure(Contenders.likelihoods()));
    report.addAll(new Measuring(1, micro, logs).measure(Contenders.fits()));
    report.addAll(new Measuring(1, shots, logs).measure(Contenders.predictions()));
    return report;
  }

  private void write(Object value, String name) throws IOException {
    WholeFile.write(out.resolve(name), draft -> JSON.writeValue(draft.toFile(), value));
  }
}
