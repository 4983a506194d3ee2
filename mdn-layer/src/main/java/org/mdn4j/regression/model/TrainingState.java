/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import java.io.Serializable;
import java.util.List;
import org.mdn4j.regression.report.FitReport;

/**
 * Where a network's training stands after an epoch; all that it needs to go on as if nothing had
 * happened.
 *
 * @param steps minibatches so far
 * @param plateau the schedule
 * @param parameters of the network
 * @param updater Adam's moments
 * @param average the moving average of the parameters
 * @param averagedSteps how many steps it has seen
 * @param best averaged parameters of the best epoch
 * @param curve one entry per epoch
 */
public record TrainingState(
    int steps,
    Plateau plateau,
    float[] parameters,
    float[] updater,
    float[] average,
    int averagedSteps,
    float[] best,
    List<FitReport.Epoch> curve)
    implements Serializable {}
