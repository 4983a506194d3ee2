/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Columns that a parameter names, as they are read, and checks of a schema that they are there and
 * of their types. A name may hold dots: it is that of a column, never of a struct's field.
 */
final class NamedColumns {
  private static final DataType NUMBERS = DataTypes.createArrayType(DataTypes.DoubleType);

  private NamedColumns() {}

  private static Column column(Dataset<?> dataset, String name) {
    return dataset.col("`" + name.replace("`", "``") + "`");
  }

  /** Reads a column of features: vectors, or arrays of DOUBLE. */
  static Column features(Dataset<?> dataset, String name) {
    Column column = column(dataset, name);
    return areArrays(dataset.schema(), name) ? column.cast(NUMBERS) : column;
  }

  /** Reads a column of numbers, as DOUBLE. */
  static Column number(Dataset<?> dataset, String name) {
    return column(dataset, name).cast(DataTypes.DoubleType);
  }

  /** Reads a column of texts, or what else as text. */
  static Column text(Dataset<?> dataset, String name) {
    return column(dataset, name).cast(DataTypes.StringType);
  }

  /** Returns whether features are arrays, not vectors. */
  static boolean areArrays(StructType schema, String name) {
    return schema.apply(name).dataType() instanceof ArrayType;
  }

  /** Returns whether two columns have one name, as Spark is set. */
  static boolean isSame(String name, String other) {
    return SQLConf.get().caseSensitiveAnalysis()
        ? name.equals(other)
        : name.equalsIgnoreCase(other);
  }

  /** Checks that there is a column of vectors, or of arrays of numbers. */
  static void requireFeatures(StructType schema, String name) {
    requireColumn(schema, name);
    DataType type = schema.apply(name).dataType();
    require(
        type.equals(SQLDataTypes.VectorType())
            || type instanceof ArrayType array && array.elementType() instanceof NumericType,
        "Expected vectors in column '%s', such as a VectorAssembler makes, or arrays of numbers, got"
            + " %s",
        name,
        type.simpleString());
  }

  /** Checks that there is a column of numbers. */
  static void requireNumber(StructType schema, String name) {
    requireColumn(schema, name);
    require(
        schema.apply(name).dataType() instanceof NumericType,
        "Expected numbers in column '%s', got %s",
        name,
        schema.apply(name).dataType().typeName());
  }

  /** Checks that there is a column, and one only. */
  static void requireColumn(StructType schema, String name) {
    require(
        List.of(schema.fieldNames()).contains(name),
        "Expected a column '%s', got %s",
        name,
        String.join(", ", schema.fieldNames()));
    long count = Arrays.stream(schema.fieldNames()).filter(other -> isSame(name, other)).count();
    require(count == 1, "Expected one column '%s', got %d of that name", name, count);
  }
}
