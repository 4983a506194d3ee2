/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.ArrayList;
import java.util.List;
import org.mdn4j.MixtureSpec;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The negative log-likelihood of a mixture with atoms as a SameDiff graph, for one dtype, from the
 * score s that its components alone give a label, and the score r that they give the whole range of
 * a truncation (0 without one).
 *
 * <pre>
 *   p   = (logsumexp_k z_k − r, a_1, …, a_A),   w = softmax(p)
 *   NLL = −log Σ w_i exp(−s_i)              over what the label covers, s_0 = s, s_a = 0
 *       = log(1 + exp(U − C)) − V
 *   C   = logsumexp of the p_i that the label covers, U of those that it does not
 *   V   = logsumexp of p_i − C − s_i over those that it covers
 * </pre>
 *
 * <p>No digit is lost where a weight is near 1. A label that is an atom covers it alone, another
 * number the components, and a hidden one everything, with s = 0; then V = −s or 0. Only where a
 * label may cover several parts, as counts and intervals do, V is computed as it stands.
 */
final class AtomGraph {
  static final String SCORE = "scoreOfComponents"; // [N, 1, 1]
  static final String LOGITS = "logits"; // [N, 1, K]
  static final String ATOMS = "atoms"; // [N, 1, A]
  static final String COVERED = "covered"; // [N, 1, 1 + A] of ones and zeros

  /** The first of COVERED, [N, 1, 1]; only in a graph for labels that never cover both. */
  static final String BY_COMPONENTS = "byComponents";

  static final String WHOLE = "scoreOfWhole"; // [N, 1, 1], only in a graph of a truncation

  /** From where on log(1 + exp(x)) = x; no round number, so that no x is right there. */
  private static final double LIMIT = 40.718281828459045;

  private final SameDiff sd = SameDiff.create();
  private final double far;

  private AtomGraph(DataType dtype) {
    this.far = dtype == DataType.DOUBLE ? 1e306 : 1e37; // beyond every score
  }

  /**
   * Returns the graph, whose gradients are those of SCORE, LOGITS, ATOMS and, where there is a
   * truncation, WHOLE.
   *
   * @param together whether a label may cover several parts, and yet not everything
   */
  static LikelihoodGraph of(MixtureSpec spec, DataType dtype, boolean together) {
    return new AtomGraph(dtype).graph(spec, dtype, together);
  }

  private LikelihoodGraph graph(MixtureSpec spec, DataType dtype, boolean together) {
    int count = spec.atoms().length;
    SDVariable alone = sd.placeHolder(SCORE, dtype, -1, 1, 1);
    SDVariable logits = sd.placeHolder(LOGITS, dtype, -1, 1, spec.components());
    SDVariable atoms = sd.placeHolder(ATOMS, dtype, -1, 1, count);
    SDVariable covered = sd.placeHolder(COVERED, dtype, -1, 1, 1 + count);
    SDVariable ofComponents = StableMath.logSumExp(sd, logits, 2); // [N, 1, 1]
    List<String> parameters = new ArrayList<>(List.of(SCORE, LOGITS, ATOMS));
    if (spec.truncation().isPresent()) {
      ofComponents = ofComponents.sub(sd.placeHolder(WHOLE, dtype, -1, 1, 1));
      parameters.add(WHOLE);
    }
    SDVariable parts = sd.concat(2, ofComponents, atoms); // [N, 1, 1 + A]
    SDVariable ofOthers = without(parts, covered); // U, [N, 1, 1]
    SDVariable ofCovered; // C; of a hidden label anything
    SDVariable rest; // −V
    if (together) {
      SDVariable others = covered.rsub(1);
      SDVariable scores = sd.concat(2, alone, atoms.mul(0)); // s, [N, 1, 1 + A]
      ofCovered = without(parts, others);
      rest = without(parts.sub(ofCovered).sub(scores), others).neg();
    } else {
      ofCovered = parts.mul(covered).sum(true, 2);
      rest = alone.mul(sd.placeHolder(BY_COMPONENTS, dtype, -1, 1, 1));
    }
    SDVariable score = softplus(ofOthers.sub(ofCovered), dtype).add(rest);
    return new LikelihoodGraph(sd, score, parameters);
  }

  /** Returns logsumexp of the others than some; of none −10³⁷ or less. */
  private SDVariable without(SDVariable x, SDVariable some) {
    return StableMath.logSumExp(sd, x.sub(some.mul(far)), 2);
  }

  /**
   * Returns log(1 + exp(x)) as the sum of what x below a limit and what x above it has, so that
   * neither value nor slope loses digits where they are small; above the limit it is x.
   */
  private SDVariable softplus(SDVariable x, DataType dtype) {
    SDVariable limit = sd.constant(Nd4j.scalar(dtype, LIMIT));
    SDVariable zero = sd.constant(Nd4j.scalar(dtype, 0));
    SDVariable below = StableMath.log1p(sd, sd.math.exp(sd.math.min(x, limit)));
    return below.add(sd.math.max(x.sub(LIMIT), zero));
  }
}
