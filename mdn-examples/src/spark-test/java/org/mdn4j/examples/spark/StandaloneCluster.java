/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.spark;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Spark standalone cluster on this machine: a master and workers of one core each, every one a
 * process, on ports that the system chooses. It has Spark's libraries, and nothing of DL4J.
 *
 * <p>Commands are composed by Spark's own launcher, as Spark's {@code bin/spark-class} does it.
 */
final class StandaloneCluster implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(90);
  private static final Pattern NOT_OF_SPARK =
      Pattern.compile("/org/(nd4j|deeplearning4j|datavec|bytedeco)/|mdn-layer");
  private static final Pattern MASTER = Pattern.compile("spark://127\\.0\\.0\\.1:[1-9]\\d*");

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final Thread atExit = new Thread(this::end);
  private final String master;

  /**
   * Starts the processes and waits until the workers are registered.
   *
   * @param folder an empty folder for Spark's home, logs and scratch files
   * @param workers how many
   */
  StandaloneCluster(Path folder, int workers) throws IOException, InterruptedException {
    this.folder = folder;
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      fillHome();
      Path masterLog = start("master", "org.apache.spark.deploy.master.Master", at("--port", "0"));
      master = waitFor(masterLog, MASTER);
      for (int worker = 1; worker <= workers; worker++) {
        Path workFolder = folder.resolve("work" + worker);
        Path log =
            start(
                "worker" + worker,
                "org.apache.spark.deploy.worker.Worker",
                at("--port", "0", "--cores", "1", "--memory", "1g", "--work-dir", workFolder),
                master);
        waitFor(log, Pattern.compile("Successfully registered with master"));
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private static Object[] at(Object... options) {
    return Stream.concat(
            Stream.of("--host", "127.0.0.1", "--webui-port", "0"), Arrays.stream(options))
        .toArray();
  }

  /**
   * Does what {@code spark-submit} does.
   *
   * @param limit how long the program may take
   * @param arguments the options, the jar and its arguments
   * @return what it wrote
   */
  String submit(Duration limit, Object... arguments) throws IOException, InterruptedException {
    Path log =
        start("submit", "org.apache.spark.deploy.SparkSubmit", "--master", master, arguments);
    Process submit = processes.get(processes.size() - 1);
    boolean ended = submit.waitFor(limit.toSeconds(), TimeUnit.SECONDS);
    if (!ended || submit.exitValue() != 0) {
      throw new IllegalStateException(
          "%s within %s:%n%s"
              .formatted(
                  ended ? "Exit status " + submit.exitValue() : "No end", limit, everyLog()));
    }
    return Files.readString(log);
  }

  /** The processes that were started, and theirs. */
  List<ProcessHandle> handles() {
    return processes.stream()
        .flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle())))
        .toList();
  }

  private void fillHome() throws IOException {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (entry.endsWith(".jar") && !NOT_OF_SPARK.matcher(entry).find()) {
        Path jar = Path.of(entry);
        Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
      }
    }
  }

  private Path start(String name, Object... sparkClass) throws IOException, InterruptedException {
    Path log = folder.resolve(name + ".log");
    Process process =
        builder(compose(flat(sparkClass)))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    processes.add(process);
    return log;
  }

  private static List<String> flat(Object... values) {
    return Arrays.stream(values)
        .flatMap(
            value -> value instanceof Object[] several ? Arrays.stream(several) : Stream.of(value))
        .map(Object::toString)
        .toList();
  }

  /** The launcher writes the command's words with a zero byte after each. */
  private List<String> compose(List<String> sparkClass) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                folder.resolve("jars") + "/*",
                "org.apache.spark.launcher.Main"));
    command.addAll(sparkClass);
    Path errors = folder.resolve("launcher.log");
    Process launcher = builder(command).redirectError(errors.toFile()).start();
    processes.add(launcher);
    String words = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (launcher.waitFor() != 0) {
      throw new IllegalStateException(Files.readString(errors));
    }
    return Arrays.stream(words.split("\0")).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  private ProcessBuilder builder(List<String> command) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    String scratch = Files.createDirectories(folder.resolve("scratch")).toString();
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME",
                folder.toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "SPARK_LOCAL_DIRS",
                scratch,
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "SPARK_DAEMON_JAVA_OPTS",
                "-Dspark.worker.timeout=1800 -Djava.io.tmpdir=" + scratch,
                "JAVA_HOME",
                System.getProperty("java.home")));
    return builder;
  }

  private String waitFor(Path log, Pattern line) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(START);
    Process process = processes.get(processes.size() - 1);
    while (Instant.now().isBefore(end) && process.isAlive()) {
      Matcher matcher = line.matcher(Files.readString(log));
      if (matcher.find()) {
        return matcher.group();
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(
        "No %s in %s within %s:%n%s".formatted(line, log, START, everyLog()));
  }

  private String everyLog() throws IOException {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().matches(".*(\\.log|/stderr)")).toList()) {
        String log = Files.readString(file);
        text.append("== ").append(file).append('\n');
        text.append(log.substring(Math.max(0, log.length() - 4000))).append('\n');
      }
    }
    return text.toString();
  }

  private void end() {
    for (ProcessHandle handle : handles()) {
      handle.destroyForcibly();
    }
  }

  /** Ends all processes and takes Spark's home apart. */
  @Override
  public void close() throws IOException {
    List<ProcessHandle> running = handles();
    end();
    running.forEach(handle -> handle.onExit().join());
    Runtime.getRuntime().removeShutdownHook(atExit);
    try (Stream<Path> links = Files.list(folder.resolve("jars"))) {
      for (Path link : links.toList()) {
        Files.delete(link);
      }
    }
  }
}
