/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.sequence;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.rng.JumpableUniformRandomProvider;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/**
 * A generator that draws sequences from a trained recurrent network step by step, each sample fed
 * back as the next input, and that scores given sequences. The network must have learned to predict
 * the next step from the steps so far, its inputs being its labels one step late:
 *
 * <pre>
 *   p(y_1, …, y_T) = Π_t p(y_t | y_1, …, y_{t−1})
 * </pre>
 *
 * <pre>{@code
 * SequenceGenerator generator = SequenceGenerator.of(net).temperature(Temperature.of(0.5));
 * double[][] sequence = generator.generate(1, 200, 42).samples(0); // [200][D]
 * }</pre>
 *
 * <p>Where the input holds more than the last sample, a feedback function makes it. For example, a
 * graph with a second, sigmoid head "pen" is given whether it lifted the pen, and stops when it did
 * so:
 *
 * <pre>{@code
 * SequenceGenerator.of(graph)
 *     .feedback(
 *         step -> {
 *           double[] offset = step.sample();
 *           double lifted = step.random().nextDouble() < step.output("pen")[0] ? 1 : 0;
 *           return new double[] {offset[0], offset[1], lifted};
 *         })
 *     .stopWhen((step, input) -> input[2] == 1)
 * }</pre>
 *
 * <p>Source: A. Graves, <i>Generating Sequences With Recurrent Neural Networks</i> (2013), sections
 * 2 and 4; the temperature: D. Ha and D. Eck, <i>A Neural Representation of Sketch Drawings</i>
 * (2017), section 3.3.
 *
 * <p>Immutable, but for the network: generating moves the state of its recurrent layers ({@code
 * rnnTimeStep}) and puts it back afterwards, also after an exception. Calls hold the network's
 * monitor, so that several threads may use generators of one network, one after the other. DL4J's
 * {@code output} holds it as well, but {@code rnnTimeStep} does not: do not call it at the same
 * time. Clones of a network generate at once.
 */
public final class SequenceGenerator {
  private final StepwiseNetwork network;
  private final Temperature temperature;
  private final Function<GeneratedStep, double[]> feedback; // null: the sample
  private final BiPredicate<GeneratedStep, double[]> stop;

  private SequenceGenerator(
      StepwiseNetwork network,
      Temperature temperature,
      Function<GeneratedStep, double[]> feedback,
      BiPredicate<GeneratedStep, double[]> stop) {
    this.network = network;
    this.temperature = temperature;
    this.feedback = feedback;
    this.stop = stop;
  }

  private static SequenceGenerator of(StepwiseNetwork network) {
    return new SequenceGenerator(network, Temperature.of(1), null, (step, input) -> false);
  }

  /**
   * Creates a generator at temperature 1, which feeds back the sample alone and stops nowhere.
   *
   * @param net an initialised network that ends in a {@code MixtureDensityRnnOutputLayer}
   * @return the generator
   * @throws IllegalArgumentException if the network has no such head, is not initialised, its first
   *     layer has no input width, or a layer sees several steps at once (bidirectional, 1-D
   *     convolution or pooling, attention)
   */
  public static SequenceGenerator of(MultiLayerNetwork net) {
    return of(StepwiseNetwork.of(net));
  }

  /**
   * Creates a generator as {@link #of(MultiLayerNetwork)} does.
   *
   * @param graph an initialised graph with one input, and one {@code MixtureDensityRnnOutputLayer}
   *     among its outputs
   * @return the generator
   * @throws IllegalArgumentException as {@link #of(MultiLayerNetwork)}, and if the graph has
   *     several inputs or several such heads
   */
  public static SequenceGenerator of(ComputationGraph graph) {
    return of(StepwiseNetwork.of(graph, null));
  }

  /**
   * Creates a generator as {@link #of(ComputationGraph)} does, for a graph with several heads.
   *
   * @param graph an initialised graph with one input
   * @param output name of the {@code MixtureDensityRnnOutputLayer} from which to draw
   * @return the generator
   * @throws IllegalArgumentException as {@link #of(ComputationGraph)}, and if there is no such head
   */
  public static SequenceGenerator of(ComputationGraph graph, String output) {
    return of(
        StepwiseNetwork.of(
            graph, Objects.requireNonNull(output, "Expected the name of an output, got null")));
  }

  /**
   * Returns a copy of this generator with another temperature.
   *
   * @param temperature divides the logits and multiplies the variances at every step
   * @return the changed generator
   * @throws NullPointerException if the temperature is null
   */
  public SequenceGenerator temperature(Temperature temperature) {
    Objects.requireNonNull(temperature, "Expected a temperature, got null");
    return new SequenceGenerator(network, temperature, feedback, stop);
  }

  /**
   * Returns a copy of this generator with another feedback, which makes the next input.
   *
   * @param feedback gives, after each step, the network's next input, as wide as its input and
   *     finite; called once per step and sequence, also for the last
   * @return the changed generator
   * @throws NullPointerException if the function is null
   */
  public SequenceGenerator feedback(Function<GeneratedStep, double[]> feedback) {
    Objects.requireNonNull(feedback, "Expected a feedback function, got null");
    return new SequenceGenerator(network, temperature, feedback, stop);
  }

  /**
   * Returns a copy of this generator with another rule for the end of a sequence.
   *
   * @param stop tells, from a step and the input that it became, whether it is its sequence's last;
   *     other sequences of the batch go on
   * @return the changed generator
   * @throws NullPointerException if the condition is null
   */
  public SequenceGenerator stopWhen(BiPredicate<GeneratedStep, double[]> stop) {
    Objects.requireNonNull(stop, "Expected a stop condition, got null");
    return new SequenceGenerator(network, temperature, feedback, stop);
  }

  /**
   * Draws sequences whose first input is a step of zeros.
   *
   * @param sequences number of sequences N, at least 1
   * @param steps number of steps T, at least 1; fewer where the stop condition holds
   * @param seed see {@link #generate(INDArray, int, long)}
   * @return N sequences
   * @throws IllegalArgumentException as {@link #generate(INDArray, int, long)}, or if N is below 1
   */
  public GeneratedSequences generate(int sequences, int steps, long seed) {
    require(sequences >= 1, "Expected at least 1 sequence, got %d", sequences);
    return generate(network.step(new double[sequences][network.inputs()]), steps, seed);
  }

  /**
   * Draws sequences that continue given steps.
   *
   * <p>Sequence n draws from {@link RandomSource#XO_RO_SHI_RO_128_PP} with this seed, after n of
   * its jumps: it is the same in a batch of any size, to the rounding of the network's own
   * arithmetic, which may depend on the size.
   *
   * @param primer inputs that the network sees first, in its format: {@code [N, inputs, S]}, or NWC
   *     {@code [N, S, inputs]}; S ≥ 1 steps. The first sample follows the last of them. For
   *     sequences with the same primer, {@code primer.repeat(0, N)}
   * @param steps number of steps T, at least 1; fewer where the stop condition holds
   * @param seed the same seed gives the same sequences
   * @return N sequences, without the primer
   * @throws IllegalArgumentException if the primer has another shape, steps is below 1, the input
   *     is not as wide as a sample and there is no feedback function, the function gives an input
   *     of another width or one that is not finite, or the network's output is not finite
   */
  public GeneratedSequences generate(INDArray primer, int steps, long seed) {
    require(steps >= 1, "Expected at least 1 step, got %d", steps);
    network.requireSequences("a primer", primer, network.inputs());
    int targets = network.spec().targets();
    require(
        feedback != null || network.inputs() == targets,
        "Expected an input as wide as a sample, %d, got %d: give a feedback function",
        targets,
        network.inputs());
    synchronized (network.lock()) {
      List<Map<String, INDArray>> state = network.takeState();
      try {
        return draw(prime(primer), steps, randoms((int) primer.size(0), seed));
      } finally {
        network.putState(state);
      }
    }
  }

  private static UniformRandomProvider[] randoms(int count, long seed) {
    JumpableUniformRandomProvider source =
        (JumpableUniformRandomProvider) RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    UniformRandomProvider[] randoms = new UniformRandomProvider[count];
    Arrays.setAll(randoms, n -> source.jump());
    return randoms;
  }

  /** Draws sequences, beginning from the outputs after the primer. */
  private GeneratedSequences draw(INDArray[] primed, int steps, UniformRandomProvider[] randoms) {
    GeneratedSequences drawn = new GeneratedSequences(network.layout(), randoms.length);
    int[] running = IntStream.range(0, randoms.length).toArray();
    double[][] inputs = new double[randoms.length][]; // a sequence that ended keeps its last
    INDArray[] outputs = primed;
    for (int t = 0; t < steps && running.length > 0; t++) {
      if (t > 0) {
        outputs = network.advance(network.step(inputs));
      }
      INDArray raw = outputs[network.head()].getRows(running); // [running, P]
      MixtureBatch predicted = MixtureBatch.of(network.spec(), raw).temperature(temperature);
      int[] continuing = new int[running.length];
      int count = 0;
      for (int row = 0; row < running.length; row++) {
        int n = running[row];
        double[] sample = predicted.get(row).sample(1, randoms[n])[0];
        GeneratedStep step =
            new GeneratedStep(n, t, sample, furtherOutputs(outputs, n), randoms[n]);
        inputs[n] = input(step);
        drawn.add(n, sample, inputs[n]);
        if (!stop.test(step, inputs[n].clone())) {
          continuing[count++] = n;
        }
      }
      running = Arrays.copyOf(continuing, count);
    }
    return drawn;
  }

  /** Returns the outputs after the primer. */
  private INDArray[] prime(INDArray primer) {
    int last = network.steps(primer) - 1;
    for (int s = 0; s < last; s++) {
      network.advance(network.step(primer, s));
    }
    return network.advance(network.step(primer, last));
  }

  private Map<String, double[]> furtherOutputs(INDArray[] outputs, int row) {
    Map<String, double[]> further = new HashMap<>();
    for (int i = 0; i < outputs.length; i++) {
      if (i != network.head()) {
        further.put(network.outputs().get(i), outputs[i].getRow(row).toDoubleVector());
      }
    }
    return further;
  }

  private double[] input(GeneratedStep step) {
    if (feedback == null) {
      return step.sample();
    }
    double[] input = feedback.apply(step);
    require(
        input != null
            && input.length == network.inputs()
            && Arrays.stream(input).allMatch(Double::isFinite),
        "Expected %d finite numbers from the feedback function after %s, got %s",
        network.inputs(),
        step,
        Arrays.toString(input));
    return input.clone();
  }

  /**
   * Returns the log likelihood of each step of given sequences, log p(y_t | x_1, …, x_t), at this
   * generator's temperature; from the network's output for whole sequences, which leaves its state
   * alone.
   *
   * @param data features {@code [N, inputs, T]} and labels {@code [N, D, T]}, in NWC {@code [N, T,
   *     inputs]} and {@code [N, T, D]}; the labels' mask is null, or per step {@code [N, T]}, or
   *     per target, of the labels' shape, which scores the marginal over those that it leaves. A
   *     mask of the features goes to the network and does not leave out labels, as in training
   * @return {@code [N, T]} in nats, DOUBLE; 0 for steps that the mask leaves out, so that a row's
   *     sum is the log likelihood of its sequence
   * @throws IllegalArgumentException if a shape does not fit, the labels' mask holds another value
   *     than 0 and 1 (per step: a negative one), or a label that is not masked is NaN or infinite,
   *     named by its row n·T + t
   */
  public INDArray logLikelihood(DataSet data) {
    return SequenceScores.of(network, temperature, data);
  }
}
