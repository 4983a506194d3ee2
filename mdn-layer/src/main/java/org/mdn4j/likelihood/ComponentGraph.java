/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.mdn4j.Gaussian.HALF_LOG_TWO_PI;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.numerics.NegativeBinomial;
import org.mdn4j.numerics.SpecialFunctions;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * −log N_k(y) of each component as SameDiff operations, by family and covariance. The formulas
 * stand at {@link ComponentFamily} and {@link Covariance#FULL}.
 *
 * <p>Functions that SameDiff has not (log I₀, log Γ) enter by their first-order expansion around
 * the present parameter: f(x) = f₀ + f₁ · (x − x₀), with placeholders f₀, f₁ and x₀ that {@link
 * SpecialFunctions} fills. At x = x₀ value and derivative are those of f. A count's score is such
 * an expansion in both its parameters, filled by {@link NegativeBinomial}: as a difference of log Γ
 * it would lose all digits of large counts.
 */
final class ComponentGraph {
  static final String LOCATIONS = "locations"; // [N, K, D]
  static final String SCALES = "scaleParameters"; // [N, K, S], [N, 1, S] if shared
  static final String DEGREES = "logDegreesOfFreedom"; // [N, K, 1]
  static final String LABELS = "labels"; // [N, 1, D]; for LOG_NORMAL their logarithms
  static final String OBSERVED = "observed"; // [N, 1, D], only in a graph made with it
  static final String EXPANSION_POINT = "expansionPoint"; // shape of the parameter
  static final String EXPANSION_VALUE = "expansionValue";
  static final String EXPANSION_SLOPE = "expansionSlope";

  // Of counts, each [N, K, D]: −log f and its derivatives, at log m and log α
  static final String COUNT_SCORE = "countScore";
  static final String COUNT_LOG_MEAN = "countLogMean";
  static final String COUNT_MEAN_SLOPE = "countMeanSlope";
  static final String COUNT_LOG_DISPERSION = "countLogDispersion";
  static final String COUNT_DISPERSION_SLOPE = "countDispersionSlope";

  private final SameDiff sd;
  private final MixtureSpec spec;
  private final DataType dtype;
  private final Limits limits;
  private final SDVariable observed; // null where all targets count
  private final List<String> parameters = new ArrayList<>();
  private SDVariable wholeEnergy; // null without a truncation

  /**
   * Creates the graph of a specification's components, in a graph of a dtype, for inputs within the
   * limits.
   */
  ComponentGraph(
      SameDiff sd, MixtureSpec spec, DataType dtype, Limits limits, boolean withObserved) {
    this.sd = sd;
    this.spec = spec;
    this.dtype = dtype;
    this.limits = limits;
    // Of intervals what is hidden is left out where their terms are computed.
    boolean reads = withObserved && !hasIntervals(spec);
    this.observed = reads ? sd.placeHolder(OBSERVED, dtype, -1, 1, spec.targets()) : null;
  }

  /**
   * Returns the names of the placeholders that hold columns of the raw output, in their order
   * there.
   */
  List<String> parameters() {
    return parameters;
  }

  /** Returns whether labels of a family with a density are intervals, or lie in one. */
  static boolean hasIntervals(MixtureSpec spec) {
    return !spec.family().isDiscrete() && (spec.censored() || spec.truncation().isPresent());
  }

  /**
   * Returns minus the log probability of each component's range of the truncation, [N, K, 1], after
   * {@link #energy}; null where there is no truncation.
   */
  SDVariable wholeEnergy() {
    return wholeEnergy;
  }

  /**
   * Returns −log N_k(y) over the observed targets, [N, K, 1]; where there is a truncation, given
   * that y is within it.
   */
  SDVariable energy() {
    BoundsGraph bounds = new BoundsGraph(sd, spec, dtype);
    SDVariable mu = bounds.location(parameter(LOCATIONS, spec.components(), spec.targets()));
    if (spec.family().isDiscrete()) {
      return overTargets(counts(mu, logScale(bounds.scaleParameter(scaleParameters()))));
    }
    if (hasIntervals(spec)) {
      SDVariable logScale = logScale(bounds.scaleParameter(scaleParameters()));
      SDVariable logDegrees =
          spec.learnsDegreesOfFreedom() ? parameter(DEGREES, spec.components(), 1) : null;
      IntervalGraph graph = new IntervalGraph(sd, spec, dtype, mu, logScale, logDegrees);
      wholeEnergy = spec.truncation().isPresent() ? graph.energy(IntervalGraph.WHOLE) : null;
      return graph.energy(IntervalGraph.LABEL);
    }
    SDVariable y = sd.placeHolder(LABELS, dtype, -1, 1, spec.targets());
    SDVariable difference = y.sub(mu); // [N, K, D]
    if (spec.covariance() == Covariance.FULL && spec.targets() > 1) {
      SDVariable l = bounds.factor(parameter(SCALES, spec.components(), spec.scalesPerComponent()));
      FullCovarianceGraph full = new FullCovarianceGraph(sd, spec, dtype, limits);
      return observed == null ? full.energy(difference, l) : full.energy(difference, l, observed);
    }
    SDVariable s = scaleParameters();
    if (spec.covariance() == Covariance.FULL) {
      s = s.neg(); // of one target, l = −log σ
    }
    s = bounds.scaleParameter(s);
    SDVariable energy =
        switch (spec.family()) {
          case GAUSSIAN -> gaussian(difference, logScale(s));
          case LAPLACE -> laplace(difference, logScale(s));
          case LOGISTIC -> logistic(difference, logScale(s));
          case STUDENT_T -> studentT(difference, logScale(s));
          case LOG_NORMAL -> gaussian(difference, logScale(s)).add(y);
          case VON_MISES -> vonMises(difference, s);
          case NEGATIVE_BINOMIAL -> throw new IllegalStateException("Counts have no difference");
        }; // [N, K, D]
    return overTargets(energy);
  }

  private SDVariable overTargets(SDVariable energy) {
    return (observed == null ? energy : energy.mul(observed)).sum(true, 2);
  }

  /** Returns −log f by its expansion around log m and log α themselves. */
  private SDVariable counts(SDVariable logMean, SDVariable logDispersion) {
    SDVariable ofMean = count(COUNT_MEAN_SLOPE).mul(logMean.sub(count(COUNT_LOG_MEAN)));
    SDVariable ofDispersion =
        count(COUNT_DISPERSION_SLOPE).mul(logDispersion.sub(count(COUNT_LOG_DISPERSION)));
    return count(COUNT_SCORE).add(ofMean).add(ofDispersion);
  }

  private SDVariable count(String name) {
    return sd.placeHolder(name, dtype, -1, spec.components(), spec.targets());
  }

  private SDVariable parameter(String name, int components, int width) {
    parameters.add(name);
    return sd.placeHolder(name, dtype, -1, components, width);
  }

  /** Returns [N, K, S], or with 1 in place of what all share. */
  private SDVariable scaleParameters() {
    int sets = spec.sharedScales() ? 1 : spec.components();
    int width = spec.scalesPerComponent();
    if (spec.fixedScales().isEmpty()) {
      return parameter(SCALES, sets, width);
    }
    return sd.constant(
        Transforms.log(Nd4j.createFromArray(spec.fixedScales().get()))
            .castTo(dtype)
            .reshape(1, sets, width));
  }

  /** Returns log σ, whose slope is at most 1 in each operation of the backward pass. */
  private SDVariable logScale(SDVariable s) {
    double floor = spec.scaleFloor();
    if (spec.scaleTransform() == ScaleTransform.EXP) {
      return StableMath.logOfExpPlus(sd, s, floor, dtype);
    }
    // log(f + exp(min(s, 0))) + log(1 + max(s, 0) / (f + 1)), both parts from one relu: whatever
    // slope it has at 0, their sum has slope 1 / (f + 1) there.
    SDVariable positive = sd.nn.relu(s, 0);
    return StableMath.logOfExpPlus(sd, s.sub(positive), floor, dtype)
        .add(sd.math.log(positive.mul(1 / (floor + 1)).add(1)));
  }

  /** Returns u² + log σ + ½ log 2π, with u = (y − μ) / (√2 σ). */
  private SDVariable gaussian(SDVariable difference, SDVariable logScale) {
    SDVariable u = difference.mul(sd.math.exp(logScale.rsub(-0.5 * Math.log(2))));
    return limited(u.mul(u), spec.targets()).add(logScale).add(HALF_LOG_TWO_PI);
  }

  private SDVariable limited(SDVariable square, int targets) {
    double limit = limits.halfSquaredDistance(targets);
    return sd.math.min(square, sd.constant(Nd4j.scalar(dtype, limit)));
  }

  private SDVariable laplace(SDVariable difference, SDVariable logScale) {
    return standardized(difference, logScale).add(logScale).add(Math.log(2));
  }

  /** Returns |y − μ| / σ. */
  private SDVariable standardized(SDVariable difference, SDVariable logScale) {
    return sd.math.abs(difference).mul(sd.math.exp(logScale.neg()));
  }

  private SDVariable logistic(SDVariable difference, SDVariable logScale) {
    SDVariable u = standardized(difference, logScale);
    return u.add(sd.math.log1p(sd.math.exp(u.neg())).mul(2)).add(logScale);
  }

  /**
   * Returns log σ − c(ν) + ((ν + 1)/2) log(1 + w²), w = |y − μ| / (σ √ν) and c(ν) = log Γ((ν +
   * 1)/2) − log Γ(ν/2) − ½ log νπ.
   */
  private SDVariable studentT(SDVariable difference, SDVariable logScale) {
    SDVariable u = standardized(difference, logScale);
    if (!spec.learnsDegreesOfFreedom()) {
      double nu = spec.degreesOfFreedom().orElseThrow();
      double constant = SpecialFunctions.studentTConstant(nu);
      return logOnePlusSquare(u.div(Math.sqrt(nu))).mul((nu + 1) / 2).add(logScale).sub(constant);
    }
    SDVariable n = parameter(DEGREES, spec.components(), 1); // log ν
    SDVariable w = u.mul(sd.math.exp(n.mul(-0.5)));
    return logOnePlusSquare(w)
        .mul(sd.math.exp(n).add(1).mul(0.5))
        .add(logScale)
        .sub(expansion(n, spec.components(), 1));
  }

  /**
   * Returns log(1 + w²), w ≥ 0, without overflow and right in relative terms for small w: log1p(a²)
   * + 2 log b + log((1 + 1/b²)/2) with a = min(w, 1) and b = max(w, 1). Where w &lt; 1 all but the
   * first are 0 exactly, so that many degrees of freedom may multiply it.
   */
  private SDVariable logOnePlusSquare(SDVariable w) {
    SDVariable one = sd.constant(Nd4j.scalar(dtype, 1.0));
    SDVariable a = sd.math.min(w, one);
    SDVariable b = sd.math.max(w, one);
    SDVariable inverse = sd.math.reciprocal(b);
    return StableMath.log1p(sd, a.mul(a))
        .add(sd.math.log(b).mul(2))
        .add(sd.math.log(inverse.mul(inverse).add(1).mul(0.5)));
  }

  /** Returns 2 κ sin²((y − μ)/2) + log(exp(−κ) I₀(κ)) + log 2π, κ = exp(s). */
  private SDVariable vonMises(SDVariable difference, SDVariable s) {
    SDVariable sine = sd.math.sin(difference.mul(0.5));
    SDVariable logBessel =
        spec.fixedScales().isPresent()
            ? sd.constant(
                Nd4j.createFromArray(
                        Arrays.stream(spec.fixedScales().get())
                            .map(SpecialFunctions::logBesselI0Scaled)
                            .toArray())
                    .castTo(dtype)
                    .reshape(s.getShape()))
            : expansion(s, spec.sharedScales() ? 1 : spec.components(), spec.scalesPerComponent());
    return sine.mul(sine).mul(sd.math.exp(s)).mul(2).add(logBessel).add(Math.log(2 * Math.PI));
  }

  /** Returns f(x) by its expansion around x itself. */
  private SDVariable expansion(SDVariable x, int components, int width) {
    SDVariable point = sd.placeHolder(EXPANSION_POINT, dtype, -1, components, width);
    SDVariable value = sd.placeHolder(EXPANSION_VALUE, dtype, -1, components, width);
    SDVariable slope = sd.placeHolder(EXPANSION_SLOPE, dtype, -1, components, width);
    return x.sub(point).mul(slope).add(value);
  }
}
