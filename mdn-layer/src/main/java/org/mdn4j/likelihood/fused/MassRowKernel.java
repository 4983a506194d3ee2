/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood.fused;

import java.util.Arrays;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.ScaleTransform;
import org.mdn4j.numerics.ComponentMass;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.rows.LabelCover;
import org.mdn4j.rows.LabelEnds;

/**
 * The {@link RowKernel} of every family and form of scales, with labels that are intervals and
 * truncations too, for SPHERICAL and DIAGONAL covariance. With L the log density or probability of
 * a label and W that of the truncation's range ({@link ComponentMass}), p_k the softmax of z_k +
 * W_k and w_k that of z_k + L_k,
 *
 * <pre>
 *   energy_k = W_k − Σ_d L_kd
 *   dL/dθ_k  = p_k dW_k/dθ_k − w_k dL_k/dθ_k
 * </pre>
 */
final class MassRowKernel extends RowKernel {
  private final LabelEnds ends;
  private final LabelCover cover; // or null
  private final ComponentMass label;
  private final LogMass[] whole; // [K], or null
  private final int perTarget;
  private final boolean counts;
  private final boolean learnsDegrees;
  private final double highest; // scale parameter that is read
  private final double[] logScales; // of each that there is
  private final double[] slopes; // dlog σ / ds
  private final double[][] byScales; // [K][S], −dΣL / ds

  MassRowKernel(MixtureSpec spec, Limits limits) {
    super(spec, limits);
    ends = new LabelEnds(spec);
    cover = spec.atoms().length == 0 ? null : new LabelCover(spec);
    label = ComponentMasses.of(spec, limits);
    whole = spec.truncation().isPresent() ? new LogMass[spec.components()] : null;
    for (int k = 0; whole != null && k < whole.length; k++) {
      whole[k] = (LogMass) ComponentMasses.of(spec, limits);
    }
    perTarget = spec.labelColumns() / spec.targets();
    counts = spec.family().isDiscrete();
    learnsDegrees = spec.learnsDegreesOfFreedom();
    highest = spec.scaleTransform().inverse(Math.exp(limits.maxScaleParameter()));
    byScales = new double[spec.components()][spec.scalesPerComponent()];
    logScales =
        spec.fixedScales()
            .map(scales -> Arrays.stream(scales).map(Math::log).toArray())
            .orElseGet(() -> new double[spec.columns().scales().width()]);
    slopes = new double[logScales.length];
  }

  private double location(double parameter) {
    return counts
        ? Math.max(Limits.MIN_LOG_MEAN, Math.min(Limits.MAX_LOG_MEAN, parameter))
        : parameter;
  }

  private int degrees(int k) {
    return spec.columns().degreesOfFreedom().from() + k;
  }

  /** Reads the learned scale parameters, in whose place the gradient is to be summed up. */
  private void readScales(double[] raw) {
    int first = spec.columns().scales().from();
    double floor = spec.scaleFloor();
    for (int i = 0; i < spec.columns().scales().width(); i++) {
      double s = Math.max(limits.minScaleParameter(), Math.min(highest, raw[first + i]));
      raw[first + i] = 0;
      boolean exponential = spec.scaleTransform() == ScaleTransform.EXP || s <= 0;
      double value = spec.scaleTransform().apply(s);
      logScales[i] = exponential && floor == 0 ? s : Math.log(floor + value);
      slopes[i] = (exponential ? value : 1) / (floor + value);
    }
  }

  private int scale(int k, int d) {
    return spec.columns().scaleIndex(k, d);
  }

  @Override
  double constant(double[] observed) {
    return 0;
  }

  @Override
  void addWhole(double[] logits, double[] raw) {
    readScales(raw);
    if (whole == null) {
      return;
    }
    ends.readRange();
    for (int k = 0; k < whole.length; k++) {
      if (learnsDegrees) {
        whole[k].degrees(spec.degreesOfFreedom(raw[degrees(k)]));
      }
      double mu = raw[spec.columns().location(k, 0)];
      whole[k].interval(ends.lower(), ends.upper(), mu, logScales[scale(k, 0)]);
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

  /** Returns the energy, and leaves −dL_k/dθ in place of the parameters θ but the scales. */
  @Override
  double energy(int k, double[] labels, double[] observed, double[] raw) {
    double[] byScale = byScales[k];
    Arrays.fill(byScale, 0);
    double energy = 0;
    double byDegrees = 0;
    if (learnsDegrees) {
      label.degrees(spec.degreesOfFreedom(raw[degrees(k)]));
    }
    for (int d = 0; d < spec.targets(); d++) {
      int location = spec.columns().location(k, d);
      double mu = location(raw[location]);
      raw[location] = 0;
      if (observed[d] != 0) {
        int scale = scale(k, d);
        read(labels[d * perTarget], labels[(d + 1) * perTarget - 1]);
        label.interval(ends.lower(), ends.upper(), mu, logScales[scale]);
        energy -= whole == null ? label.value() : ((LogMass) label).within(whole[k]);
        raw[location] = -label.byLocation();
        byScale[Math.min(d, byScale.length - 1)] -= label.byLogScale() * slopes[scale];
        byDegrees -= label.byLogDegrees();
      }
    }
    if (learnsDegrees) {
      raw[degrees(k)] = byDegrees;
    }
    return energy;
  }

  @Override
  void differentiate(int k, double w, double[] observed, double[] raw) {
    for (int d = 0; d < spec.targets(); d++) {
      raw[spec.columns().location(k, d)] *= w;
    }
    if (learnsDegrees) {
      raw[degrees(k)] *= w;
    }
    double[] byScale = byScales[k];
    for (int j = 0; j < byScale.length; j++) {
      byScale[j] *= w;
    }
    if (whole != null && observed[0] != 0) {
      double prior = raw[spec.columns().logits().from() + k] + w;
      raw[spec.columns().location(k, 0)] += prior * whole[k].byLocation();
      byScale[0] += prior * whole[k].byLogScale() * slopes[scale(k, 0)];
      if (learnsDegrees) {
        raw[degrees(k)] += prior * whole[k].byLogDegrees();
      }
    }
    if (spec.columns().scales().width() > 0) { // which components may share
      for (int j = 0; j < byScale.length; j++) {
        raw[spec.columns().scale(k, j)] += byScale[j];
      }
    }
  }
}
