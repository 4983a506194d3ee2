/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.pixels;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.mdn4j.examples.kit.WholeFile;

/**
 * The results of a run of {@link AmbiguousPixels}. NLLs are means per pixel of the test images, in
 * nats.
 *
 * @param testNll of the mixture
 * @param gaussianTestNll of the same network with one Gaussian per pixel
 * @param floorNll what no model of single pixels can beat
 * @param gaussianFloorNll what no single Gaussian per pixel can beat
 * @param testPixels number of pixels that were scored
 * @param trainSeconds time that training the mixture took
 * @param gaussianTrainSeconds time that training the one Gaussian took
 * @param epochs passes over the training images
 * @param images number of training images
 * @param size height and width of an image
 * @param components number of mixture components
 * @param seed seed of the run
 */
public record AmbiguousPixelsReport(
    double testNll,
    double gaussianTestNll,
    double floorNll,
    double gaussianFloorNll,
    long testPixels,
    double trainSeconds,
    double gaussianTrainSeconds,
    int epochs,
    int images,
    int size,
    int components,
    long seed) {

  void write(Path file) throws IOException {
    WholeFile.writeJson(file, this);
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Test NLL per pixel, %d pixels, nats:
          mixture of %d Gaussians    %.3f   (trained in %.0f s)
          floor                     %.3f
          one Gaussian              %.3f
          floor of one Gaussian     %.3f""",
        testPixels,
        components,
        testNll,
        trainSeconds,
        floorNll,
        gaussianTestNll,
        gaussianFloorNll);
  }
}
