/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.mdn4j.regression.MixtureRegressor;
import org.mdn4j.regression.MixtureRegressorBuilder;
import org.mdn4j.regression.report.NoiseLevel;

/** A method of the study: the regressor's defaults but for one thing, or gradient boosting. */
enum UciMethod {
  /** One mixture density network. */
  SINGLE(builder -> builder),
  /** Five of them, of which the first is the single one. */
  ENSEMBLE(builder -> builder.ensemble(5)),
  /** Trials of wider networks and as many members as a minute has time for. */
  BUDGET(builder -> builder.budget(Duration.ofMinutes(1))),
  /** A single one that learns from four fifths of the rows; the others calibrate intervals. */
  CONFORMAL(builder -> builder.conformalFraction(0.2)),
  /** One network with one Gaussian. */
  GAUSSIAN(builder -> builder.components(1).contaminated(false)),
  /** A single one without noise. */
  WITHOUT_NOISE(builder -> builder.noise(NoiseLevel.NONE)),
  /** A single one whose features are not encoded. */
  WITHOUT_ENCODING(builder -> builder.bins(0)),
  /** A single one that looks at validation rows after each pass over the others. */
  WITHOUT_ROUNDS(builder -> builder.roundSteps(0)),
  /** A single one that starts from an even spread in place of the targets' quantiles. */
  WITHOUT_START(builder -> builder.startFromData(false)),
  /** A single one without weight decay. */
  WITHOUT_DECAY(builder -> builder.weightDecay(0)),
  /** A single one that is not trained anew on all rows. */
  WITHOUT_REFIT(builder -> builder.refit(false)),
  /** A single one whose mixtures stay as the network puts them out, also where it validates. */
  WITHOUT_CONTAMINATION(builder -> builder.contaminated(false)),
  /** A single one that keeps its parameters in place of their moving average. */
  WITHOUT_AVERAGING(builder -> builder.averaging(0)),
  /** Boosted trees that predict the mean, with one scale for all rows. */
  BOOSTING_GAUSSIAN(null),
  /** Boosted trees that predict quantiles. */
  BOOSTING_QUANTILE(null);

  private final UnaryOperator<MixtureRegressorBuilder> change; // or null

  UciMethod(UnaryOperator<MixtureRegressorBuilder> change) {
    this.change = change;
  }

  boolean isBoosting() {
    return change == null;
  }

  MixtureRegressorBuilder regressor(int components, long seed) {
    return change.apply(MixtureRegressor.builder().components(components).seed(seed).quiet());
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
