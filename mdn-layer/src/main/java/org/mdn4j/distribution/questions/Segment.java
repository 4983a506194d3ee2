/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution.questions;

/**
 * What lies between two values of a target, the ends included.
 *
 * @param lower lower end
 * @param upper upper end, at least the lower
 */
public record Segment(double lower, double upper) {}
