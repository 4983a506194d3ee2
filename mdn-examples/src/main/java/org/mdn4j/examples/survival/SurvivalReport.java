/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.survival;

import java.util.Locale;
import java.util.Map;

/**
 * The results of a run of the survival example. NLLs are means over the test points in nats, of
 * failures by their density and of machines that run on by their survival; times are in years.
 *
 * @param testNll of the mixture
 * @param testNllError its standard error
 * @param trainSeconds time that its training took
 * @param baselineTestNll of the same network with one log-normal distribution
 * @param baselineTestNllError its standard error
 * @param baselineTrainSeconds time that its training took
 * @param floorNll what no model can beat
 * @param censoredShare of the test points, whose failure was not seen
 * @param concordance of the mixture's medians, by Harrell's index; higher is better
 * @param baselineConcordance of the baseline's
 * @param trueConcordance of the true medians
 * @param brier integrated Brier score of the mixture; lower is better
 * @param baselineBrier that of the baseline
 * @param trueBrier that of the true survival
 * @param horizon until when the Brier score is integrated
 * @param largestGap largest distance of the mean predicted survival from the Kaplan-Meier curve
 * @param points number of training points
 * @param testPoints number of test points
 * @param components number of mixture components
 * @param epochs passes over the training points
 * @param trainer what took the steps: fused or dl4j
 * @param seed seed of the run
 * @param seconds time that each part took, from the start of the JVM to the last picture
 */
public record SurvivalReport(
    double testNll,
    double testNllError,
    double trainSeconds,
    double baselineTestNll,
    double baselineTestNllError,
    double baselineTrainSeconds,
    double floorNll,
    double censoredShare,
    double concordance,
    double baselineConcordance,
    double trueConcordance,
    double brier,
    double baselineBrier,
    double trueBrier,
    double horizon,
    double largestGap,
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
        %d test points, %.0f %% of them censored, %d components:
                                NLL, nats            concordance   Brier score
          mixture               %.4f ± %.4f      %.4f        %.5f   (trained in %.0f s)
          one log-normal        %.4f ± %.4f      %.4f        %.5f   (trained in %.0f s)
          the true process      %.4f               %.4f        %.5f
        Mean predicted survival and Kaplan-Meier curve: at most %.4f apart""",
        testPoints,
        100 * censoredShare,
        components,
        testNll,
        testNllError,
        concordance,
        brier,
        trainSeconds,
        baselineTestNll,
        baselineTestNllError,
        baselineConcordance,
        baselineBrier,
        baselineTrainSeconds,
        floorNll,
        trueConcordance,
        trueBrier,
        largestGap);
  }
}
