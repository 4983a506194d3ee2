/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Rows whose labels, of any kind, are columns c0, c1, and so on. */
final class LabelledRows {
  static final TestData DATA = TestData.draw(640, 5); // whole blocks
  static final double INFINITY = Double.POSITIVE_INFINITY;

  private LabelledRows() {}

  static int rows() {
    return DATA.features().length;
  }

  /** Some columns of numbers beside the features, null where one is NaN, and a group. */
  static Dataset<Row> dataset(int partitions, double[]... columns) {
    return dataset(LocalSpark.session(), partitions, columns);
  }

  static Dataset<Row> dataset(SparkSession spark, int partitions, double[]... columns) {
    StructType schema =
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("weight", DataTypes.DoubleType)
            .add("group", DataTypes.StringType);
    for (int c = 0; c < columns.length; c++) {
      schema = schema.add("c" + c, DataTypes.DoubleType);
    }
    List<Row> rows = new ArrayList<>();
    for (int n = 0; n < rows(); n++) {
      Object[] values = new Object[3 + columns.length];
      values[0] = Vectors.dense(DATA.features()[n]);
      values[1] = DATA.weights()[n];
      values[2] = n % 50 == 7 ? null : "patient " + group(n);
      for (int c = 0; c < columns.length; c++) {
        values[3 + c] = Double.isNaN(columns[c][n]) ? null : columns[c][n];
      }
      rows.add(RowFactory.create(values));
    }
    JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
    return spark.createDataFrame(context.parallelize(rows, partitions), schema);
  }

  private static int group(int row) {
    return (row * 31) % 97;
  }

  /** The groups as numbers: rows without one have numbers of their own. */
  static int[] groups() {
    return IntStream.range(0, rows()).map(n -> n % 50 == 7 ? 1000 + n : group(n)).toArray();
  }

  static double[] label(int column) {
    return Arrays.stream(DATA.targets()).mapToDouble(row -> row[column]).toArray();
  }

  static double[][] rowsOf(double[]... columns) {
    double[][] rows = new double[rows()][columns.length];
    for (int n = 0; n < rows.length; n++) {
      for (int c = 0; c < columns.length; c++) {
        rows[n][c] = columns[c][n];
      }
    }
    return rows;
  }

  /** Lower and upper ends: exact, from below, from above, between, and of nothing at all. */
  static double[][] ends(double[] values, double open) {
    double[] lower = values.clone();
    double[] upper = values.clone();
    for (int n = 0; n < values.length; n++) {
      switch (n % 7) {
        case 1 -> upper[n] = open;
        case 2 -> lower[n] = open == INFINITY ? -INFINITY : open;
        case 3 -> upper[n] += 0.5;
        case 4 -> {
          if (n % 5 == 0) {
            lower[n] = open == INFINITY ? -INFINITY : open;
            upper[n] = open;
          }
        }
        default -> {}
      }
    }
    return new double[][] {lower, upper};
  }

  static boolean isNull(Row row, String column) {
    return row.isNullAt(row.fieldIndex(column));
  }

  static double[] numbers(Row row, String column) {
    return row.<Double>getList(row.fieldIndex(column)).stream().mapToDouble(x -> x).toArray();
  }

  static void assertFailure(String message, Runnable work) {
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, work::run);
    assertTrue(e.getMessage().contains(message), e::getMessage);
  }
}
