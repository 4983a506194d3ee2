/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Programs that show mixture density networks at work. Each class with a {@code main} parses
 * options and calls {@code run}, which returns its result.
 */
package org.mdn4j.examples;
