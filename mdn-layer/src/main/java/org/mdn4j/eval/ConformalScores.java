/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How unusual a row's labels are to its prediction, both ways by probabilities that are small where
 * they are.
 *
 * @param tails {@code [D]}, see {@link #tail}
 * @param densityTail see {@link #densityTail(Mixture, double[])}
 */
record ConformalScores(double[] tails, double densityTail) {
  /** Draws per row where D &gt; 1; the scores that were written depend on it and on the seed. */
  private static final int DRAWS = 199;

  private static final long SEED = 1;

  /**
   * By what share of itself a tail is lowered where several labels may have it, counts and atoms,
   * so that rounding does not leave them out of the set that was taken from one of them.
   */
  private static final double LOWERED = 1e-9;

  /** Scores all rows, on all threads of the common pool. */
  static ConformalScores[] of(MixtureBatch predicted, INDArray labels) {
    ObservedRows rows = ObservedRows.of(predicted, predicted.rows(labels), null);
    return IntStream.range(0, rows.size())
        .parallel()
        .mapToObj(row -> of(rows.mixture(row), rows.labels(row)))
        .toArray(ConformalScores[]::new);
  }

  /**
   * Calibrates by the scores of the rows that count, and by those of each group.
   *
   * @param counting the rows, whose weights are above 0
   */
  static Conformal calibration(
      ConformalScores[] scores, int[] counting, List<String> groups, double[] weights) {
    Map<String, List<Integer>> rows = new TreeMap<>();
    for (int row : counting) {
      if (groups != null && groups.get(row) != null) {
        rows.computeIfAbsent(groups.get(row), name -> new ArrayList<>()).add(row);
      }
    }
    Map<String, Conformal> apart = new TreeMap<>();
    rows.forEach((name, own) -> apart.put(name, calibration(scores, own, weights, Map.of())));
    List<Integer> all = Arrays.stream(counting).boxed().toList();
    return calibration(scores, all, weights, apart);
  }

  private static Conformal calibration(
      ConformalScores[] scores,
      List<Integer> rows,
      double[] weights,
      Map<String, Conformal> groups) {
    int targets = scores[0].tails().length;
    double heaviest =
        weights == null ? 1 : rows.stream().mapToDouble(n -> weights[n]).max().orElseThrow();
    boolean alike = weights == null || rows.stream().allMatch(n -> weights[n] == heaviest);
    double[][] sorted = new double[targets + 1][];
    double[][] masses = alike ? null : new double[targets + 1][rows.size()];
    for (int kind = 0; kind <= targets; kind++) {
      int of = kind;
      ToDoubleFunction<Integer> score =
          n -> of < targets ? scores[n].tails()[of] : scores[n].densityTail();
      int[] order =
          rows.stream().sorted(Comparator.comparingDouble(score)).mapToInt(n -> n).toArray();
      sorted[kind] = Arrays.stream(order).mapToDouble(score::applyAsDouble).toArray();
      double mass = 0;
      for (int i = order.length - 1; masses != null && i >= 0; i--) {
        mass += weights[order[i]] / heaviest;
        masses[kind][i] = mass;
      }
    }
    return new Conformal(Arrays.copyOf(sorted, targets), sorted[targets], groups, masses);
  }

  /** Scores a row. */
  static ConformalScores of(Mixture mixture, double[] y) {
    double[] tails = new double[y.length];
    Arrays.setAll(tails, d -> tail(marginal(mixture, d), y[d]));
    return new ConformalScores(tails, densityTail(mixture, y));
  }

  /** Returns the distribution of one target. */
  static Mixture marginal(Mixture mixture, int target) {
    return mixture.targets() == 1 && target == 0 ? mixture : mixture.marginal(target);
  }

  /** Returns ½ − |F(y) − ½|, D = 1; of an atom the smaller of P(Y ≤ y) and P(Y ≥ y), up to ½. */
  private static double tail(Mixture mixture, double y) {
    double label = isAngle(mixture) ? Math.IEEEremainder(y, 2 * Math.PI) : y;
    double above = mixture.survival(label) + mixture.probabilityOf(label);
    return Math.min(0.5, Math.min(mixture.cdf(label), above));
  }

  private static boolean isAngle(Mixture mixture) {
    return mixture.family() == ComponentFamily.VON_MISES;
  }

  /**
   * Returns the probability of what is less likely than y: exact for one target; else from the rank
   * of its density among those of draws and 0, between two of them linear in the density. Below all
   * draws it so falls as the density does, as is right for a Gaussian over two targets.
   */
  static double densityTail(Mixture mixture, double[] y) {
    if (mixture.targets() == 1) {
      return mixture.densityTail(y[0]);
    }
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(SEED);
    double logDensity = mixture.logDensity(y);
    int noDenser = 0;
    double below = Double.NEGATIVE_INFINITY; // the next draws' log densities
    double above = Double.POSITIVE_INFINITY;
    for (double[] draw : mixture.sample(DRAWS, random)) {
      double ofDraw = mixture.logDensity(draw);
      if (ofDraw <= logDensity) {
        noDenser++;
        below = Math.max(below, ofDraw);
      } else {
        above = Math.min(above, ofDraw);
      }
    }
    double lower = Math.exp(below - above); // densities over that of the draw above
    double between = noDenser == DRAWS ? 0 : (Math.exp(logDensity - above) - lower) / (1 - lower);
    return (noDenser + between) / (DRAWS + 1);
  }

  /** Returns the labels whose tail is at least so large, D = 1. */
  static Interval interval(Mixture mixture, double tail) {
    if (tail == 0) {
      return everything(mixture);
    }
    double lowered = lowered(mixture, tail);
    double lower = mixture.quantile(lowered);
    double upper = mixture.survivalQuantile(lowered);
    return new Interval(Math.min(lower, upper), Math.max(lower, upper)); // of ½ both the median
  }

  private static double lowered(Mixture mixture, double tail) {
    boolean jumps = mixture.family().isDiscrete() || mixture.atoms().length > 0;
    return jumps ? tail * (1 - LOWERED) : tail;
  }

  /** Returns all numbers, also where the model has no probability: the label may be there. */
  private static Interval everything(Mixture mixture) {
    double most = isAngle(mixture) ? Math.PI : Double.POSITIVE_INFINITY;
    return new Interval(-most, most);
  }

  /**
   * Returns per tail the labels whose density tail is at least so large, D = 1; of counts the
   * smallest set that leaves no more out, which may have integers of one probability more.
   */
  static List<List<Interval>> regions(Mixture mixture, double... tails) {
    // Rounded down, so that the region rather has too much.
    double[] lower =
        DoubleStream.of(tails).map(tail -> lowered(mixture, Math.nextDown(tail))).toArray();
    List<List<Interval>> finite =
        mixture.highestDensityRegionsLeaving(
            DoubleStream.of(lower).filter(tail -> tail > Double.MIN_NORMAL).toArray());
    int[] next = {0};
    return Arrays.stream(lower)
        .mapToObj(
            tail -> tail > Double.MIN_NORMAL ? finite.get(next[0]++) : List.of(everything(mixture)))
        .toList();
  }
}
