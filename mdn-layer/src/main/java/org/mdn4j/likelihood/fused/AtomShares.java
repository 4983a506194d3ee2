/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import org.mdn4j.MixtureSpec;
import org.mdn4j.rows.LabelCover;

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
 * −log w_c is log(1 + Σ_{i ≠ c} exp(p_i − p_c)), so that no digit is lost where w_c is near 1.
 *
 * <p>An interval may cover several parts c. With q_i the share of p_i among them, s_0 = s and s_a =
 * 0,
 *
 * <pre>
 *   V       = log Σ_{i in c} q_i exp(−s_i),   r_i = q_i exp(−s_i − V), 0 for i not in c
 *   NLL     = −log Σ_{i in c} w_i − V
 *   dL/dp_i = w_i − r_i
 * </pre>
 *
 * <p>and a component's own parameters get r_0 times what they get without atoms. Not safe for use
 * by several threads.
 */
final class AtomShares {
  private static final double HALF = 0.5;

  private final LabelCover cover;
  private final double[] exponentials; // [1 + A]
  final double[] parts; // [1 + A]: p; afterwards its gradient
  double prior; // w_0
  double posterior; // r_0: 1 or 0 where the label covers one part

  AtomShares(MixtureSpec spec) {
    this.cover = new LabelCover(spec);
    this.parts = new double[1 + spec.atoms().length];
    this.exponentials = new double[parts.length];
  }

  /**
   * Computes the score of the row, the shares and the gradient.
   *
   * @param alone the score of the components
   * @param lower the label, or the lower end of its interval
   * @param upper the same, or the upper end
   * @param observed 0 where the label is hidden
   */
  double score(double alone, double lower, double upper, double observed) {
    if (observed == 0) {
      prior = 0;
      posterior = 0;
      Arrays.fill(parts, 0);
      return 0;
    }
    cover.read(lower, upper);
    if (cover.atoms() + (cover.components() ? 1 : 0) > 1) {
      return scoreOfSeveral(alone);
    }
    int c = 0;
    for (int a = 0; a < parts.length - 1; a++) {
      c = cover.atom(a) ? 1 + a : c;
    }
    return scoreOfOne(alone, c);
  }

  private double scoreOfOne(double alone, int c) {
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

  private boolean covers(int i) {
    return i == 0 ? cover.components() : cover.atom(i - 1);
  }

  /** Returns the largest p_i of the parts that are covered, or of the others; −∞ of none. */
  private double most(boolean covered) {
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < parts.length; i++) {
      most = covers(i) == covered ? Math.max(most, parts[i]) : most;
    }
    return most;
  }

  /** Returns log Σ exp(p_i − most − s_i) of the same parts, with s_0 of the first one. */
  private double logSum(boolean covered, double most, double ofFirst) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < parts.length; i++) {
      double part = parts[i] - most - (i == 0 ? ofFirst : 0);
      largest = covers(i) == covered ? Math.max(largest, part) : largest;
    }
    double sum = 0;
    for (int i = 0; i < parts.length; i++) {
      double part = parts[i] - most - (i == 0 ? ofFirst : 0);
      sum += covers(i) == covered ? Math.exp(part - largest) : 0;
    }
    return sum == 0 ? largest : largest + Math.log(sum);
  }

  private double scoreOfSeveral(double alone) {
    // Sums are relative to their largest part: a large one would take the digits of a logarithm.
    double top = most(true);
    double topOfOthers = most(false);
    double ofCovered = logSum(true, top, 0);
    double ofOthers = logSum(false, topOfOthers, 0);
    double x = topOfOthers - top + (ofOthers - ofCovered);
    if (topOfOthers == Double.NEGATIVE_INFINITY) { // there are none
      x = topOfOthers;
    }
    double small = Math.exp(-Math.abs(x));
    double others = (x > 0 ? 1 : small) / (1 + small);
    double covered = (x > 0 ? small : 1) / (1 + small);
    double v = 0;
    if (cover.components()) {
      double first = Math.exp(parts[0] - top - ofCovered); // q_0
      double less = first * Math.expm1(-alone); // of Σ q_i exp(−s_i) than of Σ q_i
      v = Math.abs(less) < HALF ? Math.log1p(less) : logSum(true, top, alone) - ofCovered;
      prior = first * covered;
      posterior = Math.exp(parts[0] - top - ofCovered - alone - v);
    } else {
      prior = Math.exp(parts[0] - topOfOthers - ofOthers) * others;
      posterior = 0;
    }
    for (int i = 0; i < parts.length; i++) {
      double s = i == 0 ? alone : 0;
      parts[i] =
          covers(i)
              ? -Math.exp(parts[i] - top - ofCovered) * (Math.expm1(-s - v) + others)
              : Math.exp(parts[i] - topOfOthers - ofOthers) * others;
    }
    return Math.max(x, 0) + Math.log1p(small) - v;
  }
}
