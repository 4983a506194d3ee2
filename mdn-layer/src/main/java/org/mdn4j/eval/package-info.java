/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What predictive distributions are worth: scores in the form that DL4J's {@code doEvaluation}
 * calls, conformal calibration, where uncertainty comes from, and what a model looks at. The
 * package depends on networks' raw output only.
 */
package org.mdn4j.eval;
