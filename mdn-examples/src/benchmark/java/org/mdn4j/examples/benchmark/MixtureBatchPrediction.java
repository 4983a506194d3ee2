/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Our predictive distribution, from a network's output to the answer. */
final class MixtureBatchPrediction implements PredictionSystem {
  private static final int BLOCK = 10_000;

  private final INDArray raw; // [N, P]
  private final INDArray labels; // [N, 1]

  MixtureBatchPrediction(int rows) {
    int width = SPEC.parameterCount();
    raw = Nd4j.createUninitialized(DataType.FLOAT, rows, width);
    labels = Nd4j.createUninitialized(DataType.FLOAT, rows, 1);
    LikelihoodInput input = new LikelihoodInput(SPEC, INPUT_SEED);
    for (int from = 0; from < rows; from += BLOCK) {
      int to = Math.min(rows, from + BLOCK);
      float[] blockRaw = new float[(to - from) * width];
      float[] blockLabels = new float[to - from];
      input.next(blockRaw, blockLabels);
      raw.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
          .assign(Nd4j.createFromArray(blockRaw).reshape('c', to - from, width));
      labels
          .get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
          .assign(Nd4j.createFromArray(blockLabels).reshape('c', to - from, 1));
    }
  }

  @Override
  public Object logDensity() {
    return MixtureBatch.of(SPEC, raw).logDensity(labels);
  }

  @Override
  public Object sample() {
    return MixtureBatch.of(SPEC, raw).sample(1, 3);
  }

  @Override
  public double[] values(Object answer) {
    return ((INDArray) answer).reshape(-1).toDoubleVector();
  }

  @Override
  public Long offHeapBytes(Question question) {
    return OffHeap.bytesOf(question::ask);
  }

  @Override
  public int threads() {
    return Runtime.getRuntime().availableProcessors();
  }

  @Override
  public String settings() {
    return "MixtureBatch";
  }
}
