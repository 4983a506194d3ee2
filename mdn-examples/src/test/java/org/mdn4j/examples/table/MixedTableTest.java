/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Estimate;
import org.mdn4j.examples.kit.CapturedOutput;

class MixedTableTest {
  private static final int ROWS = 2000;
  private static final int DRAWS = 1000;

  private static final double[] TOWNS =
      IntStream.range(0, 60).mapToDouble(i -> 1.0 / (5 + i)).toArray();

  @TempDir private static Path folder;

  private static CsvTable table;
  private static double[] truth; // NaN of a slip
  private static Estimate floor;

  @BeforeAll
  static void write() throws IOException {
    try (CapturedOutput output = new CapturedOutput()) {
      floor = MixedTable.run("--rows", Integer.toString(ROWS), "--out", folder.toString());
      assertTrue(output.out().contains("2000 rows"), output::out);
    }
    table = CsvTable.read(folder.resolve("mixed.csv"));
    CsvTable read = CsvTable.read(folder.resolve("truth.csv"));
    assertEquals(
        table.lines(), read.rows().stream().map(row -> Integer.valueOf(row.get(0))).toList());
    truth = read.rows().stream().mapToDouble(row -> number(row.get(1))).toArray();
  }

  private static double number(String cell) {
    return cell.isEmpty() ? Double.NaN : Double.parseDouble(cell);
  }

  private static String cell(int row, String column) {
    return table.cell(row, table.indexOf(column));
  }

  private static double number(int row, String column) {
    return number(cell(row, column));
  }

  private static int choice(double[] weights, SplittableRandom random) {
    double left = random.nextDouble() * Arrays.stream(weights).sum();
    int i = 0;
    while (i < weights.length - 1 && left >= weights[i]) {
      left -= weights[i++];
    }
    return i;
  }

  /**
   * The cells of a row that count, read once; NaN is missing. Nothing of the process is taken from
   * the main code.
   */
  private record Cells(
      double kind,
      double area,
      double income,
      double town,
      double renovated,
      double shared,
      double garage,
      double heating,
      double age,
      double storey,
      double distance,
      double temperature,
      double view,
      double light,
      LocalDate listed) {
    static Cells of(int row) {
      return new Cells(
          index(row, "kind", "flat", "house, detached", "house, row", "Büro"),
          Math.log(number(row, "area") / 80) / 0.4,
          Math.log(number(row, "income") / 3000) / 0.5,
          cell(row, "town").isEmpty() ? Double.NaN : Integer.parseInt(cell(row, "town"), 5, 7, 10),
          index(row, "renovated", "false", "true"),
          index(row, "shared", "false", "true"),
          index(row, "garage", "false", "true"),
          index(row, "heating", "10", "20", "30"),
          number(row, "age"),
          number(row, "storey"),
          Math.log(number(row, "distance") / 5),
          (number(row, "temperature") - 10) / 8,
          number(row, "view"),
          (number(row, "light") - 500) / 100,
          cell(row, "listed").isEmpty() ? null : LocalDate.parse(cell(row, "listed")));
    }

    private static double index(int row, String column, String... values) {
      String cell = cell(row, column);
      return cell.isEmpty() ? Double.NaN : List.of(values).indexOf(cell);
    }

    /** Returns p(price | cells) where what is missing is drawn. */
    double density(double price, SplittableRandom random) {
      double oneArea = area;
      double oneIncome = income;
      if (Double.isNaN(area)) {
        oneArea =
            Double.isNaN(income)
                ? random.nextGaussian()
                : 0.6 * income + 0.8 * random.nextGaussian();
      }
      if (Double.isNaN(income)) {
        oneIncome = 0.6 * oneArea + 0.8 * random.nextGaussian();
      }
      int oneKind = drawn(kind, random, 1, 1, 1, 1);
      double mean = 10 + new double[] {0, 0.5, -0.5, 1}[oneKind];
      mean += (drawn(renovated, random, 7, 3) == 1 ? 1.2 : 0.8) * oneArea + 0.4 * oneIncome;
      mean -= 0.5 * latent(distance, random);
      mean += 0.3 * latent(temperature, random);
      mean += 0.2 * latent(view, random);
      mean += 0.2 * latent(light, random);
      mean += 0.8 * Math.sin(2.4 * (1 + drawn(town, random, TOWNS)));
      mean += new double[] {0, 0.25, -0.35}[drawn(heating, random, 5, 3, 2)];
      mean += drawn(garage, random, 6, 4) == 1 ? 0.35 : 0;
      double oneAge = Double.isNaN(age) ? 100 * random.nextDouble() : age;
      mean += oneAge < 20 ? 0.8 : oneAge < 60 ? 0 : -0.4;
      mean += new double[] {0, 0.3, 0.1, -0.2, -0.4}[drawn(storey, random, 1, 1, 1, 1, 1)];
      LocalDate date =
          listed == null ? LocalDate.of(2018, 1, 1).plusDays(random.nextInt(1461)) : listed;
      mean += 0.3 * Math.cos(2 * Math.PI * (date.getMonthValue() - 7) / 12);
      mean -= date.getDayOfWeek().getValue() > 5 ? 0.4 : 0;
      double deviation = drawn(shared, random, 3, 1) == 1 ? 0.6 : 0.3;
      double upper = new double[] {0.2, 0.5, 0.65, 0.9}[oneKind];
      return upper * normal((price - mean - 1.5) / deviation) / deviation
          + (1 - upper) * normal((price - mean + 1.5) / deviation) / deviation;
    }

    private static int drawn(double known, SplittableRandom random, double... weights) {
      return Double.isNaN(known) ? choice(weights, random) : (int) known;
    }

    /** A standard normal variable by its cell, or drawn. */
    private static double latent(double known, SplittableRandom random) {
      return Double.isNaN(known) ? random.nextGaussian() : known;
    }
  }

  private static double normal(double z) {
    return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  }

  /**
   * Rows whose average over draws of what is missing has a small error lie within it, by the mean
   * of their squared errors; all rows' mean NLL lies within what far rows, which few draws come
   * near, may change.
   */
  @Test
  void theFloorIsThatOfTheStatedProcess() {
    double[][] averages = // [ROWS][2]: mean of the density, and its squared standard error
        IntStream.range(0, ROWS)
            .parallel()
            .mapToObj(
                row -> {
                  SplittableRandom random = new SplittableRandom(row);
                  double price = number(row, "price");
                  Cells cells = Cells.of(row);
                  double sum = 0;
                  double squares = 0;
                  for (int i = 0; i < DRAWS; i++) {
                    double density = cells.density(price, random);
                    sum += density;
                    squares += density * density;
                  }
                  double mean = sum / DRAWS;
                  return new double[] {mean, (squares / DRAWS - mean * mean) / DRAWS};
                })
            .toArray(double[][]::new);
    double weights = 0;
    double exact = 0;
    double drawn = 0;
    double errors = 0;
    int compared = 0;
    for (int row = 0; row < ROWS; row++) {
      int weight = (int) number(row, "weight");
      assertEquals(weight == 0, Double.isNaN(truth[row]), "slips have no density");
      if (weight > 0) {
        double mean = averages[row][0];
        double variance = averages[row][1];
        weights += weight;
        exact += weight * truth[row];
        drawn += weight * -Math.log(mean);
        if (variance > 1e-9 * mean * mean && variance < 0.01 * mean * mean) {
          errors += Math.pow(mean - Math.exp(-truth[row]), 2) / variance;
          compared++;
        }
      }
    }
    assertTrue(compared > 1000, compared + " rows compared");
    assertEquals(1, errors / compared, 0.2);
    assertEquals(exact / weights, floor.value(), 1e-8);
    assertEquals(drawn / weights, floor.value(), 0.01);
    assertTrue(floor.standardError() < 0.03, floor::toString);
  }

  /** Where every cell that counts is there, the density is that of two Gaussians. */
  @Test
  void completeRowsAreExact() {
    List<String> columns =
        List.of(
            "listed kind area income town renovated shared garage heating age storey distance"
                .concat(" temperature view light")
                .split(" "));
    int complete = 0;
    for (int row = 0; row < ROWS; row++) {
      int one = row;
      if (!Double.isNaN(truth[row])
          && columns.stream().noneMatch(column -> cell(one, column).isEmpty())) {
        complete++;
        double density = Cells.of(row).density(number(row, "price"), new SplittableRandom(0));
        assertEquals(-Math.log(density), truth[row], 1e-4);
      }
    }
    assertTrue(complete > 30, complete + " complete rows"); // 0.8^15 of 2000 is 70
  }

  @Test
  void densitiesIntegrateToOne() {
    for (MixedTable.Row row : MixedTable.draw(10, 0.2, 3)) {
      double mass =
          IntStream.range(-50, 250) // the trapezium rule is exact to 1e-9 at a third of a deviation
              .mapToDouble(i -> 0.1 * Math.exp(MixedProcess.logDensity(row.cells(), 0.1 * i)))
              .sum();
      assertEquals(1, mass, 1e-6);
    }
  }

  /** The best Gaussian of a row has its mean and variance, and an NLL of ½ log 2πe variance. */
  @Test
  void oneGaussianCannotFollow() {
    double lost = 0;
    List<MixedTable.Row> rows = MixedTable.draw(60, 0.2, 5);
    for (MixedTable.Row row : rows) {
      double[] sums = new double[3]; // of p y, p y² and −p log p
      for (double y = -5; y < 25; y += 0.1) {
        double logDensity = MixedProcess.logDensity(row.cells(), y);
        double mass = 0.1 * Math.exp(logDensity);
        sums[0] += mass * y;
        sums[1] += mass * y * y;
        sums[2] -= mass == 0 ? 0 : mass * logDensity;
      }
      double variance = sums[1] - sums[0] * sums[0];
      lost += 0.5 * Math.log(2 * Math.PI * Math.E * variance) - sums[2];
    }
    assertTrue(lost / rows.size() > 0.2, "lost " + lost / rows.size() + " nats");
  }

  @Test
  void hasAllKindsOfColumns() {
    assertEquals(30, table.columns().size());
    assertTrue(table.rows().stream().allMatch(row -> row.contains("DE")), "a constant");
    long features = 27L * ROWS;
    long missing = table.rows().stream().flatMap(List::stream).filter(String::isEmpty).count();
    assertEquals(0.2, (double) missing / features, 0.01);
    long slips = IntStream.range(0, ROWS).filter(row -> number(row, "weight") == 0).count();
    assertEquals(0.02, (double) slips / ROWS, 0.01);
    assertEquals(
        60,
        IntStream.range(0, ROWS)
            .mapToObj(row -> cell(row, "town"))
            .filter(town -> !town.isEmpty())
            .distinct()
            .count());
  }

  @Test
  void theSameSeedGivesTheSameTable() throws IOException {
    Path again = folder.resolve("again");
    try (CapturedOutput output = new CapturedOutput()) {
      MixedTable.run("--rows", Integer.toString(ROWS), "--out", again.toString());
      assertEquals(
          Files.readString(folder.resolve("mixed.csv")),
          Files.readString(again.resolve("mixed.csv")));
      assertEquals(2, MixedTable.execute("--rows", "0"));
      assertEquals(2, MixedTable.execute("--missing", "1.5"));
      assertTrue(output.err().contains("--missing: expected a number in [0, 1], got 1.5"));
    }
  }
}
