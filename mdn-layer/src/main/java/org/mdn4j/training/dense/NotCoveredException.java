/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.training.dense;

/** Says what of a network is not covered. */
public final class NotCoveredException extends Exception {
  private static final long serialVersionUID = 1L;

  NotCoveredException(String reason) {
    super(reason);
  }
}
