/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

import java.util.stream.IntStream;
import org.mdn4j.distribution.components.DiagonalGaussians;
import org.mdn4j.distribution.components.VonMises;

/**
 * CRPS of angles, with the arc α(a, b) ∈ [0, π] as distance:
 *
 * <pre>
 *   E α(Y, y) − ½ E α(Y, Y') = Σ_ij π_i π_j t_ij,
 *   t_ij = ½ (E α(Y_i, y) + E α(Y_j, y) − E α(Y_i, Y_j)) ≥ 0
 * </pre>
 *
 * <p>Wide components are taken by the Fourier series of α, with A_m = I_m/I₀ and δ_k = μ_k − y: of
 * those among themselves Σ π_i π_j t_ij is
 *
 * <pre>
 *   (2/π) Σ_{m odd} |Σ_k π_k (A_m(κ_k) exp(i m δ_k) − 1)|² / m²
 * </pre>
 *
 * <p>where no term is negative. Once A_m is 0 for all, the rest of the sum is that of 1/m². Narrow
 * ones are, to 1/κ, normal distributions with σ² = 1/κ.
 */
final class CircularScore {
  /** From here on a component is narrow; below it a hundred thousand terms are enough. */
  private static final double NARROW = 1e10;

  private final double[] weights; // [K]
  private final double[] ways; // [K], δ in [−π, π)
  private final double[] concentrations; // [K]
  private final int terms;
  private final double[] ratios; // [2 terms], I_m/I_(m − 1) at m − 1, of one component

  private CircularScore(double[] weights, double[] ways, double[] concentrations) {
    this.weights = weights;
    this.ways = ways;
    this.concentrations = concentrations;
    double largest = 0;
    for (int k = 0; k < weights.length; k++) {
      largest = isWide(k) ? Math.max(largest, concentrations[k]) : largest;
    }
    this.terms = 16 + (int) (4.5 * Math.sqrt(largest));
    this.ratios = new double[2 * terms];
  }

  /**
   * Returns the score of an outcome.
   *
   * @param weights π, {@code [K]}
   */
  static double crps(double[] weights, VonMises components, double y) {
    double outcome = VonMises.wrapped(y);
    double[] ways = new double[weights.length];
    double[] concentrations = new double[weights.length];
    for (int k = 0; k < ways.length; k++) {
      ways[k] = VonMises.wrapped(components.mode(k) - outcome);
      concentrations[k] = components.scale(k, 0);
    }
    CircularScore score = new CircularScore(weights, ways, concentrations);
    return score.ofWide() + score.ofNarrow();
  }

  private boolean isWide(int k) {
    return weights[k] > 0 && concentrations[k] <= NARROW;
  }

  private boolean isNarrow(int k) {
    return weights[k] > 0 && concentrations[k] > NARROW;
  }

  /** Returns the terms of wide components among themselves. */
  private double ofWide() {
    double[] real = new double[terms]; // Σ π_k A_m cos(m δ_k), m = 2 j + 1
    double[] imaginary = new double[terms];
    double weight = 0;
    for (int k = 0; k < weights.length; k++) {
      if (isWide(k)) {
        setBesselRatios(concentrations[k]);
        add(weights[k], ways[k], real, imaginary);
        weight += weights[k];
      }
    }
    double sum = 0;
    for (int j = terms - 1; j >= 0; j--) {
      double m = 2.0 * j + 1;
      double difference = weight - real[j];
      sum += (difference * difference + imaginary[j] * imaginary[j]) / (m * m);
    }
    return 2 / Math.PI * (sum + weight * weight * rest(terms + 0.5));
  }

  /** Sets the ratios by backward recurrence: I_(m − 1)/I_m = 2 m/κ + I_(m + 1)/I_m. */
  private void setBesselRatios(double kappa) {
    double m = ratios.length + 1;
    double ratio = kappa / (m - 0.5 + Math.hypot(m + 0.5, kappa)); // near enough to be forgotten
    for (int i = ratios.length - 1; i >= 0; i--) {
      ratio = 1 / (2 * (i + 1) / kappa + ratio);
      ratios[i] = ratio;
    }
  }

  private void add(double weight, double angle, double[] real, double[] imaginary) {
    Turn turn = new Turn(angle);
    double size = weight * ratios[0];
    for (int j = 0; j < terms && size > 0; j++) {
      real[j] += size * turn.cosine;
      imaginary[j] += size * turn.sine;
      turn.next();
      size = next(size, j);
    }
  }

  /** Returns a factor of A_m, at the next odd m. */
  private double next(double size, int j) {
    return j + 1 < terms ? size * (ratios[2 * j + 1] * ratios[2 * j + 2]) : 0;
  }

  /** exp(i m angle) for odd m, one after the other. */
  private static final class Turn {
    private final double stepCosine;
    private final double stepSine;
    private double cosine;
    private double sine;

    Turn(double angle) {
      stepCosine = Math.cos(2 * angle);
      stepSine = Math.sin(2 * angle);
      cosine = Math.cos(angle);
      sine = Math.sin(angle);
    }

    void next() {
      double turned = cosine * stepCosine - sine * stepSine;
      sine = sine * stepCosine + cosine * stepSine;
      cosine = turned;
    }
  }

  /**
   * Returns Σ_{j ≥ 0} 1/(2 (z + j))², a quarter of the trigamma function, z ≥ 16. Around z = 50
   * commons-numbers' Trigamma is off by 3e-12 of it.
   */
  private static double rest(double z) {
    double square = 1 / (z * z);
    double series = 1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square / 30));
    return 0.25 / z * (1 + 0.5 / z + square * series);
  }

  /** Returns the terms of narrow components among themselves and with the wide ones. */
  private double ofNarrow() {
    int[] narrow = IntStream.range(0, weights.length).filter(this::isNarrow).toArray();
    double sum = 0;
    for (int i : narrow) {
      for (int j : narrow) {
        sum += weights[i] * (weights[j] * ofNarrow(i, j));
      }
    }
    for (int j = 0; j < weights.length && narrow.length > 0; j++) {
      if (isWide(j)) {
        setBesselRatios(concentrations[j]);
        for (int i : narrow) {
          sum += 2 * weights[i] * (weights[j] * ofNarrowAndWide(i, j));
        }
      }
    }
    return sum;
  }

  /**
   * Returns t_ij of two narrow components: of their directions, and what the spread adds to arcs.
   */
  private double ofNarrow(int i, int j) {
    double a = Math.abs(ways[i]);
    double b = Math.abs(ways[j]);
    boolean sameSide = ways[i] > 0 == ways[j] > 0;
    double between = sameSide ? Math.min(a, b) : Math.max(0, a + b - Math.PI);
    double deviation = Math.hypot(deviation(i), deviation(j));
    double apart = Math.abs(VonMises.wrapped(ways[i] - ways[j]));
    double spread = 0.5 * (excess(a, deviation(i)) + excess(b, deviation(j)));
    return Math.max(0, between + spread - 0.5 * excess(apart, deviation));
  }

  private double deviation(int k) {
    return 1 / Math.sqrt(concentrations[k]);
  }

  /**
   * Returns E α − arc for a difference that is normal around an arc; next to π the arc is shorter.
   */
  private static double excess(double arc, double deviation) {
    return DiagonalGaussians.excess(arc, deviation)
        - DiagonalGaussians.excess(Math.PI - arc, deviation);
  }

  /**
   * Returns t_ij of a narrow and a wide component, whose Bessel ratios are set, with
   *
   * <pre>
   *   E α(Y_j, y) − E α(Y_i, Y_j) = (4/π) Σ_{m odd} A_m (a_m cos m(δ_j − δ_i) − cos m δ_j)/m²
   * </pre>
   *
   * <p>a_m = exp(−m²/2κ_i), in which nothing cancels where y is the narrow one's direction.
   */
  private double ofNarrowAndWide(int i, int j) {
    Turn half = new Turn(0.5 * ways[i]);
    Turn middle = new Turn(ways[j] - 0.5 * ways[i]);
    double size = ratios[0];
    double sum = 0;
    for (int n = 0; n < terms && size > 0; n++) {
      double m = 2.0 * n + 1;
      // cos m(δ_j − δ_i) − cos m δ_j = 2 sin m(δ_j − δ_i/2) sin m δ_i/2
      double difference = 2 * middle.sine * half.sine;
      double cosine = middle.cosine * half.cosine + middle.sine * half.sine; // m(δ_j − δ_i)
      double lack = -Math.expm1(-0.5 * m / concentrations[i] * m);
      sum += size * (difference - lack * cosine) / (m * m);
      half.next();
      middle.next();
      size = next(size, n);
    }
    double ofNarrow = Math.abs(ways[i]) + excess(Math.abs(ways[i]), deviation(i));
    return Math.max(0, 0.5 * (ofNarrow + 4 / Math.PI * sum));
  }
}
