/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.arm;

import java.util.Locale;
import java.util.Map;
import org.nd4j.shade.jackson.annotation.JsonInclude;
import org.nd4j.shade.jackson.annotation.JsonInclude.Include;

/**
 * The results of a run of the two-link arm. NLLs are means over the test points in nats, angles in
 * radians; what was not trained is null, and absent in the file.
 *
 * @param testNll of the mixture with full covariances
 * @param testNllError its standard error
 * @param trainSeconds time that its training took
 * @param diagonalTestNll of the same network with diagonal covariances
 * @param diagonalTestNllError its standard error
 * @param diagonalTrainSeconds time that its training took
 * @param floorNll what no model can beat
 * @param noise standard deviation of the noise on the hand's coordinates
 * @param points number of training points
 * @param testPoints number of test points
 * @param components number of mixture components
 * @param epochs passes over the training points
 * @param trainer what took the steps of training: fused or dl4j
 * @param seed seed of the run
 * @param seconds time that each part took, from the start of the JVM to the last picture
 */
@JsonInclude(Include.NON_NULL)
public record TwoLinkArmReport(
    Double testNll,
    Double testNllError,
    Double trainSeconds,
    Double diagonalTestNll,
    Double diagonalTestNllError,
    Double diagonalTrainSeconds,
    double floorNll,
    double noise,
    int points,
    int testPoints,
    int components,
    int epochs,
    String trainer,
    long seed,
    Map<String, Double> seconds) {

  String summary() {
    StringBuilder text = new StringBuilder("Test NLL, %s points, nats:".formatted(testPoints));
    append(text, "full", testNll, testNllError, trainSeconds);
    append(text, "diagonal", diagonalTestNll, diagonalTestNllError, diagonalTrainSeconds);
    return text.append(String.format(Locale.ROOT, "%n  floor                %7.4f", floorNll))
        .toString();
  }

  private void append(
      StringBuilder text, String covariance, Double nll, Double error, Double seconds) {
    if (nll != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%n  %d Gaussians, %-8s %7.4f ± %.4f   (trained in %.0f s)",
              components,
              covariance,
              nll,
              error,
              seconds));
    }
  }
}
