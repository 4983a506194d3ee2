/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Programs that show mixture density networks at work. {@link org.mdn4j.examples.Main} runs them
 * all; each has a package of its own, and what they share stands in {@code kit}.
 */
package org.mdn4j.examples;
