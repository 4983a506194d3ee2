/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import java.util.function.IntFunction;
import org.mdn4j.distribution.questions.PointMasses;

/**
 * What is changed of a batch's mixtures as they are read.
 *
 * @param temperature null: as the rows have it
 * @param units null: the rows' own
 * @param atoms {@code [A]}, where they are placed; null: where the units put them
 */
record BatchChanges(Temperature temperature, TargetUnits units, double[] atoms) {
  /** The mixtures as they are. */
  static final BatchChanges NONE = new BatchChanges(null, null, null);

  /** Returns these changes with another temperature. */
  BatchChanges temperature(Temperature newTemperature) {
    boolean learned = newTemperature.equals(Temperature.of(1));
    return new BatchChanges(learned ? null : newTemperature, units, atoms);
  }

  /** Returns the units that targets are in. */
  TargetUnits units(int targets) {
    return units == null ? TargetUnits.unchanged(targets) : units;
  }

  /** Returns these changes with new units, to which the last step led by a scale and a shift. */
  BatchChanges units(TargetUnits newUnits, double[] scale, double[] shift) {
    double[] placed = null;
    if (atoms != null) {
      PointMasses moved = new PointMasses(atoms);
      moved.changeUnits(shift[0], scale[0]);
      placed = moved.values();
    }
    return new BatchChanges(temperature, newUnits, placed);
  }

  /** Returns these changes with atoms at other values. */
  BatchChanges atoms(double[] values) {
    return new BatchChanges(temperature, units, values);
  }

  /** Returns whether mixtures stay as they are. */
  boolean isNone() {
    return temperature == null && units == null && atoms == null;
  }

  /** Returns a walk over the changed mixtures. */
  IntFunction<WeightedComponents> applied(IntFunction<WeightedComponents> walk) {
    double[] shift = units == null ? null : units.shift();
    double[] scale = units == null ? null : units.scale();
    return row -> {
      WeightedComponents mixture = walk.apply(row);
      if (temperature != null) {
        mixture.changeTemperature(temperature);
      }
      if (scale != null) {
        mixture.changeUnits(shift, scale);
      }
      if (atoms != null) {
        mixture.atoms().place(atoms);
      }
      return mixture;
    };
  }
}
