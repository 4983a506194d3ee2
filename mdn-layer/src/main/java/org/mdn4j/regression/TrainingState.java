/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import java.util.List;

/**
 * Where a network's training stands after an epoch; all that it needs to go on as if nothing had
 * happened.
 *
 * @param steps minibatches so far
 * @param plateau the schedule
 * @param parameters of the network
 * @param updater Adam's moments
 * @param best parameters of the best epoch
 * @param curve one entry per epoch
 */
record TrainingState(
    int steps,
    Plateau plateau,
    float[] parameters,
    float[] updater,
    float[] best,
    List<FitReport.Epoch> curve) {}
