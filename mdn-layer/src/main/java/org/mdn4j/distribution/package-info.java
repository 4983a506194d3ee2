/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Predictive distributions p(y | x) decoded from a network's output, one at a time or in batches.
 * Knows the raw output's columns, and no network.
 */
package org.mdn4j.distribution;
