/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.mdn4j.distribution.components.IndependentTargets;

/**
 * Proves, of a part of a stretch of one target, that p' has at most one root in it. The derivatives
 * p' and p'' are bounded by the sums of the components' smallest and largest values over the part,
 * which they take at its ends or at their own bends. p' has no root if it keeps its sign, and one
 * at most if p'' keeps its own. A part over which p changes by less than 1e-14 of itself is passed,
 * too: doubles cannot show what it holds.
 *
 * <p>Values are relative to the largest component's density nearby, so that nothing underflows;
 * where scales are of very different sizes, p' and p'' each to the largest of its own terms.
 */
final class SlopeBounds {
  private static final double INVISIBLE = 1e-14;
  private static final double ROUNDING = 1e-15;

  /** An exponential below it may have lost digits. */
  private static final double TINY = 1e-290;

  /** Of a smaller logarithm the exponential is nothing, whatever number it is multiplied by. */
  private static final double NOTHING = -1500;

  private final double[] logWeights; // [K]
  private final IndependentTargets components;
  private final int[] shares; // [S], the components that have a share in the mixture
  private final boolean ordinary;
  private final double[] logUnits; // [S], 0 where all are ordinary
  private final Bends[] bends; // [S], those inside of the stretch

  /** A component's derivatives at its bends, ascending. */
  private record Bends(double[] y, double[] logJoint, double[] first, double[] second) {
    /** Returns whether a root may be between two values; where one is, {@link #isBetween} says. */
    boolean mayBeBetween(double a, double b) {
      return y.length > 0 && a < y[y.length - 1] && y[0] < b;
    }

    boolean isBetween(double a, int j, double b) {
      return a < y[j] && y[j] < b;
    }
  }

  SlopeBounds(double[] logWeights, Stretch stretch, int[] shares) {
    this(logWeights, stretch.components(), shares, stretch.from(), stretch.to());
  }

  SlopeBounds(
      double[] logWeights, IndependentTargets components, int[] shares, double from, double to) {
    this.logWeights = logWeights;
    this.components = components;
    this.shares = shares;
    this.ordinary = components.isOrdinary(logWeights);
    this.logUnits =
        Arrays.stream(shares).mapToDouble(k -> ordinary ? 0 : components.logUnit(k)).toArray();
    this.bends = new Bends[shares.length];
    for (int i = 0; i < shares.length; i++) {
      int k = shares[i];
      double[] inside =
          Arrays.stream(components.bends(k)).filter(y -> from < y && y < to).sorted().toArray();
      bends[i] =
          new Bends(
              inside,
              at(inside, y -> logWeights[k] + components.logDensity(k, y)),
              at(inside, y -> first(k, y)),
              at(inside, y -> second(k, y, first(k, y))));
    }
  }

  private static double[] at(double[] points, DoubleUnaryOperator function) {
    return Arrays.stream(points).map(function).toArray();
  }

  /** Returns N'/N, in units of the component unless it is ordinary. */
  private double first(int k, double y) {
    return ordinary ? components.score(k, y) : components.unitScore(k, y);
  }

  /** Returns N''/N, in the same units. */
  private double second(int k, double y, double score) {
    return score * score
        + (ordinary ? components.scoreSlope(k, y) : components.unitScoreSlope(k, y));
  }

  Point at(double y) {
    return new Point(y);
  }

  /** The largest logarithms of the terms of p, p' and p''. */
  private final class Largest {
    private double density = Double.NEGATIVE_INFINITY;
    private double first = Double.NEGATIVE_INFINITY;
    private double second = Double.NEGATIVE_INFINITY;

    void add(double logJoint, double logUnit) {
      density = logJoint > density ? logJoint : density;
      if (!ordinary) {
        first = Math.max(first, logJoint - logUnit);
        second = Math.max(second, logJoint - 2 * logUnit);
      }
    }

    void add(Largest other) {
      density = Math.max(density, other.density);
      first = Math.max(first, other.first);
      second = Math.max(second, other.second);
    }

    double first() {
      return ordinary ? density : first;
    }

    double second() {
      return ordinary ? density : second;
    }
  }

  /** The components' derivatives at one y. */
  final class Point {
    final double y;

    /** The sign of p', or 0 where rounding may have made it. */
    final int sign;

    private final Largest largest = new Largest();
    private double density; // this and all below relative to the largest of their terms
    private final double[] first = new double[shares.length]; // N'
    private final double[] second = new double[shares.length]; // N''
    private final double[] scores = new double[shares.length]; // N' / N
    private final double[] seconds = new double[shares.length]; // N'' / N
    private final double[] rounding = new double[shares.length]; // relative error of N
    private double firstSum;
    private double firstError;
    private double firstSlack; // what underflow may hide of N'
    private double secondSlack; // and of N''

    private Point(double y) {
      this.y = y;
      double[] logJoint = new double[shares.length];
      for (int i = 0; i < shares.length; i++) {
        logJoint[i] = logWeights[shares[i]] + components.logDensity(shares[i], y);
        largest.add(logJoint[i], logUnits[i]);
      }
      for (int i = 0; i < shares.length; i++) {
        double joint = Math.exp(logJoint[i] - largest.density);
        scores[i] = first(shares[i], y);
        seconds[i] = second(shares[i], y, scores[i]);
        rounding[i] = Math.min(0.5, ROUNDING * (4 + Math.abs(logJoint[i])));
        density += joint;
        if (ordinary) {
          first[i] = joint * scores[i];
          second[i] = joint * seconds[i];
          firstSlack += TINY * (Math.abs(scores[i]) + Math.abs(seconds[i]));
        } else {
          double ofFirst = logJoint[i] - logUnits[i] - largest.first;
          double ofSecond = logJoint[i] - 2 * logUnits[i] - largest.second;
          first[i] = product(ofFirst, scores[i]);
          second[i] = product(ofSecond, seconds[i]);
          firstSlack += hidden(ofFirst, scores[i]);
          secondSlack += hidden(ofSecond, seconds[i]);
        }
        firstSum += first[i];
        firstError += rounding[i] * Math.abs(first[i]);
      }
      secondSlack = ordinary ? firstSlack : secondSlack;
      sign = Math.abs(firstSum) > firstError + firstSlack ? (int) Math.signum(firstSum) : 0;
    }
  }

  /** Returns exp(log) · value, 0 for an exponential of 0. */
  private static double product(double log, double value) {
    double exponential = Math.exp(log);
    return exponential == 0 ? 0 : exponential * value;
  }

  private static double hidden(double log, double value) {
    return log < NOTHING ? 0 : TINY * Math.abs(value);
  }

  /** Returns whether p' has at most one root between two points. */
  boolean settled(Point a, Point b) {
    Largest largest = new Largest();
    largest.add(a.largest);
    largest.add(b.largest);
    for (int i = 0; i < shares.length; i++) {
      int count = bends[i].mayBeBetween(a.y, b.y) ? bends[i].y.length : 0;
      for (int j = 0; j < count; j++) {
        if (bends[i].isBetween(a.y, j, b.y)) {
          largest.add(bends[i].logJoint[j], logUnits[i]);
        }
      }
    }
    double firstOfA = Math.exp(a.largest.first() - largest.first());
    double firstOfB = Math.exp(b.largest.first() - largest.first());
    double secondOfA = ordinary ? firstOfA : Math.exp(a.largest.second - largest.second);
    double secondOfB = ordinary ? firstOfB : Math.exp(b.largest.second - largest.second);
    Range first = new Range(firstOfA * a.firstSlack + firstOfB * b.firstSlack);
    Range second = new Range(secondOfA * a.secondSlack + secondOfB * b.secondSlack);
    for (int i = 0; i < shares.length; i++) {
      first.start(firstOfA * a.first[i], firstOfB * b.first[i], a.scores[i], b.scores[i]);
      second.start(secondOfA * a.second[i], secondOfB * b.second[i], a.seconds[i], b.seconds[i]);
      int count = bends[i].mayBeBetween(a.y, b.y) ? bends[i].y.length : 0;
      for (int j = 0; j < count; j++) {
        if (bends[i].isBetween(a.y, j, b.y)) {
          double ofFirst = bends[i].logJoint[j] - logUnits[i] - largest.first();
          double ofSecond = bends[i].logJoint[j] - 2 * logUnits[i] - largest.second();
          first.extend(product(ofFirst, bends[i].first[j]), bends[i].first[j]);
          second.extend(product(ofSecond, bends[i].second[j]), bends[i].second[j]);
        }
      }
      double rounding = a.rounding[i] > b.rounding[i] ? a.rounding[i] : b.rounding[i];
      first.add(rounding);
      second.add(rounding);
    }
    if (first.keepsSign() || second.keepsSign()) {
      return true;
    }
    // By how much p' and p change over the part, in the units that p' and p are in.
    double width = b.y - a.y;
    double ofFirst = width;
    double ofDensity = width;
    if (!ordinary) {
      double logWidth = Math.log(width);
      ofFirst = Math.exp(largest.second - largest.first + logWidth);
      ofDensity = Math.exp(largest.first - largest.density + logWidth);
    }
    double firstA = firstOfA * a.firstSum;
    double firstB = firstOfB * b.firstSum;
    if (a.sign == b.sign && a.sign != 0) {
      double least =
          a.sign > 0
              ? least(firstA, firstB, ofFirst * second.low, ofFirst * second.high)
              : least(-firstA, -firstB, -ofFirst * second.high, -ofFirst * second.low);
      double error = firstOfA * a.firstError + firstOfB * b.firstError;
      if (least > error + ofFirst * second.error()) {
        return true;
      }
    }
    double steepest =
        Math.max(Math.abs(firstA), Math.abs(firstB)) + ofFirst * Math.max(-second.low, second.high);
    double densityOfA = ordinary ? firstOfA : Math.exp(a.largest.density - largest.density);
    double densityOfB = ordinary ? firstOfB : Math.exp(b.largest.density - largest.density);
    return ofDensity * steepest
        <= INVISIBLE * Math.min(densityOfA * a.density, densityOfB * b.density);
  }

  /**
   * Returns the least value on [0, 1] of a function that is a and b at its ends, and whose
   * derivative is between low &lt; 0 and high &gt; 0.
   */
  private static double least(double a, double b, double low, double high) {
    double meet = (a - b + high) / (high - low);
    return a + low * Math.max(0, Math.min(1, meet));
  }

  /** The range of a sum of components, from the ranges of its terms. */
  private static final class Range {
    private double low;
    private double high;
    private double lowError;
    private double highError;
    private double termLow;
    private double termHigh;
    private boolean nowhereNegative = true;
    private boolean nowherePositive = true;

    /** Creates a range with an absolute error of either bound. */
    Range(double slack) {
      this.lowError = slack;
      this.highError = slack;
    }

    /**
     * Starts a term with two of its values, and two numbers of their signs that never underflow.
     */
    void start(double a, double b, double signA, double signB) {
      boolean ascending = a < b;
      termLow = ascending ? a : b;
      termHigh = ascending ? b : a;
      signs(signA);
      signs(signB);
    }

    /** Widens the term to a further value. */
    void extend(double value, double sign) {
      termLow = Math.min(termLow, value);
      termHigh = Math.max(termHigh, value);
      signs(sign);
    }

    private void signs(double value) {
      nowhereNegative &= value >= 0;
      nowherePositive &= value <= 0;
    }

    /** Adds the term, which has a relative error. */
    void add(double rounding) {
      low += termLow;
      high += termHigh;
      lowError += rounding * Math.abs(termLow);
      highError += rounding * Math.abs(termHigh);
    }

    double error() {
      return lowError + highError;
    }

    boolean keepsSign() {
      return nowhereNegative
          || nowherePositive
          || (low > lowError || high < -highError) && low <= high; // none of them NaN
    }
  }
}
