/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import org.mdn4j.Atoms;
import org.mdn4j.MixtureSpec;

/**
 * The score and gradient of one row of a mixture with atoms, from the score s of its components and
 * the logarithm of their logits' sum:
 *
 * <pre>
 *   p       = (logsumexp_k z_k, a_1, …, a_A),   w = softmax(p)
 *   NLL     = −log w_c + (s if c = 0)    c: the label's atom, 0 if it is none
 *   dL/dp_i = w_i − [i = c]
 * </pre>
 *
 * <p>so that dL/dz_k = w_0 softmax_k(z) − [c = 0] · (the responsibility of component k), and a
 * component's own parameters get what they get without atoms where c = 0, and nothing elsewhere.
 * −log w_c is log(1 + Σ_{i ≠ c} exp(p_i − p_c)), so that no digit is lost where w_c is near 1. Not
 * safe for use by several threads.
 */
final class AtomShares {
  private final Atoms rule;
  private final double[] exponentials; // [1 + A]
  final double[] parts; // [1 + A]: p; afterwards its gradient
  double prior; // w_0
  double posterior; // 1 if the components count, else 0

  AtomShares(MixtureSpec spec) {
    this.rule = new Atoms(spec);
    this.parts = new double[1 + spec.atoms().length];
    this.exponentials = new double[parts.length];
  }

  /**
   * Computes the score of the row, the shares and the gradient.
   *
   * @param alone the score of the components
   * @param label an atom or another number
   * @param observed 0 where the label is hidden
   */
  double score(double alone, double label, double observed) {
    if (observed == 0) {
      prior = 0;
      posterior = 0;
      Arrays.fill(parts, 0);
      return 0;
    }
    int c = 1 + rule.indexOf(label);
    double most = Double.NEGATIVE_INFINITY; // of the others
    for (int i = 0; i < parts.length; i++) {
      most = i == c ? most : Math.max(most, parts[i]);
    }
    double sum = 0;
    for (int i = 0; i < parts.length; i++) {
      if (i != c) {
        exponentials[i] = parts[i] == most ? 1 : Math.exp(parts[i] - most);
        sum += exponentials[i];
      }
    }
    double x = most - parts[c] + Math.log(sum);
    double small = Math.exp(-Math.abs(x));
    double others = (x > 0 ? 1 : small) / (1 + small); // 1 − w_c
    for (int i = 0; i < parts.length; i++) {
      parts[i] = i == c ? -others : exponentials[i] / sum * others;
    }
    posterior = c == 0 ? 1 : 0;
    prior = c == 0 ? (x > 0 ? small : 1) / (1 + small) : parts[0];
    return Math.max(x, 0) + Math.log1p(small) + (c == 0 ? alone : 0);
  }
}
