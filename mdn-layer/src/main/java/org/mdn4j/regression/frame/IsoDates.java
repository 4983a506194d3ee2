/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.frame;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.OptionalDouble;

/** Dates as ISO 8601 writes them. */
final class IsoDates {
  private static final DateTimeFormatter WITH_TIME =
      new DateTimeFormatterBuilder()
          .append(DateTimeFormatter.ISO_LOCAL_DATE)
          .optionalStart()
          .appendPattern("['T'][' ']")
          .append(DateTimeFormatter.ISO_LOCAL_TIME)
          .optionalStart()
          .appendOffset("+HH:mm", "Z")
          .toFormatter(Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT); // no 30th of February

  private IsoDates() {}

  /** Returns the seconds since 1970, in UTC; empty for what is no date. */
  static OptionalDouble seconds(String text) {
    try {
      TemporalAccessor date =
          WITH_TIME.parseBest(
              text.strip(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
      if (date instanceof OffsetDateTime zoned) {
        return OptionalDouble.of(
            seconds(zoned.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime()));
      }
      return OptionalDouble.of(
          seconds(date instanceof LocalDate day ? day.atStartOfDay() : (LocalDateTime) date));
    } catch (DateTimeException e) {
      return OptionalDouble.empty();
    }
  }

  /** Returns the seconds since 1970, in UTC. */
  static double seconds(LocalDateTime date) {
    return date.toEpochSecond(ZoneOffset.UTC) + date.getNano() / 1e9;
  }
}
