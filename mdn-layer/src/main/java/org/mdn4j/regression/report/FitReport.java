/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.report;

import java.io.Serializable;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Report of a fit. NLLs are means in nats, in the targets' own units; those of validation rows are
 * of predictions that are contaminated by 0.05, where predictions are ({@code
 * MixtureRegressorBuilder.contaminated}), so that no single row decides.
 *
 * @param noise the noise that was trained with
 * @param bins the number of bins that each feature is encoded in; 0 if features are not encoded
 * @param trials one per setup that was tried, in order
 * @param members one per member
 * @param firstMemberSeconds time until the noise was chosen and the first member was ready
 * @param seconds time that the whole fit took
 * @param columns what was found in a frame's columns of features; empty for a fit to arrays
 * @param atoms the target's values that have a probability of their own, ascending
 */
public record FitReport(
    @JsonProperty("noise") NoiseLevel noise,
    @JsonProperty("bins") int bins,
    @JsonProperty("trials") List<Trial> trials,
    @JsonProperty("members") List<Member> members,
    @JsonProperty("firstMemberSeconds") double firstMemberSeconds,
    @JsonProperty("seconds") double seconds,
    @JsonProperty("columns") List<ColumnSummary> columns,
    @JsonProperty("atoms") List<Atom> atoms) {

  /**
   * A value that the target has with a probability of its own.
   *
   * @param value in the target's units
   * @param share of the rows of the fit that have it, by their weights
   */
  public record Atom(@JsonProperty("value") double value, @JsonProperty("share") double share) {}

  /**
   * Creates a report.
   *
   * @param noise the noise that was trained with
   * @param bins the number of bins
   * @param trials one per setup that was tried
   * @param members one per member
   * @param firstMemberSeconds time of the first member
   * @param seconds time of the whole fit
   * @param columns one per column of features; null, as in files from before there were any, for
   *     none
   * @param atoms of the target; null, as in files from before there were any, for none
   */
  public FitReport {
    columns = columns == null ? List.of() : List.copyOf(columns);
    atoms = atoms == null ? List.of() : List.copyOf(atoms);
  }

  /**
   * Returns this report with what was found in the columns.
   *
   * @param found one per column of features
   * @param ofTarget atoms of the target
   * @return a report
   */
  public FitReport with(List<ColumnSummary> found, List<Atom> ofTarget) {
    return new FitReport(
        noise, bins, trials, members, firstMemberSeconds, seconds, found, ofTarget);
  }

  /**
   * A setup on trial.
   *
   * @param noise its noise
   * @param bins its number of bins
   * @param hiddenUnits of each hidden layer; 0 for those that were asked for
   * @param weightDecay of its network; 0 for that which was asked for
   * @param validationNll the lowest validation NLL until the first plateau
   */
  public record Trial(
      @JsonProperty("noise") NoiseLevel noise,
      @JsonProperty("bins") int bins,
      @JsonProperty("hiddenUnits") int hiddenUnits,
      @JsonProperty("weightDecay") double weightDecay,
      @JsonProperty("validationNll") double validationNll) {}

  /**
   * A member's training.
   *
   * @param bestEpoch the epoch whose parameters were kept, from 1
   * @param validationNll the NLL of its validation rows then
   * @param curve one entry per epoch
   */
  public record Member(
      @JsonProperty("bestEpoch") int bestEpoch,
      @JsonProperty("validationNll") double validationNll,
      @JsonProperty("curve") List<Epoch> curve) {}

  /**
   * The scores of one epoch.
   *
   * @param trainNll mean NLL of its minibatches, noise included, no penalty of weights
   * @param validationNll NLL of the validation rows after it
   */
  public record Epoch(
      @JsonProperty("trainNll") double trainNll,
      @JsonProperty("validationNll") double validationNll)
      implements Serializable {}
}
