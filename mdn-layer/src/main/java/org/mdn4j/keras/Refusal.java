/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.keras;

import java.util.Locale;

/** Exception that says in one sentence why a file is not read; the import adds which file it is. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String sentence, Object... values) {
    super(String.format(Locale.ROOT, sentence, values));
  }

  Refusal(Throwable cause, String sentence, Object... values) {
    super(String.format(Locale.ROOT, sentence, values), cause);
  }
}
