/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

/**
 * Where a network's training on all rows stands after an epoch.
 *
 * @param epochs so far, of all stages
 * @param parameters of the network
 * @param updater Adam's moments
 * @param average the moving average of the parameters
 * @param averagedSteps how many steps it has seen
 * @param best the averaged parameters that the present stage began with
 */
public record RefitState(
    int epochs,
    float[] parameters,
    float[] updater,
    float[] average,
    int averagedSteps,
    float[] best) {}
