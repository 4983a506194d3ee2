/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import java.util.List;
import java.util.Objects;
import java.util.stream.DoubleStream;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.TargetUnits;
import org.mdn4j.distribution.Temperature;
import org.nd4j.linalg.dataset.api.preprocessor.DataNormalization;

/** Builder of a {@link MixtureEvaluation}. */
public final class MixtureEvaluationBuilder {
  private final MixtureSpec spec;
  private List<Double> levels = List.of(0.5, 0.8, 0.9, 0.95);
  private Temperature temperature = Temperature.of(1);
  private TargetUnits units;
  private List<String> unitNames;
  private int samples = 199;
  private long seed = 1;

  MixtureEvaluationBuilder(MixtureSpec spec) {
    this.spec = spec;
    this.units = TargetUnits.unchanged(spec.targets());
    this.unitNames = Options.perTarget(spec, "target units");
  }

  /**
   * Sets the probabilities of the intervals and regions; with none of them an evaluation is much
   * faster.
   *
   * @param levels each in (0, 1); 0.5, 0.8, 0.9 and 0.95 by default
   * @return this builder
   */
  public MixtureEvaluationBuilder levels(double... levels) {
    this.levels = DoubleStream.of(levels).boxed().toList();
    return this;
  }

  /**
   * Sets the temperature at which the mixtures are scored.
   *
   * @param temperature the temperature; 1 by default, the learned model
   * @return this builder
   */
  public MixtureEvaluationBuilder temperature(Temperature temperature) {
    this.temperature = Objects.requireNonNull(temperature);
    return this;
  }

  /**
   * Sets the units of the scores to those that the labels had before a normalizer transformed them.
   *
   * @param normalizer a DL4J {@code NormalizerStandardize} or {@code NormalizerMinMaxScaler}
   * @return this builder
   * @throws IllegalArgumentException if it is of another class, was not fitted to labels, or to
   *     another number of targets
   */
  public MixtureEvaluationBuilder inOriginalUnits(DataNormalization normalizer) {
    TargetUnits original = TargetUnits.original(normalizer, spec.targets());
    return rescale(original.scale()).shift(original.shift());
  }

  /**
   * Sets the scale of the scores' units: to those of scale_d · y_d. From standardised to original
   * units it is {@code rescale(standardDeviations).shift(means)}.
   *
   * @param scale {@code [D]}, finite and not 0, new units per present unit, at first per unit of
   *     the labels
   * @return this builder
   * @throws IllegalArgumentException if there is not one per target, or one is out of its range
   */
  public MixtureEvaluationBuilder rescale(double... scale) {
    units = units.rescale(scale);
    return this;
  }

  /**
   * Sets the origin of the scores' units: to those of y_d + shift_d.
   *
   * @param shift {@code [D]}, finite, in present units, at first those of the labels
   * @return this builder
   * @throws IllegalArgumentException if there is not one per target, or one is not finite
   */
  public MixtureEvaluationBuilder shift(double... shift) {
    units = units.shift(shift);
    return this;
  }

  /**
   * Sets the names of the units, for the table.
   *
   * @param unitNames {@code [D]}, for example "°C"
   * @return this builder
   */
  public MixtureEvaluationBuilder unitNames(String... unitNames) {
    this.unitNames = List.of(unitNames);
    return this;
  }

  /**
   * Sets the number of samples per row that estimate the energy score, and again the rank of the
   * density, where D &gt; 1.
   *
   * @param samples m, at least 1; 199 by default, with which levels of whole and half percents are
   *     exact
   * @return this builder
   */
  public MixtureEvaluationBuilder samples(int samples) {
    this.samples = samples;
    return this;
  }

  /**
   * Sets the seed of the samples.
   *
   * @param seed the same seed gives the same scores; 1 by default
   * @return this builder
   */
  public MixtureEvaluationBuilder seed(long seed) {
    this.seed = seed;
    return this;
  }

  /**
   * Creates the evaluation.
   *
   * @return an evaluation without rows
   * @throws IllegalArgumentException if a level is outside (0, 1) or comes twice, there is not one
   *     name per target, or there is no sample
   */
  public MixtureEvaluation build() {
    return new MixtureEvaluation(options());
  }

  Options options() {
    return new Options(
        spec,
        levels,
        temperature,
        DoubleStream.of(units.shift()).boxed().toList(),
        DoubleStream.of(units.scale()).boxed().toList(),
        unitNames,
        samples,
        seed);
  }
}
