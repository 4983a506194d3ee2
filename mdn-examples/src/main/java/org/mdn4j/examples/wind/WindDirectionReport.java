/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.wind;

import java.util.Locale;

/**
 * What the wind direction's run found. NLLs are means over the test points in nats, angles in
 * radians.
 *
 * @param testNll of the mixture of von Mises components
 * @param testNllError its standard error
 * @param trainSeconds time that its training took
 * @param gaussianTestNll of the same network with as many Gaussians on the raw angle
 * @param gaussianTestNllError its standard error
 * @param gaussianTrainSeconds time that its training took
 * @param floorNll what no model can beat
 * @param points number of training points
 * @param testPoints number of test points
 * @param components number of mixture components
 * @param epochs passes over the training points
 * @param seed seed of the run
 */
public record WindDirectionReport(
    double testNll,
    double testNllError,
    double trainSeconds,
    double gaussianTestNll,
    double gaussianTestNllError,
    double gaussianTrainSeconds,
    double floorNll,
    int points,
    int testPoints,
    int components,
    int epochs,
    long seed) {

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Test NLL, %d points, nats, %d components:
          von Mises               %.4f ± %.4f   (trained in %.0f s)
          Gaussian, raw angle     %.4f ± %.4f   (trained in %.0f s)
          floor                   %.4f""",
        testPoints,
        components,
        testNll,
        testNllError,
        trainSeconds,
        gaussianTestNll,
        gaussianTestNllError,
        gaussianTrainSeconds,
        floorNll);
  }
}
