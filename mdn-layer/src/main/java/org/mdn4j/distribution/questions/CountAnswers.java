/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.NegativeBinomials;
import org.mdn4j.numerics.CountSearch;
import org.mdn4j.numerics.CountSum;
import org.mdn4j.numerics.Doubles;

/** Counts: sums over integers take the place of integrals. */
final class CountAnswers extends Answers {
  private static final double CANCELLING = 0.1;

  private final NegativeBinomials components;
  private final PointMasses atoms; // or null
  private CountCurve curve; // null until needed; of threads that race, all make the same

  /**
   * Creates answers.
   *
   * @param atoms which add to the probabilities that the components give; or null
   */
  CountAnswers(NegativeBinomials components, PointMasses atoms) {
    super(components);
    this.components = components;
    this.atoms = atoms;
  }

  /**
   * Returns the least count y with P(Y ≤ y) ≥ p, or with upper P(Y &gt; y) ≤ p; p in [0, 1].
   *
   * @param atoms beside the components; or null
   */
  static double quantile(
      Tails tails, NegativeBinomials components, PointMasses atoms, boolean upper, double p) {
    double start = 0;
    double step = 0;
    for (int k = 0; k < components.count(); k++) {
      if (tails.has(k)) {
        start = Math.max(start, components.mode(k));
        step = Math.max(step, components.standardDeviation(k));
      }
    }
    if (p == (upper ? 0 : 1)) {
      return Double.POSITIVE_INFINITY;
    }
    DoubleUnaryOperator cdf = y -> cdf(tails, atoms, y);
    DoubleUnaryOperator survival = y -> survival(tails, atoms, y);
    return CountSearch.least(
        y ->
            upper
                ? survival.applyAsDouble(y) <= p || p > 0.5 && cdf.applyAsDouble(y) >= 1 - p
                : cdf.applyAsDouble(y) >= p || p > 0.5 && survival.applyAsDouble(y) <= 1 - p,
        start,
        step);
  }

  private static double cdf(Tails tails, PointMasses atoms, double y) {
    return atoms == null ? tails.cdf(y) : atoms.cdf(tails.cdf(y), y);
  }

  private static double survival(Tails tails, PointMasses atoms, double y) {
    return atoms == null ? tails.survival(y) : atoms.survival(tails.survival(y), y);
  }

  /** Returns the curve of the only mixture that these answers are about. */
  private CountCurve curve(double[] logWeights) {
    CountCurve known = curve;
    if (known == null) {
      known = new CountCurve(logWeights, components, atoms);
      curve = known;
    }
    return known;
  }

  @Override
  List<Position> extrema(double[] logWeights) {
    return List.of(); // an integer's neighbours say whether it is one
  }

  @Override
  List<Peak> peaks(double[] logWeights, List<Position> extrema) {
    if (components.targets() > 1) {
      return climbed(logWeights);
    }
    CountCurve curve = curve(logWeights);
    return Arrays.stream(curve.maxima())
        .mapToObj(y -> new Peak(new double[] {y}, curve.at(y)))
        .toList();
  }

  /** Returns the peaks to which one comes from the components' modes, the highest first. */
  private List<Peak> climbed(double[] logWeights) {
    List<Peak> peaks = new ArrayList<>();
    for (int k = 0; k < logWeights.length; k++) {
      if (logWeights[k] > Double.NEGATIVE_INFINITY) {
        double[] y = new double[components.targets()];
        for (int d = 0; d < y.length; d++) {
          y[d] = components.mode(components.place(k, d));
        }
        Peak peak = climb(logWeights, y);
        if (peaks.stream().noneMatch(known -> Arrays.equals(known.y(), peak.y()))) {
          peaks.add(peak);
        }
      }
    }
    return peaks.stream().sorted(Peak.HIGHEST_FIRST).toList();
  }

  private Peak climb(double[] logWeights, double[] y) {
    double height = logDensity(logWeights, y);
    boolean higher = true;
    while (higher) {
      higher = false;
      for (int d = 0; d < y.length; d++) {
        for (double step = 1; Math.abs(step) >= 1; ) {
          double before = y[d];
          y[d] = Math.max(0, before + step);
          double there = logDensity(logWeights, y);
          if (there > height) {
            height = there;
            higher = true;
            step *= 2;
          } else {
            y[d] = before;
            step = step == 1 ? -1 : step == -1 ? 0 : Math.signum(step);
          }
        }
      }
    }
    return new Peak(y, height);
  }

  private double logDensity(double[] logWeights, double[] y) {
    double[] joint = new double[logWeights.length];
    Arrays.setAll(joint, k -> logWeights[k] + components.logDensity(k, y));
    return Doubles.logSumExp(joint);
  }

  @Override
  List<List<Segment>> regions(
      double[] logWeights, double[] weights, List<Position> extrema, Level[] levels) {
    CountCurve curve = curve(logWeights);
    return Arrays.stream(levels).map(level -> region(curve, weights, level.outside())).toList();
  }

  /**
   * Returns the smallest set of integers that leaves out no more than a probability, as intervals
   * of integers; integers as likely as the least likely one of it are in it, too.
   */
  private List<Segment> region(CountCurve curve, double[] weights, double outside) {
    // Log probabilities of integers: of those from the lower one on enough are in the region, and
    // the answer is at most the upper one.
    double upper = curve.highest();
    double lower = upper;
    List<Segment> best = curve.atLeast(lower);
    double step = 1;
    while (outside(weights, best) > outside) {
      upper = curve.highestOutside(best);
      lower = Math.min(upper, lower - step);
      best = curve.atLeast(lower);
      step *= 2;
    }
    lower = curve.least(best);
    while (lower < upper) {
      double middle = lower + (upper - lower) / 2;
      List<Segment> region = curve.atLeast(middle > lower ? middle : upper);
      if (outside(weights, region) > outside) {
        upper = curve.highestOutside(region);
      } else {
        best = region;
        lower = curve.least(region);
      }
    }
    return best;
  }

  private double outside(double[] weights, List<Segment> region) {
    if (region.isEmpty()) {
      return 1;
    }
    Tails tails = new Tails(weights, components);
    double sum = 0;
    double last = -1;
    for (Segment segment : region) {
      double gap = segment.lower() - 1;
      if (gap > last) {
        sum += last < 0 ? cdf(tails, atoms, gap) : between(weights, last, gap);
      }
      last = segment.upper();
    }
    return sum + survival(tails, atoms, last);
  }

  private double between(double[] weights, double lower, double upper) {
    double ofComponents = probability(weights, lower, upper);
    return atoms == null ? ofComponents : atoms.probability(ofComponents, lower, upper);
  }

  @Override
  double densityTail(double[] logWeights, double[] weights, List<Position> extrema, double y) {
    CountCurve curve = curve(logWeights);
    double height = curve.at(y);
    return height == Double.NEGATIVE_INFINITY ? 0 : outside(weights, curve.atLeast(height));
  }

  /** Returns the sum of F² over the counts below the outcome and of (1 − F)² from there on. */
  @Override
  double crps(double[] weights, double y) {
    double[] edges = components.edges(weights);
    double top = Math.ceil(Arrays.stream(edges).max().orElseThrow());
    double[][] first = firstTails(weights);
    DoubleUnaryOperator survival =
        x ->
            square(
                x < CountSum.FIRST && x == (int) x
                    ? first[1][(int) x]
                    : sum(weights, k -> components.smoothSurvival(k, x)));
    if (y < 0) {
      return -y + CountSum.of(survival, 0, top, edges);
    }
    double from = Math.floor(y);
    double above = CountSum.of(survival, from + 1, top, edges);
    DoubleUnaryOperator cdf =
        x ->
            square(
                x < CountSum.FIRST && x == (int) x
                    ? first[0][(int) x]
                    : sum(weights, k -> components.smoothCdf(k, x)));
    double below = CountSum.of(cdf, 0, from - 1, edges);
    double share = y - from;
    return below
        + share * cdf.applyAsDouble(from)
        + (1 - share) * survival.applyAsDouble(from)
        + above;
  }

  /** Returns the integral of the components' F, or with upper of 1 − F, between two numbers. */
  static double area(
      NegativeBinomials components, double[] weights, boolean upper, double lower, double to) {
    double[] edges = components.edges(weights);
    double top = Math.ceil(Arrays.stream(edges).max().orElseThrow()); // F is 1 from here on
    double below = upper ? Math.max(0, Math.min(to, 0) - lower) : 0;
    double above = upper ? 0 : Math.max(0, to - Math.max(lower, top));
    double a = Math.max(0, lower);
    double b = Math.min(top, to);
    if (a >= b) {
      return below + above;
    }
    DoubleUnaryOperator tail =
        y ->
            sum(weights, k -> upper ? components.smoothSurvival(k, y) : components.smoothCdf(k, y));
    double first = Math.floor(a);
    double last = Math.floor(b);
    double within =
        first == last
            ? (b - a) * tail.applyAsDouble(first)
            : (first + 1 - a) * tail.applyAsDouble(first)
                + CountSum.of(tail, first + 1, last - 1, edges)
                + (b > last ? (b - last) * tail.applyAsDouble(last) : 0);
    return below + within + above;
  }

  /** Returns F and 1 − F of the first counts, as sums of probabilities from either end. */
  private double[][] firstTails(double[] weights) {
    double[] cdf = new double[CountSum.FIRST];
    double[] survival = new double[CountSum.FIRST];
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double[] probabilities = new double[CountSum.FIRST];
        for (int j = 0; j < probabilities.length; j++) {
          probabilities[j] = weights[k] * Math.exp(components.smoothLogDensity(k, j));
        }
        double below = 0;
        double above = weights[k] * components.smoothSurvival(k, CountSum.FIRST - 1);
        for (int j = 0; j < probabilities.length; j++) {
          below += probabilities[j];
          cdf[j] += below;
          survival[probabilities.length - 1 - j] += above;
          above += probabilities[probabilities.length - 1 - j];
        }
      }
    }
    return new double[][] {cdf, survival};
  }

  private interface OfComponent {
    double at(int k);
  }

  private static double sum(double[] weights, OfComponent value) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] > 0 ? weights[k] * value.at(k) : 0;
    }
    return sum;
  }

  private static double square(double x) {
    return x * x;
  }

  /** Returns −Σ_y P(y) log P(y), by sums from each atom to the next. */
  @Override
  double entropy(double[] logWeights) {
    double[] joint = new double[logWeights.length];
    double[] weights = Arrays.stream(logWeights).map(Math::exp).toArray();
    double[] edges = components.edges(weights);
    double top = Math.ceil(Arrays.stream(edges).max().orElseThrow());
    double logShare = atoms == null ? 0 : atoms.logShare();
    DoubleUnaryOperator ofComponents =
        y -> {
          Arrays.setAll(joint, k -> logWeights[k] + components.smoothLogDensity(k, y));
          return Doubles.logSumExp(joint);
        };
    double sum = 0;
    double from = 0;
    for (double atom : atoms == null ? new double[0] : atoms.values()) {
      double log =
          atoms.logProbability(
              ofComponents.applyAsDouble(atom),
              atom,
              () -> PointMasses.missing(weights, k -> components.smoothLogDensity(k, atom)));
      sum += uncertainty(log);
      sum +=
          CountSum.of(
              y -> uncertainty(logShare + ofComponents.applyAsDouble(y)),
              from,
              Math.min(top, atom - 1),
              edges);
      from = atom + 1;
    }
    return sum
        + CountSum.of(y -> uncertainty(logShare + ofComponents.applyAsDouble(y)), from, top, edges);
  }

  /** Returns −p log p. */
  private static double uncertainty(double log) {
    double probability = Math.exp(log);
    return probability > 0 ? -probability * log : 0;
  }

  /** Returns the sum of a function over all counts that matter to some components. */
  private static double sum(NegativeBinomials components, double[] weights, DoubleUnaryOperator g) {
    double[] edges = components.edges(weights);
    return CountSum.of(g, 0, Math.ceil(Arrays.stream(edges).max().orElseThrow()), edges);
  }

  @Override
  double probability(int k, double lower, double upper) {
    double below = components.cdf(k, lower);
    double from = below < 0.5 ? components.cdf(k, upper) : components.survival(k, lower);
    double less = below < 0.5 ? below : components.survival(k, upper);
    if (from - less >= CANCELLING * from) {
      return from - less;
    }
    double first = Math.max(0, Math.floor(lower) + 1);
    double[] weights = new double[components.count()];
    weights[k] = 1;
    return CountSum.of(
        y -> Math.exp(components.smoothLogDensity(k, y)),
        first,
        Math.floor(upper),
        components.edges(weights));
  }

  @Override
  double divergence(IndependentTargets pair) {
    NegativeBinomials both = (NegativeBinomials) pair;
    return sum(
        both,
        new double[] {1, 0},
        y -> {
          double log = both.smoothLogDensity(0, y);
          double probability = Math.exp(log);
          return probability > 0 ? probability * (log - both.smoothLogDensity(1, y)) : 0;
        });
  }

  @Override
  double bhattacharyya(IndependentTargets pair) {
    NegativeBinomials both = (NegativeBinomials) pair;
    return -Math.log(
        sum(
            both,
            new double[] {1, 1},
            y -> Math.exp(0.5 * both.smoothLogDensity(0, y) + 0.5 * both.smoothLogDensity(1, y))));
  }
}
