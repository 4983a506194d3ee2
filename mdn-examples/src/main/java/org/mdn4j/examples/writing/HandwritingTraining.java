/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import org.mdn4j.examples.kit.DenseTraining.Progress;
import org.mdn4j.examples.kit.TrainingLoop;
import org.nd4j.linalg.dataset.MultiDataSet;

/**
 * The training of networks that write, side by side, on minibatches of words of about the same
 * length, so that little is padded.
 *
 * @param units units of the LSTM
 * @param epochs passes over the training words
 * @param seed seed of the initial weights and the shuffling
 */
public record HandwritingTraining(int units, int epochs, long seed) {
  private static final int MINIBATCH = 32;
  private static final double LEARNING_RATE = 0.005;

  /**
   * The two trained networks.
   *
   * @param mixture with a mixture for the offset
   * @param gaussian its twin with one Gaussian
   * @param seconds time until both were trained
   */
  record Result(HandwritingModel mixture, HandwritingModel gaussian, double seconds) {}

  /** Trains a mixture and a single Gaussian, each on a thread of its own. */
  Result fit(int components, List<PenTrace> train, List<PenTrace> validation) {
    PenTraceCoding coding = PenTraceCoding.of(train);
    List<MultiDataSet> batches = batches(train, PenTrace::length, coding::encode);
    TrainingLoop loop = new TrainingLoop(epochs, 1, seed);
    HandwritingModel mixture = create(components, coding, train, loop, batches.size());
    HandwritingModel gaussian = create(1, coding, train, loop, batches.size());
    double stepsPerWord = train.stream().mapToInt(PenTrace::length).average().orElseThrow();
    CompletableFuture<TrainingLoop.Scores> other =
        CompletableFuture.supplyAsync(
            () -> fit("one Gaussian", gaussian, loop, batches, validation, stepsPerWord));
    TrainingLoop.Scores scores = fit("mixture", mixture, loop, batches, validation, stepsPerWord);
    return new Result(mixture, gaussian, Math.max(scores.seconds(), other.join().seconds()));
  }

  private HandwritingModel create(
      int components, PenTraceCoding coding, List<PenTrace> train, TrainingLoop loop, int batches) {
    return HandwritingModel.create(
        units, components, loop.cosine(LEARNING_RATE, batches), coding, train, seed);
  }

  private static TrainingLoop.Scores fit(
      String title,
      HandwritingModel model,
      TrainingLoop loop,
      List<MultiDataSet> batches,
      List<PenTrace> validation,
      double stepsPerWord) {
    double[] unit = model.coding().standardDeviation();
    double offset = Math.log(unit[0]) + Math.log(unit[1]);
    Progress progress = Progress.printed(title, 0);
    return loop.run(
        model.graph(),
        batches.size(),
        batch -> model.graph().fit(batches.get(batch[0])),
        () -> model.score(validation).sum(),
        (epoch, of, score, validationScore, left) -> {
          System.gc(); // arrays lie beside the heap, which alone would seldom be collected
          progress.epoch(epoch, of, score / stepsPerWord + offset, validationScore, left);
        });
  }

  /** Returns minibatches of words of about the same length, so that little is padded. */
  public static <W, B> List<B> batches(
      List<W> words, ToIntFunction<W> length, Function<List<W>, B> coding) {
    List<W> byLength = words.stream().sorted(Comparator.comparingInt(length)).toList();
    return IntStream.iterate(0, from -> from < words.size(), from -> from + MINIBATCH)
        .mapToObj(from -> byLength.subList(from, Math.min(words.size(), from + MINIBATCH)))
        .map(coding)
        .toList();
  }
}
