/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.mdn4j.examples.benchmark.Arithmetic;
import org.mdn4j.likelihood.fused.Exponential;

/**
 * The fused engine's own exponential, and its logarithm, which is {@code Math.log}. In the engine's
 * package because nothing else needs to see that exponential.
 */
public final class EngineArithmetic implements Arithmetic {
  private final double[] exponents;
  private final double[] sums;
  private final double[] exponentials;
  private final double[] logarithms;

  /**
   * Sets the numbers to work on.
   *
   * @param exponents of which the exponentials are asked
   * @param sums of which the logarithms are asked
   */
  public EngineArithmetic(float[] exponents, float[] sums) {
    this.exponents = doubles(exponents);
    this.sums = doubles(sums);
    this.exponentials = new double[exponents.length];
    this.logarithms = new double[sums.length];
  }

  @Override
  public void exponentials(int count) {
    for (int i = 0; i < count; i++) {
      exponentials[i] = Exponential.of(exponents[i]);
    }
  }

  @Override
  public void logarithms(int count) {
    for (int i = 0; i < count; i++) {
      logarithms[i] = Math.log(sums[i]);
    }
  }

  @Override
  public double exponential(int index) {
    return exponentials[index];
  }

  @Override
  public double logarithm(int index) {
    return logarithms[index];
  }

  @Override
  public String toString() {
    return "the engine's exponential, Math.log";
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
