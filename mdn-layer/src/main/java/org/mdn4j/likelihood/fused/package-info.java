/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The likelihood of Gaussian mixtures in one pass over blocks of rows, score and gradient together.
 * Nothing but speed is lost where it is not used.
 */
@Internal
package org.mdn4j.likelihood.fused;

import org.mdn4j.Internal;
