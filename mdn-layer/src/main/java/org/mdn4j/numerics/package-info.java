/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Numerical functions that several packages need: those that no library has, and constants computed
 * from those that one has.
 */
@Internal
package org.mdn4j.numerics;

import org.mdn4j.Internal;
