/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Locale;

/** Why a file is not read, in one sentence; the import adds which file it is. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String sentence, Object... values) {
    super(String.format(Locale.ROOT, sentence, values));
  }

  Refusal(Throwable cause, String sentence, Object... values) {
    super(String.format(Locale.ROOT, sentence, values), cause);
  }
}
