/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import ai.djl.nn.core.Linear;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.GradientCollector;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/** The same net in PyTorch, eager, with the Adam step that DJL has as one native call. */
final class PyTorchFit implements FitSystem {
  private record Parameter(NDArray value, NDArray firstMoment, NDArray secondMoment) {}

  private final NDManager manager = NDManager.newBaseManager();
  private final Engine engine = Engine.getEngine("PyTorch");
  private final FitCase fitCase;
  private final PyTorchMixture mixture;
  private final List<Parameter> weights = new ArrayList<>(); // [out, in]
  private final List<Parameter> biases = new ArrayList<>(); // [out]
  private final NDArray features; // [N, inputs]
  private final NDArray labels; // [N, 1]
  private final NDArray score; // of the last iteration
  private int steps;

  PyTorchFit(FitInput input) {
    fitCase = input.fitCase();
    mixture = new PyTorchMixture(fitCase.spec());
    PlainNet start = input.net();
    for (int layer = 0; layer < start.layers(); layer++) {
      float[] bias = start.biases(layer);
      float[] weight = start.weights(layer);
      NDArray inputMajor =
          manager.create(weight, new Shape(weight.length / bias.length, bias.length));
      weights.add(parameter(inputMajor.transpose().duplicate()));
      biases.add(parameter(manager.create(bias)));
    }
    features = manager.create(input.features(), new Shape(fitCase.rows(), fitCase.inputs()));
    labels = mixture.labels(manager.create(input.labels()));
    score = manager.zeros(new Shape());
  }

  private static Parameter parameter(NDArray value) {
    value.setRequiresGradient(true);
    return new Parameter(value, value.zerosLike(), value.zerosLike());
  }

  @Override
  public void fit() {
    try (NDManager scope = manager.newSubManager()) {
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray output = features.stopGradient();
        output.attach(scope);
        NDArray mean = mixture.score(forward(output), labels).div(features.getShape().get(0));
        collector.backward(mean);
        mean.copyTo(score);
      }
      steps++;
      for (int layer = 0; layer < weights.size(); layer++) {
        update(weights.get(layer), biases.get(layer));
      }
    }
  }

  private NDArray forward(NDArray features) {
    NDArray output = features;
    for (int layer = 0; layer < weights.size(); layer++) {
      output =
          Linear.linear(output, weights.get(layer).value(), biases.get(layer).value())
              .singletonOrThrow();
      if (layer < weights.size() - 1) {
        output = fitCase.swish() ? Activation.swish(output, 1) : output.tanh();
      }
    }
    return output;
  }

  /** Returns the log density of each row, block by block, {@code [N]}. */
  float[] logDensities(int blockRows) {
    int rows = fitCase.rows();
    FloatBuffer all = FloatBuffer.allocate(rows);
    for (int from = 0; from < rows; from += blockRows) {
      NDIndex block = new NDIndex("%s:%s".formatted(from, Math.min(rows, from + blockRows)));
      try (NDManager scope = manager.newSubManager()) {
        NDArray some = features.get(scope, block);
        NDArray targets = labels.get(scope, block);
        all.put(mixture.logDensity(forward(some), targets).toFloatArray());
      }
    }
    return all.array();
  }

  private void update(Parameter weights, Parameter biases) {
    try (NDArray weightGradient = weights.value().getGradient();
        NDArray biasGradient = biases.value().getGradient()) {
      if (fitCase.clipping() > 0) {
        NDArray norm = weightGradient.square().sum().add(biasGradient.square().sum()).sqrt();
        NDArray factor = norm.div((float) fitCase.clipping()).maximum(1f);
        weightGradient.divi(factor);
        biasGradient.divi(factor);
      }
      if (fitCase.weightDecay() > 0) {
        weights.value().muli((float) (1 - PlainNet.LEARNING_RATE * fitCase.weightDecay()));
      }
      update(weights, weightGradient);
      update(biases, biasGradient);
    }
  }

  private void update(Parameter parameter, NDArray gradient) {
    double rate =
        PlainNet.LEARNING_RATE
            * Math.sqrt(1 - Math.pow(PlainNet.BETA2, steps))
            / (1 - Math.pow(PlainNet.BETA1, steps));
    parameter
        .value()
        .getNDArrayInternal()
        .adamUpdate(
            new NDList(
                parameter.value(), gradient, parameter.firstMoment(), parameter.secondMoment()),
            new NDList(parameter.value()),
            (float) PlainNet.LEARNING_RATE,
            (float) rate,
            0,
            1,
            -1,
            (float) PlainNet.BETA1,
            (float) PlainNet.BETA2,
            (float) PlainNet.EPSILON,
            false,
            false);
  }

  @Override
  public double lastScore() {
    return score.getFloat();
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
    return "DJL's NDArray, GradientCollector and native Adam";
  }

  @Override
  public void close() {
    manager.close();
  }
}
