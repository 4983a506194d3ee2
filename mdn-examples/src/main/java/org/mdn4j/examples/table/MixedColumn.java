/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import java.time.LocalDate;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.mdn4j.examples.kit.Digits;

/**
 * The features of {@link MixedProcess}: how the value of a cell is drawn, and how it is written. A
 * value is a number; a day counts from 1970, a category from 0, and true is 1.
 */
enum MixedColumn {
  LISTED(MixedColumn::day, MixedColumn::date),
  KIND(random -> random.nextInt(4), MixedColumn::kind),
  AREA(random -> 80 * Math.exp(0.4 * gaussian(random)), MixedColumn::number),
  /** Drawn given the area. */
  INCOME(null, MixedColumn::number),
  TOWN(MixedColumn::town, value -> String.format(Locale.ROOT, "town-%02d", (int) value)),
  RENOVATED(random -> bernoulli(random, 0.3), MixedColumn::truth),
  SHARED(random -> bernoulli(random, 0.25), MixedColumn::truth),
  GARAGE(random -> bernoulli(random, 0.4), MixedColumn::truth),
  /** A category whose names are numbers. */
  HEATING(MixedColumn::heating, value -> Integer.toString(10 * ((int) value + 1))),
  AGE(random -> random.nextDouble(0, 100), MixedColumn::number),
  STOREY(random -> random.nextInt(5), MixedColumn::number),
  DISTANCE(random -> 5 * Math.exp(gaussian(random)), MixedColumn::number),
  TEMPERATURE(random -> 10 + 8 * gaussian(random), MixedColumn::number),
  VIEW(MixedColumn::gaussian, MixedColumn::number),
  LIGHT(random -> 500 + 100 * gaussian(random), MixedColumn::number),
  COUNTRY(random -> 0, value -> "DE"),
  SURVEYED(MixedColumn::day, MixedColumn::date),
  AGENT(random -> random.nextInt(12), value -> Character.toString((char) ('A' + (int) value))),
  BALCONY(random -> bernoulli(random, 0.5), MixedColumn::truth),
  HUMIDITY(random -> random.nextDouble(20, 90), MixedColumn::number),
  PLOT(random -> 400 * Math.exp(0.8 * gaussian(random)), MixedColumn::number),
  CLICKS(random -> Math.floor(20 * random.nextDouble() * random.nextDouble()), MixedColumn::number),
  LATITUDE(random -> random.nextDouble(47, 55), MixedColumn::number),
  LONGITUDE(random -> random.nextDouble(6, 15), MixedColumn::number),
  VISITS(random -> random.nextInt(3), MixedColumn::number),
  PRESSURE(random -> 1013 + 8 * gaussian(random), MixedColumn::number),
  HEIGHT(random -> 2.5 + 0.2 * gaussian(random), MixedColumn::number),
  WIDTH(random -> 12 + 3 * gaussian(random), MixedColumn::number);

  static final LocalDate FIRST_DAY = LocalDate.of(2018, 1, 1);
  static final int DAYS = 4 * 365 + 1;
  static final int TOWNS = 60;
  static final double[] HEATINGS = {0.5, 0.3, 0.2}; // probabilities

  private static final double INCOME_WITH_AREA = 0.6; // correlation of the logarithms
  private static final int DIGITS = 6;
  private static final String[] KINDS = {"flat", "house, detached", "house, row", "Büro"};

  private final ToDoubleFunction<UniformRandomProvider> sampler;
  private final DoubleFunction<String> text;

  MixedColumn(ToDoubleFunction<UniformRandomProvider> sampler, DoubleFunction<String> text) {
    this.sampler = sampler;
    this.text = text;
  }

  /** Draws all cells of a row. */
  static double[] draw(UniformRandomProvider random) {
    double[] row = new double[values().length];
    for (MixedColumn column : values()) {
      row[column.ordinal()] =
          column == INCOME ? income(latentArea(row), random) : column.sampler.applyAsDouble(random);
    }
    return row;
  }

  private static double income(double area, UniformRandomProvider random) {
    double rest = Math.sqrt(1 - INCOME_WITH_AREA * INCOME_WITH_AREA);
    return 3000 * Math.exp(0.5 * (INCOME_WITH_AREA * area + rest * gaussian(random)));
  }

  /** Returns the standard normal variable that the area stands for; NaN if it is missing. */
  static double latentArea(double[] row) {
    return Math.log(row[AREA.ordinal()] / 80) / 0.4;
  }

  /** Returns the standard normal variable that the income stands for, likewise. */
  static double latentIncome(double[] row) {
    return Math.log(row[INCOME.ordinal()] / 3000) / 0.5;
  }

  static double correlation() {
    return INCOME_WITH_AREA;
  }

  /** Returns the probability of a town, which is in proportion to 1/(5 + town). */
  static double townProbability(int town) {
    double sum = 0;
    for (int i = 0; i < TOWNS; i++) {
      sum += 1.0 / (5 + i);
    }
    return 1 / (5.0 + town) / sum;
  }

  String header() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the cell of a row; a missing one is empty. */
  String cell(double[] row) {
    double value = row[ordinal()];
    return Double.isNaN(value) ? "" : text.apply(value);
  }

  private static double gaussian(UniformRandomProvider random) {
    return ZigguratSampler.NormalizedGaussian.of(random).sample();
  }

  private static double bernoulli(UniformRandomProvider random, double probability) {
    return random.nextDouble() < probability ? 1 : 0;
  }

  private static double day(UniformRandomProvider random) {
    return FIRST_DAY.toEpochDay() + random.nextInt(DAYS);
  }

  private static double town(UniformRandomProvider random) {
    double left = random.nextDouble();
    int town = 0;
    while (town < TOWNS - 1 && left >= townProbability(town)) {
      left -= townProbability(town++);
    }
    return town;
  }

  private static double heating(UniformRandomProvider random) {
    double u = random.nextDouble();
    return u < HEATINGS[0] ? 0 : u < HEATINGS[0] + HEATINGS[1] ? 1 : 2;
  }

  private static String date(double value) {
    return LocalDate.ofEpochDay((long) value).toString();
  }

  private static String kind(double value) {
    return KINDS[(int) value];
  }

  private static String truth(double value) {
    return Boolean.toString(value == 1);
  }

  private static String number(double value) {
    return Digits.of(value, DIGITS);
  }
}
