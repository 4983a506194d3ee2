/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The arithmetic of the JDK's vector module; needs {@code --add-modules jdk.incubator.vector}. */
final class VectorArithmetic implements Arithmetic {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  private final float[] exponents;
  private final float[] sums;
  private final float[] exponentials;
  private final float[] logarithms;

  VectorArithmetic(float[] exponents, float[] sums) {
    this.exponents = exponents;
    this.sums = sums;
    this.exponentials = new float[exponents.length];
    this.logarithms = new float[sums.length];
  }

  @Override
  public void exponentials(int count) {
    int i = 0;
    for (; i < SPECIES.loopBound(count); i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, exponents, i)
          .lanewise(VectorOperators.EXP)
          .intoArray(exponentials, i);
    }
    if (i < count) {
      VectorMask<Float> rest = SPECIES.indexInRange(i, count);
      FloatVector.fromArray(SPECIES, exponents, i, rest)
          .lanewise(VectorOperators.EXP)
          .intoArray(exponentials, i, rest);
    }
  }

  @Override
  public void logarithms(int count) {
    int i = 0;
    for (; i < SPECIES.loopBound(count); i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, sums, i)
          .lanewise(VectorOperators.LOG)
          .intoArray(logarithms, i);
    }
    for (; i < count; i++) {
      logarithms[i] = (float) Math.log(sums[i]);
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
    return "jdk.incubator.vector, " + SPECIES;
  }
}
