/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.report;

import java.util.Locale;

/**
 * Progress of a fit. NLLs are means in nats, in the targets' own units.
 *
 * @param member the member that has ended an epoch, from 0
 * @param members how many there will be
 * @param noise the noise that it is trained with
 * @param bins the number of bins that a feature is encoded in; 0 for none
 * @param choosing whether noise and bins are on trial
 * @param refitting whether it is trained anew on all rows, so that there is nothing to validate on:
 *     the NLLs are those of before
 * @param epoch the epoch, from 1
 * @param learningRate the learning rate of the next one
 * @param validationNll NLL of the validation rows
 * @param bestNll the lowest so far
 * @param secondsLeft estimated time until the fit ends; NaN until a training has ended
 */
public record FitProgress(
    int member,
    int members,
    NoiseLevel noise,
    int bins,
    boolean choosing,
    boolean refitting,
    int epoch,
    double learningRate,
    double validationNll,
    double bestNll,
    double secondsLeft) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "member %d of %d, noise %s%s%s%s, epoch %d: validation NLL %.4f, best %.4f%s",
        member + 1,
        members,
        noise,
        bins == 0 ? "" : ", %s bins".formatted(bins),
        choosing ? " on trial" : "",
        refitting ? ", again on all rows" : "",
        epoch,
        validationNll,
        bestNll,
        Double.isNaN(secondsLeft)
            ? ""
            : String.format(Locale.ROOT, ", about %.0f s left", secondsLeft));
  }
}
