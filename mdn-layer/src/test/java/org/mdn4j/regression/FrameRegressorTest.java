/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.regression.frame.ColumnRoles;
import org.mdn4j.regression.frame.Frame;
import org.mdn4j.regression.frame.UnseenCategory;
import org.mdn4j.regression.report.NoiseLevel;

/**
 * A process of known density: y = town + 2 garden + 1.5 sin(day of the year) + area, or 4 more
 * where the area is missing, ± 0.2. Its floor, the entropy of the noise, is ½ log(2πe 0.04) =
 * −0.1905.
 */
class FrameRegressorTest {
  private static final double FLOOR = -0.190499;
  private static final List<String> TOWNS = List.of("Bonn", "Jena", "Kiel", "Ulm");

  private static MixtureRegressor fitted;

  private static Frame houses(int rows, long seed) {
    Random random = new Random(seed);
    double[] area = new double[rows];
    String[] town = new String[rows];
    Boolean[] garden = new Boolean[rows];
    LocalDate[] sold = new LocalDate[rows];
    double[] y = new double[rows];
    for (int n = 0; n < rows; n++) {
      int place = random.nextInt(4);
      town[n] = TOWNS.get(place);
      garden[n] = random.nextBoolean();
      sold[n] = LocalDate.of(2021, 1, 1).plusDays(random.nextInt(1461));
      boolean missing = random.nextInt(5) == 0;
      area[n] = missing ? Double.NaN : 3 * random.nextDouble();
      double season = 2 * Math.PI * (sold[n].getDayOfYear() - 1) / sold[n].lengthOfYear();
      y[n] =
          place
              + (garden[n] ? 2 : 0)
              + 1.5 * Math.sin(season)
              + (missing ? 4 : area[n])
              + 0.2 * random.nextGaussian();
    }
    return Frame.builder()
        .numbers("area", area)
        .categories("town", town)
        .booleans("garden", garden)
        .dates("sold", sold)
        .numbers("rooms", IntStream.range(0, rows).mapToDouble(row -> 3).toArray())
        .numbers("price", y)
        .build();
  }

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(3)
        .noise(new NoiseLevel(0.02, 0.02))
        .bins(8)
        .maxEpochs(60)
        .patience(8)
        .quiet();
  }

  @BeforeAll
  static void fit() {
    fitted = quick().build().fit(houses(2000, 1), "price");
  }

  private static void assertRejected(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void learnsAllKindsOfColumns() {
    double nll = fitted.evaluate(houses(1000, 2)).nll();

    assertTrue(nll > FLOOR - 0.1 && nll < FLOOR + 0.15, "NLL " + nll);
    assertEquals(List.of("area", "town", "garden", "sold", "rooms"), fitted.featureNames());
    assertEquals(List.of("price"), fitted.targetNames());
    assertEquals(5, fitted.features());
    assertEquals(
        "'rooms' (NUMBER) is constant and left out", fitted.report().columns().get(4).toString());
  }

  @Test
  void columnsMayComeInAnyOrderAndBesideOthers() {
    Frame some = houses(20, 3);
    Frame other = some.select(List.of("price", "sold", "rooms", "garden", "town", "area"));

    assertArrayEquals(
        fitted.predict(some).mean().toDoubleVector(),
        fitted.predict(other).mean().toDoubleVector());
  }

  @Test
  void whatWasNeverMissingBeforeMakesPredictionsWide() {
    Frame one = houses(1, 4);
    Frame without =
        Frame.builder()
            .numbers("area", one.numbers("area"))
            .categories("town", (String) null)
            .booleans("garden", (Boolean) null)
            .dates("sold", LocalDate.of(2023, 7, 1))
            .numbers("rooms", 3)
            .build();
    Mixture unknown = fitted.predict(without).get(0);

    // towns 0 to 3 and gardens 0 or 2, both evenly: variances 1.25 and 1
    assertEquals(2.25, unknown.variance()[0], 0.5);
    assertTrue(fitted.predict(one).get(0).variance()[0] < 0.2);
  }

  @Test
  void newCategoriesCountAsMissing() {
    Frame rome =
        Frame.builder()
            .numbers("area", 1, 1)
            .categories("town", "Rome", null)
            .booleans("garden", true, true)
            .dates("sold", LocalDate.of(2023, 7, 1), LocalDate.of(2023, 7, 1))
            .numbers("rooms", 3, 3)
            .build();
    double[] means = fitted.predict(rome).mean().toDoubleVector();

    assertEquals(means[0], means[1]);
    assertEquals(List.of(new UnseenCategory(0, "town", "Rome")), fitted.unseen(rome));
  }

  @Test
  void aFileKnowsTheColumns(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("model.zip");
    fitted.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    Frame some = houses(50, 5);

    assertArrayEquals(
        fitted.predict(some).mean().toDoubleVector(), loaded.predict(some).mean().toDoubleVector());
    assertEquals(fitted.featureNames(), loaded.featureNames());
    assertEquals(fitted.report().columns(), loaded.report().columns());
  }

  @Test
  void mistakesAreNamedByColumnAndRow() {
    Frame good = houses(30, 6);
    assertRejected(
        "Expected a column 'area' as in the fit, there are [a]",
        () -> fitted.predict(Frame.builder().numbers("a", 1).build()));
    assertRejected(
        "Expected a Frame with the columns that the model was fitted to: [area, town, garden, sold,"
            + " rooms]",
        () -> fitted.predict(new double[][] {{1, 2, 3, 4, 5}}));
    double[] far = good.numbers("area");
    far[17] = 1e30;
    Frame wrong =
        Frame.builder()
            .numbers("area", far)
            .categories("town", good.categories("town"))
            .booleans(
                "garden",
                IntStream.range(0, 30)
                    .mapToObj(row -> good.numbers("garden")[row] == 1)
                    .toArray(Boolean[]::new))
            .dates("sold", new LocalDate[30])
            .numbers("rooms", new double[30])
            .build();
    String message =
        assertThrows(IllegalArgumentException.class, () -> fitted.predict(wrong)).getMessage();
    assertTrue(message.endsWith("got 1.0E30 in row 17, column 'area'"), message);
    assertRejected(
        "Expected a number in column 'area', row " + firstMissing(good) + ": the cell is missing",
        () -> quick().build().fit(good, "area"));
    assertRejected(
        "Expected a column 'rent', there are [area, town, garden, sold, rooms, price]",
        () -> quick().build().fit(good, "rent"));
    assertRejected(
        "Expected targets that vary, got 3.0 in all 30 rows of column 'rooms'",
        () -> quick().build().fit(good, ColumnRoles.targets("rooms")));
  }

  private static int firstMissing(Frame frame) {
    return IntStream.range(0, frame.rows())
        .filter(row -> frame.isMissing("area", row))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void arraysHaveNoNames() {
    MixtureRegressor plain = quick().maxEpochs(1).build().fit(new double[40][1], column(40));

    assertRejected(
        "Expected features in an array: the model was fitted to one, it knows no names",
        () -> plain.predict(houses(2, 1)));
  }

  private static double[][] column(int rows) {
    return IntStream.range(0, rows).mapToObj(row -> new double[] {row}).toArray(double[][]::new);
  }
}
