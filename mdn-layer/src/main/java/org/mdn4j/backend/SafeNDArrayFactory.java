/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import static org.mdn4j.backend.SafeOpExecutioner.keeping;

import java.lang.ref.Reference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.blas.Lapack;
import org.nd4j.linalg.api.blas.Level1;
import org.nd4j.linalg.api.blas.Level2;
import org.nd4j.linalg.api.blas.Level3;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.buffer.DataTypeEx;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory;
import org.nd4j.linalg.factory.Nd4j;

/**
 * ND4J's factory of arrays for the CPU, that keeps arrays reachable until native code has returned:
 * {@link SafeOpExecutioner} for what ND4J does without an operation. At risk are the arrays that a
 * caller hands over and does not use afterwards, in
 *
 * <ul>
 *   <li>BLAS of levels 1 to 3 and LAPACK, but for {@code gemm} and {@code gemv}, which are
 *       operations; so in {@code x.mmul(y)} whose result is one number, which is a {@code dot};
 *   <li>{@code pullRows}, {@code tear}, {@code shuffle}, {@code sort}, {@code average}, {@code
 *       accumulate}, {@code convertDataEx}, {@code convertToNumpy}.
 * </ul>
 *
 * <p>{@link SafeBackend#install} puts it in place, or, when Java starts, {@code
 * -Dndarrayfactory.class=org.mdn4j.backend.SafeNDArrayFactory}.
 */
public class SafeNDArrayFactory extends CpuNDArrayFactory {

  /**
   * Creates a factory; called by ND4J when it starts.
   *
   * @param dtype the type of numbers, which ND4J keeps elsewhere
   * @param order 'c' or 'f', the order of new arrays
   */
  public SafeNDArrayFactory(DataType dtype, char order) {
    super(dtype, order);
  }

  /** Creates a factory with the settings of another one. */
  SafeNDArrayFactory(CpuNDArrayFactory replaced) {
    super(Nd4j.dataType(), replaced.order());
    blas = replaced.blas(); // with the number of threads that it has been set to
  }

  @Override
  public void createLevel1() {
    super.createLevel1();
    level1 = safe(Level1.class, level1);
  }

  @Override
  public void createLevel2() {
    super.createLevel2();
    level2 = safe(Level2.class, level2);
  }

  @Override
  public void createLevel3() {
    super.createLevel3();
    level3 = safe(Level3.class, level3);
  }

  @Override
  public void createLapack() {
    super.createLapack();
    lapack = safe(Lapack.class, lapack);
  }

  /** Returns the same routines, each of which keeps its operands reachable until it returns. */
  private static <T> T safe(Class<T> routines, T real) {
    return routines.cast(
        Proxy.newProxyInstance(
            routines.getClassLoader(),
            new Class<?>[] {routines},
            (proxy, routine, operands) -> {
              try {
                return routine.invoke(real, operands);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                Reference.reachabilityFence(operands);
              }
            }));
  }

  @Override
  public INDArray pullRows(
      INDArray source, INDArray destination, int sourceDimension, long[] indexes) {
    return keeping(
        () -> super.pullRows(source, destination, sourceDimension, indexes), source, destination);
  }

  @Override
  public INDArray[] tear(INDArray tensor, int... dimensions) {
    return keeping(() -> super.tear(tensor, dimensions), tensor);
  }

  @Override
  public void shuffle(List<INDArray> arrays, Random random, List<int[]> dimensions) {
    keeping(
        () -> {
          super.shuffle(arrays, random, dimensions);
          return null;
        },
        arrays.toArray());
  }

  @Override
  public INDArray sort(INDArray array, boolean descending) {
    return keeping(() -> super.sort(array, descending), array);
  }

  @Override
  public INDArray sort(INDArray array, boolean descending, int... dimension) {
    return keeping(() -> super.sort(array, descending, dimension), array);
  }

  @Override
  public INDArray average(INDArray target, INDArray[] arrays) {
    return keeping(() -> super.average(target, arrays), target, arrays);
  }

  @Override
  public INDArray accumulate(INDArray target, INDArray... arrays) {
    return keeping(() -> super.accumulate(target, arrays), target, arrays);
  }

  @Override
  public void convertDataEx(DataTypeEx from, DataBuffer source, DataTypeEx to, DataBuffer target) {
    keeping(
        () -> {
          super.convertDataEx(from, source, to, target);
          return null;
        },
        source,
        target);
  }

  @Override
  public void convertDataEx(DataTypeEx from, Pointer source, DataTypeEx to, DataBuffer target) {
    keeping(
        () -> {
          super.convertDataEx(from, source, to, target);
          return null;
        },
        target);
  }

  @Override
  public Pointer convertToNumpy(INDArray array) {
    return keeping(() -> super.convertToNumpy(array), array);
  }
}
