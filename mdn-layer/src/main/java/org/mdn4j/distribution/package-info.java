/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What comes out of a mixture density network: the predictive distribution p(y | x), one at a time
 * or in batches. Knows the raw output's columns, and no network.
 */
package org.mdn4j.distribution;
