/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mdn4j.examples.kit.Program;
import org.mdn4j.examples.kit.Program.UserError;

/**
 * A regression set in the folder layout of the Bayesian deep learning literature: {@code data.txt}
 * (numbers apart by white space), {@code index_features.txt} and {@code index_target.txt} (columns
 * from 0), {@code n_splits.txt}, and per split {@code index_train_S.txt} and {@code
 * index_test_S.txt} (rows from 0). Source: J. M. Hernández-Lobato and R. Adams, <i>Probabilistic
 * backpropagation</i>, ICML 2015.
 *
 * @param folder where it lies; its name is the set's
 * @param features {@code [N][C]}
 * @param targets {@code [N][1]}
 * @param splits how many there are
 */
record UciSet(Path folder, double[][] features, double[][] targets, int splits) {

  /**
   * Returns the sets of a folder, by name.
   *
   * @throws UserError if there is none
   */
  static List<Path> all(Path data) throws IOException {
    Program.require(Files.isDirectory(data), "There is no folder %s", data);
    try (Stream<Path> folders = Files.list(data)) {
      List<Path> sets =
          folders.filter(folder -> Files.exists(folder.resolve("data.txt"))).sorted().toList();
      Program.require(!sets.isEmpty(), "No folder in %s has a data.txt", data);
      return sets;
    }
  }

  /**
   * Reads a set without its splits.
   *
   * @throws UserError if a file is missing, or does not hold what it should
   */
  static UciSet read(Path folder) throws IOException {
    double[][] rows = numbers(folder.resolve("data.txt"));
    int[] featureColumns = indices(folder.resolve("index_features.txt"), rows[0].length);
    int[] targetColumns = indices(folder.resolve("index_target.txt"), rows[0].length);
    Program.require(
        targetColumns.length == 1,
        "%s: expected one target, got %d",
        folder.resolve("index_target.txt"),
        targetColumns.length);
    Program.require(
        IntStream.of(featureColumns).noneMatch(column -> column == targetColumns[0]),
        "%s: expected features other than the target, got column %d in both",
        folder.resolve("index_features.txt"),
        targetColumns[0]);
    Path count = folder.resolve("n_splits.txt");
    double splits = numbers(count)[0][0];
    Program.require(
        splits == Math.rint(splits) && 1 <= splits && splits <= Integer.MAX_VALUE,
        "%s: expected the number of splits, got %s",
        count,
        splits);
    return new UciSet(
        folder, columns(rows, featureColumns), columns(rows, targetColumns), (int) splits);
  }

  String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  int[] trainingRows(int split) throws IOException {
    return indices(folder.resolve("index_train_" + split + ".txt"), features.length);
  }

  /**
   * Returns the rows that a split keeps apart.
   *
   * @throws UserError if one of them is a training row, too
   */
  int[] testRows(int split) throws IOException {
    Path file = folder.resolve("index_test_" + split + ".txt");
    int[] test = indices(file, features.length);
    Set<Integer> training = IntStream.of(trainingRows(split)).boxed().collect(Collectors.toSet());
    for (int row : test) {
      Program.require(
          !training.contains(row),
          "%s: expected rows that are not in index_train_%d.txt, got row %d",
          file,
          split,
          row);
    }
    return test;
  }

  private static double[][] columns(double[][] rows, int[] columns) {
    return Arrays.stream(rows)
        .map(row -> Arrays.stream(columns).mapToDouble(column -> row[column]).toArray())
        .toArray(double[][]::new);
  }

  /** Reads indices below a bound, which may be written as 3.0 or 3.000e+00. */
  private static int[] indices(Path file, int bound) throws IOException {
    return Arrays.stream(numbers(file))
        .flatMapToDouble(Arrays::stream)
        .mapToInt(
            value -> {
              Program.require(
                  value == Math.rint(value) && 0 <= value && value < bound,
                  "%s: expected an index from 0 to %d, got %s",
                  file,
                  bound - 1,
                  value);
              return (int) value;
            })
        .toArray();
  }

  private static double[][] numbers(Path file) throws IOException {
    Program.require(Files.isRegularFile(file), "There is no file %s", file);
    double[][] rows;
    try (Stream<String> lines = Files.lines(file)) {
      rows =
          lines
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .map(line -> Arrays.stream(line.split("\\s+")).mapToDouble(Double::parseDouble))
              .map(cells -> cells.toArray())
              .toArray(double[][]::new);
    } catch (NumberFormatException e) {
      throw new UserError("%s: expected numbers; %s".formatted(file, e.getMessage()));
    } catch (UncheckedIOException e) {
      throw new UserError("%s: expected numbers; %s".formatted(file, e.getCause()));
    }
    Program.require(rows.length > 0, "%s is empty", file);
    for (int row = 0; row < rows.length; row++) {
      Program.require(
          rows[row].length == rows[0].length,
          "%s: expected %d numbers in each row, got %d in row %d",
          file,
          rows[0].length,
          rows[row].length,
          row);
      for (double cell : rows[row]) {
        Program.require(
            Double.isFinite(cell),
            "%s: expected finite numbers, got %s in row %d",
            file,
            cell,
            row);
      }
    }
    return rows;
  }
}
