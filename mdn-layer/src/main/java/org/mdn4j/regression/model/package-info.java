/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a regressor knows: options, units, the rows that train and validate, and the fitted
 * networks.
 */
@Internal
package org.mdn4j.regression.model;

import org.mdn4j.Internal;
