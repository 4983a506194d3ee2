/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The JDK's vector module; needs {@code --add-modules jdk.incubator.vector}. */
final class VectorArithmetic implements Floor.Arithmetic {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

  @Override
  public void exp(float[] in, float[] out, int count) {
    int i = 0;
    for (; i < SPECIES.loopBound(count); i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, in, i).lanewise(VectorOperators.EXP).intoArray(out, i);
    }
    if (i < count) {
      VectorMask<Float> rest = SPECIES.indexInRange(i, count);
      FloatVector.fromArray(SPECIES, in, i, rest)
          .lanewise(VectorOperators.EXP)
          .intoArray(out, i, rest);
    }
  }

  @Override
  public void log(float[] in, float[] out, int count) {
    int i = 0;
    for (; i < SPECIES.loopBound(count); i += SPECIES.length()) {
      FloatVector.fromArray(SPECIES, in, i).lanewise(VectorOperators.LOG).intoArray(out, i);
    }
    for (; i < count; i++) {
      out[i] = (float) Math.log(in[i]);
    }
  }

  @Override
  public String name() {
    return "jdk.incubator.vector, " + SPECIES;
  }
}
