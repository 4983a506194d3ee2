/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Functions as SameDiff operations, right in value and gradient for inputs of any finite size.
 *
 * <p>ND4J 1.0.0-M2.1 has operations of these names that are not: {@code logSumExp} is not shifted
 * row by row and loses its dimensions in the backward pass; {@code log1p} is log(1 + x), of which
 * nothing is left for small x. These are composed from operations that were checked.
 */
final class StableMath {
  private StableMath() {}

  /**
   * Returns logsumexp over one dimension, which is kept with size 1: m + log Σ exp(x − m), m = max
   * x.
   *
   * @param sd the graph that x belongs to
   * @param x any floating-point variable; each slice needs at least one entry above −∞
   * @param dimension the dimension to sum over
   * @return the logarithm of the sum of exponentials
   */
  static SDVariable logSumExp(SameDiff sd, SDVariable x, int dimension) {
    SDVariable max = x.max(true, dimension);
    return sd.math.log(sd.math.exp(x.sub(max)).sum(true, dimension)).add(max);
  }

  /**
   * Returns log-softmax over one dimension: (x − m) − log Σ exp(x − m), m = max x. The shift comes
   * first, so that the largest entries keep all their digits.
   *
   * @param sd the graph that x belongs to
   * @param x any floating-point variable
   * @param dimension the dimension that is normalised
   * @return log softmax(x), of the shape of x
   */
  static SDVariable logSoftmax(SameDiff sd, SDVariable x, int dimension) {
    SDVariable shifted = x.sub(x.max(true, dimension));
    return shifted.sub(sd.math.log(sd.math.exp(shifted).sum(true, dimension)));
  }

  /**
   * Returns log(1 + x), right in relative terms for small x: log y + (x − (y − 1)) / y, where y = 1
   * + x is rounded, and what was rounded off is exact. Source: N. J. Higham, <i>Accuracy and
   * Stability of Numerical Algorithms</i> (2002), section 1.14.1, for the idea.
   *
   * @param sd the graph that x belongs to
   * @param x any floating-point variable of values ≥ 0
   * @return log(1 + x), of the shape of x
   */
  static SDVariable log1p(SameDiff sd, SDVariable x) {
    SDVariable y = x.add(1);
    return sd.math.log(y).add(x.sub(y.sub(1)).div(y));
  }

  /**
   * Returns log(exp(x) + c): m + log(exp(x − m) + exp(log c − m)), m = max(x, log c). Its slope is
   * a share of at most 1, in the backward pass too: that of log(exp(x) + c) as it stands divides by
   * the sum first, by which a large derivative overflows where the sum is small.
   *
   * @param sd the graph that x belongs to
   * @param x any floating-point variable
   * @param c a number ≥ 0
   * @param dtype that of x
   * @return log(exp(x) + c), of the shape of x
   */
  static SDVariable logOfExpPlus(SameDiff sd, SDVariable x, double c, DataType dtype) {
    if (c == 0) {
      return x;
    }
    double logC = Math.log(c);
    SDVariable max = sd.math.max(x, sd.constant(Nd4j.scalar(dtype, logC)));
    return sd.math.log(sd.math.exp(x.sub(max)).add(sd.math.exp(max.rsub(logC)))).add(max);
  }
}
