/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The mixture's negative log-likelihood and its gradient with respect to a raw output. SameDiff
 * operations define it, and a fused engine computes the same faster on the CPU; {@link
 * org.mdn4j.likelihood.Engine} chooses between them.
 */
package org.mdn4j.likelihood;
