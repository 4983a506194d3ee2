/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.Arrays;
import java.util.function.DoubleSupplier;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.mdn4j.Atoms;
import org.mdn4j.numerics.Doubles;

/**
 * The atoms of a mixture over one target: values that have a probability of their own, and the
 * share that is left to the components.
 *
 * <p>Sums are of terms of one sign; no probability is taken from 1. May be changed by who made it,
 * as the mixture that it belongs to.
 */
public final class PointMasses {
  private static final double LOG_HALF = Math.log(0.5);

  private final double[] original; // [A], ascending
  private final double[] values; // [A], ascending
  private final Atoms rule; // of the values, as they are at the time
  private final double[] logMasses; // [A]
  private final double[] masses; // [A], their exponentials
  private double logShare;
  private double share; // of the components

  /**
   * Creates atoms whose probabilities are still to be read.
   *
   * @param values {@code [A]}, ascending
   */
  public PointMasses(double[] values) {
    this.original = values;
    this.values = values.clone();
    this.rule = new Atoms(this.values);
    this.logMasses = new double[values.length];
    this.masses = new double[values.length];
  }

  /**
   * Creates atoms.
   *
   * @param values {@code [A]}, ascending
   * @param logShare of the components, a logit
   * @param logMasses {@code [A]}, logits of the atoms
   */
  public PointMasses(double[] values, double logShare, double[] logMasses) {
    this(values);
    read(logShare, logMasses, 0);
  }

  /** Returns the same atoms, to be changed. */
  public PointMasses copy() {
    PointMasses copy = blank();
    copy.set(this);
    return copy;
  }

  /** Returns atoms at the same values, whose probabilities are still to be read. */
  public PointMasses blank() {
    return new PointMasses(values.clone());
  }

  private void set(PointMasses other) {
    System.arraycopy(other.values, 0, values, 0, values.length);
    System.arraycopy(other.logMasses, 0, logMasses, 0, logMasses.length);
    System.arraycopy(other.masses, 0, masses, 0, masses.length);
    logShare = other.logShare;
    share = other.share;
  }

  // What changes the numbers.

  /**
   * Reads the logits of a raw output, and puts the atoms where they were made.
   *
   * @param ofComponents the logarithm of the sum of the components' exponentials
   * @param raw holds the atoms' logits
   * @param at where they begin
   */
  public void read(double ofComponents, double[] raw, int at) {
    System.arraycopy(original, 0, values, 0, values.length);
    System.arraycopy(raw, at, logMasses, 0, logMasses.length);
    logShare = ofComponents;
    normalize();
  }

  /** Puts log-softmax in the place of the logits: what is next to 1 keeps all its digits. */
  private void normalize() {
    double most = Math.max(logShare, Doubles.max(logMasses));
    double rest = 0; // but for the first of the largest
    boolean found = logShare == most;
    rest += found ? 0 : Math.exp(logShare - most);
    for (double logMass : logMasses) {
      boolean largest = !found && logMass == most;
      rest += largest ? 0 : Math.exp(logMass - most);
      found |= largest;
    }
    double logSum = Math.log1p(rest);
    logShare = logShare - most - logSum;
    share = Math.exp(logShare);
    for (int a = 0; a < logMasses.length; a++) {
      logMasses[a] = logMasses[a] - most - logSum;
      masses[a] = Math.exp(logMasses[a]);
    }
  }

  /** Multiplies the components' share by a factor before all are normalised, given its log. */
  public void changeShare(double logFactor) {
    logShare += logFactor;
    normalize();
  }

  /** Returns the atoms in an interval, its ends included; null if there are none. */
  public PointMasses within(double lower, double upper) {
    int[] inside =
        IntStream.range(0, values.length)
            .filter(a -> lower <= values[a] && values[a] <= upper)
            .toArray();
    return inside.length == 0
        ? null
        : new PointMasses(
            IntStream.of(inside).mapToDouble(a -> values[a]).toArray(),
            logShare,
            IntStream.of(inside).mapToDouble(a -> logMasses[a]).toArray());
  }

  /** Makes these the sum of no mixtures yet. */
  public void clear() {
    Arrays.fill(logMasses, Double.NEGATIVE_INFINITY);
  }

  /** Adds another mixture's atoms at the same values, times exp(logFactor). */
  public void add(PointMasses other, double logFactor) {
    System.arraycopy(other.values, 0, values, 0, values.length);
    for (int a = 0; a < logMasses.length; a++) {
      logMasses[a] = Doubles.logSumExp(logMasses[a], logFactor + other.logMasses[a]);
    }
  }

  /**
   * Adds atoms as probable as all components together, times exp(logFactor).
   *
   * @return the logarithm of the components' share, times the same
   */
  public double addEvenly(double logFactor) {
    double logEach = logFactor - Math.log(logMasses.length + 1);
    for (int a = 0; a < logMasses.length; a++) {
      logMasses[a] = Doubles.logSumExp(logMasses[a], logEach);
    }
    return logEach;
  }

  /** Ends a sum, of which the components have this. */
  public void normalize(double ofComponents) {
    logShare = ofComponents;
    normalize();
  }

  /**
   * Divides all logits by τ.
   *
   * @param heaviest log weight of the heaviest component among the components
   * @param ofComponents the logarithm of the sum of exponentials of their logits, less the
   *     heaviest's, after these were divided by τ
   */
  public void changeTemperature(double tau, double heaviest, double ofComponents) {
    double most = Math.max(logShare + heaviest, Doubles.max(logMasses));
    logShare = (logShare + heaviest - most) / tau + ofComponents;
    for (int a = 0; a < logMasses.length; a++) {
      logMasses[a] = (logMasses[a] - most) / tau;
    }
    normalize();
  }

  /** Makes these the atoms of scale · y + shift. */
  public void changeUnits(double shift, double scale) {
    for (int a = 0; a < values.length; a++) {
      values[a] = Doubles.nearestFinite(scale * values[a] + shift);
    }
    if (scale < 0) {
      reverse(values);
      reverse(logMasses);
      reverse(masses);
    }
  }

  private static void reverse(double[] x) {
    for (int i = 0; i < x.length / 2; i++) {
      double other = x[x.length - 1 - i];
      x[x.length - 1 - i] = x[i];
      x[i] = other;
    }
  }

  /** Puts the atoms at other values, {@code [A]}, ascending. */
  public void place(double[] others) {
    System.arraycopy(others, 0, values, 0, values.length);
  }

  // The numbers.

  /** Returns the number of atoms. */
  public int count() {
    return values.length;
  }

  /** Returns the values, {@code [A]}, ascending. */
  public double[] values() {
    return values.clone();
  }

  /** Returns the probabilities, {@code [A]}. */
  public double[] masses() {
    return masses.clone();
  }

  double value(int a) {
    return values[a];
  }

  double mass(int a) {
    return masses[a];
  }

  /** Returns the share of the components. */
  public double share() {
    return share;
  }

  /** Returns its logarithm. */
  public double logShare() {
    return logShare;
  }

  /** Returns the index of the atom that a value is, −1 if it is none. */
  public int indexOf(double y) {
    return rule.indexOf(y);
  }

  /** Returns log P(Y = value_a). */
  public double logMass(int a) {
    return logMasses[a];
  }

  /** Returns the index of the atom of the largest probability, the first of several. */
  public int heaviest() {
    int heaviest = 0;
    for (int a = 1; a < logMasses.length; a++) {
      heaviest = logMasses[a] > logMasses[heaviest] ? a : heaviest;
    }
    return heaviest;
  }

  /** Returns the probability of the atoms in (a, b]; from −∞ on of those up to b. */
  double between(double a, double b) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += a < values[i] && values[i] <= b ? masses[i] : 0;
    }
    return sum;
  }

  private double logBetween(double a, double b) {
    double sum = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < values.length; i++) {
      sum = a < values[i] && values[i] <= b ? Doubles.logSumExp(sum, logMasses[i]) : sum;
    }
    return sum;
  }

  // Closed forms, from what the components answer alone.

  /**
   * Returns log P(Y = y), where the components, too, give y a probability.
   *
   * @param missing 1 less that of the components, which is asked where the log is near 0
   */
  public double logProbability(double ofComponents, double y, DoubleSupplier missing) {
    int atom = indexOf(y);
    double share = logShare + ofComponents;
    double log = atom < 0 ? share : Doubles.logSumExp(share, logMasses[atom]);
    return log > LOG_HALF ? Math.log1p(-outsideOfInterval(missing.getAsDouble(), y, y)) : log;
  }

  /** Returns 1 − Σ_k π_k P_k from log P_k, also where little is left. */
  public static double missing(double[] weights, IntToDoubleFunction logProbability) {
    double sum = 0;
    for (int k = 0; k < weights.length; k++) {
      sum += weights[k] > 0 ? weights[k] * -Math.expm1(logProbability.applyAsDouble(k)) : 0;
    }
    return sum;
  }

  /** Returns log P(lower ≤ Y ≤ upper), of ends that may be atoms rounded to FLOAT. */
  public double logInterval(double ofComponents, double lower, double upper) {
    double sum = logShare + ofComponents;
    for (int a = 0; a < values.length; a++) {
      sum = rule.isWithin(a, lower, upper) ? Doubles.logSumExp(sum, logMasses[a]) : sum;
    }
    return sum;
  }

  /**
   * Returns 1 less that probability.
   *
   * @param ofComponents the same of the components
   */
  public double outsideOfInterval(double ofComponents, double lower, double upper) {
    double sum = share * ofComponents;
    for (int a = 0; a < values.length; a++) {
      sum += rule.isWithin(a, lower, upper) ? 0 : masses[a];
    }
    return sum;
  }

  /** Returns log P(a &lt; Y ≤ b). */
  public double logProbability(double ofComponents, double a, double b) {
    return Doubles.logSumExp(logShare + ofComponents, logBetween(a, b));
  }

  /**
   * Returns 1 less that probability.
   *
   * @param ofComponents the same of the components
   */
  public double outside(double ofComponents, double a, double b) {
    return share * ofComponents
        + between(Double.NEGATIVE_INFINITY, a)
        + between(b, Double.POSITIVE_INFINITY);
  }

  /** Returns P(Y ≤ y). */
  public double cdf(double ofComponents, double y) {
    return Math.min(1, share * ofComponents + between(Double.NEGATIVE_INFINITY, y));
  }

  /** Returns P(Y &gt; y). */
  public double survival(double ofComponents, double y) {
    return Math.min(1, share * ofComponents + between(y, Double.POSITIVE_INFINITY));
  }

  /** Returns P(Y &lt; value_a) + place · P(Y = value_a). */
  public double pit(int a, Tails ofComponents, double place) {
    double before = cdf(ofComponents.cdf(values[a]), Math.nextDown(values[a]));
    return Math.min(1, before + place * masses[a]);
  }

  /** Returns log P(Y ≤ y). */
  public double logCdf(double ofComponents, double y) {
    return Math.min(
        0, Doubles.logSumExp(logShare + ofComponents, logBetween(Double.NEGATIVE_INFINITY, y)));
  }

  /** Returns log P(Y &gt; y). */
  public double logSurvival(double ofComponents, double y) {
    return Math.min(
        0, Doubles.logSumExp(logShare + ofComponents, logBetween(y, Double.POSITIVE_INFINITY)));
  }

  /** Returns P(a &lt; Y ≤ b). */
  public double probability(double ofComponents, double a, double b) {
    return Math.min(1, share * ofComponents + between(a, b));
  }

  /** Returns E[Y]. */
  public double mean(double ofComponents) {
    double sum = share > 0 ? share * ofComponents : 0;
    for (int a = 0; a < values.length; a++) {
      sum += masses[a] * values[a];
    }
    return sum;
  }

  /** Returns Var[Y]. */
  public double variance(double meanOfComponents, double varianceOfComponents) {
    double mean = mean(meanOfComponents);
    if (Double.isInfinite(mean)) {
      return Double.POSITIVE_INFINITY;
    }
    double sum =
        share > 0 ? share * varianceOfComponents + square(share, meanOfComponents - mean) : 0;
    for (int a = 0; a < values.length; a++) {
      sum += masses[a] > 0 ? square(masses[a], values[a] - mean) : 0;
    }
    return sum;
  }

  /** Returns weight · x², also where x² is beyond all doubles. */
  private static double square(double weight, double x) {
    double root = Math.sqrt(weight) * x;
    return root * root;
  }

  /**
   * Returns the value at a place in [0, 1) of the atoms and the components, laid end to end; NaN
   * where it is of the components.
   */
  public double draw(double place) {
    double reached = 0;
    for (int a = 0; a < values.length; a++) {
      reached += masses[a];
      if (place < reached) {
        return values[a];
      }
    }
    return share > 0 ? Double.NaN : values[values.length - 1];
  }

  /** Returns the place in [0, 1) of the components' weights that such a place is. */
  public double placeOfComponents(double place) {
    return (place - between(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)) / share;
  }
}
