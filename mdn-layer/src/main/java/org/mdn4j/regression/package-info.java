/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From a table of numbers to a predictive distribution: standardise, start, train, stop early,
 * average an ensemble, predict in the targets' own units.
 */
package org.mdn4j.regression;
