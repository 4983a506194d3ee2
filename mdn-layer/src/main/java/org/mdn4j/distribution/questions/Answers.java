/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.List;
import org.mdn4j.distribution.components.Components;
import org.mdn4j.distribution.components.IndependentTargets;
import org.mdn4j.distribution.components.Laplaces;
import org.mdn4j.distribution.components.LogNormals;
import org.mdn4j.distribution.components.MeanDistances;
import org.mdn4j.distribution.components.NegativeBinomials;
import org.mdn4j.distribution.components.PairDistances;
import org.mdn4j.distribution.components.StudentTs;
import org.mdn4j.distribution.components.TruncatedTargets;
import org.mdn4j.distribution.components.VonMises;

/**
 * Which algorithm answers a question, where that depends on the components: closed forms where they
 * have them, else what serves any smooth density on a line. A family that differs has a subclass.
 *
 * <p>Questions are about all targets if they are about modes or divergences, else about one.
 */
public class Answers {
  /** Less of a difference's terms has lost too many digits. */
  private static final double CANCELLING = 0.1;

  private final Components components;

  Answers(Components components) {
    this.components = components;
  }

  /** Returns the answers of a family. */
  public static Answers of(Components components) {
    return of(components, null);
  }

  /**
   * Returns the answers of a family: the one place that chooses by it.
   *
   * @param atoms beside the components; or null. Those of counts are part of the answers, others
   *     are not
   */
  static Answers of(Components components, PointMasses atoms) {
    if (components instanceof TruncatedTargets truncated) {
      return new TruncatedAnswers(truncated);
    }
    return switch (components.family()) {
      case GAUSSIAN, LOGISTIC -> new Answers(components);
      case LAPLACE -> new LaplaceAnswers((Laplaces) components);
      case STUDENT_T -> new StudentTAnswers((StudentTs) components);
      case LOG_NORMAL -> new LogNormalAnswers((LogNormals) components);
      case VON_MISES -> new CircularAnswers((VonMises) components);
      case NEGATIVE_BINOMIAL -> new CountAnswers((NegativeBinomials) components, atoms);
    };
  }

  private IndependentTargets line() {
    return (IndependentTargets) components;
  }

  /**
   * Returns the extrema of the density of a mixture over one target, as the family's regions need
   * them.
   */
  List<Position> extrema(double[] logWeights) {
    return components.targets() > 1 ? List.of() : Extrema.of(logWeights, line());
  }

  /**
   * Returns the local maxima of the density of a mixture: for D = 1 all of them, ascending; else
   * those that were found, the highest first.
   *
   * @param extrema from {@link #extrema}
   */
  List<Peak> peaks(double[] logWeights, List<Position> extrema) {
    return components.targets() > 1
        ? MeanShift.peaks(logWeights, components)
        : Peak.of(logWeights, extrema);
  }

  /**
   * Returns the highest-density regions of a mixture, for each level its segments, ascending.
   *
   * @param extrema from {@link #extrema}
   */
  List<List<Segment>> regions(
      double[] logWeights, double[] weights, List<Position> extrema, Level[] levels) {
    return HighestDensity.ofLine(logWeights, weights, line(), line(), extrema, levels).stream()
        .map(region -> HighestDensity.disjoint(region.stream().map(HighestDensity.Span::segment)))
        .toList();
  }

  /**
   * Returns the probability of what is less likely than an outcome in a mixture over one target.
   *
   * @param extrema from {@link #extrema}
   */
  double densityTail(double[] logWeights, double[] weights, List<Position> extrema, double y) {
    return HighestDensity.tailOnLine(logWeights, weights, line(), line(), extrema, y);
  }

  /** Returns the continuous ranked probability score of an outcome in a mixture. */
  double crps(double[] weights, double y) {
    return components instanceof MeanDistances distances
        ? Scores.crps(weights, distances, y)
        : Scores.crpsByQuadrature(weights, line(), y, 0);
  }

  /** Returns the differential entropy of a mixture in nats. */
  double entropy(double[] logWeights) {
    return Information.entropy(logWeights, line());
  }

  /**
   * Returns P(lower &lt; Y ≤ upper) of a mixture, right in relative terms also of narrow intervals.
   */
  public final double probability(double[] weights, double lower, double upper) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] > 0 ? weights[k] * probability(k, lower, upper) : 0;
    }
    return Math.min(1, sum);
  }

  /** Returns that of component k. */
  double probability(int k, double lower, double upper) {
    if (lower == upper) {
      return 0;
    }
    IndependentTargets line = line();
    double below = line.cdf(k, lower);
    double from = below < 0.5 ? line.cdf(k, upper) : line.survival(k, lower);
    double less = below < 0.5 ? below : line.survival(k, upper);
    return from - less < CANCELLING * from
        ? Math.exp(line.logMasses().of(k, k, lower, upper))
        : from - less;
  }

  /**
   * Returns Kullback and Leibler's divergence E_i[log N_i(y) − log M_j(y)] in nats, at least 0,
   * from component i to component j of others of the same type and D; where it has no closed form,
   * by quadrature to 1e-10 of 1 + itself.
   */
  public final double klDivergence(int i, Components other, int j) {
    if (components instanceof PairDistances closed) {
      return closed.klDivergence(i, other, j);
    }
    int targets = components.targets();
    double sum = 0;
    for (int d = 0; d < targets; d++) {
      IndependentTargets others = (IndependentTargets) other;
      sum += Math.max(0, divergence(line().pair(line().place(i, d), others, others.place(j, d))));
    }
    return sum;
  }

  /** Returns that of the first of two components over one target from the second. */
  double divergence(IndependentTargets pair) {
    return Information.divergence(pair);
  }

  /**
   * Returns Bhattacharyya's distance −log ∫ √(N_i(y) N_j(y)) dy of two components in nats, at least
   * 0; where it has no closed form, by quadrature to 1e-10.
   */
  public final double bhattacharyyaDistance(int i, int j) {
    if (components instanceof PairDistances closed) {
      return closed.bhattacharyyaDistance(i, j);
    }
    int targets = components.targets();
    double sum = 0;
    for (int d = 0; d < targets; d++) {
      sum +=
          Math.max(0, bhattacharyya(line().pair(line().place(i, d), line(), line().place(j, d))));
    }
    return sum;
  }

  /** Returns that of two components over one target. */
  double bhattacharyya(IndependentTargets pair) {
    return Information.bhattacharyya(pair);
  }
}
