/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The vocabulary of a mixture density network, and the shapes.
 *
 * <p>A mixture density network (Bishop 1994) learns the whole conditional distribution of D targets
 * y given an input x, as a mixture of K components
 *
 * <pre>
 *   p(y | x) = Σ_k π_k(x) N(y; μ_k(x), Σ_k(x))
 * </pre>
 *
 * <p>whose parameters are the network's output. Terms, used everywhere in the same sense:
 *
 * <ul>
 *   <li><b>component</b> k of K, <b>target</b> d of D, <b>example</b> (row) n of N;
 *   <li><b>logit</b> z_k, and <b>mixture weight</b> π = softmax(z);
 *   <li><b>location</b> μ_kd: a Gaussian component's mean;
 *   <li><b>scale</b> σ_kd: a Gaussian component's standard deviation; <b>scale parameter</b> s_kd,
 *       what the network regresses, log σ unless a floor is set;
 *   <li><b>responsibility</b> r_k(y) = π_k N_k(y) / Σ_j π_j N_j(y): the posterior probability that
 *       component k made y;
 *   <li><b>NLL</b>: the negative log-likelihood −log p(y | x), in nats.
 * </ul>
 *
 * <p>Shapes: raw outputs {@code [N, P]}, labels {@code [N, D]}, locations {@code [N, K, D]}. {@link
 * org.mdn4j.OutputColumns} alone knows which column of a raw output holds what.
 */
package org.mdn4j;
