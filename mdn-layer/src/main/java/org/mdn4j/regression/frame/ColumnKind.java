/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

/** The kinds of a {@link Frame}'s columns. */
public enum ColumnKind {
  /** Finite numbers, whose order and distance mean something. */
  NUMBER,
  /** Names without an order. */
  CATEGORY,
  /** True or false. */
  BOOLEAN,
  /** Points in time: ISO 8601 dates, or dates with a time of day. */
  DATE
}
