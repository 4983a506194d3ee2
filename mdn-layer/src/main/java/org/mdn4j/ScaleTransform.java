/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The transform g from a scale parameter s to a scale σ = f + g(s), with the scale floor f and g
 * &gt; 0.
 */
public enum ScaleTransform {
  /** g(s) = exp(s), so that log σ = s where there is no floor. */
  EXP(0) {
    @Override
    public double apply(double scaleParameter) {
      return Math.exp(scaleParameter);
    }

    @Override
    public double inverse(double value) {
      return Math.log(value);
    }
  },

  /**
   * g(s) = ELU(s) + 1, which is exp(s) for s ≤ 0 and s + 1 above: large scales grow linearly. With
   * the floor ε = 10⁻⁷, its default, it is the scale of keras-mdn-layer. Source: A. Brando,
   * <i>Mixture Density Networks (MDN) for distribution and uncertainty estimation</i>, master
   * thesis, Universitat Politècnica de Catalunya (2017).
   */
  ELU_PLUS_ONE(1e-7) {
    @Override
    public double apply(double scaleParameter) {
      return scaleParameter > 0 ? scaleParameter + 1 : Math.exp(scaleParameter);
    }

    @Override
    public double inverse(double value) {
      return value > 1 ? value - 1 : Math.log(value);
    }
  };

  private static final Limits LIMITS = Limits.of(DataType.DOUBLE);

  /** By transform: the scale parameter of the largest exponential. */
  private static final double[] LARGEST =
      Arrays.stream(values())
          .mapToDouble(transform -> transform.inverse(Math.exp(LIMITS.maxScaleParameter())))
          .toArray();

  private final double defaultFloor;

  ScaleTransform(double defaultFloor) {
    this.defaultFloor = defaultFloor;
  }

  /**
   * Returns the scale floor f of a specification that sets none.
   *
   * @return 0 for EXP, 10⁻⁷ for ELU_PLUS_ONE
   */
  public double defaultFloor() {
    return defaultFloor;
  }

  /**
   * Returns the scale without its floor.
   *
   * @param scaleParameter s
   * @return g(s)
   */
  public abstract double apply(double scaleParameter);

  /**
   * Returns the scale parameter of a scale without its floor.
   *
   * @param value g(s), positive
   * @return s
   */
  public abstract double inverse(double value);

  /**
   * Returns the nearest scale parameter whose scale is neither 0 nor infinite, by comparisons,
   * which cost less than Math.max and Math.min.
   */
  double within(double scaleParameter) {
    double largest = LARGEST[ordinal()];
    return scaleParameter > largest
        ? largest
        : scaleParameter < LIMITS.minScaleParameter() ? LIMITS.minScaleParameter() : scaleParameter;
  }
}
