/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.writing;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.mdn4j.examples.kit.WholeFile;

/**
 * The results of a run of {@link Handwriting}. NLLs are means per step of the test words, in nats,
 * with lengths in heights of a small letter.
 *
 * @param testNll of the pen's offsets, by the mixture
 * @param gaussianTestNll of the pen's offsets, by the same network with one Gaussian
 * @param penTestNll of the pen's flags, beside the mixture
 * @param gaussianPenTestNll of the pen's flags, beside the one Gaussian
 * @param testSteps number of steps that were scored
 * @param trainSeconds time that training both networks took, side by side
 * @param epochs passes over the training words
 * @param words number of training words
 * @param components number of mixture components
 * @param units units of the LSTM
 * @param temperatures at which words were continued
 * @param seed seed of the run
 */
public record HandwritingReport(
    double testNll,
    double gaussianTestNll,
    double penTestNll,
    double gaussianPenTestNll,
    long testSteps,
    double trainSeconds,
    int epochs,
    int words,
    int components,
    int units,
    List<Double> temperatures,
    long seed) {

  void write(Path file) throws IOException {
    WholeFile.writeJson(file, this);
  }

  String summary() {
    return String.format(
        Locale.ROOT,
        """
        Test NLL per step, %d steps, nats:        offset     pen
          mixture of %-2d Gaussians               %7.3f  %6.3f
          one Gaussian                          %7.3f  %6.3f
        Both trained in %.0f s""",
        testSteps,
        components,
        testNll,
        penTestNll,
        gaussianTestNll,
        gaussianPenTestNll,
        trainSeconds);
  }
}
