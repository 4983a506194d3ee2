/* SPDX-License-Identifier: Apache-2.0 */
/** How a frame's columns become the numbers that a network takes. */
@Internal
package org.mdn4j.regression.columns;

import org.mdn4j.Internal;
