/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.examples.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.regression.frame.ColumnKind;

/** Two narrow branches far apart, and one Gaussian: their regions are known in closed form. */
class PredictionFileTest {
  private static final double Z = 1.6448536269514722; // Φ⁻¹(0.95), mpmath: sqrt(2) erfinv(0.9)

  @TempDir private Path folder;

  private static Mixture gaussians(double deviation, double... means) {
    double[] weights = new double[means.length];
    double[][] locations = new double[means.length][];
    double[][][] covariances = new double[means.length][][];
    for (int k = 0; k < means.length; k++) {
      weights[k] = 1.0 / means.length;
      locations[k] = new double[] {means[k]};
      covariances[k] = new double[][] {{deviation * deviation}};
    }
    return Mixture.gaussian(weights, locations, covariances);
  }

  private static PredictionOptions options(List<String> id) {
    PredictionOptions options = new PredictionOptions();
    options.quantiles = List.of(0.25, 0.75);
    options.level = 0.9;
    options.id = id;
    return options;
  }

  /** The file has columns that are called as the answers are, and a decimal comma. */
  private CsvTable table() throws IOException {
    Path csv = folder.resolve("rows.csv");
    Files.writeString(csv, "row;mean_y;kind;y\n1,5;-2;b, c;10\n,25;3;\"say \"\"a\"\"\";\n");
    return CsvTable.read(csv, new CsvDialect("UTF-8", ";", true, List.of("")));
  }

  private static TableColumns columns() {
    return new TableColumns(
        List.of(
            new TableColumns.Input("row", ColumnKind.NUMBER),
            new TableColumns.Input("mean_y", ColumnKind.NUMBER),
            new TableColumns.Input("kind", ColumnKind.CATEGORY)),
        TargetColumns.values(List.of("y")));
  }

  @Test
  void regionsThatPartHaveTheirOwnColumns() throws IOException {
    List<Mixture> predicted = List.of(gaussians(1, -100, 100), gaussians(2, 1e7));
    Path file = folder.resolve("out.csv");
    double[] nll =
        new PredictionFile(table(), columns(), null, options(List.of()))
            .write(file, predicted::get, new double[][] {{10}, null});

    List<String> lines = Files.readAllLines(file);
    assertEquals(
        "row_,row,mean_y,kind,y,mean_y_,standard_deviation_y,quantile_0.25_y,quantile_0.75_y,"
            + "region_0.9_lower_1_y,region_0.9_upper_1_y,region_0.9_lower_2_y,region_0.9_upper_2_y,"
            + "nll",
        lines.get(0));
    // √(100² + 1); a quarter is half of the lower branch, and so on; 90 % of each branch, as both
    // are alike
    assertEquals(
        "2,1.5,-2,\"b, c\",10,0,100.005,-100,100,-101.645,-98.3551,98.3551,101.645,4051.61",
        lines.get(1));
    assertEquals(
        "3,.25,3,\"say \"\"a\"\"\",,10000000,2,10000000,10000000,10000000,10000000,,,",
        lines.get(2));
    double expected = 0.5 * Math.log(2 * Math.PI) + 0.5 * 90 * 90 + Math.log(2);
    assertArrayEquals(new double[] {expected, Double.NaN}, nll, 1e-6);
    assertEquals(98.3551, 100 - Z, 1e-4);
  }

  @Test
  void conformalIntervalsStandBesideTheRegions() throws IOException {
    Path file = folder.resolve("out.csv");
    List<List<Interval>> conformal =
        List.of(
            List.of(new Interval(-2.5, 3)),
            List.of(new Interval(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY)));
    new PredictionFile(table(), columns(), conformal, options(List.of("kind")))
        .write(file, row -> gaussians(1, 0), new double[2][]);
    assertEquals(
        List.of(
            "row,kind,mean_y,standard_deviation_y,quantile_0.25_y,quantile_0.75_y,"
                + "region_0.9_lower_1_y,region_0.9_upper_1_y,"
                + "conformal_0.9_lower_y,conformal_0.9_upper_y",
            "2,\"b, c\",0,1,-0.67449,0.67449,-1.64485,1.64485,-2.5,3",
            "3,\"say \"\"a\"\"\",0,1,-0.67449,0.67449,-1.64485,1.64485,-Infinity,Infinity"),
        Files.readAllLines(file));
  }

  @Test
  void withoutTargetsThereIsNoneAndNoNll() throws IOException {
    Path file = folder.resolve("out.csv");
    new PredictionFile(table(), columns(), null, options(List.of("kind", "row")))
        .write(file, row -> gaussians(1, 0), new double[2][]);
    assertEquals(
        List.of(
            "row_,kind,row,mean_y,standard_deviation_y,quantile_0.25_y,quantile_0.75_y,"
                + "region_0.9_lower_1_y,region_0.9_upper_1_y",
            "2,\"b, c\",\"1,5\",0,1,-0.67449,0.67449,-1.64485,1.64485",
            "3,\"say \"\"a\"\"\",\",25\",0,1,-0.67449,0.67449,-1.64485,1.64485"),
        Files.readAllLines(file));
  }
}
