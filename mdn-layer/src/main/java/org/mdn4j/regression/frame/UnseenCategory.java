/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

/**
 * A cell that holds a category which the rows of a fit did not have, and which counts as missing.
 *
 * @param row from 0
 * @param column its name
 * @param category what stands there
 */
public record UnseenCategory(int row, String column, String category) {}
