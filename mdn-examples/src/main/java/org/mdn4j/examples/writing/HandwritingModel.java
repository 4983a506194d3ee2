/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.eval.RunningMean;
import org.mdn4j.layers.MixtureDensityRnnOutputLayer;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.sequence.GeneratedSequences;
import org.mdn4j.sequence.GeneratedStep;
import org.mdn4j.sequence.SequenceGenerator;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A network that writes: an LSTM with two heads, a mixture of bivariate Gaussians for the pen's
 * next offset, and two sigmoids for whether the pen is then lifted, and whether that was the last
 * step.
 *
 * <p>Source: A. Graves, <i>Generating Sequences With Recurrent Neural Networks</i> (2013), section
 * 4.
 *
 * @param graph the network
 * @param coding how it sees traces
 */
public record HandwritingModel(ComputationGraph graph, PenTraceCoding coding) {
  private static final String OFFSET = "offset";
  private static final String PEN = "pen";
  private static final int START_WORDS = 100;
  private static final int EVALUATED = 100; // traces at a time
  private static final double SMALLEST = 1e-5; // probability that counts, as in LossBinaryXENT

  /**
   * Creates a network that has not been trained.
   *
   * @param units of the LSTM
   * @param components of the mixture
   * @param rate learning rate
   * @param coding how it sees traces
   * @param train training traces, from whose offsets the components start
   * @param seed seed of the initial weights
   */
  static HandwritingModel create(
      int units,
      int components,
      ISchedule rate,
      PenTraceCoding coding,
      List<PenTrace> train,
      long seed) {
    ComputationGraphConfiguration configuration =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .updater(new Adam(rate))
            .gradientNormalization(GradientNormalization.ClipL2PerLayer)
            .gradientNormalizationThreshold(20)
            .graphBuilder()
            .addInputs("step")
            .addLayer(
                "memory",
                new LSTM.Builder()
                    .nIn(PenTraceCoding.FEATURES)
                    .nOut(units)
                    .activation(Activation.TANH)
                    .dataFormat(RNNFormat.NCW)
                    .build(),
                "step")
            .addLayer(
                OFFSET,
                new MixtureDensityRnnOutputLayer.Builder()
                    .nIn(units)
                    .spec(
                        MixtureSpec.builder()
                            .components(components)
                            .targets(2)
                            .covariance(Covariance.FULL)
                            .build())
                    .dataFormat(RNNFormat.NCW)
                    .build(),
                "memory")
            .addLayer(
                PEN,
                new RnnOutputLayer.Builder(LossFunction.XENT)
                    .nIn(units)
                    .nOut(PenTraceCoding.FLAGS)
                    .activation(Activation.SIGMOID)
                    .dataFormat(RNNFormat.NCW)
                    .build(),
                "memory")
            .setOutputs(OFFSET, PEN)
            .build();
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    HandwritingModel model = new HandwritingModel(graph, coding);
    MixtureInitializer.fromLabels(graph, OFFSET, model.offsets(train));
    return model;
  }

  /** Returns some standardised offsets, [rows, 2]. */
  private INDArray offsets(List<PenTrace> traces) {
    MultiDataSet set = coding.encode(traces.subList(0, Math.min(traces.size(), START_WORDS)));
    INDArray labels = set.getLabels(0).permute(0, 2, 1).dup('c').reshape(-1, 2);
    INDArray mask = set.getLabelsMaskArray(0).dup('c').reshape(-1);
    int[] rows =
        IntStream.range(0, (int) mask.length()).filter(row -> mask.getDouble(row) == 1).toArray();
    return labels.getRows(rows);
  }

  /** Returns the form of the offset's mixture. */
  MixtureSpec spec() {
    return ((MixtureDensityRnnOutputLayer) graph.getLayer(OFFSET).conf().getLayer()).getSpec();
  }

  /**
   * The scores of predictions of given traces, means per step in nats.
   *
   * @param offsetNll negative log density of the offset, in the traces' units
   * @param penNll negative log probability of the two flags
   * @param steps number of steps
   */
  public record Scores(double offsetNll, double penNll, long steps) {
    /** Returns the sum, which training minimises. */
    double sum() {
      return offsetNll + penNll;
    }
  }

  /**
   * Computes the scores of traces.
   *
   * @param traces the traces, at least one
   * @return means over all their steps
   */
  public Scores score(List<PenTrace> traces) {
    MixtureEvaluation evaluation =
        MixtureEvaluation.builder(spec())
            .levels()
            .rescale(coding.standardDeviation())
            .shift(coding.mean())
            .samples(1)
            .build();
    RunningMean pen = new RunningMean();
    for (int from = 0; from < traces.size(); from += EVALUATED) {
      List<PenTrace> part = traces.subList(from, Math.min(traces.size(), from + EVALUATED));
      MultiDataSet set = coding.encode(part);
      INDArray[] outputs = graph.output(set.getFeatures());
      evaluation.eval(set.getLabels(0), outputs[0], set.getLabelsMaskArray(0));
      for (int n = 0; n < part.size(); n++) {
        for (int t = 0; t < part.get(n).length(); t++) {
          double sum = 0;
          for (int flag = 0; flag < PenTraceCoding.FLAGS; flag++) {
            double p = outputs[1].getDouble(n, flag, t);
            double right = set.getLabels(1).getDouble(n, flag, t) == 1 ? p : 1 - p;
            sum -= Math.log(Math.max(SMALLEST, right));
          }
          pen.add(sum);
        }
      }
    }
    return new Scores(evaluation.nll(), pen.mean(), evaluation.rows());
  }

  /**
   * Predicts the next offset at each step of a trace, given the steps before.
   *
   * @param trace the trace
   * @return one mixture over the offset per step, in the traces' units; {@code get(0, step)} is one
   */
  public MixtureBatch predict(PenTrace trace) {
    INDArray output = graph.output(coding.encode(List.of(trace)).getFeatures())[0];
    return MixtureBatch.of(spec(), output, 1, null)
        .rescale(coding.standardDeviation())
        .shift(coding.mean());
  }

  /**
   * Draws traces from no beginning.
   *
   * @param count number of traces
   * @param longest number of steps after which one is broken off
   * @param temperature of the mixture and of the pen's logits
   * @param seed the same seed gives the same traces
   * @return the traces
   */
  public List<PenTrace> write(int count, int longest, double temperature, long seed) {
    GeneratedSequences drawn = generator(temperature).generate(count, longest, seed);
    return IntStream.range(0, count)
        .mapToObj(n -> trace(List.of(), Arrays.asList(drawn.inputs(n))))
        .toList();
  }

  /**
   * Draws traces that continue a given beginning: the network sees it first, and keeps its style.
   *
   * @param beginning the first steps
   * @param count number of traces
   * @param longest number of steps after which one is broken off, without the beginning
   * @param temperature of the mixture and of the pen's logits
   * @param seed the same seed gives the same traces
   * @return the traces, each with the beginning
   */
  public List<PenTrace> goOn(
      PenTrace beginning, int count, int longest, double temperature, long seed) {
    // Features are a step late: one more step shows the last of the beginning.
    INDArray features = coding.encode(List.of(withOneMore(beginning))).getFeatures(0);
    GeneratedSequences drawn =
        generator(temperature).generate(features.repeat(0, count), longest, seed);
    List<double[]> given = new ArrayList<>();
    for (int t = 1; t <= beginning.length(); t++) {
      given.add(
          features
              .get(NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.point(t))
              .toDoubleVector());
    }
    return IntStream.range(0, count)
        .mapToObj(n -> trace(given, Arrays.asList(drawn.inputs(n))))
        .toList();
  }

  private static PenTrace withOneMore(PenTrace trace) {
    double[][] offsets = Arrays.copyOf(trace.offsets(), trace.length() + 1);
    offsets[trace.length()] = new double[2];
    return new PenTrace(offsets, Arrays.copyOf(trace.lifted(), trace.length() + 1));
  }

  private PenTrace trace(List<double[]> given, List<double[]> drawn) {
    List<double[]> features = new ArrayList<>(given);
    features.addAll(drawn);
    boolean[] lifted = new boolean[features.size()];
    for (int t = 0; t < lifted.length; t++) {
      lifted[t] = features.get(t)[2] == 1;
    }
    return new PenTrace(features.stream().map(coding::offset).toArray(double[][]::new), lifted);
  }

  private SequenceGenerator generator(double temperature) {
    return SequenceGenerator.of(graph)
        .temperature(Temperature.of(temperature))
        .feedback(step -> coding.feature(step.sample(), happens(step, flag(step, 0, temperature))))
        // A trace ends with a lift: given the lift, it ends with P(end) / P(lift).
        .stopWhen(
            (step, input) ->
                input[2] == 1
                    && happens(step, flag(step, 1, temperature) / flag(step, 0, temperature)));
  }

  private static boolean happens(GeneratedStep step, double probability) {
    return step.random().nextDouble() < probability;
  }

  /** Returns the probability of a flag, its logit divided by the temperature. */
  private static double flag(GeneratedStep step, int flag, double temperature) {
    double p = step.output(PEN)[flag];
    return 1 / (1 + Math.pow((1 - p) / p, 1 / temperature));
  }
}
