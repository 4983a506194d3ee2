/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The families' components: densities, tails, moments and whatever else has a closed form. They
 * know no algorithm that asks them.
 */
@Internal
package org.mdn4j.distribution.components;

import org.mdn4j.Internal;
