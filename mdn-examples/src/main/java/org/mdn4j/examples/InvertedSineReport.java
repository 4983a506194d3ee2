/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples;

import java.io.IOException;
import java.nio.file.Path;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.SerializationFeature;

/**
 * What the inverted sine's run found. NLLs are means in nats, original units.
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
 * @param seed seed of the run
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
    long seed) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  void write(Path file) throws IOException {
    WholeFile.write(file, draft -> JSON.writeValue(draft.toFile(), this));
  }

  String summary() {
    return """
        Test NLL, %d points, nats:
          mixture of %-3d Gaussians    %.3f   (trained in %.0f s)
          one Gaussian               %.3f
          one Gaussian, one sigma    %.3f
          floor                      %.3f"""
        .formatted(
            testPoints, components, testNll, trainSeconds, baselineNll, constantSigmaNll, floorNll);
  }
}
