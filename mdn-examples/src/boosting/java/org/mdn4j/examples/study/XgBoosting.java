/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.PermutationSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.RandomSplit;

/**
 * Gradient boosting by XGBoost, with a distribution made of it in one of two ways: the mean of
 * squared errors with one Gaussian scale for all rows, the root mean squared error of rows that
 * were held out; or quantiles by the pinball loss.
 *
 * <p>The training rows are divided into five parts at random. Setups are drawn at random and judged
 * by the first part, which also stops their trees early; then the best setup is trained four times
 * more, each time with another part held out, and the five predictions are averaged. So every
 * training row is once a validation row. The search ends in time for that. As many trees are
 * trained at once as there are processors, each by one thread, which wastes least.
 */
public final class XgBoosting implements Boosting {
  private static final int PARTS = 5;
  private static final int LEVELS =
      10; // of a Gaussian, so many masses have a CRPS that is 0.7 % too high
  private static final double LONGEST = 1.0 / PARTS; // of the time, for one training
  private static final double[] REGIONS = {0.5, 0.8, 0.9, 0.95};

  private final int mostSetups;

  /** Creates one that tries as many setups as time allows. */
  public XgBoosting() {
    this(Integer.MAX_VALUE);
  }

  /** Creates one that tries about so many setups at most. */
  XgBoosting(int mostSetups) {
    this.mostSetups = mostSetups;
  }

  /** The scores of a test row; the NLL is NaN where there is no density. */
  private record Score(double nll, double crps, double mean, double pit) {}

  @Override
  public String settings(UciMethod method) {
    return "XGBoost, %s, best of a search in %d parts"
        .formatted(
            method == UciMethod.BOOSTING_GAUSSIAN ? "one scale" : LEVELS + " quantiles", PARTS);
  }

  @Override
  public UciSplit score(
      UciMethod method, UciRows rows, double seconds, long seed, String settings) {
    Program.require(
        rows.targets().length >= 2 * PARTS,
        "%s: expected at least %d rows to learn from, got %d",
        method,
        2 * PARTS,
        rows.targets().length);
    long began = System.nanoTime();
    boolean gaussian = method == UciMethod.BOOSTING_GAUSSIAN;
    double[] levels = gaussian ? new double[0] : Quantiles.levels(LEVELS);
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(seed);
    List<UciRows> parts = parts(rows, random);

    int threads = Runtime.getRuntime().availableProcessors();
    int left = 1 + (PARTS - 2 + threads) / threads; // trainings one after another, search included
    Setup best = null;
    BoostedTrees first = null;
    int tried = 0;
    do {
      List<Setup> setups = new ArrayList<>();
      while (setups.size() < threads) {
        setups.add(tried + setups.size() == 0 ? Setup.FIRST : Setup.draw(random));
      }
      tried += threads;
      List<BoostedTrees> trials =
          setups.parallelStream()
              .map(it -> BoostedTrees.train(it, levels, parts.get(0), LONGEST * seconds, seed))
              .toList();
      for (int i = 0; i < threads; i++) {
        if (first == null || trials.get(i).loss() < first.loss()) {
          best = setups.get(i);
          first = trials.get(i);
        }
      }
    } while (tried < mostSetups && since(began) + left * first.seconds() < seconds);
    Setup chosen = best;
    List<BoostedTrees> trees = new ArrayList<>(List.of(first));
    trees.addAll(
        parts.subList(1, PARTS).parallelStream()
            .map(part -> BoostedTrees.train(chosen, levels, part, LONGEST * seconds, seed))
            .toList());
    double scale = gaussian ? scale(trees, parts) : Double.NaN;
    double spent = since(began);

    double[][] predictions = BoostedTrees.average(trees, rows.testFeatures());
    Score[] scores =
        IntStream.range(0, predictions.length)
            .mapToObj(
                n ->
                    gaussian
                        ? score(predictions[n][0], scale, rows.testTargets()[n][0])
                        : score(Quantiles.sorted(predictions[n]), rows.testTargets()[n][0]))
            .toArray(Score[]::new);
    String found =
        "%s, %s rounds, best of %d"
            .formatted(chosen, trees.stream().map(BoostedTrees::rounds).toList(), tried);
    return split(settings, scores, rows.testTargets(), found, spent);
  }

  /** Returns the training rows in as many ways: those of a part in place of test rows. */
  private static List<UciRows> parts(UciRows rows, UniformRandomProvider random) {
    int[] order = PermutationSampler.natural(rows.targets().length);
    PermutationSampler.shuffle(random, order);
    List<UciRows> parts = new ArrayList<>();
    for (int part = 0; part < PARTS; part++) {
      int held = part;
      int[] outside = select(order, n -> n % PARTS != held);
      int[] inside = select(order, n -> n % PARTS == held);
      parts.add(
          new UciRows(
              RandomSplit.select(rows.features(), outside),
              RandomSplit.select(rows.targets(), outside),
              RandomSplit.select(rows.features(), inside),
              RandomSplit.select(rows.targets(), inside)));
    }
    return parts;
  }

  private static int[] select(int[] order, IntPredicate place) {
    return IntStream.range(0, order.length).filter(place).map(n -> order[n]).toArray();
  }

  /** Returns the root mean squared error of the rows that each one's training held out. */
  private static double scale(List<BoostedTrees> trees, List<UciRows> parts) {
    double squares = 0;
    int count = 0;
    for (int part = 0; part < PARTS; part++) {
      float[][] predictions = trees.get(part).predict(parts.get(part).testFeatures());
      double[][] targets = parts.get(part).testTargets();
      for (int n = 0; n < targets.length; n++) {
        double error = targets[n][0] - predictions[n][0];
        squares += error * error;
        count++;
      }
    }
    return Math.sqrt(squares / count);
  }

  private static Score score(double mean, double scale, double y) {
    Mixture one =
        Mixture.gaussian(
            new double[] {1}, new double[][] {{mean}}, new double[][][] {{{scale * scale}}});
    return new Score(-one.logDensity(y), one.crps(y), mean, one.cdf(y));
  }

  private static Score score(Quantiles quantiles, double y) {
    return new Score(Double.NaN, quantiles.crps(y), quantiles.mean(), quantiles.pit(y));
  }

  private static UciSplit split(
      String settings, Score[] scores, double[][] targets, String chosen, double seconds) {
    Map<Double, Double> regions = new TreeMap<>();
    for (double level : REGIONS) {
      regions.put(level, mean(scores, one -> Math.abs(2 * one.pit() - 1) <= level ? 1 : 0));
    }
    double squares =
        IntStream.range(0, scores.length)
            .mapToDouble(n -> Math.pow(scores[n].mean() - targets[n][0], 2))
            .average()
            .orElseThrow();
    return new UciSplit(
        settings,
        mean(scores, Score::nll),
        mean(scores, Score::crps),
        Math.sqrt(squares),
        Arrays.stream(scores).mapToDouble(Score::pit).sorted().toArray(),
        regions,
        Map.of(),
        chosen,
        seconds);
  }

  private static double mean(Score[] scores, ToDoubleFunction<Score> value) {
    return Arrays.stream(scores).mapToDouble(value).average().orElseThrow();
  }

  private static double since(long began) {
    return (System.nanoTime() - began) / 1e9;
  }
}
