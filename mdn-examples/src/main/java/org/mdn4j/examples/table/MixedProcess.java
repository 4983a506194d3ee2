/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.mdn4j.examples.table.MixedColumn.AGE;
import static org.mdn4j.examples.table.MixedColumn.DISTANCE;
import static org.mdn4j.examples.table.MixedColumn.GARAGE;
import static org.mdn4j.examples.table.MixedColumn.HEATING;
import static org.mdn4j.examples.table.MixedColumn.KIND;
import static org.mdn4j.examples.table.MixedColumn.LIGHT;
import static org.mdn4j.examples.table.MixedColumn.LISTED;
import static org.mdn4j.examples.table.MixedColumn.RENOVATED;
import static org.mdn4j.examples.table.MixedColumn.SHARED;
import static org.mdn4j.examples.table.MixedColumn.STOREY;
import static org.mdn4j.examples.table.MixedColumn.TEMPERATURE;
import static org.mdn4j.examples.table.MixedColumn.TOWN;
import static org.mdn4j.examples.table.MixedColumn.VIEW;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;

/**
 * A made-up market of homes, whose price has a known density given any cells of a row:
 *
 * <pre>
 *   price = 10 + kind + (renovated ? 1.2 : 0.8) z_area + 0.4 z_income − 0.5 z_distance
 *         + 0.3 z_temperature + 0.2 z_view + 0.2 z_light
 *         + town + heating + garage + age + storey + date ± 1.5 + (shared ? 0.6 : 0.3) N(0, 1)
 *   kind     0, 0.5, −0.5 or 1, and with it + 1.5 has probability 0.2, 0.5, 0.65 or 0.9
 *   z_x      N(0, 1) variables that the numbers stand for: area = 80 exp(0.4 z), income
 *            = 3000 exp(0.5 z), distance = 5 exp(z), temperature = 10 + 8 z, view = z,
 *            light = 500 + 100 z; area's and income's have a correlation of 0.6
 *   town     0.8 sin(2.4 (1 + i)) in the i-th of 60 towns, of probability in proportion to 1/(5 + i)
 *   heating  0, 0.25 or −0.35, of probability 0.5, 0.3 and 0.2
 *   garage   0.35 if there is one, of probability 0.4
 *   age      0.8 below 20, 0 below 60, then −0.4; uniform over 0 to 100
 *   storey   0, 0.3, 0.1, −0.2 or −0.4 in 0 to 4, alike probable
 *   date     0.3 cos(π (month − 7)/6), and −0.4 on Saturday and Sunday; days of 2018 to 2021
 *   renovated, shared: of probability 0.3 and 0.25
 * </pre>
 *
 * <p>All else is independent, and other columns say nothing. Cells are missing by chance alone. So
 * what is missing can be summed over where it is a category, a step or a day, and where it is
 * Gaussian its variance adds to that of the noise: the density given the cells that are there is a
 * mixture of Gaussians with known parameters.
 */
final class MixedProcess {
  private static final double BRANCH = 1.5;
  private static final double[] KINDS = {0, 0.5, -0.5, 1};
  private static final double[] UPPER = {0.2, 0.5, 0.65, 0.9}; // probability by kind
  private static final double INCOME_SLOPE = 0.4;
  private static final double[] RENOVATED_PROBABILITY = {0.7, 0.3};
  private static final double[] SHARED_PROBABILITY = {0.75, 0.25};
  private static final double[] STOREYS = {0, 0.3, 0.1, -0.2, -0.4};
  private static final double[] HEATINGS = {0, 0.25, -0.35};

  /** Values that a part of the price may have, and their probabilities. */
  private record Atoms(double[] values, double[] probabilities) {
    static Atoms certain(double value) {
      return new Atoms(new double[] {value}, new double[] {1});
    }

    static Atoms alike(double... values) {
      return new Atoms(
          values,
          IntStream.range(0, values.length).mapToDouble(i -> 1.0 / values.length).toArray());
    }

    /** Returns the values that the sum of two independent parts may have. */
    Atoms plus(Atoms other) {
      int count = other.values.length;
      double[] sums = new double[values.length * count];
      double[] products = new double[sums.length];
      for (int i = 0; i < sums.length; i++) {
        sums[i] = values[i / count] + other.values[i % count];
        products[i] = probabilities[i / count] * other.probabilities[i % count];
      }
      return new Atoms(sums, products);
    }
  }

  private static final Atoms TOWN_EFFECTS =
      new Atoms(
          IntStream.range(0, MixedColumn.TOWNS).mapToDouble(MixedProcess::town).toArray(),
          IntStream.range(0, MixedColumn.TOWNS)
              .mapToDouble(MixedColumn::townProbability)
              .toArray());
  private static final Atoms HEATING_EFFECTS = new Atoms(HEATINGS, MixedColumn.HEATINGS);
  private static final Atoms GARAGE_EFFECTS =
      new Atoms(new double[] {0, 0.35}, new double[] {0.6, 0.4});
  private static final Atoms AGE_EFFECTS =
      new Atoms(new double[] {0.8, 0, -0.4}, new double[] {0.2, 0.4, 0.4});
  private static final Atoms DATE_EFFECTS = dates();

  private MixedProcess() {}

  private static double town(double index) {
    return 0.8 * Math.sin(2.4 * (1 + index));
  }

  private static double age(double years) {
    return years < 20 ? 0.8 : years < 60 ? 0 : -0.4;
  }

  private static double date(double day) {
    LocalDate date = LocalDate.ofEpochDay((long) day);
    boolean weekend = date.getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0;
    return 0.3 * Math.cos(Math.PI * (date.getMonthValue() - 7) / 6) - (weekend ? 0.4 : 0);
  }

  private static Atoms dates() {
    Map<Double, Double> effects = new TreeMap<>();
    long first = MixedColumn.FIRST_DAY.toEpochDay();
    for (int day = 0; day < MixedColumn.DAYS; day++) {
      effects.merge(date(first + day), 1.0 / MixedColumn.DAYS, Double::sum);
    }
    return new Atoms(
        effects.keySet().stream().mapToDouble(value -> value).toArray(),
        effects.values().stream().mapToDouble(value -> value).toArray());
  }

  private static double value(double[] row, MixedColumn column) {
    return row[column.ordinal()];
  }

  /** Draws the price of a row without missing cells. */
  static double draw(double[] row, UniformRandomProvider random) {
    Gaussian gaussian = gaussian(row, value(row, RENOVATED) == 1, value(row, SHARED) == 1);
    int kind = (int) value(row, KIND);
    double branch = random.nextDouble() < UPPER[kind] ? BRANCH : -BRANCH;
    double noise = ZigguratSampler.NormalizedGaussian.of(random).sample();
    return 10
        + KINDS[kind]
        + branch
        + steps(row).values()[0]
        + gaussian.mean()
        + Math.sqrt(gaussian.variance()) * noise;
  }

  /**
   * Returns the log density of a price given the cells that a row has.
   *
   * @param row in which NaN is missing
   * @param price in its own unit
   * @return log p in nats
   */
  static double logDensity(double[] row, double price) {
    Atoms steps = steps(row);
    double density = 0;
    for (int kind = 0; kind < KINDS.length; kind++) {
      double ofKind = probability(row, KIND, kind, 1.0 / KINDS.length);
      for (int renovated = 0; renovated < 2; renovated++) {
        double ofRenovated =
            probability(row, RENOVATED, renovated, RENOVATED_PROBABILITY[renovated]);
        for (int shared = 0; shared < 2; shared++) {
          double weight =
              ofKind * ofRenovated * probability(row, SHARED, shared, SHARED_PROBABILITY[shared]);
          if (weight > 0) {
            Gaussian gaussian = gaussian(row, renovated == 1, shared == 1);
            double rest = price - 10 - KINDS[kind] - gaussian.mean();
            density +=
                weight
                    * (UPPER[kind] * density(steps, rest - BRANCH, gaussian.variance())
                        + (1 - UPPER[kind]) * density(steps, rest + BRANCH, gaussian.variance()));
          }
        }
      }
    }
    return Math.log(density);
  }

  /**
   * Returns 1 or 0 where a cell says whether it has a value, and the value's probability if not.
   */
  private static double probability(double[] row, MixedColumn column, int value, double otherwise) {
    double cell = value(row, column);
    return Double.isNaN(cell) ? otherwise : cell == value ? 1 : 0;
  }

  private static double density(Atoms steps, double rest, double variance) {
    double sum = 0;
    for (int i = 0; i < steps.values().length; i++) {
      double off = rest - steps.values()[i];
      sum += steps.probabilities()[i] * Math.exp(-0.5 * off * off / variance);
    }
    return sum / Math.sqrt(2 * Math.PI * variance);
  }

  private static Atoms steps(double[] row) {
    return effect(row, TOWN, MixedProcess::town, TOWN_EFFECTS)
        .plus(effect(row, HEATING, value -> HEATINGS[(int) value], HEATING_EFFECTS))
        .plus(effect(row, GARAGE, value -> 0.35 * value, GARAGE_EFFECTS))
        .plus(effect(row, AGE, MixedProcess::age, AGE_EFFECTS))
        .plus(effect(row, STOREY, value -> STOREYS[(int) value], Atoms.alike(STOREYS)))
        .plus(effect(row, LISTED, MixedProcess::date, DATE_EFFECTS));
  }

  private static Atoms effect(
      double[] row, MixedColumn column, DoubleUnaryOperator known, Atoms missing) {
    double cell = value(row, column);
    return Double.isNaN(cell) ? missing : Atoms.certain(known.applyAsDouble(cell));
  }

  /** The noise and what is Gaussian of the price. */
  private record Gaussian(double mean, double variance) {
    Gaussian plus(double slope, double latent) {
      return Double.isNaN(latent)
          ? new Gaussian(mean, variance + slope * slope)
          : new Gaussian(mean + slope * latent, variance);
    }
  }

  private static Gaussian gaussian(double[] row, boolean renovated, boolean shared) {
    return areaAndIncome(row, renovated ? 1.2 : 0.8)
        .plus(-0.5, Math.log(value(row, DISTANCE) / 5))
        .plus(0.3, (value(row, TEMPERATURE) - 10) / 8)
        .plus(0.2, value(row, VIEW))
        .plus(0.2, (value(row, LIGHT) - 500) / 100)
        .plus(shared ? 0.6 : 0.3, Double.NaN);
  }

  /** Each says something of the other where that one is missing. */
  private static Gaussian areaAndIncome(double[] row, double slope) {
    double area = MixedColumn.latentArea(row);
    double income = MixedColumn.latentIncome(row);
    double correlation = MixedColumn.correlation();
    double unexplained = 1 - correlation * correlation;
    Gaussian none = new Gaussian(0, 0);
    if (Double.isNaN(area) && Double.isNaN(income)) {
      double both =
          slope * slope + INCOME_SLOPE * INCOME_SLOPE + 2 * correlation * slope * INCOME_SLOPE;
      return new Gaussian(0, both);
    }
    if (Double.isNaN(area)) {
      return new Gaussian(
          (slope * correlation + INCOME_SLOPE) * income, slope * slope * unexplained);
    }
    if (Double.isNaN(income)) {
      return new Gaussian(
          (slope + INCOME_SLOPE * correlation) * area, INCOME_SLOPE * INCOME_SLOPE * unexplained);
    }
    return none.plus(slope, area).plus(INCOME_SLOPE, income);
  }
}
