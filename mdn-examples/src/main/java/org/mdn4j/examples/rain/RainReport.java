/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.rain;

import java.util.Locale;
import java.util.Map;

/**
 * The results of a run of the rain gauge. NLLs are means over the same test readings in nats: of a
 * dry day and of an overflow minus the log of their probability, P(Y ≤ 0.05 mm) and P(Y &gt; 100
 * mm), of other readings of the density per mm. Of a mass and a density the logarithms do not
 * compare with each other, but models do: all have masses at the same readings and densities at the
 * same others, and in another unit of length all NLLs move by the same number.
 *
 * @param testNll of the mixture with an atom at 0 and censored overflows
 * @param testNllError its standard error
 * @param trainSeconds time that its training took
 * @param gaussianTestNll of the same network with as many Gaussians, trained on the readings as
 *     numbers
 * @param gaussianTestNllError its standard error
 * @param singleTestNll of the same network with one Gaussian, trained likewise
 * @param singleTestNllError its standard error
 * @param trueTestNll of the true distributions, on the same readings
 * @param floorNll what no model can beat: the expectation of that
 * @param dryShare share of the test readings that were 0
 * @param predictedDryShare mean of the probability that the first one gave to them
 * @param overflowShare share of the test readings that were overflows
 * @param predictedOverflowShare likewise
 * @param pitKs distance of its randomised PIT values to uniform, overflows included, of at most
 *     2,000 test points
 * @param points number of training points
 * @param testPoints number of test points
 * @param components number of mixture components
 * @param epochs passes over the training points
 * @param trainer what took the steps of its training: fused or dl4j
 * @param seed seed of the run
 * @param seconds time that each part took, from the start of the JVM to the last picture
 */
public record RainReport(
    double testNll,
    double testNllError,
    double trainSeconds,
    double gaussianTestNll,
    double gaussianTestNllError,
    double singleTestNll,
    double singleTestNllError,
    double trueTestNll,
    double floorNll,
    double dryShare,
    double predictedDryShare,
    double overflowShare,
    double predictedOverflowShare,
    double pitKs,
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
          atom and censoring      %.4f ± %.4f   (trained in %.0f s)
          Gaussian mixture        %.4f ± %.4f
          one Gaussian            %.4f ± %.4f
          the true process        %.4f, expected %.4f
        Dry days: %.1f %%, predicted %.1f %%; overflows: %.1f %%, predicted %.1f %%""",
        testPoints,
        components,
        testNll,
        testNllError,
        trainSeconds,
        gaussianTestNll,
        gaussianTestNllError,
        singleTestNll,
        singleTestNllError,
        trueTestNll,
        floorNll,
        100 * dryShare,
        100 * predictedDryShare,
        100 * overflowShare,
        100 * predictedOverflowShare);
  }
}
