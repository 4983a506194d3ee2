/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.layers;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.mdn4j.MixtureSpec;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The start of a head by itself: weights as in any dense layer, in the units of the targets' range;
 * biases that spread the components over it.
 */
final class SpreadComponentsInitializer extends DefaultParamInitializer {
  /** Width of the range of variance 1, which fits weights as they are drawn. */
  private static final double UNIT_RANGE = 2 * Math.sqrt(3);

  static final SpreadComponentsInitializer INSTANCE = new SpreadComponentsInitializer();

  private SpreadComponentsInitializer() {}

  @Override
  protected INDArray createWeightMatrix(
      NeuralNetConfiguration conf, INDArray weightView, boolean initializeParameters) {
    INDArray weights = super.createWeightMatrix(conf, weightView, initializeParameters);
    MixtureDensityOutputLayer layer = (MixtureDensityOutputLayer) conf.getLayer();
    double unit = (layer.getInitialUpper() - layer.getInitialLower()) / UNIT_RANGE;
    if (initializeParameters && unit != 1) {
      double[] units = new double[layer.getSpec().targets()];
      Arrays.fill(units, unit);
      InitialWeights.rescale(layer.getSpec(), weights, units);
    }
    return weights;
  }

  @Override
  protected INDArray createBias(
      NeuralNetConfiguration conf, INDArray biasView, boolean initializeParameters) {
    if (initializeParameters) {
      MixtureDensityOutputLayer layer = (MixtureDensityOutputLayer) conf.getLayer();
      double[] biases = biases(layer.getSpec(), layer.getInitialLower(), layer.getInitialUpper());
      biasView.assign(Nd4j.createFromArray(biases).castTo(biasView.dataType()));
    }
    return biasView;
  }

  /**
   * Returns the biases of the start that {@link MixtureDensityOutputLayer} describes.
   *
   * @return biases in the order of the raw output's columns
   */
  static double[] biases(MixtureSpec spec, double lower, double upper) {
    int components = spec.components();
    double range = upper - lower;
    double[][] locations = new double[components][spec.targets()];
    double[][] scales = new double[components][spec.targets()];
    for (int d = 0; d < spec.targets(); d++) {
      int[] cells = cells(components, d);
      for (int k = 0; k < components; k++) {
        locations[k][d] = lower + range * (cells[k] + 0.5) / components;
        scales[k][d] = range / (2 * Math.pow(components, 1.0 / spec.targets()));
      }
    }
    double[] logits = new double[components + spec.atoms().length];
    return InitialBiases.of(spec, logits, locations, scales);
  }

  /**
   * Returns which of K equal cells of the range each component takes for one target: in order for
   * the first target; for others in the order of the fractional parts of (k + 1) √p, p the d-th
   * prime.
   */
  private static int[] cells(int components, int target) {
    int[] cells = new int[components];
    if (target == 0) {
      Arrays.setAll(cells, k -> k);
      return cells;
    }
    double step = Math.sqrt(prime(target));
    int[] order =
        IntStream.range(0, components)
            .boxed()
            .sorted(Comparator.comparingDouble(k -> (k + 1) * step % 1.0))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int cell = 0; cell < components; cell++) {
      cells[order[cell]] = cell;
    }
    return cells;
  }

  private static int prime(int index) {
    return IntStream.iterate(2, n -> n + 1)
        .filter(n -> IntStream.rangeClosed(2, (int) Math.sqrt(n)).allMatch(m -> n % m != 0))
        .skip(index - 1L)
        .findFirst()
        .orElseThrow();
  }
}
