/* SPDX-License-Identifier: Apache-2.0 */
/** Sequences drawn from a recurrent network step by step, and the likelihood of given ones. */
package org.mdn4j.sequence;
