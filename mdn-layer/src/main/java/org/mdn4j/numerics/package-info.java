/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Functions of numbers that several rooms need: those that no library has, and constants made of
 * those that one has.
 */
package org.mdn4j.numerics;
