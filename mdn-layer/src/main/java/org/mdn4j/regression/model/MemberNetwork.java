/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.training.dense.DenseOutput;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A trained network that predicts in standardised units.
 *
 * @param net the network
 * @param spec the form of its output
 * @param dense its output without operations of ND4J, where it is a chain of dense layers
 * @param contamination ε of its predictions; 0 for none
 */
public record MemberNetwork(
    MultiLayerNetwork net, MixtureSpec spec, Optional<DenseOutput> dense, double contamination) {

  public static MemberNetwork of(
      MultiLayerConfiguration configuration,
      float[] parameters,
      MixtureSpec spec,
      double contamination) {
    MultiLayerNetwork net = new MultiLayerNetwork(configuration.clone());
    net.init(Nd4j.createFromArray(parameters).reshape(1, -1), true);
    return of(net, spec, contamination);
  }

  /** Returns what predicts by a network with the parameters that it has at the time. */
  public static MemberNetwork of(MultiLayerNetwork net, MixtureSpec spec, double contamination) {
    return new MemberNetwork(net, spec, DenseOutput.of(net), contamination);
  }

  /**
   * Predicts rows of data, some at a time: encoded, all of them may take many times their memory.
   */
  public MemberOutput predict(StandardizedData data, int[] rows) {
    if (rows.length <= FeatureEncoding.CHUNK_ROWS) {
      return predict(data.features(rows));
    }
    INDArray raw = Nd4j.createUninitialized(DataType.FLOAT, rows.length, spec.parameterCount());
    for (int from = 0; from < rows.length; from += FeatureEncoding.CHUNK_ROWS) {
      int to = Math.min(rows.length, from + FeatureEncoding.CHUNK_ROWS);
      raw.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
          .assign(predict(data.features(Arrays.copyOfRange(rows, from, to))).raw());
    }
    return new MemberOutput(spec, raw, contamination);
  }

  /** Predicts rows; a network itself by one thread at a time, because it keeps its activations. */
  public MemberOutput predict(INDArray features) {
    if (dense.isPresent()) {
      return new MemberOutput(spec, dense.get().output(features), contamination);
    }
    synchronized (net) {
      return new MemberOutput(spec, net.output(features), contamination);
    }
  }
}
