/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.numerics;

/**
 * Student's t distribution's {@link LogMass}. With t = √ν sinh x the density becomes
 *
 * <pre>
 *   f(t) dt = exp(c(ν)) √ν cosh(x)^(−ν) dx
 * </pre>
 *
 * <p>which is log-concave and analytic in a strip of half-width π/2 for every ν. Value and
 * derivatives, that by ν too, of which the incomplete beta function's has no closed form, are
 * integrals against it:
 *
 * <pre>
 *   −ψ(t)            = ((ν + 1)/√ν) tanh x / cosh x
 *   −1 − t ψ(t)      = (ν + 1) tanh² x − 1
 *   ∂log f / ∂log ν  = ν c'(ν) − ν log cosh x + ((ν + 1)/2) tanh² x
 * </pre>
 *
 * <p>by Gauss's rule on pieces over which it falls by at most exp(−10), as far as it has fallen by
 * exp(−45); beyond x = 18, where cosh x is ½ exp x, in closed form.
 */
final class StudentLogMass extends LogMass {
  private static final double FALLEN = 45;
  private static final double STRAIGHT = 18;

  /** Up to it log cosh x is bent; beyond, the rest of its curve is some 1e-5. */
  private static final double BENT = 6;

  private static final double LONGEST = 1.5;
  private static final double LONGEST_BEYOND = 5;
  private static final double FALL_PER_PIECE = 10;
  private static final double FEW = 1e-3;

  /** The logarithm of a mass of which what is left out has more digits. */
  private static final double NEARLY_ALL = -1e-2;

  /** Where 1 + w² is w². */
  private static final double FAR = 1e8;

  private double nu = Double.NaN;
  private double root; // √ν
  private double constant; // c(ν)
  private double slope; // ν c'(ν)

  // Sums over the density, relative to that at the interval's nearer end
  private double sum;
  private double sumPull; // of tanh x / cosh x
  private double sumSquare; // of tanh² x
  private double sumLog; // of log cosh x

  @Override
  public void degrees(double nu) {
    if (nu != this.nu) {
      this.nu = nu;
      root = Math.sqrt(nu);
      constant = SpecialFunctions.studentTConstant(nu);
      slope = SpecialFunctions.studentTConstantSlope(nu);
    }
  }

  @Override
  void density(double t) {
    double w = t / root;
    double logCosh = logCosh(t, logNear);
    double square = w < 1 ? w * w / (1 + w * w) : 1 / (1 + 1 / w / w); // tanh²
    logRest = constant - (nu + 1) * logCosh;
    pull = w == 0 ? 0 : (nu + 1) / root * (square / w);
    stretch = (nu + 1) * square - 1;
    bend = slope - nu * logCosh + 0.5 * (nu + 1) * square;
  }

  /** Returns log √(1 + t²/ν), of a t beyond all doubles by its logarithm. */
  private double logCosh(double t, double logT) {
    double w = t / root;
    return w < FAR
        ? 0.5 * Math.log1p(w * w)
        : w <= Double.MAX_VALUE
            ? Math.log(w)
            : (t <= Double.MAX_VALUE ? Math.log(t) : logT) - Math.log(root);
  }

  @Override
  void mass(double a, double b, double w, double logW) {
    double width = w / root;
    if (width < TINY) {
      density(Math.abs(a));
      pull = a < 0 ? -pull : pull;
      logRest += logW;
      return;
    }
    sum = 0;
    sumPull = 0;
    sumSquare = 0;
    sumLog = 0;
    double from = a / root;
    double reference = 0;
    if (a >= 0) {
      reference = logCosh(a, logNear);
      add(from, length(a, b, width, logW), reference, 1);
    } else {
      add(0, asinh(b, logFar), 0, 1);
      add(0, asinh(-a, logNear), 0, -1);
    }
    logRest = constant + 0.5 * Math.log(nu) - nu * reference + Math.log(sum);
    pull = (nu + 1) / root * (sumPull / sum);
    stretch = (nu + 1) * (sumSquare / sum) - 1;
    bend = slope - nu * (sumLog / sum) + 0.5 * (nu + 1) * (sumSquare / sum);
    if (logRest > NEARLY_ALL) {
      logRest = Math.log1p(-tail(b, logFar) - tail(-a, logNear)); // a < 0
    }
  }

  /** Returns P(T &gt; t), t ≥ 0. */
  private double tail(double t, double logT) {
    double reference = logCosh(t, logT);
    if (reference == Double.POSITIVE_INFINITY) {
      return 0;
    }
    sum = 0;
    add(t / root, Double.POSITIVE_INFINITY, reference, 1);
    return Math.exp(constant + 0.5 * Math.log(nu) - nu * reference) * sum;
  }

  private static double asinh(double w) {
    return w < FAR ? Math.log1p(w + w * (w / (1 + Math.hypot(1, w)))) : LOG_2 + Math.log(w);
  }

  /** Returns the x of t = √ν sinh x, of a t beyond all doubles by its logarithm. */
  private double asinh(double t, double logT) {
    return t / root < FAR ? asinh(t / root) : LOG_2 + logCosh(t, logT);
  }

  /** Returns by how much x grows from a to b, for b − a = √ν width and a ≥ 0. */
  private double length(double a, double b, double width, double logW) {
    double from = a / root;
    double to = b / root;
    if (from > FAR) {
      boolean open = b == Double.POSITIVE_INFINITY && logFar == Double.POSITIVE_INFINITY;
      return open
          ? Double.POSITIVE_INFINITY
          : Math.log1p(to <= Double.MAX_VALUE ? width / from : Math.exp(logW - logOf(a)));
    }
    if (to > FAR * FAR) {
      return asinh(b, logFar) - asinh(from);
    }
    double both = to * Math.hypot(1, from) + from * Math.hypot(1, to);
    return asinh(width * ((to + from) / both));
  }

  private double logOf(double a) {
    return a <= Double.MAX_VALUE ? Math.log(a) : logNear;
  }

  /**
   * Adds the integrals over x in [x₀, x₀ + length], with sinh x₀ = w ≥ 0.
   *
   * @param reference log cosh of where the density counts as 1: of x₀
   * @param sign of the pull
   */
  private void add(double w, double length, double reference, double sign) {
    double from = w < STRAIGHT_SINH ? asinh(w) : STRAIGHT;
    double cosh = Math.hypot(1, w);
    double tanh = w < FAR ? w / cosh : 1;
    double curved = w < STRAIGHT_SINH ? Math.min(length, STRAIGHT - from) : 0;
    double end = Math.min(curved, fallen(tanh));
    double bent = Math.max(0, Math.min(end, BENT - from));
    addPieces(0, bent, LONGEST, tanh, cosh, reference, sign);
    addPieces(bent, end, LONGEST_BEYOND, tanh, cosh, reference, sign);
    if (length > curved && end == curved) {
      double logCosh = curved > 0 ? STRAIGHT - LOG_2 : reference;
      addStraight(length - curved, logCosh, reference, sign);
    }
  }

  private static final double STRAIGHT_SINH = Math.sinh(STRAIGHT);

  /**
   * Adds the integrals over x₀ + [first, last] in pieces, over each of which it falls by little.
   */
  private void addPieces(
      double first,
      double last,
      double longest,
      double tanh,
      double cosh,
      double reference,
      double sign) {
    double length = last - first;
    if (!(length > 0)) {
      return;
    }
    double falls = nu * (growth(tanh, last) - growth(tanh, first));
    int pieces = (int) Math.ceil(Math.max(length / longest, falls / FALL_PER_PIECE));
    for (int piece = 0; piece < pieces; piece++) {
      for (int i = 0; i < GaussLegendre.POINTS; i++) {
        double e = first + length * ((piece + GaussLegendre.NODES[i]) / pieces);
        double weight = GaussLegendre.WEIGHTS[i] * (length / pieces);
        addPoint(e, weight, tanh, cosh, reference, sign);
      }
    }
  }

  private void addPoint(
      double e, double weight, double tanh, double cosh, double reference, double sign) {
    double sinh = Math.sinh(e);
    double half = Math.sinh(0.5 * e);
    double more = 2 * half * half + tanh * sinh;
    double grown = Math.log1p(more); // log cosh(x) − log cosh(x₀)
    double density = weight * Math.exp(-nu * grown);
    double t = (tanh + tanh * (2 * half * half) + sinh) / (1 + more);
    sum += density;
    sumPull += sign * density * t / (cosh * (1 + more));
    sumSquare += density * t * t;
    sumLog += density * (reference + grown);
  }

  /** Returns log cosh(x₀ + e) − log cosh(x₀). */
  private static double growth(double tanh, double e) {
    double half = Math.sinh(0.5 * e);
    return Math.log1p(2 * half * half + tanh * Math.sinh(e));
  }

  /** Returns the e at which the density has fallen by exp(−45): cosh e + tanh x₀ sinh e = q. */
  private double fallen(double tanh) {
    double more = Math.expm1(FALLEN / nu); // q − 1
    if (more > 1e100) {
      return Double.POSITIVE_INFINITY;
    }
    double z = more * (more + 2);
    return Math.log1p((more + z / (Math.sqrt(z + tanh * tanh) + tanh)) / (1 + tanh));
  }

  /** Adds the integrals over a length s from where log cosh x grows as x does. */
  private void addStraight(double length, double logCosh, double reference, double sign) {
    double density = Math.exp(-nu * (logCosh - reference));
    double falls = nu * length;
    double mass = density * (length == Double.POSITIVE_INFINITY ? 1 / nu : length * share(falls));
    double moment =
        length == Double.POSITIVE_INFINITY
            ? 1 / nu / nu
            : falls < FEW
                ? length * length * (0.5 - falls / 3 + falls * falls / 8)
                : (-Math.expm1(-falls) - falls * Math.exp(-falls)) / nu / nu;
    sum += mass;
    sumPull += sign * density * Math.exp(-logCosh) * -Math.expm1(-(nu + 1) * length) / (nu + 1);
    sumSquare += mass;
    sumLog += logCosh * mass + density * moment;
  }

  /** Returns (1 − exp(−z)) / z. */
  private static double share(double z) {
    return z < TINY ? 1 : -Math.expm1(-z) / z;
  }
}
