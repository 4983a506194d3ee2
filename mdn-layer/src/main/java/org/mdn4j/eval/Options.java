/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The options of a {@link MixtureEvaluation}.
 *
 * @param spec the columns of the raw output
 * @param levels probabilities of the intervals and regions, ascending
 * @param temperature at which the mixtures are scored
 * @param shift {@code [D]}, from the network's units to the reported ones: shift + scale · y
 * @param scale {@code [D]}
 * @param units {@code [D]}, names of the reported units
 * @param samples drawn per row where D &gt; 1
 * @param seed of the samples
 */
record Options(
    @JsonProperty("spec") MixtureSpec spec,
    @JsonProperty("levels") List<Double> levels,
    @JsonProperty("temperature") Temperature temperature,
    @JsonProperty("shift") List<Double> shift,
    @JsonProperty("scale") List<Double> scale,
    @JsonProperty("units") List<String> units,
    @JsonProperty("samples") int samples,
    @JsonProperty("seed") long seed)
    implements Serializable {

  Options {
    require(
        spec != null
            && temperature != null
            && Stream.of(levels, shift, scale, units)
                .allMatch(list -> list != null && list.stream().allMatch(Objects::nonNull)),
        "Expected a specification, a temperature, levels, shifts, scales and units, got null");
    levels = levels.stream().sorted().toList();
    require(
        levels.stream().allMatch(level -> 0 < level && level < 1)
            && levels.stream().distinct().count() == levels.size(),
        "Expected different levels in (0, 1), got %s",
        levels);
    requirePerTarget("shifts", shift, spec);
    requirePerTarget("scales", scale, spec);
    requirePerTarget("unit names", units, spec);
    require(
        shift.stream().allMatch(Double::isFinite)
            && scale.stream().allMatch(value -> Double.isFinite(value) && value != 0),
        "Expected finite shifts and finite scales other than 0, got %s and %s",
        shift,
        scale);
    require(samples >= 1, "Expected at least 1 sample per row, got %s", samples);
  }

  private static void requirePerTarget(String name, List<?> values, MixtureSpec spec) {
    require(
        values.size() == spec.targets(),
        "Expected %s %s, one per target, got %s",
        spec.targets(),
        name,
        values);
  }

  static <T> List<T> perTarget(MixtureSpec spec, T value) {
    return List.copyOf(Collections.nCopies(spec.targets(), value));
  }

  /** Returns mixtures at the temperature and in the reported units. */
  MixtureBatch applied(MixtureBatch predicted) {
    MixtureBatch atTemperature = predicted.temperature(temperature);
    return changesUnits()
        ? atTemperature.rescale(doubles(scale)).shift(doubles(shift))
        : atTemperature;
  }

  private boolean changesUnits() {
    return !shift.equals(perTarget(spec, 0.0)) || !scale.equals(perTarget(spec, 1.0));
  }

  private static double[] doubles(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Returns the ends of the labels of some targets in the reported units. */
  double[] inUnits(double[] ends, int[] targets) {
    double[] converted = new double[ends.length];
    for (int i = 0; i < targets.length; i++) {
      double factor = scale.get(targets[i]);
      int mirrored = factor < 0 ? 1 : 0;
      for (int end = 0; end < 2; end++) {
        converted[2 * i + (end ^ mirrored)] = shift.get(targets[i]) + factor * ends[2 * i + end];
      }
    }
    return converted;
  }
}
