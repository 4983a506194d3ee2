/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import java.lang.invoke.VarHandle;
import java.lang.reflect.Field;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;
import org.nd4j.common.config.ND4JClassLoading;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.factory.Nd4jBackend;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A safeguard against a fault of ND4J 1.0.0-M2.1 on the CPU, which frees memory that native code
 * still works on, and so ends the process now and then in long training: see {@code
 * SafeOpExecutioner} and {@code SafeNDArrayFactory}.
 *
 * <pre>{@code
 * SafeBackend.install();
 * }</pre>
 *
 * <p>{@code MixtureRegressor} does this itself. Where another backend is in use, or classes of
 * somebody's own, all stays as it is.
 */
public final class SafeBackend {
  private static final String CPU = "org.nd4j.linalg.cpu.nativecpu.CpuBackend";

  /**
   * A part of ND4J, by the names of classes: on another backend they are not there.
   *
   * @param property ND4J's own, which names the class when ND4J starts
   * @param field of {@code Nd4j} that holds the part
   */
  private record Part(
      String property, String field, Supplier<Object> present, String unsafe, String safe) {
    boolean isFree() {
      return System.getProperty(property) == null;
    }
  }

  private static final List<Part> PARTS =
      List.of(
          new Part(
              "opexec",
              "OP_EXECUTIONER_INSTANCE",
              Nd4j::getExecutioner,
              "org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner",
              "org.mdn4j.backend.SafeOpExecutioner"),
          new Part(
              "ndarrayfactory.class",
              "INSTANCE",
              Nd4j::factory,
              "org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory",
              "org.mdn4j.backend.SafeNDArrayFactory"));

  private static final Logger LOG = LoggerFactory.getLogger(SafeBackend.class);

  private static Boolean inPlace; // null before the first call

  private SafeBackend() {}

  /**
   * Makes ND4J run by the safe classes from now on, in all threads. If ND4J has not started, it
   * starts with them; if it has, its parts are replaced, and operations that run at this moment end
   * unguarded. Where that cannot be done, one line at WARN says so. Calls after the first do
   * nothing.
   *
   * @return whether the safe classes are in place; false on another backend, where a class was
   *     chosen by the properties {@code opexec} or {@code ndarrayfactory.class}, or if the call
   *     came too late
   */
  public static synchronized boolean install() {
    if (inPlace == null) {
      List<Part> free = PARTS.stream().filter(Part::isFree).toList();
      start(free);
      inPlace =
          Nd4j.getBackend().getClass().getName().equals(CPU)
              && free.stream()
                  .filter(part -> isOf(part, part.unsafe()))
                  .allMatch(SafeBackend::replace)
              && PARTS.stream().allMatch(part -> isOf(part, part.safe()));
    }
    return inPlace;
  }

  private static boolean isOf(Part part, String type) {
    return part.present().get().getClass().getName().equals(type);
  }

  /**
   * Starts ND4J with the safe parts, placed where it finds and understands them, if it has not
   * started.
   */
  private static void start(List<Part> parts) {
    boolean onlyCpu =
        StreamSupport.stream(ND4JClassLoading.loadService(Nd4jBackend.class).spliterator(), false)
            .allMatch(backend -> backend.getClass().getName().equals(CPU));
    List<Part> known =
        parts.stream()
            .filter(part -> onlyCpu && ND4JClassLoading.classPresentOnClasspath(part.safe()))
            .toList();
    known.forEach(part -> System.setProperty(part.property(), part.safe()));
    try {
      Nd4j.getExecutioner();
    } finally {
      // Not for another class loader's ND4J, which may not find them.
      known.forEach(part -> System.clearProperty(part.property()));
    }
  }

  private static boolean replace(Part part) {
    try {
      Object present = part.present().get();
      Object safe =
          Class.forName(part.safe())
              .getDeclaredConstructor(present.getClass())
              .newInstance(present);
      Field field = Nd4j.class.getDeclaredField(part.field());
      field.setAccessible(true);
      VarHandle.releaseFence(); // threads that read the field find a complete object
      field.set(null, safe);
      return true;
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      LOG.warn(
          "SafeBackend.install() came too late: ND4J has started, and its {} cannot be replaced"
              + " ({}). Call it before ND4J is used, or start Java with -D{}={}",
          part.unsafe(),
          e.toString(),
          part.property(),
          part.safe());
      return false;
    }
  }
}
