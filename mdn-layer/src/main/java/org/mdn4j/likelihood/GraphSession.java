/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.nd4j.autodiff.listeners.At;
import org.nd4j.autodiff.listeners.Operation;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.config.ExecutionResult;
import org.nd4j.autodiff.samediff.internal.InferenceSession;
import org.nd4j.autodiff.samediff.internal.memory.AbstractMemoryMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/**
 * One thread's runs of a SameDiff graph, of which nothing stays but the results: each other array
 * is freed as soon as no operation needs it, without waiting for the garbage collector.
 *
 * <p>The sessions that SameDiff itself keeps, one for each thread that ever ran a graph, hold the
 * arrays of their last run, and grow with each: a cache ({@code ArrayCacheMemoryMgr}) takes in
 * scalars and does not give them out again, and the numbers of all arrays ever released are noted.
 * A graph whose result is a placeholder itself, or a view of another array, must not run here.
 */
final class GraphSession extends InferenceSession {

  /** A memory manager that frees an array when it is released. */
  private static final class Freeing extends AbstractMemoryMgr {
    @Override
    public INDArray allocate(boolean detached, DataType dtype, long... shape) {
      return Nd4j.createUninitializedDetached(dtype, shape);
    }

    @Override
    public INDArray allocate(boolean detached, LongShapeDescriptor shape) {
      return Nd4j.create(shape, false);
    }

    @Override
    public void release(INDArray array) {
      if (array.closeable()) {
        array.close();
      }
    }

    @Override
    public void close() {}
  }

  GraphSession(SameDiff graph) {
    super(graph);
    setMmgr(new Freeing());
  }

  /**
   * Runs the operations that the results need.
   *
   * @param inputs the placeholders' values
   * @param operation what it is for
   * @param results names of variables
   * @return the values of the results, by their names
   */
  Function<String, INDArray> run(
      Map<String, INDArray> inputs, Operation operation, List<String> results) {
    try {
      ExecutionResult values =
          output(results, inputs, Map.of(), null, List.of(), List.of(), At.defaultAt(operation));
      return name -> values.getValueOutputs().get(name).getTensorValue();
    } finally {
      nodeValueOutputs.clear();
      freedArrays.clear();
      getArrayUseTracker().clear();
    }
  }
}
