/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.rows.Layout;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * N sequences that a {@link SequenceGenerator} drew, each of its own length, at least 1. Values are
 * in the units of the network's labels and inputs. The arrays returned are copies.
 */
public final class GeneratedSequences {
  private final Layout layout;
  private final List<List<double[]>> samples = new ArrayList<>(); // [N][T_n][D]
  private final List<List<double[]>> inputs = new ArrayList<>(); // [N][T_n][inputs]

  GeneratedSequences(Layout layout, int size) {
    this.layout = layout;
    for (int n = 0; n < size; n++) {
      samples.add(new ArrayList<>());
      inputs.add(new ArrayList<>());
    }
  }

  void add(int sequence, double[] sample, double[] input) {
    samples.get(sequence).add(sample);
    inputs.get(sequence).add(input);
  }

  /**
   * Returns the number of sequences N.
   *
   * @return N
   */
  public int size() {
    return samples.size();
  }

  /**
   * Returns the number of steps of a sequence, without its primer.
   *
   * @param sequence in [0, N)
   * @return T_n, at least 1
   * @throws IndexOutOfBoundsException if there is no such sequence
   */
  public int length(int sequence) {
    return samples.get(sequence).size();
  }

  /**
   * Returns the samples of a sequence.
   *
   * @param sequence in [0, N)
   * @return {@code [T_n][D]}
   * @throws IndexOutOfBoundsException if there is no such sequence
   */
  public double[][] samples(int sequence) {
    return copy(samples.get(sequence));
  }

  /**
   * Returns the inputs that the samples of a sequence became: with the default feedback the sample
   * itself, else the result of the feedback function.
   *
   * @param sequence in [0, N)
   * @return {@code [T_n][inputs]}, of which the last was not seen by the network
   * @throws IndexOutOfBoundsException if there is no such sequence
   */
  public double[][] inputs(int sequence) {
    return copy(inputs.get(sequence));
  }

  private static double[][] copy(List<double[]> steps) {
    return steps.stream().map(double[]::clone).toArray(double[][]::new);
  }

  /**
   * Returns all samples, in the shape of the network's labels, with zeros after the end of a
   * sequence.
   *
   * @return {@code [N, D, T]}, in the format NWC {@code [N, T, D]}, T the longest length; DOUBLE
   */
  public INDArray samples() {
    return padded(samples);
  }

  /**
   * Returns all inputs, in the shape of the network's features, with zeros after the end of a
   * sequence.
   *
   * @return {@code [N, inputs, T]}, in the format NWC {@code [N, T, inputs]}; DOUBLE
   */
  public INDArray inputs() {
    return padded(inputs);
  }

  private INDArray padded(List<List<double[]>> sequences) {
    int width = sequences.get(0).get(0).length;
    double[] values = new double[size() * longest() * width]; // [N, T, width]
    for (int n = 0; n < size(); n++) {
      List<double[]> steps = sequences.get(n);
      for (int t = 0; t < steps.size(); t++) {
        System.arraycopy(steps.get(t), 0, values, (n * longest() + t) * width, width);
      }
    }
    long[] shape = {size(), width, width};
    shape[layout.stepDimension()] = longest();
    return layout.array(Nd4j.createFromArray(values), shape).dup('c');
  }

  /**
   * Returns a mask, of labels or features, of the steps that the sequences have.
   *
   * @return {@code [N, T]}, 1 for a step of the sequence, 0 after its end; DOUBLE
   */
  public INDArray mask() {
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, size(), longest());
    for (int n = 0; n < size(); n++) {
      for (int t = 0; t < length(n); t++) {
        mask.putScalar(n, t, 1);
      }
    }
    return mask;
  }

  private int longest() {
    return samples.stream().mapToInt(List::size).max().orElseThrow();
  }
}
