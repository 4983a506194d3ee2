/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Listeners and drivers of a network's training: fast training, early stopping, signs of collapse.
 */
package org.mdn4j.training;
