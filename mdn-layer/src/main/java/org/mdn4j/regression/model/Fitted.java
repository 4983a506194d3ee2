/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import org.mdn4j.regression.report.FitReport;

/**
 * The outcome of a fit.
 *
 * @param ensemble what it learned
 * @param report how it learned it
 */
public record Fitted(FittedEnsemble ensemble, FitReport report) {}
