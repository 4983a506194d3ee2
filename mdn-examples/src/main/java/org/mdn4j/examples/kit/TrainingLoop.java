/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.kit;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.deeplearning4j.nn.api.Model;
import org.mdn4j.examples.kit.DenseTraining.Progress;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Passes over shuffled training data, after which a network has the parameters of its best
 * validation score: the loop that all trainings of the examples share.
 *
 * @param epochs passes over the training data
 * @param minibatch examples per step
 * @param seed seed of the shuffling
 */
public record TrainingLoop(int epochs, int minibatch, long seed) {
  /**
   * The course of a training.
   *
   * @param train mean score of each epoch's minibatches
   * @param validation score on the validation data after each epoch
   * @param seconds time that it took
   */
  public record Scores(List<Double> train, List<Double> validation, double seconds) {}

  /** One pass over the training data. */
  @FunctionalInterface
  interface Pass {
    /**
     * Fits the network to every minibatch once.
     *
     * @param minibatches the numbers of their examples
     * @return mean score of the examples
     */
    double over(List<int[]> minibatches);
  }

  /** Returns a learning rate that falls to 0 along a cosine, epoch by epoch. */
  public ISchedule cosine(double learningRate, int examples) {
    return cosine(learningRate, examples, 1);
  }

  /**
   * Returns such a learning rate for copies of a network that share the minibatches: each counts
   * its own steps.
   */
  public ISchedule cosine(double learningRate, int examples, int workers) {
    int stepsPerEpoch = stepsPerEpoch(examples, workers);
    MapSchedule.Builder schedule = new MapSchedule.Builder(ScheduleType.ITERATION);
    for (int epoch = 0; epoch < epochs; epoch++) {
      double cosine = Math.cos(Math.PI * epoch / epochs);
      schedule.add(epoch * stepsPerEpoch, 0.5 * learningRate * (1 + cosine));
    }
    return schedule.build();
  }

  int stepsPerEpoch(int examples, int workers) {
    int minibatches = (examples + minibatch - 1) / minibatch;
    return (minibatches + workers - 1) / workers;
  }

  /**
   * Trains a network step by step.
   *
   * @param net an initialised network
   * @param examples number of training examples
   * @param step fits the network to the examples of these numbers
   * @param validationScore gives the network's score on the validation data
   * @param progress called after each epoch
   */
  public Scores run(
      Model net,
      int examples,
      Consumer<int[]> step,
      DoubleSupplier validationScore,
      Progress progress) {
    Pass pass =
        minibatches -> {
          double sum = 0;
          for (int[] minibatch : minibatches) {
            step.accept(minibatch);
            sum += net.score() * minibatch.length;
          }
          return sum / examples;
        };
    return runPasses(net, examples, pass, validationScore, progress);
  }

  /**
   * Trains a network pass by pass.
   *
   * @param net an initialised network
   * @param examples number of training examples
   * @param pass fits the network to all minibatches
   * @param validationScore gives the network's score on the validation data
   * @param progress called after each epoch
   */
  Scores runPasses(
      Model net, int examples, Pass pass, DoubleSupplier validationScore, Progress progress) {
    long began = System.nanoTime();
    // For networks of this size several threads per operation cost more than they bring.
    Nd4j.getEnvironment().setMaxThreads(1);
    Nd4j.getEnvironment().setMaxMasterThreads(1);
    Nd4j.factory().blas().setMaxThreads(1);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    List<Double> trainScores = new ArrayList<>();
    List<Double> validationScores = new ArrayList<>();
    double best = Double.POSITIVE_INFINITY;
    INDArray bestParameters = net.params().dup();
    for (int epoch = 1; epoch <= epochs; epoch++) {
      int[] order = PermutationSampler.natural(examples);
      PermutationSampler.shuffle(random, order);
      List<int[]> minibatches = new ArrayList<>();
      for (int from = 0; from < examples; from += minibatch) {
        minibatches.add(Arrays.copyOfRange(order, from, Math.min(examples, from + minibatch)));
      }
      double trainScore = pass.over(minibatches);
      double score = validationScore.getAsDouble();
      if (score < best) {
        best = score;
        bestParameters = net.params().dup();
      }
      trainScores.add(trainScore);
      validationScores.add(score);
      progress.epoch(
          epoch, epochs, trainScore, score, secondsSince(began) / epoch * (epochs - epoch));
    }
    net.setParams(bestParameters);
    return new Scores(trainScores, validationScores, secondsSince(began));
  }

  private static double secondsSince(long start) {
    return (System.nanoTime() - start) / 1e9;
  }
}
