/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.spark;

import java.util.Arrays;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.regression.columns.Table;
import org.mdn4j.regression.model.Fitted;
import org.mdn4j.regression.model.Seeds;

/** Predicts one row, as a function of Spark SQL. */
final class RowScoring implements UDF1<Object, Object> {
  private static final long serialVersionUID = 1;

  private final String key;
  private final Broadcast<byte[]> model;
  private final List<Output> outputs;
  private final long seed;
  private transient Fitted fitted; // once it was asked for

  RowScoring(String key, Broadcast<byte[]> model, List<Output> outputs, long seed) {
    this.key = key;
    this.model = model;
    this.outputs = List.copyOf(outputs);
    this.seed = seed;
  }

  @Override
  public Object call(Object features) {
    if (fitted == null) {
      fitted = ModelBytes.fitted(key, model::value);
    }
    int width = fitted.ensemble().features().columns();
    double[] cells = FeatureRows.features(features, width, "features", "a row");
    MixtureBatch predicted = fitted.ensemble().predict(new Table(cells, 1, width, List.of()));
    long own = Seeds.derive(seed, Arrays.hashCode(cells)); // or all rows would draw the same
    Object[] values =
        outputs.stream()
            .map(output -> Answers.of(output, predicted, fitted, null, null, own).apply(0))
            .toArray();
    return values.length == 1 ? values[0] : RowFactory.create(values);
  }
}
