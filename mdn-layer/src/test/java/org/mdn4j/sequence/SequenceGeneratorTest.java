/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Drawing with {@link SequenceGenerator}. */
class SequenceGeneratorTest {
  private static final Temperature COLD = Temperature.of(1e-14);

  @Test
  void theSameSeedGivesTheSameSequences() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    GeneratedSequences first = generator.generate(3, 10, 5);
    assertEquals(first.samples(), generator.generate(3, 10, 5).samples());
    assertFalse(first.samples().equalsWithEps(generator.generate(3, 10, 6).samples(), 0.1));
    assertFalse(
        Arrays.deepEquals(first.samples(0), first.samples(1)), "each has randomness of its own");
    assertEquals(3, first.size());
    assertArrayEquals(new long[] {3, 2, 10}, first.samples().shape());
    for (int n = 0; n < 3; n++) {
      assertEquals(10, first.length(n));
      assertArrayEquals(first.samples(n), first.inputs(n));
    }
  }

  @Test
  void aSequenceIsTheSameInABatchOfAnySize() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    GeneratedSequences large = generator.generate(7, 12, 5);
    for (int size : new int[] {1, 2, 5}) {
      GeneratedSequences small = generator.generate(size, 12, 5);
      for (int n = 0; n < size; n++) {
        assertClose(large.samples(n), small.samples(n), 1e-9);
      }
    }
  }

  private static void assertClose(double[][] expected, double[][] actual, double delta) {
    assertEquals(expected.length, actual.length);
    for (int t = 0; t < expected.length; t++) {
      assertArrayEquals(expected[t], actual[t], delta);
    }
  }

  /** Colder and colder, each step goes to the heaviest component's location. */
  @ParameterizedTest
  @EnumSource(RNNFormat.class)
  void coldSequencesFollowTheHeaviestLocations(RNNFormat format) {
    MultiLayerNetwork net = Recurrent.net(2, 2, format);
    INDArray primer = Recurrent.random(format, 3, 2, 4, 1);
    double[][][] expected = followHeaviest(net, format, primer, 9);
    GeneratedSequences drawn = SequenceGenerator.of(net).temperature(COLD).generate(primer, 9, 1);
    for (int n = 0; n < 3; n++) {
      assertClose(expected[n], drawn.samples(n), 1e-5); // √τ σ = 1e-7 σ, and what it grows to
    }
    assertTrue(Math.abs(expected[0][8][0] - expected[1][8][0]) > 1e-3, "primers differ");
  }

  /** By DL4J's own rnnTimeStep, which is given the whole primer at once. */
  private static double[][][] followHeaviest(
      MultiLayerNetwork net, RNNFormat format, INDArray primer, int steps) {
    MixtureSpec spec =
        ((MixtureDensityRnnOutputLayer) net.getOutputLayer().conf().getLayer()).getSpec();
    int time = format == RNNFormat.NWC ? 1 : 2;
    int sequences = (int) primer.size(0);
    double[][][] path = new double[sequences][steps][];
    net.rnnClearPreviousState();
    INDArray output = net.rnnTimeStep(primer);
    for (int t = 0; t < steps; t++) {
      INDArray last = output.tensorAlongDimension((int) output.size(time) - 1, 0, 3 - time).dup();
      INDArray locations = MixtureBatch.of(spec, last).heaviestLocation(); // [N, D]
      for (int n = 0; n < sequences; n++) {
        path[n][t] = locations.getRow(n).toDoubleVector();
      }
      output =
          net.rnnTimeStep(
              format == RNNFormat.NWC
                  ? locations.reshape('c', sequences, 1, 2)
                  : locations.reshape('c', sequences, 2, 1));
    }
    net.rnnClearPreviousState();
    return path;
  }

  @Test
  void withoutAPrimerTheFirstInputIsZero() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    assertEquals(
        generator.generate(Nd4j.zeros(4, 2, 1), 5, 8).samples(),
        generator.generate(4, 5, 8).samples());
  }

  @Test
  void aPrimerActsOnItsOwnSequence() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    INDArray primer = Recurrent.random(RNNFormat.NCW, 2, 2, 3, 4);
    GeneratedSequences both = generator.generate(primer, 6, 3);
    INDArray first =
        primer.get(NDArrayIndex.interval(0, 1), NDArrayIndex.all(), NDArrayIndex.all());
    assertClose(both.samples(0), generator.generate(first, 6, 3).samples(0), 1e-9);
    GeneratedSequences repeated = generator.generate(first.dup().repeat(0, 2), 6, 3);
    assertClose(both.samples(0), repeated.samples(0), 1e-9);
    assertTrue(
        Math.abs(both.samples(1)[0][0] - repeated.samples(1)[0][0]) > 1e-3,
        "the second sequence had another primer");
  }

  /** y_t ~ N(0.4 h_t, 0.3²) with h_t = y_{t−1} + 0.5 h_{t−1}: the residuals are plain noise. */
  @Test
  void samplesHaveTheMomentsOfTheProcess() {
    GeneratedSequences drawn =
        SequenceGenerator.of(Recurrent.linear(0.5, 0.4, 0.3)).generate(300, 60, 9);
    assertNoise(residuals(drawn, 0.5, 0.4), 0.3);
    GeneratedSequences warmer =
        SequenceGenerator.of(Recurrent.linear(0.5, 0.4, 0.3))
            .temperature(Temperature.of(4))
            .generate(300, 60, 9);
    assertNoise(residuals(warmer, 0.5, 0.4), 0.6);
  }

  private static double[] residuals(GeneratedSequences drawn, double memory, double slope) {
    double[] residuals = new double[drawn.size() * drawn.length(0)];
    int i = 0;
    for (int n = 0; n < drawn.size(); n++) {
      double hidden = 0;
      for (double[] sample : drawn.samples(n)) {
        residuals[i++] = sample[0] - slope * hidden;
        hidden = sample[0] + memory * hidden;
      }
    }
    return residuals;
  }

  /** Mean, variance and lag-1 correlation within 4 standard errors of white Gaussian noise. */
  private static void assertNoise(double[] residuals, double deviation) {
    int count = residuals.length;
    double mean = Arrays.stream(residuals).average().orElseThrow();
    double square = Arrays.stream(residuals).map(r -> r * r).average().orElseThrow();
    double lagged =
        IntStream.range(1, count)
            .mapToDouble(i -> residuals[i - 1] * residuals[i])
            .average()
            .orElseThrow();
    double variance = deviation * deviation;
    assertEquals(0, mean, 4 * deviation / Math.sqrt(count));
    assertEquals(variance, square, 4 * variance * Math.sqrt(2.0 / count));
    assertEquals(0, lagged, 4 * variance / Math.sqrt(count));
  }

  @Test
  void aFeedbackFunctionSeesTheStepAndMakesTheInput() {
    ComputationGraph graph = Recurrent.graph(4);
    double[] conditions = {-2, 0.5};
    List<String> seen = new ArrayList<>();
    GeneratedSequences drawn =
        SequenceGenerator.of(graph)
            .feedback(
                step -> {
                  seen.add(step.sequence() + ":" + step.index());
                  double pen = step.random().nextDouble() < step.output("pen")[0] ? 1 : 0;
                  double[] offset = step.sample();
                  return new double[] {offset[0], offset[1], pen, conditions[step.sequence()]};
                })
            .generate(2, 30, 4);
    assertEquals(60, seen.size());
    assertEquals(List.of("0:0", "1:0", "0:1", "1:1"), seen.subList(0, 4));
    double[][] inputs = drawn.inputs(1);
    double lifts = 0;
    for (int t = 0; t < 30; t++) {
      assertArrayEquals(drawn.samples(1)[t], Arrays.copyOf(inputs[t], 2));
      assertEquals(0.5, inputs[t][3]);
      lifts += inputs[t][2];
    }
    assertTrue(0 < lifts && lifts < 30, "the pen is lifted at times: " + lifts);

    // The sequence that the network would see as features gives the pen's output.
    INDArray features =
        Nd4j.concat(
            2,
            Nd4j.zeros(2, 4, 1).castTo(graph.params().dataType()),
            drawn
                .inputs()
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 29)));
    INDArray pens = graph.output(features)[0]; // [N, 1, T]
    List<Double> lifted = new ArrayList<>();
    SequenceGenerator.of(graph)
        .feedback(
            step -> {
              step.random().nextDouble();
              if (step.sequence() == 1) {
                lifted.add(step.output("pen")[0]);
              }
              return drawn.inputs(step.sequence())[step.index()];
            })
        .generate(2, 30, 4);
    for (int t = 0; t < 30; t++) {
      assertEquals(pens.getDouble(1, 0, t), lifted.get(t), 1e-9);
    }
  }

  @Test
  void aStopConditionEndsItsOwnSequence() {
    SequenceGenerator generator = SequenceGenerator.of(Recurrent.net(2));
    GeneratedSequences whole = generator.generate(3, 20, 2);
    GeneratedSequences stopped =
        generator
            .stopWhen((step, input) -> step.index() == 3 + 4 * step.sequence())
            .generate(3, 20, 2);
    assertArrayEquals(new long[] {3, 2, 12}, stopped.samples().shape());
    for (int n = 0; n < 3; n++) {
      assertEquals(4 + 4 * n, stopped.length(n));
      assertArrayEquals(Arrays.copyOf(whole.samples(n), 4 + 4 * n), stopped.samples(n));
      for (int t = 0; t < 12; t++) {
        boolean is = t < stopped.length(n);
        assertEquals(is ? 1 : 0, stopped.mask().getDouble(n, t));
        assertEquals(is ? whole.samples(n)[t][1] : 0, stopped.samples().getDouble(n, 1, t));
        assertEquals(is ? whole.samples(n)[t][0] : 0, stopped.inputs().getDouble(n, 0, t));
      }
    }
    assertEquals(1, generator.stopWhen((step, input) -> true).generate(2, 20, 2).length(1));
  }

  @Test
  void aStopConditionSeesTheInput() {
    GeneratedSequences drawn =
        SequenceGenerator.of(Recurrent.graph(2))
            .feedback(step -> new double[] {step.sample()[0], step.index()})
            .stopWhen((step, input) -> input[1] == 4)
            .generate(2, 20, 2);
    assertEquals(5, drawn.length(0));
  }

  @Test
  void everyKindOfNetworkDrawsTheSame() {
    MultiLayerNetwork ncw = Recurrent.net(2);
    MultiLayerNetwork nwc = Recurrent.net(2, 2, RNNFormat.NWC);
    nwc.setParams(ncw.params());
    ComputationGraph graph = ncw.toComputationGraph();
    INDArray primer = Recurrent.random(RNNFormat.NCW, 2, 2, 3, 4);
    GeneratedSequences drawn = SequenceGenerator.of(ncw).generate(primer, 8, 3);
    GeneratedSequences otherFormat =
        SequenceGenerator.of(nwc).generate(primer.permute(0, 2, 1), 8, 3);
    assertTrue(drawn.samples().equalsWithEps(otherFormat.samples().permute(0, 2, 1), 1e-9));
    assertTrue(
        drawn
            .samples()
            .equalsWithEps(SequenceGenerator.of(graph).generate(primer, 8, 3).samples(), 1e-9));
  }

  @Test
  void aHeadIsChosenByName() {
    ComputationGraph graph =
        Recurrent.graph(
            2, Recurrent.lstm(2, RNNFormat.NCW), RNNFormat.NCW, List.of("first", "second"));
    assertFalse(
        SequenceGenerator.of(graph, "first")
            .generate(1, 3, 3)
            .samples()
            .equalsWithEps(
                SequenceGenerator.of(graph, "second").generate(1, 3, 3).samples(), 1e-3));
  }

  @Test
  void denseLayersMayStandBetween() {
    MultiLayerNetwork net = Recurrent.withDenseLayers();
    INDArray primer = Recurrent.random(RNNFormat.NCW, 3, 2, 4, 1);
    double[][][] expected = followHeaviest(net, RNNFormat.NCW, primer, 5);
    GeneratedSequences drawn = SequenceGenerator.of(net).temperature(COLD).generate(primer, 5, 1);
    assertClose(expected[2], drawn.samples(2), 1e-5);
  }

  @Test
  void theNetworksStateIsPutBack() {
    INDArray steps = Recurrent.random(RNNFormat.NCW, 2, 2, 2, 6);
    MultiLayerNetwork net = Recurrent.net(2);
    INDArray undisturbed = net.rnnTimeStep(steps);
    net.rnnClearPreviousState();
    net.rnnTimeStep(step(steps, 0));
    SequenceGenerator generator = SequenceGenerator.of(net);
    generator.generate(5, 4, 1);
    assertThrows(
        IllegalStateException.class,
        () ->
            generator
                .feedback(
                    step -> {
                      throw new IllegalStateException("no");
                    })
                .generate(5, 4, 1));
    assertTrue(step(undisturbed, 1).equalsWithEps(net.rnnTimeStep(step(steps, 1)), 1e-12));

    // Of layers in wrappers too, whose state a graph's rnnClearPreviousState forgets to clear.
    ComputationGraph graph =
        Recurrent.graph(
            2, new FrozenLayer(Recurrent.lstm(2, RNNFormat.NCW)), RNNFormat.NCW, List.of("offset"));
    SequenceGenerator frozen = SequenceGenerator.of(graph);
    INDArray before = frozen.generate(2, 4, 1).samples();
    undisturbed = graph.rnnTimeStep(steps)[1];
    assertEquals(before, frozen.generate(2, 4, 1).samples(), "from the beginning");
    INDArray next = Recurrent.random(RNNFormat.NCW, 2, 2, 1, 7);
    assertTrue(
        step(graph.output(Nd4j.concat(2, steps, next))[1], 2)
            .equalsWithEps(graph.rnnTimeStep(next)[1], 1e-12));
  }

  private static INDArray step(INDArray sequences, int t) {
    return sequences
        .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(t, t + 1))
        .dup();
  }

  @Test
  void threadsMayShareANetwork() throws Exception {
    MultiLayerNetwork net = Recurrent.net(2);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    try {
      List<Future<INDArray>> drawn = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        int size = 1 + i % 4;
        Callable<INDArray> task =
            () -> SequenceGenerator.of(net).generate(size, 15, size).samples();
        drawn.add(pool.submit(task));
      }
      for (int i = 0; i < 8; i++) {
        int size = 1 + i % 4;
        assertEquals(
            SequenceGenerator.of(net).generate(size, 15, size).samples(), drawn.get(i).get());
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
