/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.examples.kit.CapturedOutput;

/** Each mistake: status 2, one line on standard error that says what and where, nothing written. */
class TabularRegressionMistakesTest {
  @TempDir private Path folder;

  /** Forty good lines under "a,b,y"; line n has the row n, 2n, n². */
  private static List<String> good() {
    List<String> lines = new ArrayList<>(List.of("a,b,y"));
    IntStream.rangeClosed(2, 41).forEach(n -> lines.add(n + "," + 2 * n + "," + n * n));
    return lines;
  }

  private static Arguments file(String name, UnaryOperator<List<String>> change, String... facts) {
    return Arguments.of(name, change.apply(good()), List.of(facts));
  }

  private static UnaryOperator<List<String>> line(int number, String text) {
    return lines -> {
      lines.set(number - 1, text);
      return lines;
    };
  }

  private static UnaryOperator<List<String>> everyRow(UnaryOperator<String> change) {
    return lines ->
        Stream.concat(lines.stream().limit(1), lines.stream().skip(1).map(change)).toList();
  }

  static Stream<Arguments> files() {
    return Stream.of(
        file("empty", lines -> List.of(), "data.csv is empty"),
        file("blank", lines -> List.of("", "  "), "data.csv is empty"),
        file("header only", lines -> lines.subList(0, 1), "header but no rows"),
        file("too few rows", lines -> lines.subList(0, 9), "8", "20 are needed"),
        file("no such column", line(1, "a,b,z"), "\"y\"", "\"a\", \"b\", \"z\""),
        file("duplicate names", line(1, "y,a,y"), "two columns \"y\""),
        file(
            "only a target",
            lines -> lines.stream().map(line -> line.replaceFirst(".*,", "")).toList(),
            "beside \"y\""),
        file("text", line(7, "1,two,3"), "line 7", "\"b\"", "\"two\""),
        file("almost a number", line(7, "1,2,3d"), "line 7", "\"y\"", "\"3d\""),
        file("no target", line(7, "1,2,"), "line 7", "\"y\"", "\"\"", "--drop-missing"),
        file(
            "text",
            line(7, "1,two,3"),
            "expected a finite number as in other rows (or a column that --categorical"),
        file("NaN", line(8, "2,2,NaN"), "line 8", "\"y\"", "\"NaN\""),
        file("infinity", line(8, "1,2,-Infinity"), "line 8", "\"y\"", "\"-Infinity\""),
        file("beyond double", line(8, "1,2,1e999"), "line 8", "\"y\"", "\"1e999\""),
        file("short line", line(9, "1,2"), "line 9", "expected 3 cells", "got 2"),
        file("long line", line(9, "1,2,3,4"), "line 9", "expected 3 cells", "got 4"),
        file("open quote", line(9, "1,2,\"3"), "line 9", "quote"),
        file(
            "constant target",
            everyRow(row -> row.replaceFirst("\\d+$", "5")),
            "a target that varies, got 5.0 in all",
            "of column \"y\""),
        file( // of a row for the test, which is told before there is a fit
            "too far",
            line(2, "4e12,2,3"),
            "line 2, column \"a\": expected a number within a million standard deviations",
            "got \"4e12\""),
        file("huge unit", everyRow(row -> row + "e300"), "standard deviation in (1e-140, 1e140)"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("files")
  void inTheFile(String name, List<String> lines, List<String> facts) throws IOException {
    Path csv = Files.write(folder.resolve("data.csv"), lines);
    assertMistake(facts, "--csv", csv.toString(), "--target", "y", "--out", out().toString());
  }

  static Stream<Arguments> options() {
    return Stream.of(
        Arguments.of(List.of("--components", "0"), "--components"),
        Arguments.of(List.of("--ensemble", "0"), "--ensemble"),
        Arguments.of(List.of("--categorical", "c"), "no column \"c\""),
        Arguments.of(List.of("--categorical", "y"), "must be a number"),
        Arguments.of(List.of("--weights", "c"), "no column \"c\""),
        Arguments.of(List.of("--weights", "y"), "'y' has two"),
        Arguments.of(List.of("--groups", "y"), "'y' has two"),
        Arguments.of(
            List.of("--weights", "a", "--groups", "b"), "Expected a column of features beside"),
        Arguments.of(List.of("--groups", "c"), "no column \"c\""),
        Arguments.of(List.of("--conformal", "0"), "--conformal: expected a number in (0, 1)"),
        Arguments.of(List.of("--conformal-groups", "a"), "expected --conformal too"),
        Arguments.of(List.of("--conformal", "0.2", "--conformal-groups", "c"), "no column \"c\""),
        Arguments.of(
            List.of("--conformal", "0.2", "--conformal-groups", "a", "--groups", "a"),
            "\"a\" is no input"),
        Arguments.of(List.of("--censored"), "expected two columns for each target, its lower"),
        Arguments.of(List.of("--event", "c"), "no column \"c\""),
        Arguments.of(List.of("--event", "y"), "--event: \"y\" is the target"),
        Arguments.of(List.of("--event", "a,b"), "--event: expected one column"),
        Arguments.of(List.of("--event", "a"), "expected 1 where the value was seen, or 0"),
        Arguments.of(List.of("--event", "a", "--censored"), "expected one of the two, got both"),
        Arguments.of(List.of("--event", "a", "--exclude", "a"), "--exclude: \"a\" is in --event"),
        Arguments.of(List.of("--event", "a", "--id", "a"), "--id: \"a\" is in --event"),
        Arguments.of(List.of("--event", "a", "--weights", "a"), "\"a\" has two"),
        Arguments.of(List.of("--event", "a", "--groups", "a"), "\"a\" has two"),
        Arguments.of(List.of("--event", "a", "--categorical", "a"), "must be a number"),
        Arguments.of(
            List.of("--event", "a", "--conformal", "0.2"),
            "--conformal: expected targets that are known, not --censored or --event"),
        Arguments.of(List.of("--atoms", "zero"), "--atoms: expected auto, none, or numbers"),
        Arguments.of(List.of("--atoms", "0,,1"), "--atoms: expected auto, none, or numbers"),
        Arguments.of(List.of("--atoms", "5,5"), "5.0"),
        Arguments.of(List.of("--atoms", "NaN"), "NaN"),
        Arguments.of(List.of("--atoms", "none", "--compare-atoms"), "--compare-atoms"),
        Arguments.of(List.of("--family", "log_normal"), "--family: expected GAUSSIAN, LAPLACE"),
        Arguments.of(List.of("--family", "poisson"), "--family"),
        Arguments.of(List.of("--family", "negative_binomial", "--atoms", "0.5"), "0.5"),
        Arguments.of(List.of("--max-epochs", "0"), "--max-epochs: expected at least 1"),
        Arguments.of(List.of("--horizons", "x"), "--horizons"),
        Arguments.of(List.of("--horizons", "NaN"), "--horizons: expected finite numbers"),
        Arguments.of(List.of("--test-fraction", "1"), "--test-fraction"),
        Arguments.of(List.of("--seed", "x"), "--seed"),
        Arguments.of(List.of("--sed", "1"), "--sed"));
  }

  @ParameterizedTest
  @MethodSource("options")
  void inTheOptions(List<String> options, String fact) throws IOException {
    Path csv = Files.write(folder.resolve("data.csv"), good());
    List<String> arguments =
        new ArrayList<>(List.of("--csv", csv.toString(), "--target", "y", "--out"));
    arguments.add(out().toString());
    arguments.addAll(options);
    assertMistake(List.of(fact), arguments.toArray(String[]::new));
  }

  @Test
  void atomsOfSeveralTargets() throws IOException {
    Path csv = Files.write(folder.resolve("data.csv"), good());
    assertMistake(
        List.of("Expected one target, which alone may have atoms, got 2 and the atoms [0.0]"),
        "--csv",
        csv.toString(),
        "--target",
        "b,y",
        "--atoms",
        "0",
        "--out",
        out().toString());
  }

  /** A row that says nothing, or the contrary; and where a flag is missing. */
  @Test
  void intervalsThatCannotBe() throws IOException {
    List<String> lines = new ArrayList<>(good());
    lines.set(5, "1,,");
    Path csv = Files.write(folder.resolve("data.csv"), lines);
    String[] ends = {
      "--csv", csv.toString(), "--target", "b,y", "--censored", "--out", out().toString()
    };
    assertMistake(
        List.of(
            "line 6, column \"b\": expected at least one end of the interval", "--drop-missing"),
        ends);
    lines.set(5, "1,9,3");
    Files.write(csv, lines);
    assertMistake(
        List.of("line 6, column \"b\": expected a lower end of at most the upper one, 3 in"), ends);
    lines.set(5, "1,,3");
    Files.write(csv, lines);
    assertMistake(
        List.of("line 2, column \"b\": expected 1 where the value was seen, or 0", "got \"4\""),
        "--csv",
        csv.toString(),
        "--target",
        "y",
        "--event",
        "b",
        "--out",
        out().toString());
  }

  @Test
  void countsOfAnotherKind() throws IOException {
    List<String> lines = new ArrayList<>(good());
    lines.set(5, "1,1,2.5");
    Path csv = Files.write(folder.resolve("data.csv"), lines);
    assertMistake(
        List.of("line 6, column \"y\": expected a count, an integer of at least 0, got \"2.5\""),
        "--csv",
        csv.toString(),
        "--target",
        "y",
        "--family",
        "negative_binomial",
        "--out",
        out().toString());
  }

  @Test
  void missingOptions() {
    assertMistake(List.of("--csv", "--target"), "--out", out().toString());
  }

  @Test
  void missingFile() {
    String csv = folder.resolve("none.csv").toString();
    assertMistake(
        List.of("no file", csv), "--csv", csv, "--target", "y", "--out", out().toString());
    assertFalse(Files.exists(Path.of(csv)));
  }

  @Test
  void folderAsFile() {
    String csv = folder.toString();
    assertMistake(
        List.of(csv, "not a file"), "--csv", csv, "--target", "y", "--out", out().toString());
  }

  @Test
  void weightsBelowZero() throws IOException {
    List<String> lines = new ArrayList<>(good());
    lines.set(5, "-0.5,1,2");
    lines.set(6, ",1,2");
    Path csv = Files.write(folder.resolve("data.csv"), lines);
    String[] arguments = {
      "--csv", csv.toString(), "--target", "y", "--weights", "a", "--out", out().toString()
    };
    assertMistake(List.of("line 7, column \"a\": expected a finite number"), arguments);
    lines.set(6, "1,1,2");
    Files.write(csv, lines);
    assertMistake(
        List.of("line 6, column \"a\": expected a weight of at least 0, got \"-0.5\""), arguments);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void outWhereEvenRootMayNotWrite() throws IOException {
    Path csv = Files.write(folder.resolve("data.csv"), good());
    assertMistake(
        List.of("Nothing can be written to /proc/none: /proc is not a folder"),
        "--csv",
        csv.toString(),
        "--target",
        "y",
        "--out",
        "/proc/none");
  }

  @Test
  void outIsOrIsBelowAFile() throws IOException {
    Path csv = Files.write(folder.resolve("data.csv"), good());
    for (Path out : List.of(csv, csv.resolve("below"))) {
      assertMistake(
          List.of(out.toString()),
          "--csv",
          csv.toString(),
          "--target",
          "y",
          "--out",
          out.toString());
    }
    assertEquals(good(), Files.readAllLines(csv));
  }

  private Path out() {
    return folder.resolve("out");
  }

  private void assertMistake(List<String> facts, String... arguments) {
    try (CapturedOutput output = new CapturedOutput()) {
      assertEquals(2, TabularRegression.execute(arguments), output::err);
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().startsWith("table: "), output::err);
      for (String fact : facts) {
        assertTrue(
            output.err().contains(fact), () -> "\"" + fact + "\" is not in: " + output.err());
      }
      assertFalse(Files.exists(out()));
    }
  }
}
