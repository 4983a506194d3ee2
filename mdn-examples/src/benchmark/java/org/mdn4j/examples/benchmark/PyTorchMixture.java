/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.benchmark;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;

/**
 * The negative log-likelihood as PyTorch's operations, eagerly, by way of DJL.
 *
 * <p>Of the ways to write it this was the fastest tried: log_softmax as one operation; logsumexp,
 * which DJL does not pass on, with a detached maximum; SPHERICAL distances summed before they are
 * scaled; constants added to the sum only.
 */
final class PyTorchMixture {
  private static final int[] LAST = {-1};
  private static final double CONSTANT = 0.5 * Math.log(2 * Math.PI);

  private final int components;
  private final int targets;
  private final boolean spherical;
  private final long[] splits;

  PyTorchMixture(MixtureSpec spec) {
    components = spec.components();
    targets = spec.targets();
    spherical = targets == 1 || spec.covariance() == Covariance.SPHERICAL;
    splits = new long[] {spec.columns().locations().from(), spec.columns().scales().from()};
  }

  /** Returns labels in the shape that {@link #score} takes. */
  NDArray labels(NDArray flat) {
    return targets == 1 ? flat.reshape(-1, 1) : flat.reshape(-1, 1, targets);
  }

  /** Returns the sum of −log p(y) over all rows of raw {@code [N, P]}. */
  NDArray score(NDArray raw, NDArray labels) {
    return withoutConstant(raw, labels)
        .sum()
        .neg()
        .add((float) (raw.getShape().get(0) * CONSTANT * targets));
  }

  /** Returns log p(y) of each row of raw {@code [N, P]}. */
  NDArray logDensity(NDArray raw, NDArray labels) {
    return withoutConstant(raw, labels).sub((float) (CONSTANT * targets));
  }

  private NDArray withoutConstant(NDArray raw, NDArray labels) {
    long rows = raw.getShape().get(0);
    NDList parts = raw.split(splits, 1);
    NDArray locations = parts.get(1);
    NDArray scales = parts.get(2); // [N, K·S]
    if (targets > 1) {
      locations = locations.reshape(rows, components, targets);
    }
    NDArray difference = locations.sub(labels); // [N, K] or [N, K, D]
    NDArray energy; // [N, K]
    if (spherical) {
      NDArray distance = difference.square();
      if (targets > 1) {
        distance = distance.sum(LAST);
      }
      NDArray logScale = targets > 1 ? scales.mul(targets) : scales;
      energy = distance.mul(scales.mul(-2).exp()).mul(0.5f).add(logScale);
    } else {
      scales = scales.reshape(rows, components, targets);
      NDArray u = difference.mul(scales.neg().exp());
      energy = u.square().sum(LAST).mul(0.5f).add(scales.sum(LAST));
    }
    NDArray logJoint = parts.get(0).logSoftmax(1).sub(energy); // [N, K]
    NDArray max = logJoint.stopGradient().max(LAST, true);
    return logJoint.sub(max).exp().sum(LAST, true).log().add(max);
  }
}
