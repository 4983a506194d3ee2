/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The encoding of pen traces for a network: labels are the next step's offset, standardised, and
 * two flags, whether the pen is lifted after it and whether the trace ends with it; features are
 * the step before, zeros for the first.
 *
 * @param mean of the offsets, {@code [2]}
 * @param standardDeviation of the offsets, {@code [2]}
 */
public record PenTraceCoding(double[] mean, double[] standardDeviation) {
  /** The number of numbers of a feature: the offset, and 1 if the pen was lifted after it. */
  static final int FEATURES = 3;

  /** The number of numbers of a label of the pen: lifted, and the end. */
  static final int FLAGS = 2;

  /**
   * Creates the encoding from the mean and standard deviation of training traces.
   *
   * @param traces the traces, at least one of at least 2 steps
   * @return the coding
   */
  public static PenTraceCoding of(List<PenTrace> traces) {
    double[] mean = new double[2];
    double[] standardDeviation = new double[2];
    for (int d = 0; d < 2; d++) {
      int axis = d;
      double[] values =
          traces.stream()
              .flatMap(trace -> Arrays.stream(trace.offsets()))
              .mapToDouble(offset -> offset[axis])
              .toArray();
      mean[d] = new Mean().evaluate(values);
      standardDeviation[d] = new StandardDeviation().evaluate(values);
    }
    return new PenTraceCoding(mean, standardDeviation);
  }

  /**
   * Returns a feature.
   *
   * @param standardized a standardised offset, {@code [2]}
   * @param lifted whether the pen is lifted after it
   * @return {@code [3]}
   */
  double[] feature(double[] standardized, boolean lifted) {
    return new double[] {standardized[0], standardized[1], lifted ? 1 : 0};
  }

  /** Returns a feature as the step of a trace: its offset in the traces' units. */
  double[] offset(double[] feature) {
    return new double[] {
      mean[0] + standardDeviation[0] * feature[0], mean[1] + standardDeviation[1] * feature[1]
    };
  }

  private double[] standardize(double[] offset) {
    return new double[] {
      (offset[0] - mean[0]) / standardDeviation[0], (offset[1] - mean[1]) / standardDeviation[1]
    };
  }

  /**
   * Encodes traces, padded to the longest.
   *
   * @param traces N traces, at least one
   * @return features {@code [N, 3, T]}; labels {@code [N, 2, T]} of the offset and {@code [N, 2,
   *     T]} of the pen, each with a mask {@code [N, T]}; FLOAT
   */
  public MultiDataSet encode(List<PenTrace> traces) {
    int longest = traces.stream().mapToInt(PenTrace::length).max().orElseThrow();
    int count = traces.size();
    float[][][] features = new float[count][FEATURES][longest];
    float[][][] offsets = new float[count][2][longest];
    float[][][] pens = new float[count][FLAGS][longest];
    float[][] mask = new float[count][longest];
    for (int n = 0; n < count; n++) {
      PenTrace trace = traces.get(n);
      int last = trace.length() - 1;
      for (int t = 0; t <= last; t++) {
        double[] offset = standardize(trace.offsets()[t]);
        double[] next = feature(offset, trace.lifted()[t]);
        for (int i = 0; i < FEATURES && t < last; i++) {
          features[n][i][t + 1] = (float) next[i];
        }
        offsets[n][0][t] = (float) offset[0];
        offsets[n][1][t] = (float) offset[1];
        pens[n][0][t] = trace.lifted()[t] ? 1 : 0;
        pens[n][1][t] = t == last ? 1 : 0;
        mask[n][t] = 1;
      }
    }
    INDArray steps = Nd4j.createFromArray(mask);
    return new MultiDataSet(
        new INDArray[] {Nd4j.createFromArray(features)},
        new INDArray[] {Nd4j.createFromArray(offsets), Nd4j.createFromArray(pens)},
        null,
        new INDArray[] {steps, steps.dup()});
  }
}
