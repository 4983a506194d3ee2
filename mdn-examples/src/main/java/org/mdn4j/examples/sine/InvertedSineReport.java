/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.sine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import org.mdn4j.examples.kit.WholeFile;
import org.nd4j.shade.jackson.annotation.JsonUnwrapped;

/**
 * The results of a run of the inverted sine. NLLs are means in nats, original units.
 *
 * @param testNll of the mixture density network on the test points
 * @param testPoints number of test points
 * @param floorNll what no model can beat
 * @param baselineNll of the same network with one Gaussian
 * @param constantSigmaNll of one Gaussian with one σ for all inputs, around a regression trained by
 *     the squared error
 * @param trainSeconds time that training the mixture took
 * @param epochs passes over the training points
 * @param samples number of training points
 * @param components number of mixture components
 * @param engine what computed the likelihood: auto, fused or samediff
 * @param trainer what took the steps of the mixture's training: fused or dl4j
 * @param workers copies of the network that trained at once
 * @param seed seed of the run
 * @param seconds time that each part took, from the start of the JVM to the last picture
 * @param calibration how well the predicted distributions fit the test points; its figures stand
 *     beside the others in the file
 * @param truth the same figures of the true conditional density
 */
public record InvertedSineReport(
    double testNll,
    int testPoints,
    double floorNll,
    double baselineNll,
    double constantSigmaNll,
    double trainSeconds,
    int epochs,
    int samples,
    int components,
    String engine,
    String trainer,
    int workers,
    long seed,
    Map<String, Double> seconds,
    @JsonUnwrapped Calibration calibration,
    Calibration truth) {

  /**
   * Scores of predicted distributions on the test points, beyond the NLL.
   *
   * @param crps mean continuous ranked probability score, in units of t
   * @param pitKs Kolmogorov-Smirnov distance of the PIT values to the uniform distribution
   * @param coverage share of the targets in their regions
   * @param sliceModes modes at the slice whose density is at least a twentieth of the highest,
   *     ascending
   */
  public record Calibration(double crps, double pitKs, Coverage coverage, double[] sliceModes) {}

  /**
   * The shares of the targets in their regions, by the regions' nominal level.
   *
   * @param central of central intervals
   * @param highestDensity of highest-density regions
   */
  public record Coverage(Map<Double, Double> central, Map<Double, Double> highestDensity) {}

  void write(Path file) throws IOException {
    WholeFile.writeJson(file, this);
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Test NLL, %d points, nats:
          mixture of %-3d Gaussians    %.3f   (trained in %.0f s)
          one Gaussian               %.3f
          one Gaussian, one sigma    %.3f
          floor                      %.3f
        Calibration:                 mixture   true density
          CRPS                       %.3f     %.3f
          PIT, distance to uniform   %.4f    %.4f
          coverage of 90 %% intervals %.3f     %.3f
          coverage of 90 %% regions   %.3f     %.3f""",
        testPoints,
        components,
        testNll,
        trainSeconds,
        baselineNll,
        constantSigmaNll,
        floorNll,
        calibration.crps(),
        truth.crps(),
        calibration.pitKs(),
        truth.pitKs(),
        calibration.coverage().central().get(0.9),
        truth.coverage().central().get(0.9),
        calibration.coverage().highestDensity().get(0.9),
        truth.coverage().highestDensity().get(0.9));
  }
}
