/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
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
    double[][] count = numbers(folder.resolve("n_splits.txt"));
    return new UciSet(
        folder, columns(rows, featureColumns), columns(rows, targetColumns), (int) count[0][0]);
  }

  String name() {
    return folder.toAbsolutePath().normalize().getFileName().toString();
  }

  int[] trainingRows(int split) throws IOException {
    return indices(folder.resolve("index_train_" + split + ".txt"), features.length);
  }

  int[] testRows(int split) throws IOException {
    return indices(folder.resolve("index_test_" + split + ".txt"), features.length);
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
    }
    return rows;
  }
}
