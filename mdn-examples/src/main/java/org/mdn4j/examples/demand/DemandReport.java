/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.demand;

import java.util.Locale;
import java.util.Map;

/**
 * The results of a run of the weekly demand. NLLs are means over the test points in nats, of
 * probabilities of the counts; of a Gaussian's those from y − ½ to y + ½.
 *
 * @param testNll of the mixture of negative binomial components with an atom at 0
 * @param testNllError its standard error
 * @param trainSeconds time that its training took
 * @param gaussianTestNll of the same network with as many Gaussians
 * @param gaussianTestNllError its standard error
 * @param poissonTestNll of the same network with one Poisson distribution
 * @param poissonTestNllError its standard error
 * @param floorNll what no model can beat
 * @param crps mean continuous ranked probability score of the first one, of at most 2,000 test
 *     points
 * @param pitKs distance of its randomised PIT values to uniform, of the same
 * @param emptyShare share of the test points whose demand was 0
 * @param predictedEmptyShare mean of the probability that it gave to 0
 * @param points number of training points
 * @param testPoints number of test points
 * @param components number of mixture components
 * @param epochs passes over the training points
 * @param trainer what took the steps of the training: fused or dl4j
 * @param seed seed of the run
 * @param seconds time that each part took, from the start of the JVM to the last picture
 */
public record DemandReport(
    double testNll,
    double testNllError,
    double trainSeconds,
    double gaussianTestNll,
    double gaussianTestNllError,
    double poissonTestNll,
    double poissonTestNllError,
    double floorNll,
    double crps,
    double pitKs,
    double emptyShare,
    double predictedEmptyShare,
    int points,
    int testPoints,
    int components,
    int epochs,
    String trainer,
    long seed,
    Map<String, Double> seconds) {

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Test NLL, %d points, nats, %d components:
          zero-inflated           %.4f ± %.4f   (trained in %.0f s)
          Gaussian                %.4f ± %.4f
          one Poisson             %.4f ± %.4f
          floor                   %.4f
        Weeks without demand: %.1f %%, predicted %.1f %%""",
        testPoints,
        components,
        testNll,
        testNllError,
        trainSeconds,
        gaussianTestNll,
        gaussianTestNllError,
        poissonTestNll,
        poissonTestNllError,
        floorNll,
        100 * emptyShare,
        100 * predictedEmptyShare);
  }
}
