/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.UserDefinedType;
import scala.collection.JavaConverters;
import scala.collection.Seq;

/** Reads cells of rows, and says which row is not usable, and why. */
final class FeatureRows {
  private static final int LONGEST = 200; // characters of a value in a message

  private static final UserDefinedType<?> VECTORS = (UserDefinedType<?>) SQLDataTypes.VectorType();

  private FeatureRows() {}

  /**
   * Returns a row's features.
   *
   * @param value of the column
   * @param width how many there should be; -1 for any number
   * @param column its name
   * @param where which row it is
   * @throws IllegalArgumentException if it is null, of another width, or has a NaN or an infinity
   */
  static double[] features(Object value, int width, String column, Object where) {
    if (value == null) {
      throw unusable("features", column, where, "null");
    }
    double[] cells = cells(value);
    if (width >= 0 && cells.length != width) {
      throw unusable(width + " features", column, where, cells.length + ": " + shortened(cells));
    }
    for (int c = 0; c < cells.length; c++) {
      if (!Double.isFinite(cells[c])) {
        throw unusable(
            "finite features",
            column,
            where,
            "%s at index %s of %s".formatted(cells[c], c, shortened(cells)));
      }
    }
    return cells;
  }

  /**
   * Returns the numbers of a vector, or of an array of numbers; NaN for a null.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static double[] cells(Object value) {
    if (value instanceof Vector vector) {
      return vector.toArray();
    }
    if (value instanceof Seq<?> array
        && JavaConverters.seqAsJavaList(array).stream()
            .allMatch(number -> number == null || number instanceof Number)) {
      return JavaConverters.seqAsJavaList(array).stream()
          .mapToDouble(number -> number == null ? Double.NaN : ((Number) number).doubleValue())
          .toArray();
    }
    throw new IllegalArgumentException(
        "Expected features as a vector or an array of numbers, got " + value);
  }

  /**
   * Reads a row's features from an array of DOUBLE as Spark keeps it.
   *
   * @param row of a dataset
   * @param index of the array
   * @param width how many there should be
   * @param into where they go, from a place on
   * @throws IllegalArgumentException as {@link #features}
   */
  static void readArray(
      InternalRow row, int index, int width, double[] into, int at, String column, Object where) {
    if (row.isNullAt(index)) {
      throw unusable("features", column, where, "null");
    }
    ArrayData array = row.getArray(index);
    double[] cells = new double[array.numElements()];
    Arrays.setAll(cells, i -> array.isNullAt(i) ? Double.NaN : array.getDouble(i));
    System.arraycopy(features(Vectors.dense(cells), width, column, where), 0, into, at, width);
  }

  /**
   * Reads a row's features from what Spark keeps of a vector: a struct of type (0 for a sparse
   * one), size, indices and values.
   *
   * @param row of a dataset
   * @param index of the column
   * @param width how many there should be
   * @param into where they go, from a place on
   * @throws IllegalArgumentException as {@link #features}
   */
  static void read(
      InternalRow row, int index, int width, double[] into, int at, String column, Object where) {
    if (row.isNullAt(index)) {
      throw unusable("features", column, where, "null");
    }
    InternalRow vector = row.getStruct(index, 4);
    ArrayData values = vector.getArray(3);
    int stored = values.numElements();
    boolean sparse = vector.getByte(0) == 0;
    boolean usable = (sparse ? vector.getInt(1) : stored) == width;
    if (usable && sparse) {
      Arrays.fill(into, at, at + width, 0);
      ArrayData indices = vector.getArray(2);
      for (int i = 0; i < stored; i++) {
        double value = values.getDouble(i);
        into[at + indices.getInt(i)] = value;
        usable &= Double.isFinite(value);
      }
    } else if (usable) {
      for (int i = 0; i < width; i++) {
        double value = values.getDouble(i);
        into[at + i] = value;
        usable &= Double.isFinite(value);
      }
    }
    if (!usable) {
      features(VECTORS.deserialize(vector), width, column, where); // says what is wrong
    }
  }

  /**
   * Returns a label or a weight, {@code column} for messages.
   *
   * @throws IllegalArgumentException if it is null, NaN or infinite
   */
  static double number(Object value, String column, Object where) {
    if (!(value instanceof Double number) || !Double.isFinite(number)) {
      throw unusable("a finite number", column, where, String.valueOf(value));
    }
    return number;
  }

  /** Returns the exception for a cell that is not usable. */
  static IllegalArgumentException unusable(
      String expected, String column, Object where, String got) {
    return new IllegalArgumentException(
        "Expected %s in column '%s', got %s in %s".formatted(expected, column, got, where));
  }

  private static String shortened(double[] cells) {
    String text = Arrays.toString(cells);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + " …";
  }
}
