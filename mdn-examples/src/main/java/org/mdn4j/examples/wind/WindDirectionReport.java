/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.wind;

import java.util.Locale;
import java.util.Map;

/**
 * The results of a run of the wind's direction. NLLs are means over the test points in nats, angles
 * in radians.
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
 * @param trainer what took the steps of the first one's training: fused or dl4j
 * @param gaussianTrainer what took the steps of the other's
 * @param seed seed of the run
 * @param seconds time that each part took, from the start of the JVM to the last picture
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
    String trainer,
    String gaussianTrainer,
    long seed,
    Map<String, Double> seconds) {

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
