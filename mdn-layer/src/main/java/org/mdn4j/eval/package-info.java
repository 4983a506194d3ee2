/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Scores of predictive distributions in the form that DL4J's {@code doEvaluation} calls. The
 * package depends on networks' raw output only.
 */
package org.mdn4j.eval;
