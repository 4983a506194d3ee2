/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.mdn4j.MixtureSpec;
import org.mdn4j.layers.MixtureDensityOutputLayer;
import org.mdn4j.layers.MixtureInitializer;
import org.mdn4j.training.FusedTraining;
import org.mdn4j.training.Trainer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/**
 * The training of a small dense network under any output layer: the part that the examples share.
 *
 * <p>Adam with a learning rate that falls to 0 along a cosine; the parameters with the best
 * validation score are kept. Fresh Gaussian noise on inputs and targets at each step smooths the
 * learned density (Rothfuss et al., <i>Noise regularization for conditional density estimation</i>,
 * 2019).
 *
 * @param hiddenLayers number of hidden layers
 * @param hiddenUnits units in each
 * @param epochs passes over the training data
 * @param minibatch rows per step
 * @param learningRate learning rate of the first step
 * @param inputNoise standard deviation of the noise on standardised inputs; 0 for none
 * @param targetNoise standard deviation of the noise on standardised targets; 0 for none
 * @param seed seed of the initial weights, the shuffling and the noise
 * @param workers how many copies of the network train at once, each on minibatches of its own;
 *     their parameters are averaged after every minibatch
 * @param trainer the trainer; several workers are DL4J's
 */
public record DenseTraining(
    int hiddenLayers,
    int hiddenUnits,
    int epochs,
    int minibatch,
    double learningRate,
    double inputNoise,
    double targetNoise,
    long seed,
    int workers,
    Trainer trainer) {

  /**
   * Creates a training by one worker, and by the faster trainer.
   *
   * @param hiddenLayers number of hidden layers
   * @param hiddenUnits units in each
   * @param epochs passes over the training data
   * @param minibatch rows per step
   * @param learningRate learning rate of the first step
   * @param inputNoise standard deviation of the noise on standardised inputs; 0 for none
   * @param targetNoise standard deviation of the noise on standardised targets; 0 for none
   * @param seed seed of the initial weights, the shuffling and the noise
   */
  public DenseTraining(
      int hiddenLayers,
      int hiddenUnits,
      int epochs,
      int minibatch,
      double learningRate,
      double inputNoise,
      double targetNoise,
      long seed) {
    this(
        hiddenLayers,
        hiddenUnits,
        epochs,
        minibatch,
        learningRate,
        inputNoise,
        targetNoise,
        seed,
        1,
        Trainer.AUTO);
  }

  /**
   * Returns a copy of this training with another trainer.
   *
   * @param other the other trainer
   * @return a training that differs in that alone
   */
  public DenseTraining by(Trainer other) {
    return new DenseTraining(
        hiddenLayers,
        hiddenUnits,
        epochs,
        minibatch,
        learningRate,
        inputNoise,
        targetNoise,
        seed,
        workers,
        other);
  }

  /**
   * A trained network and the course of its training.
   *
   * @param net the network, with the parameters of its best epoch
   * @param trainScores mean score of each epoch's minibatches
   * @param validationScores score on the validation data after each epoch
   * @param seconds time that training took
   * @param trainer what took the steps, FUSED or DL4J
   */
  public record Result(
      MultiLayerNetwork net,
      List<Double> trainScores,
      List<Double> validationScores,
      double seconds,
      Trainer trainer) {}

  /** A listener that is notified after each epoch. */
  @FunctionalInterface
  public interface Progress {
    /** A listener that prints nothing. */
    Progress NONE = (epoch, epochs, trainScore, validationScore, secondsLeft) -> {};

    /**
     * Handles the end of an epoch.
     *
     * @param epoch its number, from 1
     * @param epochs how many there will be
     * @param trainScore mean score of its minibatches
     * @param validationScore score on the validation data
     * @param secondsLeft estimated time until the end
     */
    void epoch(
        int epoch, int epochs, double trainScore, double validationScore, double secondsLeft);

    /**
     * Creates a listener that prints about twenty lines on standard output.
     *
     * @param title what is being trained
     * @param offset what to add to a score for the NLL in original units
     * @return the progress
     */
    static Progress printed(String title, double offset) {
      return printed(title, score -> score + offset);
    }

    /**
     * Creates a listener that prints about twenty lines on standard output.
     *
     * @param title what is being trained
     * @param nll gives the NLL in original units of a score
     * @return the progress
     */
    static Progress printed(String title, DoubleUnaryOperator nll) {
      return (epoch, epochs, train, validation, left) -> {
        if (epoch == 1 || epoch == epochs || epoch % Math.max(1, epochs / 20) == 0) {
          System.out.printf(
              Locale.ROOT,
              "%s  epoch %3d/%d  NLL train %6.3f  validation %6.3f  %3.0f s left%n",
              title,
              epoch,
              epochs,
              nll.applyAsDouble(train),
              nll.applyAsDouble(validation),
              left);
        }
      };
    }
  }

  /**
   * Trains a network from the head's own start.
   *
   * @param head the output layer; its number of inputs is set here
   * @param train training data, standardised
   * @param validation validation data, standardised alike
   * @param progress called after each epoch
   * @return the trained network
   */
  public Result fit(BaseOutputLayer head, DataSet train, DataSet validation, Progress progress) {
    return fit(head, train, validation, net -> {}, progress);
  }

  /**
   * Trains a network with a mixture density head from the labels' own clusters, and prints its
   * progress.
   *
   * @param spec of the head
   * @param name of the network, for the progress
   * @param train training data
   * @param validation validation data
   * @return the trained network
   */
  public Result fit(MixtureSpec spec, String name, DataSet train, DataSet validation) {
    return fit(
        new MixtureDensityOutputLayer.Builder().spec(spec).build(),
        train,
        validation,
        net -> MixtureInitializer.fromLabels(net, train.getLabels()),
        Progress.printed(name, 0));
  }

  /**
   * Trains a network from a start that is not the head's own.
   *
   * @param head the output layer; its number of inputs is set here
   * @param train training data, standardised
   * @param validation validation data, standardised alike
   * @param start changes the new network before its training
   * @param progress called after each epoch
   * @return the trained network
   */
  public Result fit(
      BaseOutputLayer head,
      DataSet train,
      DataSet validation,
      Consumer<MultiLayerNetwork> start,
      Progress progress) {
    MultiLayerNetwork net = network(head, train);
    start.accept(net);
    Nd4j.getRandom().setSeed(seed); // of the noise
    NoisyRows features = new NoisyRows(train.getFeatures(), inputNoise);
    NoisyRows labels = new NoisyRows(train.getLabels(), targetNoise);
    Function<int[], DataSet> minibatches =
        rows -> new DataSet(features.take(rows), labels.take(rows));
    DoubleSupplier validationScore = () -> net.score(validation);
    int rows = train.numExamples();
    Trainer steps = workers == 1 ? stepsOf(net) : Trainer.DL4J;
    TrainingLoop.Scores scores;
    if (workers > 1) {
      TrainingLoop.Pass pass =
          batches -> ParallelPass.fit(net, batches.stream().map(minibatches).toList(), workers);
      scores = loop().runPasses(net, rows, pass, validationScore, progress);
    } else {
      try (FusedTraining fused = steps == Trainer.FUSED ? FusedTraining.of(net) : null) {
        Consumer<DataSet> step = fused == null ? net::fit : fused::fit;
        scores =
            loop()
                .run(
                    net,
                    rows,
                    batch -> step.accept(minibatches.apply(batch)),
                    validationScore,
                    progress);
      }
    }
    return new Result(net, scores.train(), scores.validation(), scores.seconds(), steps);
  }

  private Trainer stepsOf(MultiLayerNetwork net) {
    if (trainer == Trainer.FUSED) {
      FusedTraining.reasonAgainst(net)
          .ifPresent(
              reason ->
                  Program.require(
                      false,
                      "--trainer: expected auto or dl4j, as fused does not cover the network:"
                          + " %s",
                      reason));
    }
    return trainer.of(net);
  }

  private TrainingLoop loop() {
    return new TrainingLoop(epochs, minibatch, seed);
  }

  /**
   * Returns a copy of this training by several copies of the network, which share each minibatch.
   *
   * @param workers number of copies
   * @return a training with as many steps, of minibatches that are smaller by that factor
   */
  public DenseTraining among(int workers) {
    return new DenseTraining(
        hiddenLayers,
        hiddenUnits,
        epochs,
        Math.max(1, minibatch / workers),
        learningRate,
        inputNoise,
        targetNoise,
        seed,
        workers,
        trainer);
  }

  /**
   * Returns the number of steps of each copy of the network in one pass over the training data.
   *
   * @param rows number of training rows
   * @return the number of minibatches, divided by the workers and rounded up
   */
  public int stepsPerEpoch(int rows) {
    return loop().stepsPerEpoch(rows, workers);
  }

  /**
   * Creates the network as it is before its training.
   *
   * @param head the output layer; its number of inputs is set here
   * @param train the training data, whose shape decides about the inputs and the schedule
   * @return a new network with initial weights
   */
  public MultiLayerNetwork network(BaseOutputLayer head, DataSet train) {
    NeuralNetConfiguration.ListBuilder layers =
        new NeuralNetConfiguration.Builder()
            .seed(seed)
            .weightInit(WeightInit.XAVIER)
            .activation(Activation.TANH)
            .updater(new Adam(loop().cosine(learningRate, train.numExamples(), workers)))
            .list();
    int inputs = train.numInputs();
    for (int layer = 0; layer < hiddenLayers; layer++) {
      layers.layer(new DenseLayer.Builder().nIn(inputs).nOut(hiddenUnits).build());
      inputs = hiddenUnits;
    }
    head.setNIn(inputs);
    MultiLayerNetwork net = new MultiLayerNetwork(layers.layer(head).build());
    net.init();
    return net;
  }
}
