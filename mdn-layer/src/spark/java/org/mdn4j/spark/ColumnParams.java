/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import static org.mdn4j.Arguments.require;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import scala.Function1;

/** The parameters that name columns, which an estimator and its model have in common. */
final class ColumnParams implements Serializable {
  private static final long serialVersionUID = 1;

  final Param<String> featuresCol;
  final Param<String> labelCol;
  final StringArrayParam labelCols;
  final Param<String> censorCol;
  final Param<String> predictionCol;
  final StringArrayParam outputs;

  /** Creates the parameters of a stage, with their defaults. */
  ColumnParams(Params stage) {
    featuresCol =
        new Param<>(stage, "featuresCol", "the column of features, vectors or arrays of numbers");
    labelCol = new Param<>(stage, "labelCol", "the column of the label, where there is one");
    labelCols =
        new StringArrayParam(
            stage,
            "labelCols",
            "the columns of several labels, or of the ends of censored ones; empty for one");
    censorCol =
        new Param<>(
            stage,
            "censorCol",
            "the column of flags, 1 where the label was seen and 0 where it is known to be larger;"
                + " empty for none");
    predictionCol =
        new Param<>(stage, "predictionCol", "the column of predicted means; empty for none");
    Function1<String[], Object> areOutputs =
        (Function1<String[], Object> & Serializable)
            texts -> {
              outputs(texts);
              return true;
            };
    outputs = new StringArrayParam(stage, "outputs", "further columns; see Output", areOutputs);
    stage.setDefault(featuresCol, "features");
    stage.setDefault(labelCol, "label");
    stage.setDefault(labelCols, new String[0]);
    stage.setDefault(censorCol, "");
    stage.setDefault(predictionCol, "prediction");
    stage.setDefault(outputs, new String[0]);
  }

  private static List<Output> outputs(String[] texts) {
    return Arrays.stream(texts).map(Output::parse).toList();
  }

  /** Returns whether there is a column of flags of censored labels. */
  boolean hasCensor(Params stage) {
    return !stage.getOrDefault(censorCol).isEmpty();
  }

  /**
   * Returns the columns of labels.
   *
   * @param censored whether labels are intervals
   * @param counts whether they are counts
   */
  LabelColumns labels(Params stage, boolean censored, boolean counts) {
    String[] several = stage.getOrDefault(labelCols);
    return new LabelColumns(
        several.length == 0 ? List.of(stage.getOrDefault(labelCol)) : List.of(several),
        censored && hasCensor(stage) ? stage.getOrDefault(censorCol) : null,
        censored,
        counts);
  }

  /** Returns all columns that a model adds, the prediction first. */
  List<Output> added(Params stage) {
    String prediction = stage.getOrDefault(predictionCol);
    List<Output> added = new ArrayList<>();
    if (!prediction.isEmpty()) {
      added.add(Output.mean().as(prediction));
    }
    added.addAll(outputs(stage.getOrDefault(outputs)));
    return added;
  }

  /**
   * Returns a schema with the columns that a model adds.
   *
   * @param form of what the model predicts
   * @throws IllegalArgumentException if a column is not there or not of its type, a name is taken,
   *     or an output is not for such a model
   */
  StructType withAdded(Params stage, StructType schema, PredictedForm form) {
    NamedColumns.requireFeatures(schema, stage.getOrDefault(featuresCol));
    List<Output> added = added(stage);
    require(!added.isEmpty(), "Expected a predictionCol or outputs: nothing would be added");
    if (added.stream().anyMatch(Output::isOfLabels)) {
      LabelColumns labels = labels(stage, form.censored(), form.counts());
      require(
          labels.targets() == form.targets(),
          "Expected columns of %d labels as in the fit, got %s",
          form.targets(),
          labels.names());
      labels.requireIn(schema);
    }
    if (form.groupsColumn() != null && added.stream().anyMatch(Output::isConformal)) {
      NamedColumns.requireColumn(schema, form.groupsColumn());
    }
    StructType all = schema;
    for (Output output : added) {
      StructField field = output.field(form);
      require(
          Arrays.stream(all.fieldNames())
              .noneMatch(name -> NamedColumns.isSame(name, field.name())),
          "Expected new names of columns, got a second '%s': name one by as",
          field.name());
      all = all.add(field);
    }
    return all;
  }
}
