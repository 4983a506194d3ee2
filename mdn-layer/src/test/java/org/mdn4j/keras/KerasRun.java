/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.keras.PlainKerasModel.Value;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs imported networks and {@link PlainKerasModel} on the same examples. */
final class KerasRun {
  /** An example of one input: rows [F], or sequences [T, F]. */
  record Shape(boolean isSequence, int steps, int size, int words) {
    static Shape row(int size) {
      return new Shape(false, 1, size, 0);
    }

    static Shape sequence(int steps, int size) {
      return new Shape(true, steps, size, 0);
    }

    /** Numbers of words below this one. */
    static Shape words(int steps, int words) {
      return new Shape(false, 1, steps, words);
    }
  }

  private KerasRun() {}

  /** [input][example]. */
  static List<List<Value>> examples(List<Shape> shapes, int count, long seed) {
    Random random = new Random(seed);
    List<List<Value>> inputs = new ArrayList<>();
    for (Shape shape : shapes) {
      List<Value> values = new ArrayList<>();
      for (int n = 0; n < count; n++) {
        double[][] steps = new double[shape.steps()][shape.size()];
        for (double[] step : steps) {
          Arrays.setAll(
              step,
              i ->
                  shape.words() > 0
                      ? random.nextInt(shape.words())
                      : (float) (1.5 * random.nextGaussian()));
        }
        values.add(new Value(shape.isSequence(), steps));
      }
      inputs.add(values);
    }
    return inputs;
  }

  static INDArray array(List<Value> examples) {
    double[][][] numbers = examples.stream().map(Value::steps).toArray(double[][][]::new);
    INDArray array = Nd4j.createFromArray(numbers).castTo(DataType.FLOAT);
    return examples.get(0).isSequence()
        ? array
        : array.reshape('c', examples.size(), numbers[0][0].length);
  }

  static Model imported(Path file, boolean isSequential) throws IOException {
    return isSequential
        ? KerasMixtureImport.importSequential(file)
        : KerasMixtureImport.importGraph(file);
  }

  static INDArray output(Model net, List<List<Value>> inputs) {
    INDArray[] arrays = inputs.stream().map(KerasRun::array).toArray(INDArray[]::new);
    return output(net, arrays);
  }

  static INDArray output(Model net, INDArray... inputs) {
    INDArray output =
        net instanceof MultiLayerNetwork layers
            ? layers.output(inputs[0])
            : ((ComputationGraph) net).outputSingle(inputs);
    return output.dup('c').reshape('c', -1, output.size(output.rank() - 1));
  }

  static MixtureSpec spec(Model net) {
    Layer head =
        net instanceof MultiLayerNetwork layers
            ? layers.getOutputLayer()
            : ((ComputationGraph) net).getOutputLayer(0);
    return ((MixtureDensityOutputLayer) head.conf().getLayer()).getSpec();
  }

  /** The rows that Keras's model puts out, those of an example's steps one after the other. */
  static double[][] plain(PlainKerasModel model, List<List<Value>> inputs) {
    List<double[]> rows = new ArrayList<>();
    for (int n = 0; n < inputs.get(0).size(); n++) {
      int example = n;
      rows.addAll(
          Arrays.asList(model.output(inputs.stream().map(input -> input.get(example)).toList())));
    }
    return rows.toArray(double[][]::new);
  }

  static PlainKerasModel plain(Map<String, byte[]> entries) throws IOException {
    return new PlainKerasModel(
        Keras3Archive.config(entries), PlainArray.ofFile(entries.get("model.weights.h5")));
  }

  /**
   * The largest difference between Keras's output and ours, in units of the number where that is
   * above 1; NaN counts as infinite.
   *
   * @param raw {@code [N, P]}
   */
  static double distance(double[][] keras, INDArray raw, MixtureSpec spec) {
    if (keras.length != raw.rows() || keras[0].length != raw.columns()) {
      return Double.POSITIVE_INFINITY;
    }
    double mixture = 0;
    double split = Double.POSITIVE_INFINITY;
    List<double[][]> ours = parts(raw, spec);
    mixture = distance(keras, List.of(ours.get(0), ours.get(1), ours.get(2)));
    int[][] orders = {{0, 1, 3}, {0, 3, 1}, {1, 0, 3}, {1, 3, 0}, {3, 0, 1}, {3, 1, 0}};
    for (int[] order : spec.targets() == 1 ? orders : new int[0][]) {
      split = Math.min(split, distance(keras, IntStream.of(order).mapToObj(ours::get).toList()));
    }
    return Math.min(mixture, split);
  }

  /** Means, scales, logits and weights, of each row. */
  private static List<double[][]> parts(INDArray raw, MixtureSpec spec) {
    MixtureBatch batch = MixtureBatch.of(spec, raw);
    List<double[][]> parts = new ArrayList<>();
    for (int part = 0; part < 4; part++) {
      parts.add(new double[raw.rows()][]);
    }
    for (int n = 0; n < raw.rows(); n++) {
      double[] row = raw.getRow(n).toDoubleVector();
      int components = spec.components();
      parts.get(0)[n] = new double[components * spec.targets()];
      parts.get(1)[n] = new double[components * spec.targets()];
      for (int k = 0; k < components; k++) {
        for (int d = 0; d < spec.targets(); d++) {
          parts.get(0)[n][k * spec.targets() + d] = row[spec.columns().location(k, d)];
          parts.get(1)[n][k * spec.targets() + d] = batch.get(n).scales()[k][d];
        }
      }
      parts.get(2)[n] = Arrays.copyOf(row, components);
      parts.get(3)[n] = batch.get(n).weights();
    }
    return parts;
  }

  private static double distance(double[][] keras, List<double[][]> parts) {
    double worst = 0;
    for (int n = 0; n < keras.length; n++) {
      int row = n;
      double[] ours = parts.stream().flatMapToDouble(part -> Arrays.stream(part[row])).toArray();
      if (ours.length != keras[n].length) {
        return Double.POSITIVE_INFINITY;
      }
      for (int i = 0; i < ours.length; i++) {
        double difference = Math.abs(ours[i] - keras[n][i]) / Math.max(1, Math.abs(keras[n][i]));
        worst = Math.max(worst, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
      }
    }
    return worst;
  }
}
