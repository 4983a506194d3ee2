/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import org.mdn4j.MixtureSpec;

/** PyTorch, eager, forward and backward. */
final class PyTorchLikelihood implements LikelihoodSystem {
  private final NDManager manager = NDManager.newBaseManager();
  private final Engine engine = Engine.getEngine("PyTorch");
  private final PyTorchMixture mixture;
  private final NDArray raw; // [N, P]
  private final NDArray labels;

  PyTorchLikelihood(MixtureSpec spec, float[] raw, float[] labels) {
    mixture = new PyTorchMixture(spec);
    int width = spec.parameterCount();
    this.raw = manager.create(raw, new Shape(raw.length / width, width));
    this.labels = mixture.labels(manager.create(labels));
  }

  @Override
  public Object run() {
    try (NDManager scope = manager.newSubManager()) {
      return pass(scope);
    }
  }

  @Override
  public Result result() {
    try (NDManager scope = manager.newSubManager()) {
      NDArray[] pass = pass(scope);
      return new Result(pass[0].getFloat(), pass[1].toFloatArray());
    }
  }

  /**
   * Runs a pass over a new leaf each time, as a network's output is, so that gradients do not add
   * up.
   */
  private NDArray[] pass(NDManager scope) {
    try (GradientCollector collector = engine.newGradientCollector()) {
      NDArray leaf = raw.stopGradient();
      leaf.attach(scope);
      leaf.setRequiresGradient(true);
      NDArray score = mixture.score(leaf, labels);
      collector.backward(score);
      return new NDArray[] {score, leaf.getGradient()};
    }
  }

  @Override
  public Long offHeapBytes() {
    return null;
  }

  @Override
  public int threads() {
    return JniUtils.getNumThreads();
  }

  @Override
  public String settings() {
    return "DJL's NDArray and GradientCollector";
  }

  @Override
  public void close() {
    manager.close();
  }
}
