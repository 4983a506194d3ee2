/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Scores of predictive distributions in the form that DL4J's {@code doEvaluation} calls. Knows a
 * network by its raw output only.
 */
package org.mdn4j.eval;
