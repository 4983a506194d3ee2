/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The mixture's negative log-likelihood and its gradient with respect to a raw output. SameDiff
 * defines it, a fused engine computes the Gaussian case faster on the CPU, {@link
 * org.mdn4j.likelihood.Engine} names them; it knows shapes, not networks.
 */
package org.mdn4j.likelihood;
