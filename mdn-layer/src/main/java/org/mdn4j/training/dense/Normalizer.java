/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

import org.deeplearning4j.nn.conf.GradientNormalization;

/**
 * DL4J's gradient normalisation of a layer's parameters, or of one array of them.
 *
 * @param kind what is done
 * @param threshold the limit of what clips
 * @param from the first parameter
 * @param to the one after the last
 */
record Normalizer(GradientNormalization kind, double threshold, int from, int to) {
  private static final double INSTEAD_OF_ZERO = 1e-5;

  void apply(Reals gradients) {
    switch (kind) {
      case None -> {}
      case ClipElementWiseAbsoluteValue -> gradients.clip(from, to, threshold);
      case RenormalizeL2PerLayer, RenormalizeL2PerParamType -> {
        double norm = gradients.norm2(from, to);
        gradients.divide(from, to, norm == 0 ? INSTEAD_OF_ZERO : norm);
      }
      case ClipL2PerLayer, ClipL2PerParamType -> {
        double norm = gradients.norm2(from, to);
        if (norm > threshold) {
          gradients.scale(from, to, threshold / norm);
        }
      }
    }
  }
}
