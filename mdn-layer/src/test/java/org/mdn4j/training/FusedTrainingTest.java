/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * FusedTraining against DL4J's own fit, over random networks and minibatches; over more of them
 * with {@code -Dmdn4j.randomNets=1000}.
 */
@Tag("slow")
class FusedTrainingTest {
  private static final int NETS = Integer.getInteger("mdn4j.randomNets", 24);

  static IntStream seeds() {
    return IntStream.range(0, NETS);
  }

  static IntStream fewSeeds() {
    return IntStream.range(10_000, 10_000 + NETS / 2);
  }

  private static FusedTraining training(Model net) {
    assertEquals(Optional.empty(), FusedTraining.reasonAgainst(net));
    return net instanceof MultiLayerNetwork layered
        ? FusedTraining.of(layered)
        : FusedTraining.of((ComputationGraph) net);
  }

  private static void fit(Model net, RandomDenseNet.Data data) {
    try (FusedTraining training = training(net)) {
      training.fit(data.features(), data.labels(), data.mask());
    }
  }

  /** Keeps the gradients of each pass. */
  private static final class Gradients extends BaseTrainingListener {
    final List<double[]> kept = new ArrayList<>();

    @Override
    public void onGradientCalculation(Model model) {
      kept.add(model.gradient().gradient().castTo(DataType.DOUBLE).toDoubleVector());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gradientOfAStepInDouble(int seed) {
    assertSameGradient(seed, DataType.DOUBLE, 1e-9);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void gradientOfAStepInFloat(int seed) {
    assertSameGradient(seed, DataType.FLOAT, 2e-5);
  }

  /** Relative to the largest entry: small ones are differences of large numbers. */
  private static void assertSameGradient(int seed, DataType dtype, double relative) {
    RandomDenseNet random = new RandomDenseNet(seed, dtype, false, false);
    assertSameGradient(random, random.data(), relative);
  }

  private static void assertSameGradient(
      RandomDenseNet random, RandomDenseNet.Data data, double relative) {
    Model expected = random.copy();
    Model fused = random.copy();
    Gradients expectedGradients = new Gradients();
    Gradients gradients = new Gradients();
    expected.setListeners(expectedGradients);
    fused.setListeners(gradients);
    data.fit(expected);
    fit(fused, data);
    double[] a = expectedGradients.kept.get(0);
    double largest = max(a);
    assertArrayEquals(a, gradients.kept.get(0), relative * largest + 1e-30, random::toString);
    assertEquals(
        expected.score(), fused.score(), 100 * relative * (1 + Math.abs(expected.score())));
  }

  private static double max(double[] values) {
    double max = 0;
    for (double value : values) {
      max = Math.max(max, Math.abs(value));
    }
    return max;
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void parametersAndStateAfterAHundredSteps(int seed) {
    RandomDenseNet random = new RandomDenseNet(seed, DataType.DOUBLE, false, true);
    List<RandomDenseNet.Data> data = List.of(random.data(), random.data(), random.data());
    Model expected = random.copy();
    Model fused = random.copy();
    try (FusedTraining training = training(fused)) {
      for (int step = 0; step < 100; step++) {
        RandomDenseNet.Data batch = data.get(step % data.size());
        batch.fit(expected);
        training.fit(batch.features(), batch.labels(), batch.mask());
      }
    }
    assertSame(expected, fused, 1e-7, random);
  }

  private static void assertSame(
      Model expected, Model actual, double tolerance, RandomDenseNet random) {
    assertClose(expected.params(), actual.params(), tolerance, random + " parameters");
    INDArray state = updater(expected).getStateViewArray();
    if (state != null) {
      assertClose(state, updater(actual).getStateViewArray(), tolerance, random + " state");
    }
    assertEquals(
        expected.score(), actual.score(), tolerance * (1 + Math.abs(expected.score())), "score");
    assertEquals(counts(expected), counts(actual));
  }

  private static void assertClose(INDArray a, INDArray b, double tolerance, String what) {
    double[] expected = a.castTo(DataType.DOUBLE).toDoubleVector();
    assertTrue(Double.isFinite(max(expected)), what + " of DL4J");
    assertArrayEquals(
        expected,
        b.castTo(DataType.DOUBLE).toDoubleVector(),
        tolerance * Math.max(1, max(expected)),
        what);
  }

  private static BaseMultiLayerUpdater<?> updater(Model net) {
    return net instanceof MultiLayerNetwork layered
        ? (BaseMultiLayerUpdater<?>) layered.getUpdater()
        : ((ComputationGraph) net).getUpdater();
  }

  private static List<Integer> counts(Model net) {
    return net instanceof MultiLayerNetwork layered
        ? List.of(layered.getIterationCount(), layered.getEpochCount())
        : List.of(
            ((ComputationGraph) net).getIterationCount(), ((ComputationGraph) net).getEpochCount());
  }

  @ParameterizedTest
  @MethodSource("fewSeeds")
  void savedLoadedAndContinuedByTheOther(int seed) throws IOException {
    RandomDenseNet random = new RandomDenseNet(seed, DataType.DOUBLE, false, true);
    RandomDenseNet.Data data = random.data();
    Model expected = random.copy();
    Model mixed = random.copy();
    for (int round = 0; round < 3; round++) {
      for (int step = 0; step < 4; step++) {
        data.fit(expected);
        if (round % 2 == 0) {
          fit(mixed, data);
        } else {
          data.fit(mixed);
        }
      }
      mixed = savedAndLoaded(mixed);
    }
    assertClose(expected.params(), mixed.params(), 1e-9, random.toString());
    assertEquals(counts(expected), counts(mixed));
  }

  private static Model savedAndLoaded(Model net) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ModelSerializer.writeModel(net, file, true);
    ByteArrayInputStream in = new ByteArrayInputStream(file.toByteArray());
    return net instanceof MultiLayerNetwork
        ? ModelSerializer.restoreMultiLayerNetwork(in, true)
        : ModelSerializer.restoreComputationGraph(in, true);
  }

  /** More rows than all blocks together hold, so that some run after each other into one sum. */
  @Test
  void gradientOfManyRows() {
    for (int seed : new int[] {300, 301, 302}) {
      RandomDenseNet random = new RandomDenseNet(seed, DataType.DOUBLE, false, true);
      assertSameGradient(random, random.data(5000 + seed), 1e-9);
    }
  }

  @Test
  void doesNotDependOnThreads() {
    for (int seed = 200; seed < 206; seed++) {
      RandomDenseNet random = new RandomDenseNet(seed, DataType.FLOAT, true, false);
      RandomDenseNet.Data data = seed < 204 ? random.data() : random.data(3000);
      Model alone = random.copy();
      Model together = random.copy();
      Model crowded = random.copy();
      for (int step = 0; step < 3; step++) {
        try (FusedTraining training = FusedTraining.inOneThread(alone)) {
          training.fit(data.features(), data.labels(), data.mask());
        }
        fit(together, data);
        ForkJoinPool pool = new ForkJoinPool(5);
        pool.submit(() -> fit(crowded, data)).join();
        pool.shutdown();
      }
      assertEquals(alone.params(), together.params());
      assertArrayEquals(
          alone.params().toFloatVector(), together.params().toFloatVector(), 0, "pool of one");
      assertArrayEquals(
          alone.params().toFloatVector(), crowded.params().toFloatVector(), 0, "pool of five");
      assertTrue(Double.isFinite(alone.score()));
    }
  }
}
