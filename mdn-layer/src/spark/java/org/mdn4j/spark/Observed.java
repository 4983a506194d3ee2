/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.Atoms;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The labels of a minibatch.
 *
 * @param numbers {@code [N][D]}, or {@code [N][2 D]} of intervals
 * @param censored whether these are intervals
 * @param known whether a row has labels; others have numbers such as any might be
 */
record Observed(double[][] numbers, boolean censored, boolean[] known) {

  /** Returns the labels as the likelihood takes them. */
  INDArray labels() {
    return Nd4j.createFromArray(numbers);
  }

  /** Returns whether a row has exact labels, each a value. */
  boolean isExact(int row) {
    boolean exact = known[row];
    for (int i = 0; censored && i < numbers[row].length; i += 2) {
      exact &= numbers[row][i] == numbers[row][i + 1];
    }
    return exact;
  }

  /** Returns the values of exact labels, {@code [N]}; 0 in other rows. */
  INDArray exact() {
    double[] values = new double[numbers.length];
    Arrays.setAll(values, row -> isExact(row) ? numbers[row][0] : 0);
    return Nd4j.createFromArray(values);
  }

  /**
   * Returns the probability integral transforms, {@code [N]}: of an interval a random number
   * between those of its ends.
   */
  double[] pit(MixtureBatch predicted, long seed) {
    double[] pits = predicted.pit(exact(), seed).toDoubleVector();
    Atoms atoms = new Atoms(predicted.atoms());
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    for (int row = 0; censored && row < pits.length; row++) {
      if (known[row] && !isExact(row)) {
        double lower = atoms.nearest(numbers[row][0]);
        double upper = atoms.nearest(numbers[row][1]);
        pits[row] = predicted.get(row).pit(lower, upper, random);
      }
    }
    return pits;
  }
}
