/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;

/**
 * Proves, of a stretch of one target, that p' has at most one root in it. The derivatives p' and
 * p'' are bounded by the sums of the components' smallest and largest values over the stretch,
 * which they take at its ends or at their own bends. p' has no root if it keeps its sign, and one
 * at most if p'' keeps its own. A stretch over which p changes by less than 1e-14 of itself is
 * passed, too: doubles cannot show what it holds.
 *
 * <p>Values are relative to the largest component's density nearby, so that nothing underflows.
 */
final class SlopeBounds {
  private static final double INVISIBLE = 1e-14;
  private static final double ROUNDING = 1e-15;

  /** An exponential below it may have lost digits. */
  private static final double TINY = 1e-290;

  private final double[] logWeights; // [K]
  private final IndependentTargets components;
  private final int[] shares; // [S], the components that have a share in the mixture
  private final double[][] bends; // [S][bends]
  private final double[][] bendLogJoint; // [S][bends], log π + log N
  private final double[][] bendFirst; // [S][bends], N' / N
  private final double[][] bendSecond; // [S][bends], N'' / N

  SlopeBounds(double[] logWeights, IndependentTargets components, int[] shares) {
    this.logWeights = logWeights;
    this.components = components;
    this.shares = shares;
    this.bends = Arrays.stream(shares).mapToObj(components::bends).toArray(double[][]::new);
    this.bendLogJoint = new double[shares.length][];
    this.bendFirst = new double[shares.length][];
    this.bendSecond = new double[shares.length][];
    for (int i = 0; i < shares.length; i++) {
      int k = shares[i];
      bendLogJoint[i] = at(bends[i], y -> logWeights[k] + components.logDensity(k, y));
      bendFirst[i] = at(bends[i], y -> components.score(k, y));
      bendSecond[i] = at(bends[i], y -> second(k, y, components.score(k, y)));
    }
  }

  private static double[] at(double[] points, DoubleUnaryOperator function) {
    return Arrays.stream(points).map(function).toArray();
  }

  private double second(int k, double y, double score) {
    return score * score + components.scoreSlope(k, y);
  }

  Point at(double y) {
    return new Point(y);
  }

  /** The components' derivatives at one y. */
  final class Point {
    final double y;

    /** The sign of p', or 0 where rounding may have made it. */
    final int sign;

    private final double max; // log, of the largest component's joint density
    private double density; // this and all below relative to it
    private final double[] first = new double[shares.length]; // N'
    private final double[] second = new double[shares.length]; // N''
    private final double[] scores = new double[shares.length]; // N' / N
    private final double[] seconds = new double[shares.length]; // N'' / N
    private final double[] rounding = new double[shares.length]; // relative error of N
    private double firstSum;
    private double firstError;
    private double slack; // what underflow may hide of N' and N''

    private Point(double y) {
      this.y = y;
      double[] logJoint = new double[shares.length];
      double largest = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < shares.length; i++) {
        logJoint[i] = logWeights[shares[i]] + components.logDensity(shares[i], y);
        largest = Math.max(largest, logJoint[i]);
      }
      max = largest;
      for (int i = 0; i < shares.length; i++) {
        double joint = Math.exp(logJoint[i] - max);
        scores[i] = components.score(shares[i], y);
        seconds[i] = second(shares[i], y, scores[i]);
        first[i] = joint * scores[i];
        second[i] = joint * seconds[i];
        rounding[i] = Math.min(0.5, ROUNDING * (4 + Math.abs(logJoint[i])));
        density += joint;
        firstSum += first[i];
        firstError += rounding[i] * Math.abs(first[i]);
        slack += TINY * (Math.abs(scores[i]) + Math.abs(seconds[i]));
      }
      sign = Math.abs(firstSum) > firstError + slack ? (int) Math.signum(firstSum) : 0;
    }
  }

  /** Whether p' has at most one root between two points. */
  boolean settled(Point a, Point b) {
    double max = Math.max(a.max, b.max);
    for (int i = 0; i < shares.length; i++) {
      for (int j = 0; j < bends[i].length; j++) {
        if (a.y < bends[i][j] && bends[i][j] < b.y) {
          max = Math.max(max, bendLogJoint[i][j]);
        }
      }
    }
    double fromA = Math.exp(a.max - max);
    double fromB = Math.exp(b.max - max);
    Range first = new Range(fromA * a.slack + fromB * b.slack);
    Range second = new Range(fromA * a.slack + fromB * b.slack);
    for (int i = 0; i < shares.length; i++) {
      first.start(fromA * a.first[i], fromB * b.first[i], a.scores[i], b.scores[i]);
      second.start(fromA * a.second[i], fromB * b.second[i], a.seconds[i], b.seconds[i]);
      for (int j = 0; j < bends[i].length; j++) {
        if (a.y < bends[i][j] && bends[i][j] < b.y) {
          double joint = Math.exp(bendLogJoint[i][j] - max);
          first.extend(joint * bendFirst[i][j], bendFirst[i][j]);
          second.extend(joint * bendSecond[i][j], bendSecond[i][j]);
        }
      }
      double rounding = Math.max(a.rounding[i], b.rounding[i]);
      first.add(rounding);
      second.add(rounding);
    }
    if (first.keepsSign() || second.keepsSign()) {
      return true;
    }
    double width = b.y - a.y;
    double firstA = fromA * a.firstSum;
    double firstB = fromB * b.firstSum;
    if (a.sign == b.sign && a.sign != 0) {
      double least =
          a.sign > 0
              ? least(firstA, firstB, second.low, second.high, width)
              : least(-firstA, -firstB, -second.high, -second.low, width);
      if (least > fromA * a.firstError + fromB * b.firstError + width * second.error()) {
        return true;
      }
    }
    double steepest =
        Math.max(Math.abs(firstA), Math.abs(firstB)) + width * Math.max(-second.low, second.high);
    return width * steepest <= INVISIBLE * Math.min(fromA * a.density, fromB * b.density);
  }

  /**
   * The least value on [0, width] of a function that is a and b at its ends, and whose derivative
   * is between low &lt; 0 and high &gt; 0.
   */
  private static double least(double a, double b, double low, double high, double width) {
    double meet = (a - b + high * width) / (high - low);
    return a + low * Math.max(0, Math.min(width, meet));
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

    /** The slack is an absolute error of either bound. */
    Range(double slack) {
      this.lowError = slack;
      this.highError = slack;
    }

    /**
     * Starts a term with two of its values, and two numbers of their signs that never underflow.
     */
    void start(double a, double b, double signA, double signB) {
      termLow = Math.min(a, b);
      termHigh = Math.max(a, b);
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
      return nowhereNegative || nowherePositive || low > lowError || high < -highError;
    }
  }
}
