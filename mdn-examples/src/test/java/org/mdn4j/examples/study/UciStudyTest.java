/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.study;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.examples.kit.CapturedOutput;
import org.mdn4j.examples.kit.Program.UserError;

class UciStudyTest {
  @TempDir private Path folder;

  /** Forty rows of y = x + noise, between a column that is neither; the target comes first. */
  private Path set(String name) throws IOException {
    Path set = Files.createDirectories(folder.resolve("data").resolve(name));
    Random random = new Random(1);
    String rows =
        IntStream.range(0, 40)
            .mapToObj(n -> " %s  %d\t%s".formatted(n + random.nextGaussian(), n % 7, (double) n))
            .collect(Collectors.joining("\n"));
    Files.writeString(set.resolve("data.txt"), rows + "\n");
    Files.writeString(set.resolve("index_features.txt"), "2\n");
    Files.writeString(set.resolve("index_target.txt"), "0\n");
    Files.writeString(set.resolve("n_splits.txt"), "2\n");
    for (int split = 0; split < 2; split++) {
      int first = split;
      Files.writeString(set.resolve("index_test_" + split + ".txt"), indices(first, true));
      Files.writeString(set.resolve("index_train_" + split + ".txt"), indices(first, false));
    }
    return set;
  }

  private static String indices(int first, boolean test) {
    return IntStream.range(0, 40)
        .filter(n -> n % 4 == first == test)
        .mapToObj(n -> "%d.000e+00".formatted(n).replace(".000e+00", ".0"))
        .collect(Collectors.joining("\n"));
  }

  private List<UciReport> run(String... more) throws IOException {
    String[] all = {
      "--data", folder.resolve("data").toString(), "--out", folder.resolve("out").toString()
    };
    try (CapturedOutput output = new CapturedOutput()) {
      List<UciReport> reports =
          UciStudy.run(
              IntStream.range(0, all.length + more.length)
                  .mapToObj(i -> i < all.length ? all[i] : more[i - all.length])
                  .toArray(String[]::new));
      assertEquals("", output.err());
      return reports;
    }
  }

  @Test
  void readsTheLayout() throws IOException {
    UciSet set = UciSet.read(set("toy"));

    assertEquals("toy", set.name());
    assertEquals(2, set.splits());
    assertArrayEquals(new double[] {39}, set.features()[39]);
    assertEquals(39, set.targets()[39][0], 5);
    assertEquals(10, set.testRows(0).length);
    assertEquals(30, set.trainingRows(1).length);
    assertEquals(1, set.testRows(1)[0]);
  }

  @Test
  void reportsAndGoesOnWhereItStopped() throws IOException {
    set("toy");
    List<UciReport> one = run("--method", "gaussian", "--splits", "1");
    Path kept = folder.resolve("out/toy-gaussian/splits/0.json");
    long written = Files.getLastModifiedTime(kept).toMillis();
    List<UciReport> two = run("--method", "gaussian");

    assertEquals(1, one.get(0).splits());
    assertEquals(2, two.get(0).splits());
    assertEquals(one.get(0).nllPerSplit()[0], two.get(0).nllPerSplit()[0]);
    assertEquals(written, Files.getLastModifiedTime(kept).toMillis(), "not computed again");
    double[] nll = two.get(0).nllPerSplit();
    assertEquals((nll[0] + nll[1]) / 2, two.get(0).nllMean(), 1e-12);
    assertEquals(Math.abs(nll[0] - nll[1]) / 2, two.get(0).nllStandardError(), 1e-12);
    assertTrue(Files.exists(folder.resolve("out/toy-gaussian/report.json")));
    assertTrue(Files.exists(folder.resolve("out/toy-gaussian/calibration.png")));
    String table = Files.readString(folder.resolve("out/table.md"));
    assertTrue(table.contains("| toy | gaussian | 2 | "), table);
  }

  @Test
  void publishedNumbersStandBelow() throws IOException {
    List<String> lines =
        UciTable.markdown(List.of(report("energy", 0.05), report("mine", Double.NaN)))
            .lines()
            .toList();

    assertTrue(lines.get(2).startsWith("| energy | single | 20 | 0.500 ± 0.050 | 0.2 ± 0.01 |"));
    assertEquals(
        "| mine | single | 20 | 0.500 | 0.2 ± 0.01 | 3 | 90 | 81.2, 90 | 4 |", lines.get(3));
    assertEquals("| method | what it is | energy |", lines.get(7));
    assertTrue(lines.get(9).startsWith("| one Gaussian | network; "), lines.get(9));
    assertTrue(lines.get(9).endsWith(" | 1.534 ± .210 |"), lines.get(9));
    assertTrue(lines.get(21).startsWith("| TabPFN v2 | transformer "), lines.get(21));
    assertTrue(lines.get(21).endsWith(" | 0.150 ± .122 |"), lines.get(21));
    assertEquals(22, lines.size());
  }

  @Test
  void aSetThatNobodyPublishedHasOneTable() throws IOException {
    assertEquals(3, UciTable.markdown(List.of(report("mine", 0.05))).lines().count());
  }

  private static UciReport report(String set, double standardError) {
    return new UciReport(
        set,
        "single",
        20,
        0.5,
        standardError,
        new double[20],
        0.2,
        0.01,
        3,
        Double.NaN,
        0.9,
        Map.of(0.8, 0.8123, 0.9, 0.9),
        80,
        List.of());
  }

  /** Not the five sets' names, a feature that is constant, and indices without a line end. */
  @Test
  void anyFolderOfTheLayoutWillDo() throws IOException {
    Path set = set("Äpfel & Birnen");
    Files.writeString(set.resolve("index_features.txt"), "1 2");
    Files.writeString(
        set.resolve("data.txt"),
        IntStream.range(0, 40)
            .mapToObj(n -> "%d.5 7 %d".formatted(n, n))
            .collect(Collectors.joining("\r\n")));
    UciReport report = run("--method", "gaussian", "--splits", "1").get(0);

    assertEquals("Äpfel & Birnen", report.dataset());
    assertTrue(Double.isFinite(report.nllMean()));
    assertTrue(report.crpsMean() > 0 && Double.isNaN(report.crpsStandardError()));
  }

  /** What conformal intervals of forty rows do: they are kept, and in the table. */
  @Test
  void conformalCoverageIsKept() throws IOException {
    set("toy");
    UciReport report = run("--method", "conformal", "--splits", "1").get(0);
    double covered = report.conformalCoverage().get(0.9);
    assertTrue(covered >= 0 && covered <= 1, () -> "covered " + covered);
    UciReport again = run("--method", "conformal", "--splits", "1").get(0);
    assertEquals(report.conformalCoverage(), again.conformalCoverage());
    assertTrue(
        Files.readString(folder.resolve("out").resolve("table.md"))
            .contains("conformal, 80 and 90 %"));
  }

  @Test
  void poolsCoverageOverSplits() {
    UciSplit narrow = split(1, 0.8, 0.01, 0.5, 0.99, 0.999);
    UciSplit wide = split(2, 0.3, 0.5);

    UciReport report = UciReport.of("toy", UciMethod.SINGLE, List.of(narrow, wide));
    assertEquals(0.4, report.coverage90(), 1e-12); // two of five PIT values in [0.05, 0.95]
    assertEquals((4 * 0.8 + 0.3) / 5, report.conformalCoverage().get(0.9), 1e-12);
    assertEquals(1.5, report.nllMean());
    assertEquals(4, report.seconds());
  }

  private static UciSplit split(double nll, double conformal, double... pit) {
    return new UciSplit("", nll, 1, 1, pit, Map.of(0.9, 0.9), Map.of(0.9, conformal), "0.0:0.0", 2);
  }

  @ParameterizedTest
  @CsvSource({",0,4", "3,0,2", "1-3,1,3", "2-2,2,2"})
  void splitRanges(String text, int first, int last) {
    assertArrayEquals(
        IntStream.rangeClosed(first, last).toArray(), SplitRange.parse(text, 5).toArray());
  }

  @ParameterizedTest
  @CsvSource({"0", "6", "3-2", "1-5", "x", "-1", "1-"})
  void splitRangesThatDoNotExist(String text) {
    assertThrows(UserError.class, () -> SplitRange.parse(text, 5));
  }

  @Test
  void mistakesAreOneLine() throws IOException {
    Path set = set("toy");
    assertMistake("no folder", "--dataset", "none");
    assertMistake("--splits", "--splits", "3");
    Files.writeString(set.resolve("index_test_0.txt"), "40");
    assertMistake("expected an index from 0 to 39, got 40.0", "--method", "gaussian");
    Files.delete(set.resolve("index_train_1.txt"));
    assertMistake("index_train_1.txt", "--splits", "1-1");
    Files.writeString(set.resolve("data.txt"), "1 2 3\n1 2\n");
    assertMistake("expected 3 numbers in each row, got 2 in row 1");
    Files.writeString(set.resolve("data.txt"), "1 2 x\n");
    assertMistake("expected numbers");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data.txt",
        "index_features.txt",
        "index_target.txt",
        "n_splits.txt",
        "index_train_0.txt",
        "index_test_0.txt"
      })
  void filesThatAreMissingOrEmptyAreNamed(String file) throws IOException {
    Path set = set("toy");
    Files.writeString(set.resolve(file), " \n");
    assertMistake(file + " is empty", "--dataset", "toy");
    Files.delete(set.resolve(file));
    assertMistake("There is no file", "--dataset", "toy");
  }

  @ParameterizedTest
  @CsvSource({
    "n_splits.txt, 1.5, the number of splits",
    "n_splits.txt, 0, the number of splits",
    "index_target.txt, 0 1, 'one target, got 2'",
    "index_features.txt, 0 2, 'other than the target, got column 0'",
    "index_features.txt, -1, an index from 0 to 2",
    "index_train_0.txt, 1 2 3, 'toy, split 0: '", // too few to learn from
    "index_test_0.txt, 0 1, 'not in index_train_0.txt, got row 1'",
    "data.txt, 1 NaN 2, 'finite numbers, got NaN in row 0'",
    "data.txt, '1,2,3', expected numbers",
  })
  void contentsThatMakeNoSenseAreNamed(String file, String content, String fact)
      throws IOException {
    Files.writeString(set("toy").resolve(file), content);
    assertMistake(fact, "--method", "gaussian");
  }

  @Test
  void textInAnotherEncodingIsNoNumber() throws IOException {
    Files.write(set("toy").resolve("data.txt"), new byte[] {'1', ' ', (byte) 0xe4});
    assertMistake("expected numbers");
  }

  @Test
  void boostingNeedsItsProfile() throws IOException {
    assumeFalse(ServiceLoader.load(Boosting.class).iterator().hasNext(), "it is here");
    set("toy");
    assertMistake("-Pboosting", "--method", "boosting-quantile");
  }

  @Test
  void resultsOfTheVersionBeforeAreRead() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("0.json"),
            "{\"settings\":\"s\",\"nll\":1.5,\"crps\":1,\"rmse\":2,\"pit\":[0.5],"
                + "\"regionCoverage\":{\"0.9\":1.0},\"noise\":\"0.0:0.0, 8 bins\",\"seconds\":3}");
    assertEquals("0.0:0.0, 8 bins", UciSplit.read(file, "s").orElseThrow().chosen());
    UciSplit none = split(Double.NaN, 0.5);
    none.write(file);
    assertTrue(Double.isNaN(UciSplit.read(file, "").orElseThrow().nll()));
  }

  private void assertMistake(String fact, String... more) {
    try (CapturedOutput output = new CapturedOutput()) {
      String[] all = {"--data", folder.resolve("data").toString(), "--out", folder + "/out"};
      int status =
          UciStudy.execute(
              IntStream.range(0, all.length + more.length)
                  .mapToObj(i -> i < all.length ? all[i] : more[i - all.length])
                  .toArray(String[]::new));
      assertEquals(2, status);
      assertEquals(1, output.err().lines().count(), output::err);
      assertTrue(output.err().contains(fact), output::err);
    }
  }
}
