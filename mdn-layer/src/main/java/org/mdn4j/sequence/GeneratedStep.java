/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import java.util.Map;
import org.apache.commons.rng.UniformRandomProvider;

/** A step of a sequence that has just been drawn: the material of the next input. */
public final class GeneratedStep {
  private final int sequence;
  private final int index;
  private final double[] sample; // [D]
  private final Map<String, double[]> outputs;
  private final UniformRandomProvider random;

  GeneratedStep(
      int sequence,
      int index,
      double[] sample,
      Map<String, double[]> outputs,
      UniformRandomProvider random) {
    this.sequence = sequence;
    this.index = index;
    this.sample = sample;
    this.outputs = outputs;
    this.random = random;
  }

  /**
   * Returns the index of its sequence in the batch.
   *
   * @return the number of the sequence, in [0, N)
   */
  public int sequence() {
    return sequence;
  }

  /**
   * Returns the index of this step in its sequence, not counting a primer.
   *
   * @return the number of the step, from 0
   */
  public int index() {
    return index;
  }

  /**
   * Returns the sample drawn from the mixture.
   *
   * @return {@code [D]}, in the units of the network's labels
   */
  public double[] sample() {
    return sample.clone();
  }

  /**
   * Returns another output of a graph at this step, from which a pen's lift, say, can be drawn.
   *
   * @param name name of one of the graph's outputs
   * @return its activations for this sequence
   * @throws IllegalArgumentException if the network has no other output of this name
   */
  public double[] output(String name) {
    double[] output = outputs.get(name);
    if (output == null) {
      throw new IllegalArgumentException(
          "Expected the name of a further output, one of %s, got %s"
              .formatted(outputs.keySet(), name));
    }
    return output.clone();
  }

  /**
   * Returns the sequence's own source of randomness. Draws from it are as reproducible as the
   * samples.
   *
   * @return the generator from which the sample was drawn
   */
  public UniformRandomProvider random() {
    return random;
  }

  @Override
  public String toString() {
    return "step %s of sequence %s".formatted(index, sequence);
  }
}
