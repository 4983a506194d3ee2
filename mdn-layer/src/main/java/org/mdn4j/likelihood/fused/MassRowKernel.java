/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.ComponentMass;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.rows.LabelCover;
import org.mdn4j.rows.LabelEnds;

/**
 * The {@link RowKernel} of every family, with labels that are intervals and truncations too, for
 * SPHERICAL and DIAGONAL covariance. With L the log density or probability of a label and W that of
 * the truncation's range ({@link ComponentMass}), p_k the softmax of z_k + W_k and w_k that of z_k
 * + L_k,
 *
 * <pre>
 *   energy_k = W_k − Σ_d L_kd
 *   dL/dθ_k  = p_k dW_k/dθ_k − w_k dL_k/dθ_k
 * </pre>
 */
final class MassRowKernel extends RowKernel {
  private final LabelEnds ends;
  private final ComponentMass label;
  private final LogMass[] whole; // [K], or null
  private final double[] wholeSlopes; // [K], dlog σ / ds
  private final int perTarget;
  private final boolean counts;
  private final LabelCover cover; // or null

  MassRowKernel(MixtureSpec spec, Limits limits) {
    super(spec, limits);
    ends = new LabelEnds(spec);
    label = ComponentMasses.of(spec, limits);
    counts = spec.family().isDiscrete();
    cover = spec.atoms().length == 0 ? null : new LabelCover(spec);
    wholeSlopes = new double[spec.components()];
    perTarget = spec.labelColumns() / spec.targets();
    whole = spec.truncation().isPresent() ? new LogMass[spec.components()] : null;
    for (int k = 0; whole != null && k < whole.length; k++) {
      whole[k] = (LogMass) ComponentMasses.of(spec, limits);
    }
  }

  private double logScale(double scaleParameter) {
    double s =
        Math.max(limits.minScaleParameter(), Math.min(limits.maxScaleParameter(), scaleParameter));
    return spec.scaleFloor() == 0 ? s : Math.log(spec.scaleFloor() + Math.exp(s));
  }

  private double location(double parameter) {
    return counts
        ? Math.max(Limits.MIN_LOG_MEAN, Math.min(Limits.MAX_LOG_MEAN, parameter))
        : parameter;
  }

  private int degrees(int k) {
    return spec.columns().degreesOfFreedom().from() + k;
  }

  /** Returns dlog σ / ds. */
  private double slope(double logSigma) {
    return spec.scaleFloor() == 0 ? 1 : 1 - spec.scaleFloor() * Math.exp(-logSigma);
  }

  @Override
  double constant(double[] observed) {
    return 0;
  }

  @Override
  void addWhole(double[] logits, double[] raw) {
    if (whole == null) {
      return;
    }
    ends.readRange();
    for (int k = 0; k < whole.length; k++) {
      if (spec.learnsDegreesOfFreedom()) {
        whole[k].degrees(spec.degreesOfFreedom(raw[degrees(k)]));
      }
      double mu = raw[spec.columns().location(k, 0)];
      double logSigma = logScale(raw[spec.columns().scale(k, 0)]);
      whole[k].interval(ends.lower(), ends.upper(), mu, logSigma);
      wholeSlopes[k] = slope(logSigma);
      logits[k] += whole[k].value();
    }
  }

  /** Reads a label, or, where components have no part in it, one that every family has. */
  private void read(double lower, double upper) {
    if (cover != null) {
      cover.read(lower, upper);
      if (!cover.components()) {
        double any = cover.standIn();
        ends.read(any, any);
        return;
      }
    }
    ends.read(lower, upper);
  }

  /** Returns the energy, and leaves −dL_k/dθ in place of the parameters θ. */
  @Override
  double energy(int k, double[] labels, double[] observed, double[] raw) {
    int scales = spec.scalesPerComponent();
    double energy = 0;
    double logSigma = 0;
    double slope = 0;
    double byScale = 0;
    double byDegrees = 0;
    if (spec.learnsDegreesOfFreedom()) {
      label.degrees(spec.degreesOfFreedom(raw[degrees(k)]));
    }
    for (int d = 0; d < spec.targets(); d++) {
      int scale = spec.columns().scale(k, d);
      if (d < scales) {
        logSigma = logScale(raw[scale]);
        slope = slope(logSigma);
        byScale = 0;
      }
      int location = spec.columns().location(k, d);
      double mu = location(raw[location]);
      raw[location] = 0;
      if (observed[d] != 0) {
        read(labels[d * perTarget], labels[(d + 1) * perTarget - 1]);
        label.interval(ends.lower(), ends.upper(), mu, logSigma);
        energy -= whole == null ? label.value() : ((LogMass) label).within(whole[k]);
        raw[location] = -label.byLocation();
        byScale -= label.byLogScale() * slope;
        byDegrees -= label.byLogDegrees();
      }
      if (scales > 1 || d == spec.targets() - 1) {
        raw[scale] = byScale;
      }
    }
    if (spec.learnsDegreesOfFreedom()) {
      raw[degrees(k)] = byDegrees;
    }
    return energy;
  }

  @Override
  void differentiate(int k, double w, double[] observed, double[] raw) {
    for (int d = 0; d < spec.targets(); d++) {
      raw[spec.columns().location(k, d)] *= w;
    }
    for (int j = 0; j < spec.scalesPerComponent(); j++) {
      raw[spec.columns().scale(k, j)] *= w;
    }
    if (spec.learnsDegreesOfFreedom()) {
      raw[degrees(k)] *= w;
    }
    if (whole != null && observed[0] != 0) {
      double prior = raw[spec.columns().logits().from() + k] + w;
      int scale = spec.columns().scale(k, 0);
      raw[spec.columns().location(k, 0)] += prior * whole[k].byLocation();
      raw[scale] += prior * whole[k].byLogScale() * wholeSlopes[k];
      if (spec.learnsDegreesOfFreedom()) {
        raw[degrees(k)] += prior * whole[k].byLogDegrees();
      }
    }
  }
}
