/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.params.LSTMParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** An LSTM's arrays, whose last dimension holds the gates, brought from Keras's to DL4J's order. */
final class Gates {
  static final int COUNT = 4;

  /** DL4J's names of Keras's arrays; of dense layers too. */
  static final Map<String, String> PARAMETERS =
      Map.of(
          "kernel", LSTMParamInitializer.INPUT_WEIGHT_KEY,
          "recurrent_kernel", LSTMParamInitializer.RECURRENT_WEIGHT_KEY,
          "bias", LSTMParamInitializer.BIAS_KEY);

  private Gates() {}

  /**
   * Returns an array with its gates reordered, from input, forget, cell, output to cell, forget,
   * output, input.
   */
  static INDArray reordered(INDArray array, String layer) {
    int last = array.rank() - 1;
    long units = array.size(last) / COUNT;
    if (array.rank() > 2 || array.size(last) % COUNT != 0) {
      throw new Refusal(
          "Expected arrays of an LSTM with four gates in the layer \"%s\", got shape %s",
          layer, Arrays.toString(array.shape()));
    }
    return Nd4j.concat(
        last,
        IntStream.of(2, 1, 3, 0)
            .mapToObj(gate -> NDArrayIndex.interval(gate * units, (gate + 1) * units))
            .map(gate -> last == 0 ? array.get(gate) : array.get(NDArrayIndex.all(), gate))
            .toArray(INDArray[]::new));
  }
}
