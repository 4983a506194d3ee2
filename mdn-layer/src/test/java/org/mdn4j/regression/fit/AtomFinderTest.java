/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.fit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.regression.columns.Table;

class AtomFinderTest {
  private static List<Double> find(double... targets) {
    double[][] rows =
        Arrays.stream(targets).mapToObj(y -> new double[] {y}).toArray(double[][]::new);
    return AtomFinder.find(Table.of("targets", rows), null, false);
  }

  private static List<Double> findInCounts(double... targets) {
    double[][] rows =
        Arrays.stream(targets).mapToObj(y -> new double[] {y}).toArray(double[][]::new);
    return AtomFinder.find(Table.of("targets", rows), null, true);
  }

  /** By sums of exponential waiting times, of large means a rounded normal number. */
  private static double poisson(Random random, double mean) {
    if (mean > 100) {
      return Math.rint(mean + Math.sqrt(mean) * random.nextGaussian());
    }
    double count = -1;
    for (double sum = 0; sum < mean; count++) {
      sum -= Math.log(1 - random.nextDouble());
    }
    return count;
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 1000, 20_000})
  void findsZeroInflation(int rows) {
    assertEquals(
        List.of(0.0), findInCounts(draws(rows, 1, r -> r.nextInt(3) == 0 ? 0 : poisson(r, 6))));
    assertEquals(
        List.of(0.0), findInCounts(draws(rows, 2, r -> r.nextInt(9) == 0 ? 0 : poisson(r, 1e5))));
    assertEquals(
        List.of(0.0), findInCounts(draws(rows, 3, r -> r.nextInt(9) == 0 ? poisson(r, 20) : 0)));
    assertEquals(
        List.of(0.0, 999.0), // for not known
        findInCounts(
            draws(rows, 4, r -> r.nextInt(4) == 0 ? 0 : r.nextInt(4) == 0 ? 999 : poisson(r, 8))));
    assertEquals(
        List.of(12.0), // sold out
        findInCounts(draws(rows, 5, r -> Math.min(12, poisson(r, 3 + 20 * r.nextInt(2))))));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 1000, 20_000})
  void findsNoneInCountsOfOneKind(int rows) {
    for (double mean : new double[] {0.02, 0.1, 0.5, 2, 5, 50, 1e4}) {
      assertEquals(List.of(), findInCounts(draws(rows, 1, r -> poisson(r, mean))), "mean " + mean);
      assertEquals(
          List.of(), // geometric
          findInCounts(
              draws(
                  rows,
                  2,
                  r -> Math.floor(Math.log(r.nextDouble()) / Math.log1p(-1 / (1 + mean))))),
          "mean " + mean);
    }
    assertEquals(List.of(), findInCounts(draws(rows, 3, r -> r.nextInt(10) == 0 ? 0.0 : 1)));
    assertEquals(List.of(), findInCounts(draws(rows, 3, r -> r.nextInt(10) == 0 ? 1.0 : 0)));
    assertEquals(List.of(), findInCounts(new double[rows]), "a constant");
    assertEquals(List.of(), findInCounts(draws(rows, 4, r -> 1.0 + r.nextInt(6))), "dice");
  }

  private static double[] draws(
      int rows, long seed, java.util.function.Function<Random, Double> f) {
    Random random = new Random(seed);
    DoubleSupplier next = () -> f.apply(random);
    return DoubleStream.generate(next).limit(rows).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 20_000})
  void findsInflatedAndCensoredValues(int rows) {
    assertEquals(
        List.of(0.0),
        find(draws(rows, 1, r -> r.nextInt(3) == 0 ? 0 : Math.exp(r.nextGaussian()))));
    assertEquals(
        List.of(-1.0, 1.5), // of N(0, 1) cut off: 16 % and 6.7 %
        find(draws(rows, 2, r -> Math.max(-1, Math.min(1.5, r.nextGaussian())))),
        "both ends");
    assertEquals(
        List.of(0.0, 1.0), // next to each other, and the rest beyond
        find(draws(rows, 3, r -> r.nextInt(2) == 0 ? r.nextInt(2) : 2 + r.nextDouble())));
    assertEquals(
        List.of(0.0), // rounded to hundredths
        find(draws(rows, 4, r -> r.nextBoolean() ? 0 : Math.rint(300 * r.nextDouble()) / 100)));
    assertEquals(
        List.of(5.0), // in the middle
        find(draws(rows, 5, r -> r.nextInt(4) == 0 ? 5 : 5 + r.nextGaussian())));
  }

  /** Densities, and numbers on a grid: each value has its share, and so have those next to it. */
  @ParameterizedTest
  @ValueSource(ints = {100, 1000, 20_000})
  void findsNoneWhereValuesAreAllOfOneKind(int rows) {
    assertEquals(List.of(), find(draws(rows, 1, Random::nextGaussian)));
    assertEquals(List.of(), find(draws(rows, 2, r -> Math.rint(5 * r.nextGaussian()) / 5)));
    assertEquals(List.of(), find(draws(rows, 3, r -> Math.rint(5 + r.nextGaussian()))), "grades");
    assertEquals(List.of(), find(draws(rows, 4, r -> (double) r.nextInt(2))), "classes");
    assertEquals(List.of(), find(draws(rows, 5, r -> (double) r.nextInt(10))), "digits");
    assertEquals(
        List.of(), find(draws(rows, 6, r -> Math.floor(-3 * Math.log(r.nextDouble())))), "counts");
    assertEquals(List.of(), find(new double[rows]), "a constant");
    assertEquals(
        List.of(), // 2011 less an exponential of mean 6, in whole years
        find(draws(rows, 7, r -> 2011 - Math.ceil(-6 * Math.log(r.nextDouble())))),
        "years");
  }

  @Test
  void needsFivePercent() {
    double[] targets = draws(1000, 9, Random::nextGaussian);
    Arrays.fill(targets, 0, 49, 7);
    assertEquals(List.of(), find(targets));
    targets[49] = 7;
    assertEquals(List.of(7.0), find(targets));
  }

  @Test
  void rowsCountByTheirWeights() {
    double[] targets = draws(1000, 9, Random::nextGaussian);
    Arrays.fill(targets, 0, 100, 7);
    Arrays.fill(targets, 100, 130, -7);
    float[] weights = new float[1000];
    Arrays.fill(weights, 1);
    Arrays.fill(weights, 0, 100, 0.1f);
    Arrays.fill(weights, 100, 130, 3);
    double[][] rows =
        Arrays.stream(targets).mapToObj(y -> new double[] {y}).toArray(double[][]::new);
    assertEquals(List.of(-7.0), AtomFinder.find(Table.of("targets", rows), weights, false));
    double[][] two =
        Arrays.stream(targets).mapToObj(y -> new double[] {y, y}).toArray(double[][]::new);
    assertEquals(List.of(), AtomFinder.find(Table.of("targets", two), null, false), "two targets");
  }

  /** A folder that lies beside the project, not in it. */
  private static Path shared(String... parts) {
    Path below = Path.of("shared", parts);
    for (Path up = Path.of("").toAbsolutePath(); up != null; up = up.getParent()) {
      if (Files.exists(up.resolve(below))) {
        return up.resolve(below);
      }
    }
    assumeTrue(false, "Skipped: there is no " + Path.of("..").resolve(below));
    return null;
  }

  /** A wind farm's power, of none and of all that it can. */
  @Test
  void findsBothEndsOfWind() throws IOException {
    double[] power =
        Files.readAllLines(shared("cases", "csv", "wind.csv")).stream()
            .skip(1)
            .mapToDouble(line -> Double.parseDouble(line.split(",")[2]))
            .toArray();
    assertEquals(List.of(0.0, 1.0), find(power));
  }

  @ParameterizedTest
  @CsvSource({"bostonHousing", "concrete", "energy", "kin8nm", "power-plant"})
  void findsNoneInTheUciSets(String set) throws IOException {
    Path folder = shared("data", "uci", set);
    Path at = Files.exists(folder.resolve("data")) ? folder.resolve("data") : folder;
    int column = (int) Double.parseDouble(Files.readString(at.resolve("index_target.txt")).strip());
    double[] targets =
        Files.readAllLines(at.resolve("data.txt")).stream()
            .map(line -> line.strip().split("\\s+"))
            .filter(cells -> cells.length > column)
            .mapToDouble(cells -> Double.parseDouble(cells[column]))
            .toArray();
    assertEquals(List.of(), find(targets), () -> targets.length + " rows");
  }
}
