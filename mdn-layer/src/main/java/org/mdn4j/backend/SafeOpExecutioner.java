/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import java.lang.ref.Reference;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ndarray.INDArrayStatistics;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.IndexAccumulation;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.RandomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.aggregates.Aggregate;
import org.nd4j.linalg.api.ops.aggregates.Batch;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterUpdate;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.api.shape.TadPack;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;

/**
 * ND4J's executioner for the CPU, that keeps an operation and its operands reachable until native
 * code has returned. {@link SafeBackend#install} puts it in place, or, when Java starts, {@code
 * -Dopexec=org.mdn4j.backend.SafeOpExecutioner}.
 *
 * <p>ND4J 1.0.0-M2.1 frees the memory of an array as soon as the array's {@code DataBuffer} is
 * garbage ({@code DeallocatableReference} is a weak reference). {@code NativeOpExecutioner} takes
 * native pointers out of the buffers and calls native code with the pointers alone, which do not
 * keep the buffers alive. A buffer that nobody uses afterwards is garbage while native code runs: a
 * collection at that moment lets its memory be freed, and the process ends with a SIGSEGV, in
 * {@code sd::DataBuffer::primary()} and elsewhere, or computes with what has come into that memory
 * since. At risk are the buffers of
 *
 * <ul>
 *   <li>a {@code BroadcastOp}: {@code dimensions()}, which belongs to the operation alone, so that
 *       every training is at risk, since a bias is added and summed by broadcasts; also x, y and
 *       the context, where nobody else holds them;
 *   <li>a {@code RandomOp}: the native state of a generator that the caller drops;
 *   <li>an {@code Aggregate} and a {@code Batch}: all arguments;
 *   <li>{@code scatterUpdate}, {@code inspectArray}, {@code executeGraph}, {@code getString},
 *       {@code useCount}: the arrays given.
 * </ul>
 *
 * <p>Reductions, index reductions, scalar operations, transforms and custom operations, among them
 * all matrix products, use the operation once more after native code has returned (to return its z,
 * or for a profiler), and live by that chance; here all of them are held on purpose: {@code
 * dimensions()}, {@code scalar()}, the extra arguments, x, y, z, the inputs and outputs, and the
 * context.
 *
 * <p>Costs three small Java objects per operation; nothing else differs from {@code
 * NativeOpExecutioner}. {@link SafeNDArrayFactory} does the same for what ND4J does without an
 * operation. What neither reaches: {@code INDArray.unsafeDuplication()} and loops over the entries
 * of a {@code DataBuffer} whose array is dropped meanwhile.
 */
public class SafeOpExecutioner extends NativeOpExecutioner {

  /** Creates an executioner; called by ND4J when it starts. */
  public SafeOpExecutioner() {}

  /** Creates an executioner with the modes that another one has been set to. */
  @SuppressWarnings("deprecation") // the profiling mode: only ND4J's BLAS still asks for it
  SafeOpExecutioner(NativeOpExecutioner replaced) {
    profilingMode = replaced.getProfilingMode();
    verbose.set(replaced.isVerbose());
    debug.set(replaced.isDebug());
    experimentalMode.set(replaced.isExperimentalMode());
  }

  /**
   * Returns what a call returns, and keeps the objects given, those held by an array among them,
   * reachable until it has returned or thrown. The lambda that makes the call holds them too, but
   * is garbage itself once the call has begun.
   */
  static <T> T keeping(Supplier<T> call, Object... held) {
    try {
      return call.get();
    } finally {
      Reference.reachabilityFence(held);
    }
  }

  /**
   * Returns what an operation works on now: executioners may put other arrays in the place of
   * these.
   */
  private static Object[] operands(Op op, OpContext context) {
    return context == null
        ? new Object[] {op, op.x(), op.y(), op.z()}
        : new Object[] {op, context, context.getInputArrays(), context.getOutputArrays()};
  }

  @Override
  public INDArray exec(Op op, OpContext context) {
    return keeping(() -> super.exec(op, context), operands(op, context));
  }

  @Override
  public INDArray exec(BroadcastOp op, OpContext context) {
    return keeping(() -> super.exec(op, context), operands(op, context));
  }

  @Override
  public INDArray exec(ReduceOp op, OpContext context) {
    return keeping(() -> super.exec(op, context), operands(op, context));
  }

  @Override
  public INDArray exec(IndexAccumulation op, OpContext context) {
    return keeping(() -> super.exec(op, context), operands(op, context));
  }

  @Override
  public INDArray exec(ScalarOp op, OpContext context) {
    return keeping(() -> super.exec(op, context), operands(op, context));
  }

  @Override
  public INDArray exec(RandomOp op, OpContext context, Random random) {
    return keeping(() -> super.exec(op, context, random), operands(op, context), random);
  }

  @Override
  public INDArray[] exec(CustomOp op) {
    return keeping(() -> super.exec(op), op);
  }

  @Override
  public INDArray[] exec(CustomOp op, OpContext context) {
    return keeping(() -> super.exec(op, context), op, context);
  }

  @Override
  public List<LongShapeDescriptor> calculateOutputShape(CustomOp op, OpContext context) {
    return keeping(() -> super.calculateOutputShape(op, context), op, context);
  }

  @Override
  public void exec(Aggregate op) {
    keeping(
        () -> {
          super.exec(op);
          return null;
        },
        op);
  }

  @Override
  public <T extends Aggregate> void exec(Batch<T> batch) {
    keeping(
        () -> {
          super.exec(batch);
          return null;
        },
        batch);
  }

  @Override
  public Map<String, INDArray> executeGraph(
      long id, Map<String, INDArray> arrays, Map<String, Integer> nodes) {
    return keeping(() -> super.executeGraph(id, arrays, nodes), arrays);
  }

  @Override
  public void scatterUpdate(
      ScatterUpdate.UpdateOp op, INDArray array, INDArray indices, INDArray updates, int[] axis) {
    keeping(
        () -> {
          super.scatterUpdate(op, array, indices, updates, axis);
          return null;
        },
        array,
        indices,
        updates);
  }

  @Override
  public INDArrayStatistics inspectArray(INDArray array) {
    return keeping(() -> super.inspectArray(array), array);
  }

  @Override
  public TadPack tadShapeInfoAndOffsets(INDArray array, int[] dimension) {
    return keeping(() -> super.tadShapeInfoAndOffsets(array, dimension), array);
  }

  @Override
  public String getString(DataBuffer buffer, long index) {
    return keeping(() -> super.getString(buffer, index), buffer);
  }

  @Override
  public int useCount(DataBuffer buffer) {
    return keeping(() -> super.useCount(buffer), buffer);
  }
}
