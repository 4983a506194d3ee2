/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.columns;

import java.time.LocalDateTime;
import java.time.ZoneOffset;

/** What a date says to a network: numbers that grow with time, and angles of what comes again. */
enum DatePart {
  /** Days since the first date of the fit. */
  ELAPSED {
    @Override
    double value(double seconds, double origin) {
      return (seconds - origin) / SECONDS_PER_DAY;
    }
  },
  /** The calendar year. */
  YEAR {
    @Override
    double value(double seconds, double origin) {
      return date(seconds).getYear();
    }
  },
  /** The day of the year, as an angle: the length of the year is a whole turn. */
  DAY_OF_YEAR {
    @Override
    double value(double seconds, double origin) {
      LocalDateTime date = date(seconds);
      return TURN * (date.getDayOfYear() - 1) / date.toLocalDate().lengthOfYear();
    }
  },
  /** The day of the week, as an angle. */
  DAY_OF_WEEK {
    @Override
    double value(double seconds, double origin) {
      return TURN * (date(seconds).getDayOfWeek().getValue() - 1) / 7;
    }
  },
  /** The time of day, as an angle. */
  TIME_OF_DAY {
    @Override
    double value(double seconds, double origin) {
      return TURN * (seconds / SECONDS_PER_DAY - Math.floor(seconds / SECONDS_PER_DAY));
    }
  };

  private static final double SECONDS_PER_DAY = 86_400;
  private static final double TURN = 2 * Math.PI;

  /** Returns whether there is a date so many seconds after 1970. */
  static boolean isDate(double seconds) {
    long whole = (long) Math.floor(seconds);
    return LocalDateTime.MIN.toEpochSecond(ZoneOffset.UTC) <= whole
        && whole <= LocalDateTime.MAX.toEpochSecond(ZoneOffset.UTC);
  }

  /** Returns whether it is an angle, of which a network gets sine and cosine. */
  boolean isAngle() {
    return this != ELAPSED && this != YEAR;
  }

  /**
   * Returns the number, or the angle in radians.
   *
   * @param seconds since 1970, in UTC
   * @param origin the first date of the fit, likewise
   */
  abstract double value(double seconds, double origin);

  private static LocalDateTime date(double seconds) {
    return LocalDateTime.ofEpochSecond((long) Math.floor(seconds), 0, ZoneOffset.UTC);
  }
}
