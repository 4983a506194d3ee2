/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Map;
import org.mdn4j.BoundTransform;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.rows.LabelEnds;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The values of the placeholders of {@link IntervalGraph}, which {@link LogMass} computes. */
final class IntervalTerms {
  private final MixtureSpec spec;
  private final Limits limits;
  private final BoundTransform bounds;
  private final LabelEnds ends;
  private final LogMass label;
  private final LogMass whole; // or null

  IntervalTerms(MixtureSpec spec, Limits limits) {
    this.spec = spec;
    this.limits = limits;
    this.bounds = new BoundTransform(spec, limits);
    this.ends = new LabelEnds(spec);
    this.label = logMass();
    this.whole = spec.truncation().isPresent() ? logMass() : null;
  }

  private LogMass logMass() {
    double limit = limits.halfSquaredDistance(spec.targets());
    LogMass mass =
        switch (spec.family()) {
          case GAUSSIAN -> LogMass.gaussian(limit);
          case LOG_NORMAL -> LogMass.logNormal(limit);
          case LAPLACE -> LogMass.laplace();
          case LOGISTIC -> LogMass.logistic();
          case STUDENT_T -> LogMass.studentT();
          case VON_MISES, NEGATIVE_BINOMIAL ->
              throw new IllegalStateException("Angles and counts have no intervals: " + spec);
        };
    spec.degreesOfFreedom().ifPresent(mass::degrees);
    return mass;
  }

  /** One value for each row, component and target. */
  private final class Cube {
    final double[] values;

    Cube(int rows) {
      values = new double[rows * spec.components() * spec.targets()];
    }

    INDArray array() {
      long[] shape = {-1, spec.components(), spec.targets()};
      return Nd4j.createFromArray(values).reshape('c', shape);
    }
  }

  /** The expansion of one logarithm, with the opposite sign. */
  private final class Expansion {
    final Cube energy;
    final Cube byLocation;
    final Cube byLogScale;
    final Cube byLogDegrees;

    Expansion(int rows) {
      energy = new Cube(rows);
      byLocation = new Cube(rows);
      byLogScale = new Cube(rows);
      byLogDegrees = new Cube(rows);
    }

    void set(int i, double value, LogMass mass) {
      energy.values[i] = -value;
      byLocation.values[i] = -mass.byLocation();
      byLogScale.values[i] = -mass.byLogScale();
      byLogDegrees.values[i] = -mass.byLogDegrees();
    }

    /** Makes the slopes those of the difference from another. */
    void less(int i, Expansion other) {
      byLocation.values[i] -= other.byLocation.values[i];
      byLogScale.values[i] -= other.byLogScale.values[i];
      byLogDegrees.values[i] -= other.byLogDegrees.values[i];
    }

    void put(Map<String, INDArray> inputs, String of) {
      inputs.put(of + IntervalGraph.ENERGY, energy.array());
      inputs.put(of + IntervalGraph.BY_LOCATION, byLocation.array());
      inputs.put(of + IntervalGraph.BY_LOG_SCALE, byLogScale.array());
      if (spec.learnsDegreesOfFreedom()) {
        inputs.put(of + IntervalGraph.BY_DEGREES, byLogDegrees.array());
      }
    }
  }

  /**
   * Puts the values, all in DOUBLE.
   *
   * @param labels {@code [N, D]} or {@code [N, 2 D]}
   * @param raw {@code [N, P]}
   * @param observed {@code [N, D]}, or null
   * @throws IllegalArgumentException if a label of LOG_NORMAL components has nothing above 0
   */
  void put(Map<String, INDArray> inputs, INDArray labels, INDArray raw, INDArray observed) {
    int rows = (int) raw.size(0);
    int columns = spec.labelColumns() / spec.targets();
    double[] y = doubles(labels);
    double[] parameters = doubles(raw);
    double[] seen = observed == null ? null : doubles(observed);
    double[] row = new double[spec.parameterCount()];
    Cube location = new Cube(rows);
    Cube logScale = new Cube(rows);
    Expansion ofLabel = new Expansion(rows);
    Expansion ofWhole = new Expansion(rows);
    for (int n = 0; n < rows; n++) {
      System.arraycopy(parameters, n * row.length, row, 0, row.length);
      read(row);
      for (int d = 0; d < spec.targets(); d++) {
        boolean hidden = seen != null && seen[n * spec.targets() + d] == 0;
        int column = columns * (n * spec.targets() + d);
        double lower = y[column];
        double upper = y[column + columns - 1];
        if (!hidden && spec.family() == ComponentFamily.LOG_NORMAL && upper <= 0) {
          throw FamilyLikelihood.notAboveZero(upper, n, columns * d + columns - 1);
        }
        for (int k = 0; k < spec.components(); k++) {
          int i = (n * spec.components() + k) * spec.targets() + d;
          double mu = row[spec.columns().location(k, d)];
          double logSigma = logScale(row, k, d);
          location.values[i] = mu;
          logScale.values[i] = logSigma;
          if (hidden) {
            continue;
          }
          if (spec.learnsDegreesOfFreedom()) {
            double nu = Math.exp(row[spec.columns().degreesOfFreedom().from() + k]);
            label.degrees(nu);
            if (whole != null) {
              whole.degrees(nu);
            }
          }
          if (whole != null) {
            ends.readRange();
            whole.interval(ends.lower(), ends.upper(), mu, logSigma);
            ofWhole.set(i, whole.value(), whole);
          }
          ends.read(lower, upper);
          label.interval(ends.lower(), ends.upper(), mu, logSigma);
          double value = whole == null ? label.value() : label.within(whole);
          ofLabel.set(i, value, label);
          if (whole != null) {
            ofLabel.less(i, ofWhole);
          }
        }
      }
    }
    inputs.put(IntervalGraph.LOCATION, location.array());
    inputs.put(IntervalGraph.LOG_SCALE, logScale.array());
    if (spec.learnsDegreesOfFreedom()) {
      inputs.put(IntervalGraph.DEGREES, inputs.get(ComponentGraph.DEGREES));
    }
    ofLabel.put(inputs, IntervalGraph.LABEL);
    if (whole != null) {
      ofWhole.put(inputs, IntervalGraph.WHOLE);
    }
  }

  /** Turns a row into its parameters, within the limits. */
  private void read(double[] row) {
    for (int i = spec.columns().scales().from(); i < spec.columns().scales().to(); i++) {
      row[i] = Math.max(bounds.lowest(), Math.min(bounds.highest(), row[i]));
    }
    bounds.apply(row);
    int from = spec.columns().degreesOfFreedom().from();
    for (int i = from; i < row.length; i++) {
      row[i] = Math.max(Limits.MIN_LOG_DEGREES, Math.min(Limits.MAX_LOG_DEGREES, row[i]));
    }
  }

  private double logScale(double[] row, int k, int d) {
    return spec.fixedScales().isPresent()
        ? Math.log(spec.fixedScale(k, d))
        : spec.logScale(row[spec.columns().scale(k, d)]);
  }

  private static double[] doubles(INDArray array) {
    return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
  }
}
