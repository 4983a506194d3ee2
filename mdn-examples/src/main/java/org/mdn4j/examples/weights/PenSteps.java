/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.weights;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.examples.writing.CursiveGenerator;
import org.mdn4j.examples.writing.PenTrace;
import org.mdn4j.sequence.GeneratedSequences;
import org.mdn4j.sequence.SequenceGenerator;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pen traces as steps of three numbers, which one mixture can predict: the offset in the traces'
 * own units, and the pen's state after it, 0 on the paper, 1 lifted, 2 at the end. N(0, 0.1²) on
 * the state gives it a density.
 */
final class PenSteps {
  /** The number of numbers of a step. */
  static final int WIDTH = 3;

  private static final double NOISE = 0.1; // standard deviation

  private PenSteps() {}

  /**
   * Encodes traces as sequences of pen steps.
   *
   * @param traces the traces
   * @param random source of the noise on the states
   * @return {@code [N][T_n][3]}
   */
  static List<float[][]> of(List<PenTrace> traces, UniformRandomProvider random) {
    ZigguratSampler.NormalizedGaussian normal = ZigguratSampler.NormalizedGaussian.of(random);
    List<float[][]> words = new ArrayList<>();
    for (PenTrace trace : traces) {
      int last = trace.length() - 1;
      float[][] word = new float[trace.length()][];
      for (int t = 0; t <= last; t++) {
        double[] offset = trace.offsets()[t];
        int state = t == last ? 2 : trace.lifted()[t] ? 1 : 0;
        word[t] =
            new float[] {
              (float) offset[0], (float) offset[1], (float) (state + NOISE * normal.sample())
            };
      }
      words.add(word);
    }
    return words;
  }

  /**
   * Draws words of {@link CursiveGenerator}.
   *
   * @param count number of words N
   * @param random source of randomness
   * @return {@code [N][T_n][3]}
   */
  static List<float[][]> draw(int count, UniformRandomProvider random) {
    return of(CursiveGenerator.draw(count, random), random);
  }

  /**
   * Returns the standard deviations of a step's numbers.
   *
   * @param words words {@code [T_n][3]} of at least 2 steps
   * @return {@code [3]}
   */
  static double[] deviations(List<float[][]> words) {
    StandardDeviation[] deviations = new StandardDeviation[WIDTH];
    Arrays.setAll(deviations, d -> new StandardDeviation());
    for (float[][] word : words) {
      for (float[] step : word) {
        for (int d = 0; d < step.length; d++) {
          deviations[d].increment(step[d]);
        }
      }
    }
    return Arrays.stream(deviations).mapToDouble(StandardDeviation::getResult).toArray();
  }

  /**
   * Returns steps in other units.
   *
   * @param words words {@code [T_n][3]}
   * @param unit by what to divide, {@code [3]}
   * @return words {@code [T_n][3]}
   */
  static List<float[][]> divide(List<float[][]> words, double[] unit) {
    return words.stream()
        .map(word -> Arrays.stream(word).map(step -> divide(step, unit)).toArray(float[][]::new))
        .toList();
  }

  private static float[] divide(float[] step, double[] unit) {
    float[] divided = new float[step.length];
    for (int d = 0; d < step.length; d++) {
      divided[d] = (float) (step[d] / unit[d]);
    }
    return divided;
  }

  /**
   * Returns what a network sees: labels, and as features the step before, zeros for the first.
   *
   * @param words N words {@code [T_n][3]}, at least one
   * @return features and labels {@code [N, 3, T]}, padded to the longest, and the labels' mask
   *     {@code [N, T]}
   */
  static DataSet dataSet(List<float[][]> words) {
    int longest = words.stream().mapToInt(word -> word.length).max().orElseThrow();
    float[][][] features = new float[words.size()][WIDTH][longest];
    float[][][] labels = new float[words.size()][WIDTH][longest];
    float[][] mask = new float[words.size()][longest];
    for (int n = 0; n < words.size(); n++) {
      float[][] word = words.get(n);
      for (int t = 0; t < word.length; t++) {
        for (int d = 0; d < WIDTH; d++) {
          features[n][d][t] = t == 0 ? 0 : word[t - 1][d];
          labels[n][d][t] = word[t][d];
        }
        mask[n][t] = 1;
      }
    }
    INDArray steps = Nd4j.createFromArray(mask);
    return new DataSet(Nd4j.createFromArray(features), Nd4j.createFromArray(labels), null, steps);
  }

  /**
   * Draws words that a network writes.
   *
   * @param net a network of steps
   * @param count number of words
   * @param longest number of steps after which one is broken off
   * @param seed the same seed gives the same words
   * @return the words as traces
   */
  static List<PenTrace> write(MultiLayerNetwork net, int count, int longest, long seed) {
    GeneratedSequences written =
        SequenceGenerator.of(net)
            .stopWhen((step, input) -> input[2] > 1.5)
            .generate(count, longest, seed);
    return IntStream.range(0, count).mapToObj(n -> trace(written.samples(n))).toList();
  }

  private static PenTrace trace(double[][] steps) {
    boolean[] lifted = new boolean[steps.length];
    for (int t = 0; t < lifted.length; t++) {
      lifted[t] = steps[t][2] > 0.5;
    }
    return new PenTrace(
        Arrays.stream(steps).map(step -> Arrays.copyOf(step, 2)).toArray(double[][]::new), lifted);
  }
}
