/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import java.util.Map;
import org.mdn4j.BoundTransform;
import org.mdn4j.Limits;
import org.mdn4j.MixtureSpec;
import org.mdn4j.likelihood.fused.ComponentMasses;
import org.mdn4j.numerics.LogMass;
import org.mdn4j.rows.LabelEnds;
import org.mdn4j.rows.RowChunks;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The values of the placeholders of {@link IntervalGraph}, which {@link LogMass} computes. */
final class IntervalTerms {
  private final MixtureSpec spec;
  private final Limits limits;

  IntervalTerms(MixtureSpec spec, Limits limits) {
    this.spec = spec;
    this.limits = limits;
  }

  /** Angles and counts, which have none, are not asked. */
  private LogMass logMass() {
    return (LogMass) ComponentMasses.of(spec, limits);
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
   */
  void put(Map<String, INDArray> inputs, INDArray labels, INDArray raw, INDArray observed) {
    int rows = (int) raw.size(0);
    double[] y = doubles(labels);
    double[] parameters = doubles(raw);
    double[] seen = observed == null ? null : doubles(observed);
    Cube location = new Cube(rows);
    Cube logScale = new Cube(rows);
    Expansion ofLabel = new Expansion(rows);
    Expansion ofWhole = new Expansion(rows);
    RowChunks.forEach(
        rows,
        () -> {
          Row row = new Row(location, logScale, ofLabel, ofWhole);
          return (chunk, first, end) -> {
            for (int n = first; n < end; n++) {
              row.compute(n, y, parameters, seen);
            }
          };
        });
    inputs.put(IntervalGraph.LOCATION, location.array());
    inputs.put(IntervalGraph.LOG_SCALE, logScale.array());
    if (spec.learnsDegreesOfFreedom()) {
      inputs.put(IntervalGraph.DEGREES, inputs.get(ComponentGraph.DEGREES));
    }
    ofLabel.put(inputs, IntervalGraph.LABEL);
    if (spec.truncation().isPresent()) {
      ofWhole.put(inputs, IntervalGraph.WHOLE);
    }
  }

  private static boolean isHidden(double[] seen, int i) {
    return seen != null && seen[i] == 0;
  }

  /** What computes one row after the other, by one thread. */
  private final class Row {
    private final Cube location;
    private final Cube logScale;
    private final Expansion ofLabel;
    private final Expansion ofWhole;
    private final BoundTransform bounds = new BoundTransform(spec, limits);
    private final LabelEnds ends = new LabelEnds(spec);
    private final LogMass label = logMass();
    private final LogMass whole = spec.truncation().isPresent() ? logMass() : null;
    private final double[] row = new double[spec.parameterCount()];

    Row(Cube location, Cube logScale, Expansion ofLabel, Expansion ofWhole) {
      this.location = location;
      this.logScale = logScale;
      this.ofLabel = ofLabel;
      this.ofWhole = ofWhole;
    }

    void compute(int n, double[] y, double[] parameters, double[] seen) {
      System.arraycopy(parameters, n * row.length, row, 0, row.length);
      read();
      int columns = spec.labelColumns() / spec.targets();
      for (int k = 0; k < spec.components(); k++) {
        if (spec.learnsDegreesOfFreedom()) {
          double nu = Math.exp(row[spec.columns().degreesOfFreedom().from() + k]);
          label.degrees(nu);
          if (whole != null) {
            whole.degrees(nu);
          }
        }
        for (int d = 0; d < spec.targets(); d++) {
          int i = (n * spec.components() + k) * spec.targets() + d;
          location.values[i] = row[spec.columns().location(k, d)];
          logScale.values[i] = logScale(row, k, d);
          int target = n * spec.targets() + d;
          if (!isHidden(seen, target)) {
            compute(i, y[target * columns], y[(target + 1) * columns - 1]);
          }
        }
      }
    }

    private void compute(int i, double lower, double upper) {
      double mu = location.values[i];
      double logSigma = logScale.values[i];
      if (whole != null) {
        ends.readRange();
        whole.interval(ends.lower(), ends.upper(), mu, logSigma);
        ofWhole.set(i, whole.value(), whole);
      }
      ends.read(lower, upper);
      label.interval(ends.lower(), ends.upper(), mu, logSigma);
      ofLabel.set(i, whole == null ? label.value() : label.within(whole), label);
      if (whole != null) {
        ofLabel.less(i, ofWhole);
      }
    }

    /** Turns the row into its parameters, within the limits. */
    private void read() {
      for (int i = spec.columns().scales().from(); i < spec.columns().scales().to(); i++) {
        row[i] = Math.max(bounds.lowest(), Math.min(bounds.highest(), row[i]));
      }
      bounds.apply(row);
      for (int i = spec.columns().degreesOfFreedom().from(); i < row.length; i++) {
        row[i] = Math.max(Limits.MIN_LOG_DEGREES, Math.min(Limits.MAX_LOG_DEGREES, row[i]));
      }
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
