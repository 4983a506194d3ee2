/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.ChildJvm;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.common.io.Resource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.cpu.nativecpu.CpuBackend;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;

/** How the guard comes into place, each way in a process of its own. */
@Tag("slow")
class SafeBackendTest {
  @TempDir Path folder;

  /** What a process says, without what ND4J logs; its log is at WARN. */
  private static List<String> run(Class<?> program, List<String> options) throws Exception {
    List<String> all = new ArrayList<>(options);
    all.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn");
    Process process = ChildJvm.start(program, all);
    List<String> lines =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
            .lines()
            .toList();
    assertEquals(0, process.waitFor(), lines::toString);
    return lines;
  }

  private static void report(Object... values) {
    System.out.println(
        Stream.concat(
                Stream.of(values),
                Stream.of(
                    Nd4j.getExecutioner().getClass().getSimpleName(),
                    Nd4j.factory().getClass().getSimpleName()))
            .map(Object::toString)
            .collect(Collectors.joining(" ")));
  }

  private static final String SAFE = "SafeOpExecutioner SafeNDArrayFactory";
  private static final String OWN = "NativeOpExecutioner CpuNDArrayFactory";

  static final class BeforeNd4jStarts {
    private BeforeNd4jStarts() {}

    public static void main(String[] args) {
      report(SafeBackend.install(), SafeBackend.install(), System.getProperty("opexec") == null);
    }
  }

  @Test
  void nd4jStartsWithIt() throws Exception {
    assertEquals(List.of("true true true " + SAFE), run(BeforeNd4jStarts.class, List.of()));
  }

  /** ND4J's own properties, without {@link SafeBackend}. */
  static final class ByProperty {
    private ByProperty() {}

    public static void main(String[] args) {
      report(Nd4j.rand(2, 3).mmul(Nd4j.ones(3, 1)).columns());
      report(SafeBackend.install());
    }
  }

  @Test
  void nd4jsOwnPropertiesPutItInPlace() throws Exception {
    List<String> both =
        List.of(
            "-Dopexec=" + SafeOpExecutioner.class.getName(),
            "-Dndarrayfactory.class=" + SafeNDArrayFactory.class.getName());
    assertEquals(List.of("1 " + SAFE, "true " + SAFE), run(ByProperty.class, both));
    assertEquals(
        List.of("1 SafeOpExecutioner CpuNDArrayFactory", "true " + SAFE),
        run(ByProperty.class, both.subList(0, 1)));
  }

  @Test
  void aClassOfSomebodysOwnChoiceStays() throws Exception {
    assertEquals(
        List.of("1 " + OWN, "false NativeOpExecutioner SafeNDArrayFactory"),
        run(ByProperty.class, List.of("-Dopexec=" + NativeOpExecutioner.class.getName())));
  }

  static final class AfterNd4jStarted {
    private AfterNd4jStarted() {}

    public static void main(String[] args) {
      INDArray matrix = Nd4j.ones(2, 3);
      Nd4j.getExecutioner().enableDebugMode(true);
      Nd4j.factory().setOrder('f');
      Nd4j.factory().blas().setMaxThreads(1);
      OpExecutioner before = Nd4j.getExecutioner();
      report(SafeBackend.install(), before != Nd4j.getExecutioner());
      System.out.println(
          Nd4j.getExecutioner().isDebug()
              + " "
              + Nd4j.factory().order()
              + " "
              + Nd4j.factory().blas().getMaxThreads());
      INDArray row = Nd4j.createFromArray(1f, 2f, 3f).reshape(1, 3);
      // 1+1 + 1+2 + 1+3 in each of two rows; 1 + 4 + 9
      System.out.println(matrix.addiRowVector(row).sumNumber() + " " + row.mmul(row.transpose()));
    }
  }

  @Test
  void aRunningNd4jGetsItWithItsModes() throws Exception {
    assertEquals(
        List.of("true true " + SAFE, "true f 1", "18.0 [[14.0000]]"),
        run(AfterNd4jStarted.class, List.of()));
  }

  @Test
  void whereItCannotBePutInPlaceOneLineSaysSo() throws Exception {
    // A class path on which ND4J runs, and the classes to put in place are missing.
    Path classes = Files.createDirectories(folder.resolve("org/mdn4j/backend"));
    Path real = Path.of("target/classes/org/mdn4j/backend");
    try (Stream<Path> files = Files.list(real)) {
      for (Path file : files.filter(it -> it.toString().contains("SafeBackend")).toList()) {
        Files.copy(file, classes.resolve(file.getFileName()));
      }
    }
    String classPath =
        Stream.of(ChildJvm.classPath().split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath())
            .map(entry -> entry.endsWith("mdn-layer/target/classes") ? folder : entry)
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    List<String> said = run(BeforeNd4jStarts.class, List.of("-cp", classPath));
    assertEquals(2, said.size(), said::toString);
    assertTrue(
        said.get(0).contains("came too late: ND4J has started")
            && said.get(0).contains("-Dopexec=org.mdn4j.backend.SafeOpExecutioner"),
        said.get(0));
    assertEquals("false false true " + OWN, said.get(1));
  }

  /** A backend that is not ND4J's for the CPU, though it computes as that does. */
  public static final class OtherBackend extends CpuBackend {
    @Override
    public int getPriority() {
      return 1000;
    }

    @Override
    public Resource getConfigurationResource() {
      return new org.nd4j.common.io.ClassPathResource("other-backend.properties");
    }
  }

  /** The executioner of the other backend. */
  public static final class OtherExecutioner extends NativeOpExecutioner {}

  @Test
  void onAnotherBackendNothingIsLoaded() throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(
        services.resolve(Nd4jBackend.class.getName()), OtherBackend.class.getName() + "\n");
    try (var own =
        CpuBackend.class.getClassLoader().getResourceAsStream("nd4j-native.properties")) {
      String properties = new String(own.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          folder.resolve("other-backend.properties"),
          properties + "\nopexec = " + OtherExecutioner.class.getName() + "\n");
    }
    List<String> said =
        run(
            BeforeNd4jStarts.class,
            List.of("-verbose:class", "-cp", folder + File.pathSeparator + ChildJvm.classPath()));
    assertTrue(
        said.contains("false false true OtherExecutioner CpuNDArrayFactory"), said::toString);
    List<String> loaded = said.stream().filter(line -> line.contains("mdn4j.backend")).toList();
    assertTrue(loaded.stream().anyMatch(line -> line.contains("SafeBackend ")), loaded::toString);
    assertFalse(
        loaded.stream().anyMatch(line -> line.matches(".*backend\\.Safe(OpEx|NDArr).*")),
        loaded::toString);
  }

  static final class Regressor {
    private Regressor() {}

    public static void main(String[] args) throws IOException {
      double[][] rows = new double[40][1];
      for (int n = 0; n < rows.length; n++) {
        rows[n][0] = n;
      }
      Path model = Path.of(System.getProperty("model"));
      if (Files.exists(model)) {
        MixtureRegressor.load(model);
      } else {
        MixtureRegressor.builder()
            .components(1)
            .noise(NoiseLevel.NONE)
            .maxEpochs(1)
            .quiet()
            .build()
            .fit(rows, rows)
            .save(model);
      }
      report();
    }
  }

  @Test
  void aRegressorPutsItInPlaceByFitAndByLoad() throws Exception {
    List<String> model = List.of("-Dmodel=" + folder.resolve("model.zip"));
    assertEquals(List.of(SAFE), run(Regressor.class, model));
    assertTrue(Files.exists(folder.resolve("model.zip")));
    assertEquals(List.of(SAFE), run(Regressor.class, model));
  }
}
