/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The result of one pass of a likelihood.
 *
 * @param score negative log-likelihood of each row in nats, {@code [N]}
 * @param gradient its derivative with respect to the raw output, {@code [N, P]}: row n holds the
 *     derivative of score n
 */
public record ScoreAndGradient(INDArray score, INDArray gradient) {}
