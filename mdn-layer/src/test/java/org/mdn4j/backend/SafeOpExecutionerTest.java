/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.regression.ChildJvm;
import org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

/**
 * Memory that native code works on is not freed. With {@code -Dmdn4j.hammerSeconds=600} more kinds
 * of work are hammered, for that long, and the unguarded process is shown to die.
 */
@Tag("slow")
class SafeOpExecutionerTest {
  private static final String LONG = "mdn4j.hammerSeconds";
  private static final int SECONDS = Integer.getInteger(LONG, 20);
  private static final Duration UNGUARDED_PATIENCE = Duration.ofMinutes(10);

  @TempDir static Path folder;
  private static Process guarded; // runs while the other tests do

  @BeforeAll
  static void startHammer() throws IOException {
    boolean all = System.getProperty(LONG) != null;
    guarded =
        hammer(
            true,
            SECONDS,
            all
                ? CollectorHammer.Work.values()
                : new CollectorHammer.Work[] {
                  CollectorHammer.Work.BROADCASTS, CollectorHammer.Work.DENSE
                });
  }

  @AfterAll
  static void stopHammer() {
    guarded.destroyForcibly();
  }

  private static Process hammer(boolean guarded, long seconds, CollectorHammer.Work... works)
      throws IOException {
    return ChildJvm.start(
        CollectorHammer.class,
        List.of(
            "-Xmx256m",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash-%p.log")),
        Stream.concat(Stream.of(guarded, seconds), Arrays.stream(works)).toArray());
  }

  @Test
  void theUnguardedProcessDiesAndTheGuardedLives() throws Exception {
    boolean all = System.getProperty(LONG) != null;
    if (all) {
      showThatTheUnguardedProcessDies();
    }
    String said = ChildJvm.lastLine(guarded);
    assertTrue(said.startsWith("Lived"), said);
    if (all) {
      System.out.printf("Guarded, %d s: %s%n", SECONDS, said);
    }
  }

  private static void showThatTheUnguardedProcessDies() throws Exception {
    long start = System.nanoTime();
    CollectorHammer.Work work = CollectorHammer.Work.BROADCASTS;
    Process process = hammer(false, UNGUARDED_PATIENCE.toSeconds(), work, work);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertNotEquals(0, process.waitFor(), output);
    assertTrue(output.contains("A fatal error has been detected by the Java Runtime"), output);
    System.out.printf(
        Locale.ROOT,
        "Unguarded, dead after %.0f s: %s%n",
        (System.nanoTime() - start) / 1e9,
        output.lines().filter(line -> line.startsWith("# C  [")).findFirst().orElse(output));
  }

  /** What was garbage when native code got its pointers, by kinds of operations. */
  private static Map<String, String> lost(String classes) throws Exception {
    List<String> options = // compiled, because the interpreter holds its dead variables
        Stream.concat(
                Stream.of(
                    "-Xcomp",
                    "-XX:+UseSerialGC",
                    "-Dorg.slf4j.simpleLogger.defaultLogLevel=off",
                    "-XX:CompileCommand=quiet"),
                Stream.of(
                        SafeOpExecutioner.class,
                        SafeNDArrayFactory.class,
                        NativeOpExecutioner.class,
                        CpuNDArrayFactory.class)
                    .map( // with its lambdas
                        type -> "-XX:CompileCommand=compileonly," + type.getName() + "*::*"))
            .toList();
    Process process = ChildJvm.start(OperandsInNativeCode.class, options, classes);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), output);
    Map<String, String> lost = new LinkedHashMap<>();
    for (String line : output.lines().toList()) {
      int colon = line.indexOf(':');
      lost.put(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return lost;
  }

  @Test
  void operandsOutliveNativeCode() throws Exception {
    Map<String, String> safe = lost("safe");
    assertTrue(safe.size() >= 30, safe::toString);
    safe.forEach((kind, problem) -> assertEquals("", problem, kind));

    // The test bites: these are lost by ND4J's own classes.
    Map<String, String> unsafe = lost("unsafe");
    assertEquals(safe.keySet(), unsafe.keySet());
    assertEquals("x y dimensions", unsafe.get("broadcast"));
    assertEquals("generator", unsafe.get("random, context, generator"));
    assertEquals("source", unsafe.get("pullRows"));
  }

  /** A newer ND4J that hands more to native code shows itself here. */
  @Test
  void everyMethodThatHandsOverOperandsIsGuarded() {
    Set<String> guarded =
        signatures(SafeOpExecutioner.class).collect(Collectors.toCollection(TreeSet::new));
    Set<String> callingThose =
        Set.of(
            "calculateOutputShape(CustomOp)",
            "exec(BroadcastOp)",
            "exec(IndexAccumulation)",
            "exec(List)",
            "exec(Op)",
            "exec(RandomOp)",
            "exec(RandomOp, Random)",
            "exec(ReduceOp)",
            "exec(ScalarOp)",
            "exec(Variance)");
    guarded.addAll(callingThose);
    assertEquals(
        guarded,
        signatures(NativeOpExecutioner.class)
            .filter(
                signature ->
                    signature.matches(
                        ".*(Op|INDArray|Buffer|Aggregate|Batch|List|Map|Accumulation|Variance)\\b.*"))
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  private static Stream<String> signatures(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
        .map(SafeOpExecutionerTest::signature);
  }

  private static String signature(Method method) {
    return Arrays.stream(method.getParameterTypes())
        .map(Class::getSimpleName)
        .collect(Collectors.joining(", ", method.getName() + "(", ")"));
  }
}
