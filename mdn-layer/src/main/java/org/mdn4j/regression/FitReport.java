/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.util.List;
import java.util.Map;

/**
 * What a fit did. NLLs are means in nats, in the targets' own units.
 *
 * @param noise the noise that was trained with
 * @param tried the best validation NLL of each noise level that was tried, in order; those that
 *     fell behind were not trained to their end
 * @param members one per member
 * @param firstMemberSeconds time until the noise was chosen and the first member was ready
 * @param seconds time that the whole fit took
 */
public record FitReport(
    NoiseLevel noise,
    Map<NoiseLevel, Double> tried,
    List<Member> members,
    double firstMemberSeconds,
    double seconds) {

  /**
   * A member's training.
   *
   * @param bestEpoch the epoch whose parameters were kept, from 1
   * @param validationNll the NLL of its validation rows then
   * @param curve one entry per epoch
   */
  public record Member(int bestEpoch, double validationNll, List<Epoch> curve) {}

  /**
   * An epoch.
   *
   * @param trainNll mean NLL of its minibatches, noise included
   * @param validationNll NLL of the validation rows after it
   */
  public record Epoch(double trainNll, double validationNll) {}
}
