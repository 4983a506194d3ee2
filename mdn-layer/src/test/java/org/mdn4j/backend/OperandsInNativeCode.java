/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.backend;

import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.BroadcastOp;
import org.nd4j.linalg.api.ops.CustomOp;
import org.nd4j.linalg.api.ops.IndexAccumulation;
import org.nd4j.linalg.api.ops.Op;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.ops.RandomOp;
import org.nd4j.linalg.api.ops.ReduceOp;
import org.nd4j.linalg.api.ops.ScalarOp;
import org.nd4j.linalg.api.ops.impl.broadcast.BroadcastAddOp;
import org.nd4j.linalg.api.ops.impl.broadcast.bool.BroadcastGreaterThan;
import org.nd4j.linalg.api.ops.impl.indexaccum.FirstIndex;
import org.nd4j.linalg.api.ops.impl.reduce.Mmul;
import org.nd4j.linalg.api.ops.impl.reduce.same.Sum;
import org.nd4j.linalg.api.ops.impl.reduce3.EuclideanDistance;
import org.nd4j.linalg.api.ops.impl.scalar.ScalarMultiplication;
import org.nd4j.linalg.api.ops.impl.scatter.ScatterUpdate;
import org.nd4j.linalg.api.ops.impl.summarystats.StandardDeviation;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.api.ops.random.impl.DropOut;
import org.nd4j.linalg.cpu.nativecpu.CpuNDArrayFactory;
import org.nd4j.linalg.cpu.nativecpu.ops.NativeOpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * A program that tells which operands of an operation are garbage while native code works with
 * their pointers: before each call of native code it collects garbage, and looks which are gone.
 * The classes under test must run compiled, because the interpreter holds its dead variables.
 *
 * <p>Prints a line for each kind of operation: its name, a colon, and what was lost.
 */
final class OperandsInNativeCode {
  /** Thrown in place of native code, which would work on freed memory. */
  private static final class LostException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final Map<String, WeakReference<Object>> operands = new LinkedHashMap<>();
  private final List<String> lost = new ArrayList<>();
  private final List<Object> hands =
      new ArrayList<>(); // what the next call takes, and nobody holds
  private final NativeOps real;
  private final NativeOpExecutioner executioner;
  private final CpuNDArrayFactory factory;
  private boolean watching;

  private OperandsInNativeCode(boolean safe) {
    Nd4j.getExecutioner(); // starts ND4J, with the real native code
    NativeOpsHolder holder = NativeOpsHolder.getInstance();
    real = holder.getDeviceNativeOps();
    holder.setDeviceNativeOps(
        (NativeOps)
            Proxy.newProxyInstance(
                NativeOps.class.getClassLoader(),
                new Class<?>[] {NativeOps.class},
                (proxy, method, pointers) -> callNative(method, pointers)));
    executioner = safe ? new SafeOpExecutioner() : new NativeOpExecutioner();
    factory =
        safe
            ? new SafeNDArrayFactory(DataType.FLOAT, 'c')
            : new CpuNDArrayFactory(DataType.FLOAT, 'c');
  }

  /**
   * Runs the program.
   *
   * @param args "safe" for this library's classes, else ND4J's own
   */
  public static void main(String[] args) {
    new OperandsInNativeCode(args[0].equals("safe")).run();
    System.exit(0);
  }

  private Object callNative(Method method, Object[] pointers) throws Throwable {
    if (watching && worksOnArrays(method.getName())) {
      System.gc();
      operands.forEach(
          (name, operand) -> {
            if (operand.get() == null) {
              lost.add(name);
            }
          });
      watching = false;
      if (!lost.isEmpty()) {
        throw new LostException();
      }
    }
    try {
      return method.invoke(real, pointers);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static boolean worksOnArrays(String method) {
    return method.matches(
        "exec.*|calculateOutputShapes2|scatterUpdate|inspectArray|dbUseCount"
            + "|pullRows|tear|shuffle|average|accumulate|sort|sortTad|numpyHeaderForNd4j");
  }

  /** An array of which only the next call will know. */
  private INDArray operand(String name, long... shape) {
    return watch(name, Nd4j.rand(DataType.FLOAT, shape));
  }

  private INDArray watch(String name, INDArray array) {
    operands.put(name, new WeakReference<>(array.data()));
    return array;
  }

  private Op watchDimensions(Op op, INDArray dimensions) {
    watch("dimensions", dimensions);
    return op;
  }

  private OpContext context(INDArray output, INDArray... inputs) {
    OpContext context = executioner.buildContext();
    context.setInputArrays(inputs);
    context.setOutputArray(0, output);
    operands.put("context", new WeakReference<>(context));
    return context;
  }

  private <T> T take(Class<T> type) {
    return type.cast(hands.remove(0));
  }

  private OpContext takeContext() {
    return take(OpContext.class);
  }

  private INDArray takeArray() {
    return take(INDArray.class);
  }

  private void check(String kind, Runnable make, Runnable call) {
    operands.clear();
    lost.clear();
    make.run();
    watching = true;
    String failure = "";
    try {
      call.run();
    } catch (RuntimeException e) {
      failure = lost.isEmpty() ? " failed: " + e : "";
    }
    failure += watching ? " never called" : "";
    System.out.println(kind + ":" + failure + (lost.isEmpty() ? "" : " " + String.join(" ", lost)));
  }

  private void run() {
    check("broadcast", this::broadcast, () -> executioner.exec(take(BroadcastOp.class)));
    check("broadcast, as Op", this::broadcast, () -> executioner.exec(take(Op.class)));
    check(
        "broadcast, context",
        () -> {
          broadcast();
          hands.add(context(operand("z", 64, 32), operand("x in", 64, 32), operand("y in", 32)));
        },
        () -> executioner.exec(take(BroadcastOp.class), takeContext()));
    check(
        "broadcast, boolean",
        () -> {
          BroadcastGreaterThan op =
              new BroadcastGreaterThan(
                  operand("x", 64, 32),
                  operand("y", 32),
                  watch("z", Nd4j.create(DataType.BOOL, 64, 32)),
                  1);
          hands.add(watchDimensions(op, op.dimensions()));
        },
        () -> executioner.exec(take(BroadcastOp.class)));

    check("reduction", this::sum, () -> executioner.exec(take(ReduceOp.class)));
    check(
        "reduction, context",
        () -> {
          sum();
          hands.add(context(operand("z", 32), operand("x in", 64, 32)));
        },
        () -> executioner.exec(take(ReduceOp.class), takeContext()));
    check(
        "reduction, as Op, context",
        () -> {
          sum();
          hands.add(context(operand("z", 32), operand("x in", 64, 32)));
        },
        () -> executioner.exec(take(Op.class), takeContext()));
    check(
        "reduction of two",
        () -> {
          EuclideanDistance op =
              new EuclideanDistance(operand("x", 64, 32), operand("y", 64, 32), 1);
          hands.add(watchDimensions(op, op.dimensions()));
        },
        () -> executioner.exec(take(ReduceOp.class)));
    check(
        "reduction, deviation",
        () -> {
          StandardDeviation op = new StandardDeviation(operand("x", 64, 32), 0);
          hands.add(watchDimensions(op, op.dimensions()));
        },
        () -> executioner.exec(take(StandardDeviation.class)));
    check(
        "index reduction",
        () -> {
          FirstIndex op = new FirstIndex(operand("x", 64, 32), Conditions.greaterThan(0.5), 1);
          hands.add(watchDimensions(op, op.dimensions()));
        },
        () -> executioner.exec(take(IndexAccumulation.class)));

    check("scalar", this::scalar, () -> executioner.exec(take(ScalarOp.class)));
    check(
        "scalar, context",
        () -> {
          scalar();
          hands.add(context(operand("z", 64, 32), operand("x in", 64, 32)));
        },
        () -> executioner.exec(take(ScalarOp.class), takeContext()));
    check(
        "scalar along dimension",
        () -> {
          ScalarMultiplication op =
              new ScalarMultiplication(
                  operand("x", 64, 32), operand("y", 32), operand("z", 64, 32), 1);
          op.setDimension(1);
          hands.add(watchDimensions(op, op.dimensions()));
        },
        () -> executioner.exec(take(ScalarOp.class)));
    check(
        "transform",
        () -> hands.add(new Tanh(operand("x", 64, 32), operand("z", 64, 32))),
        () -> executioner.exec(take(Op.class)));
    check(
        "transform, context",
        () -> {
          hands.add(new Tanh(operand("x", 64, 32), operand("z", 64, 32)));
          hands.add(context(operand("z out", 64, 32), operand("x in", 64, 32)));
        },
        () -> executioner.exec(take(Op.class), takeContext()));
    check(
        "random",
        () -> hands.add(new DropOut(operand("x", 64, 32), operand("z", 64, 32), 0.5)),
        () -> executioner.exec(take(RandomOp.class)));
    check(
        "random, context, generator",
        () -> {
          hands.add(new DropOut(operand("x", 64, 32), operand("z", 64, 32), 0.5));
          hands.add(context(operand("z out", 64, 32), operand("x in", 64, 32)));
          hands.add(Nd4j.getRandomFactory().getNewRandomInstance(1));
          operands.put("generator", new WeakReference<>(hands.get(2)));
        },
        () ->
            executioner.exec(
                take(RandomOp.class), takeContext(), take(org.nd4j.linalg.api.rng.Random.class)));

    check("custom", this::product, () -> executioner.exec(take(CustomOp.class)));
    check(
        "custom, context",
        () -> {
          hands.add(new Mmul(Nd4j.create(2, 2), Nd4j.create(2, 2)));
          hands.add(context(operand("z", 8, 8), operand("x", 8, 8), operand("y", 8, 8)));
        },
        () -> executioner.exec(take(CustomOp.class), takeContext()));
    check(
        "custom, shapes",
        this::product,
        () -> executioner.calculateOutputShape(take(CustomOp.class)));
    check(
        "inspection",
        () -> hands.add(operand("x", 64, 32)),
        () -> executioner.inspectArray(takeArray()));
    check(
        "use count",
        () -> hands.add(operand("x", 64, 32).data()),
        () -> executioner.useCount(take(org.nd4j.linalg.api.buffer.DataBuffer.class)));
    check(
        "scatter update",
        () -> {
          hands.add(operand("array", 10, 3));
          hands.add(watch("indices", Nd4j.createFromArray(1, 2)));
          hands.add(operand("updates", 2, 3));
        },
        () ->
            executioner.scatterUpdate(
                ScatterUpdate.UpdateOp.ADD, takeArray(), takeArray(), takeArray(), new int[] {1}));

    check(
        "pullRows",
        () -> hands.add(operand("source", 8, 3)),
        () -> factory.pullRows(takeArray(), 1, new int[] {2, 1}));
    check("tear", () -> hands.add(operand("tensor", 8, 3)), () -> factory.tear(takeArray(), 1));
    check(
        "shuffle",
        () -> hands.add(operand("array", 8, 3)),
        () -> factory.shuffle(takeArray(), new java.util.Random(1), 1));
    check("sort", () -> hands.add(operand("x", 64)), () -> factory.sort(takeArray(), true));
    check(
        "sort along dimension",
        () -> hands.add(operand("x", 8, 8)),
        () -> factory.sort(takeArray(), true, 1));
    check(
        "average",
        () -> hands.add(new INDArray[] {operand("x", 8), operand("y", 8)}),
        () -> factory.average(null, take(INDArray[].class)));
    check(
        "accumulate",
        () -> {
          hands.add(operand("target", 8));
          hands.add(new INDArray[] {operand("x", 8), operand("y", 8)});
        },
        () -> factory.accumulate(takeArray(), take(INDArray[].class)));
    check("numpy", () -> hands.add(operand("x", 8)), () -> factory.convertToNumpy(takeArray()));
  }

  private void broadcast() {
    BroadcastAddOp op =
        new BroadcastAddOp(operand("x", 64, 32), operand("y", 32), operand("z", 64, 32), 1);
    hands.add(watchDimensions(op, op.dimensions()));
  }

  private void sum() {
    Sum op = new Sum(operand("x", 64, 32), 0);
    hands.add(watchDimensions(op, op.dimensions()));
  }

  private void scalar() {
    ScalarMultiplication op = new ScalarMultiplication(operand("x", 64, 32), 2);
    watch("scalar", op.scalar());
    hands.add(op);
  }

  private void product() {
    hands.add(new Mmul(operand("x", 8, 8), operand("y", 8, 8)));
  }
}
