/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.io.Serializable;
import java.util.Objects;
import org.nd4j.shade.jackson.annotation.JsonInclude;

/**
 * Mean and variance of numbers that come one by one or in parts. Parts merge to the figures of the
 * whole, up to rounding, however they were split. A number may count with a weight.
 *
 * <p>Sources: B. P. Welford, <i>Note on a method for calculating corrected sums of squares and
 * products</i>, Technometrics 4 (1962); T. F. Chan, G. H. Golub and R. J. LeVeque, <i>Updating
 * formulae and a pairwise algorithm for computing sample variances</i>, Stanford STAN-CS-79-773
 * (1979), equation 1.5.
 */
public final class RunningMean implements Serializable {
  private static final long serialVersionUID = 1L;

  private long count;
  private double mean;
  private double squaredDeviations; // Σ w (x − mean)²

  // Σ w and Σ w², or 0 while each number counts once; so it is in texts from before there were
  // weights
  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private double weight;

  @JsonInclude(JsonInclude.Include.NON_DEFAULT)
  private double squaredWeights;

  /** Creates a mean of no numbers yet. */
  public RunningMean() {}

  /**
   * Adds a number.
   *
   * @param value the number; the mean is infinite once one is
   */
  public void add(double value) {
    add(value, 1);
  }

  /**
   * Adds a number that counts with a weight: the mean is Σ w x / Σ w.
   *
   * @param value the number; the mean is infinite once one is
   * @param w its weight, positive
   */
  public void add(double value, double w) {
    if (weight != 0 || w != 1) {
      double squares = squaredWeights() + w * w;
      weight = totalWeight() + w;
      squaredWeights = squares;
    }
    count++;
    if (Double.isInfinite(value) || Double.isInfinite(mean)) {
      becomeInfinite(value);
      return;
    }
    double deviation = value - mean;
    mean += w * deviation / totalWeight();
    squaredDeviations += w * (deviation * (value - mean));
  }

  private double squaredWeights() {
    return squaredWeights == 0 ? count : squaredWeights;
  }

  /**
   * Adds the numbers of another one, which stays as it is.
   *
   * @param other the other numbers
   */
  public void merge(RunningMean other) {
    if (other.count == 0) {
      return;
    }
    double total = totalWeight() + other.totalWeight();
    if (Double.isInfinite(other.mean) || Double.isInfinite(mean)) {
      becomeInfinite(other.mean);
    } else {
      double deviation = other.mean - mean;
      mean += deviation * (other.totalWeight() / total);
      squaredDeviations +=
          other.squaredDeviations
              + deviation * deviation * (totalWeight() * other.totalWeight() / total);
    }
    if (weight != 0 || other.weight != 0) {
      squaredWeights = squaredWeights() + other.squaredWeights();
      weight = total;
    }
    count += other.count;
  }

  /** Makes the mean infinite: ∞ and a number are ∞, where the formulas above would give ∞ − ∞. */
  private void becomeInfinite(double value) {
    mean += value;
    squaredDeviations = Double.POSITIVE_INFINITY;
  }

  /**
   * Returns the number of numbers.
   *
   * @return the count
   */
  public long count() {
    return count;
  }

  /** Returns the sum of their weights, which their shares are of. */
  double totalWeight() {
    return weight == 0 ? count : weight;
  }

  /**
   * Returns their mean.
   *
   * @return the mean; NaN of no numbers
   */
  public double mean() {
    return count == 0 ? Double.NaN : mean;
  }

  /**
   * Returns their standard deviation, √(Σ w (x − mean)² / Σ w · n / (n − 1)), where all count alike
   * √(Σ (x − mean)² / (n − 1)).
   *
   * @return the standard deviation; NaN of fewer than two numbers
   */
  public double standardDeviation() {
    return count < 2
        ? Double.NaN
        : Math.sqrt(squaredDeviations / (totalWeight() * (count - 1) / count));
  }

  /**
   * Returns the standard error of the mean, standardDeviation · √(Σ w²) / Σ w, where all count
   * alike standardDeviation / √n.
   *
   * @return the standard error; NaN of fewer than two numbers
   */
  public double standardError() {
    return standardDeviation() / Math.sqrt(totalWeight() * totalWeight() / squaredWeights());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof RunningMean that
        && count == that.count
        && Double.compare(totalWeight(), that.totalWeight()) == 0
        && Double.compare(squaredWeights(), that.squaredWeights()) == 0
        && Double.compare(mean, that.mean) == 0
        && Double.compare(squaredDeviations, that.squaredDeviations) == 0;
  }

  @Override
  public int hashCode() {
    return Objects.hash(count, mean, squaredDeviations);
  }

  @Override
  public String toString() {
    return "RunningMean(count=%s, mean=%s)".formatted(count, mean());
  }
}
