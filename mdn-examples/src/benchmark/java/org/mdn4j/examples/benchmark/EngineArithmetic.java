/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

/** The exponential that the fused engine uses. */
final class EngineArithmetic implements Floor.Arithmetic {
  @Override
  public void exp(float[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) Math.exp(in[i]);
    }
  }

  @Override
  public void log(float[] in, float[] out, int count) {
    for (int i = 0; i < count; i++) {
      out[i] = (float) Math.log(in[i]);
    }
  }

  @Override
  public String name() {
    return "the engine's exponential, Math.log";
  }
}
