/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.io.File;
import java.io.IOException;
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
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A Spark standalone cluster on this machine: a master and workers, every one a process, on ports
 * that the system chooses. It has Spark's libraries, and nothing of DL4J. The tests of both modules
 * have it.
 */
public final class StandaloneCluster implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(3);
  private static final Duration PROGRAM = Duration.ofMinutes(25);
  private static final Pattern NOT_OF_SPARK =
      Pattern.compile("/org/(nd4j|deeplearning4j|datavec|bytedeco)/|mdn-layer");
  private static final Pattern MASTER = Pattern.compile("spark://127\\.0\\.0\\.1:[1-9]\\d*");
  private static final Pattern REGISTERED = Pattern.compile("Successfully registered with master");

  private final Path folder;
  private final Thread atExit = new Thread(this::end);
  private final String master;

  /**
   * Starts the processes and waits until the workers are registered.
   *
   * @param folder an empty folder for logs and scratch files
   * @param workers how many
   */
  public StandaloneCluster(Path folder, int workers) throws IOException, InterruptedException {
    this(folder, workers, 1);
  }

  /**
   * Starts the processes and waits until the workers are registered.
   *
   * @param folder an empty folder for logs and scratch files
   * @param workers how many
   * @param cores of each
   */
  public StandaloneCluster(Path folder, int workers, int cores)
      throws IOException, InterruptedException {
    this.folder = folder;
    Files.createDirectory(folder.resolve("jars")); // must exist; SPARK_DIST_CLASSPATH has the jars
    Files.createDirectory(folder.resolve("scratch"));
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      Process first = start("master", "org.apache.spark.deploy.master.Master", at("--port", "0"));
      master = waitFor(first, "master", MASTER);
      for (int i = 1; i <= workers; i++) {
        String worker = "worker" + i;
        Object[] options =
            at("--cores", cores, "--memory", "1g", "--work-dir", folder.resolve(worker));
        waitFor(
            start(worker, "org.apache.spark.deploy.worker.Worker", options, master),
            worker,
            REGISTERED);
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
   * @param arguments the options, the jar and its arguments
   * @return what it wrote
   */
  public String submit(Object... arguments) throws IOException, InterruptedException {
    return submit(Map.of(), arguments);
  }

  /**
   * Does what {@code spark-submit} does.
   *
   * @param environment variables that it has beside this process's own
   * @param arguments the options, the jar or the Python file and its arguments
   * @return what it wrote
   */
  public String submit(Map<String, String> environment, Object... arguments)
      throws IOException, InterruptedException {
    Process submit =
        start(
            environment,
            "submit",
            "org.apache.spark.deploy.SparkSubmit",
            "--master",
            master,
            arguments);
    boolean ended = submit.waitFor(PROGRAM.toSeconds(), TimeUnit.SECONDS);
    if (!ended || submit.exitValue() != 0) {
      throw new IllegalStateException(
          "Expected exit status 0 within %s, got %s:%n%s"
              .formatted(PROGRAM, ended ? submit.exitValue() : "no end", everyLog()));
    }
    return Files.readString(log("submit"));
  }

  /** Returns the address of the master. */
  public String master() {
    return master;
  }

  /** Returns the processes of executors that run at present: neither master nor workers. */
  public List<ProcessHandle> executors() {
    return processes(folder).stream()
        .filter(process -> !process.info().commandLine().orElse("").contains(".spark.deploy."))
        .toList();
  }

  /**
   * Returns the processes of the cluster in this folder, executors too: all whose command names it.
   */
  public static List<ProcessHandle> processes(Path folder) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.info().commandLine().orElse("").contains(folder.toString()))
        .toList();
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private Process start(String name, Object... mainClassAndArguments) throws IOException {
    return start(Map.of(), name, mainClassAndArguments);
  }

  private Process start(
      Map<String, String> environment, String name, Object... mainClassAndArguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "-Djava.io.tmpdir=" + folder.resolve("scratch"),
            "-Xmx1g",
            "-Dspark.worker.timeout=1800", // on a machine that does other things, too
            "-Dspark.network.timeout=600s",
            "-Dspark.executor.heartbeatInterval=60s",
            "-Dspark.ui.enabled=false"));
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptions().split(" ")));
    for (Object argument : mainClassAndArguments) {
      for (Object word : argument instanceof Object[] words ? words : new Object[] {argument}) {
        command.add(word.toString());
      }
    }
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log(name).toFile());
    String jars = jarsOfSpark();
    builder
        .environment()
        .putAll(
            Map.of(
                "CLASSPATH",
                jars,
                "SPARK_DIST_CLASSPATH",
                jars, // for executors
                "SPARK_HOME",
                folder.toString(),
                "SPARK_SCALA_VERSION",
                "2.12",
                "SPARK_LOCAL_DIRS",
                folder.resolve("scratch").toString(),
                "SPARK_LOCAL_IP",
                "127.0.0.1",
                "JAVA_HOME",
                System.getProperty("java.home")));
    builder.environment().putAll(environment);
    return builder.start();
  }

  private static String jarsOfSpark() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.endsWith(".jar") && !NOT_OF_SPARK.matcher(entry).find())
        .collect(Collectors.joining(File.pathSeparator));
  }

  private String waitFor(Process process, String name, Pattern line)
      throws IOException, InterruptedException {
    Instant end = Instant.now().plus(START);
    while (process.isAlive() && Instant.now().isBefore(end)) {
      Matcher matcher = line.matcher(Files.readString(log(name)));
      if (matcher.find()) {
        return matcher.group();
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException(
        "Expected %s of the %s within %s, got:%n%s".formatted(line, name, START, everyLog()));
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
    // Until none is left: a worker may start an executor while another ends.
    for (List<ProcessHandle> left; !(left = processes(folder)).isEmpty(); ) {
      left.forEach(ProcessHandle::destroyForcibly);
      left.forEach(process -> process.onExit().join());
    }
  }

  /** Ends all processes. */
  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }
}
