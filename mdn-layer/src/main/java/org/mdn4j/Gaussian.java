/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

/** Constants of the normal distribution. */
@Internal
public final class Gaussian {
  /** ½ log 2π, by which −log of the standard normal density exceeds ½ y². */
  public static final double HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private Gaussian() {}
}
