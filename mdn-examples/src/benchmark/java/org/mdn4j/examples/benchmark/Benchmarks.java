/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.WholeFile;
import org.mdn4j.examples.plot.BenchmarkPlot;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The program that runs the benchmarks, and writes their results. */
@Command(name = "benchmarks", mixinStandardHelpOptions = true)
public final class Benchmarks implements Callable<Integer> {
  /** So that the whole stays below ten minutes on a slow machine too. */
  private static final Duration SECOND_ROUND_ENDS = Duration.ofMinutes(8);

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  @Option(names = "--scaling", arity = "1", description = "time over N, K and D instead")
  private boolean scaling;

  @Option(names = "--settings", arity = "1", description = "run-time settings of DL4J instead")
  private boolean settings;

  @Option(names = "--profile", arity = "1", description = "where a step's time goes instead")
  private boolean profile;

  @Option(names = "--quick", arity = "1", description = "a first look, with less care")
  private boolean quick;

  @Option(
      names = "--only",
      arity = "1",
      description =
          "a regular expression, found in \"CASE SYSTEM\" of what is measured; with --scaling in"
              + " the system")
  private Pattern only = Pattern.compile("");

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
    write(RunEnvironment.of(versions, command()), "environment.json");
    if (scaling) {
      write(new Scaling(quick, logs(), only).run(out.resolve("scaling.png")), "scaling.json");
    } else if (settings) {
      Measuring measuring = new Measuring(effort(), logs());
      List<Contender> contenders = chosen(SettingsContenders.all());
      measuring.firstRound(contenders);
      anotherRound(measuring, contenders, start);
      write(measuring.results(contenders), "settings.json");
    } else if (profile) {
      StepProfile parts = StepProfile.measured(quick);
      write(parts, "profile.json");
      System.out.print(parts.table());
    } else {
      compare(start);
    }
    System.out.printf(
        Locale.ROOT, "%.0f s; written to %s%n", (System.nanoTime() - start) / 1e9, out);
    return 0;
  }

  private void compare(long start) throws IOException {
    List<Contender> likelihoods = chosen(Contenders.likelihoods());
    List<Contender> fits = chosen(Contenders.fits());
    List<Contender> predictions = chosen(Contenders.predictions());
    List<Contender> dense = chosen(Contenders.densePredictions());
    Measuring measuring = new Measuring(effort(), logs());
    Measuring shots =
        new Measuring(quick ? new Effort(1, 0, 1, 0, true) : new Effort(2, 0, 5, 0, true), logs());
    measuring.firstRound(likelihoods);
    measuring.firstRound(fits);
    shots.firstRound(predictions);
    shots.firstRound(dense);
    anotherRound(measuring, Stream.of(likelihoods, fits).flatMap(List::stream).toList(), start);

    List<Measurement> report = new ArrayList<>();
    List<BenchmarkPlot.Panel> panels = new ArrayList<>();
    addPanel(
        panels,
        "Score and gradient of a mixture's likelihood, FLOAT",
        true,
        add(report, measuring.results(likelihoods)));
    addPanel(
        panels,
        "One iteration of training: a 1-64-64 net, K = 20, and two others",
        false,
        add(report, measuring.results(fits)));
    addPanel(panels, "A million rows, K = 20", false, add(report, shots.results(predictions)));
    addPanel(
        panels,
        "A million rows through 8-50-50 units, K = 10, with log densities",
        false,
        add(report, shots.results(dense)));
    write(report, "report.json");
    BenchmarkPlot.write(panels, out.resolve("benchmark.png"));
  }

  private static List<Measurement> add(List<Measurement> report, List<Measurement> more) {
    report.addAll(more);
    return more;
  }

  private void anotherRound(Measuring measuring, List<Contender> contenders, long start)
      throws IOException {
    if (!quick) {
      measuring.anotherRound(contenders, start + SECOND_ROUND_ENDS.toNanos());
    }
  }

  private static void addPanel(
      List<BenchmarkPlot.Panel> panels,
      String title,
      boolean logarithmic,
      List<Measurement> measurements) {
    Map<String, Map<String, Double>> micros = new LinkedHashMap<>();
    for (Measurement measurement : measurements) {
      micros
          .computeIfAbsent(measurement.caseName(), name -> new LinkedHashMap<>())
          .put(measurement.system(), measurement.medianMicros());
    }
    if (!micros.isEmpty()) {
      panels.add(new BenchmarkPlot.Panel(title, logarithmic, micros));
    }
  }

  private Effort effort() {
    return quick ? new Effort(1, 300, 3, 100, false) : new Effort(3, 300, 5, 200, false);
  }

  private List<Contender> chosen(List<Contender> contenders) {
    return contenders.stream()
        .filter(c -> only.matcher(c.caseName() + " " + c.system()).find())
        .map(c -> quick ? c.withFirstVariant() : c)
        .toList();
  }

  private Path logs() {
    return out.resolve("logs");
  }

  private String command() {
    return "mvn -q -B -Pbenchmark verify -DskipTests"
        + (scaling ? " -Dscaling" : settings ? " -Dsettings" : profile ? " -Dprofile" : "")
        + (quick ? " -Dquick" : "")
        + (only.pattern().isEmpty() ? "" : " -Donly=" + only);
  }

  private void write(Object value, String name) throws IOException {
    WholeFile.write(out.resolve(name), draft -> JSON.writeValue(draft.toFile(), value));
  }
}
