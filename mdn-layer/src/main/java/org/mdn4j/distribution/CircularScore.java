/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

/** CRPS of angles. */
final class CircularScore {
  /** With more than this, a hundred thousand terms and 1e-5 radians, κ counts as this. */
  private static final double LARGEST_CONCENTRATION = 1e10;

  private CircularScore() {}

  /**
   * The CRPS with the arc α(a, b) ∈ [0, π] as distance. By the Fourier series of α, with φ_m = Σ_k
   * π_k A_m(κ_k) exp(i m (μ_k − y)) and A_m = I_m/I₀,
   *
   * <pre>
   *   E α(Y, y) − ½ E α(Y, Y') = (2/π) Σ_{m odd} |φ_m − 1|² / m²
   * </pre>
   *
   * <p>where no term is negative. Once A_m is 0 for all components the rest of the sum is that of
   * 1/m².
   *
   * @param weights π, {@code [K]}
   * @param locations μ, {@code [K]}
   * @param concentrations κ, {@code [K]}
   */
  static double crps(double[] weights, double[] locations, double[] concentrations, double y) {
    double largest = 0;
    for (int k = 0; k < weights.length; k++) {
      largest = weights[k] > 0 ? Math.max(largest, concentrations[k]) : largest;
    }
    int odd = 16 + (int) (4.5 * Math.sqrt(Math.min(largest, LARGEST_CONCENTRATION)));
    double[] real = new double[odd]; // of φ_m, m = 2 j + 1
    double[] imaginary = new double[odd];
    double[] ratios = new double[2 * odd]; // I_m/I_(m − 1) at m − 1
    for (int k = 0; k < weights.length; k++) {
      if (weights[k] > 0) {
        double kappa = Math.min(concentrations[k], LARGEST_CONCENTRATION);
        setBesselRatios(kappa, ratios);
        add(weights[k], locations[k] - y, ratios, real, imaginary);
      }
    }
    double sum = 0;
    for (int j = odd - 1; j >= 0; j--) {
      double m = 2.0 * j + 1;
      double difference = 1 - real[j];
      sum += (difference * difference + imaginary[j] * imaginary[j]) / (m * m);
    }
    return 2 / Math.PI * (sum + rest(odd + 0.5));
  }

  /** By backward recurrence: I_(m − 1)/I_m = 2 m/κ + I_(m + 1)/I_m. */
  private static void setBesselRatios(double kappa, double[] ratios) {
    double m = ratios.length + 1;
    double ratio = kappa / (m - 0.5 + Math.hypot(m + 0.5, kappa)); // near enough to be forgotten
    for (int i = ratios.length - 1; i >= 0; i--) {
      ratio = 1 / (2 * (i + 1) / kappa + ratio);
      ratios[i] = ratio;
    }
  }

  private static void add(
      double weight, double angle, double[] ratios, double[] real, double[] imaginary) {
    double stepCosine = Math.cos(2 * angle);
    double stepSine = Math.sin(2 * angle);
    double cosine = Math.cos(angle);
    double sine = Math.sin(angle);
    double size = weight * ratios[0];
    for (int j = 0; j < real.length && size > 0; j++) {
      real[j] += size * cosine;
      imaginary[j] += size * sine;
      double turned = cosine * stepCosine - sine * stepSine;
      sine = sine * stepCosine + cosine * stepSine;
      cosine = turned;
      size *= j + 1 < real.length ? ratios[2 * j + 1] * ratios[2 * j + 2] : 0;
    }
  }

  /**
   * Σ_{j ≥ 0} 1/(2 (z + j))², a quarter of the trigamma function, z ≥ 16. Around z = 50
   * commons-numbers' Trigamma is off by 3e-12 of it.
   */
  private static double rest(double z) {
    double square = 1 / (z * z);
    double series = 1.0 / 6 - square * (1.0 / 30 - square * (1.0 / 42 - square / 30));
    return 0.25 / z * (1 + 0.5 / z + square * series);
  }
}
