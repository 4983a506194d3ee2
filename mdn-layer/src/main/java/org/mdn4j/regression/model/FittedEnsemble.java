/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression.model;

import static org.mdn4j.Arguments.require;

import java.util.List;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Trained members and the units of their data.
 *
 * @param features how features are standardised
 * @param encoding of standardised features
 * @param targets how targets are standardised
 * @param members the networks
 * @param scaleTemperature of the members' squared scales
 */
public record FittedEnsemble(
    Standardization features,
    FeatureEncoding encoding,
    Standardization targets,
    List<MemberNetwork> members,
    double scaleTemperature) {

  /**
   * Predicts in original units.
   *
   * @throws IllegalArgumentException if the features have another width than those of the fit
   */
  public MixtureBatch predict(Table table) {
    require(
        table.columns() == features.columns(),
        "Expected %d features as in the fit, got %d",
        features.columns(),
        table.columns());
    float[] cells = features.apply("features", table);
    List<MemberOutput> outputs =
        table.rows() <= FeatureEncoding.CHUNK_ROWS
            ? outputs(cells, 0, table.rows())
            : inChunks(cells, table.rows());
    return ScaleCalibration.pool(outputs, scaleTemperature)
        .rescale(targets.deviations())
        .shift(targets.means());
  }

  private List<MemberOutput> outputs(float[] cells, int first, int rows) {
    INDArray inputs = encoding.encoded(cells, first, rows);
    return members.stream().map(member -> member.predict(inputs)).toList();
  }

  /** Encodes some rows at a time: encoded, all of them may take many times their memory. */
  private List<MemberOutput> inChunks(float[] cells, int rows) {
    List<MemberOutput> all =
        members.stream()
            .map(
                member ->
                    new MemberOutput(
                        member.spec(),
                        Nd4j.createUninitialized(
                            DataType.FLOAT, rows, member.spec().parameterCount())))
            .toList();
    for (int first = 0; first < rows; first += FeatureEncoding.CHUNK_ROWS) {
      int count = Math.min(FeatureEncoding.CHUNK_ROWS, rows - first);
      List<MemberOutput> some = outputs(cells, first, count);
      for (int m = 0; m < some.size(); m++) {
        all.get(m)
            .raw()
            .get(NDArrayIndex.interval(first, first + count), NDArrayIndex.all())
            .assign(some.get(m).raw());
      }
    }
    return all;
  }

  public MixtureEvaluation evaluate(Table table, Table observed) {
    require(
        table.rows() == observed.rows(),
        "Expected as many rows of targets as of features, %d, got %d",
        table.rows(),
        observed.rows());
    require(
        observed.columns() == targets.columns(),
        "Expected %d targets as in the fit, got %d",
        targets.columns(),
        observed.columns());
    MixtureSpec one = members.get(0).spec();
    MixtureSpec all =
        MixtureSpec.builder()
            .components(one.components() * members.size())
            .targets(one.targets())
            .covariance(one.covariance())
            .family(one.family())
            .scaleFloor(one.scaleFloor())
            .build();
    MixtureEvaluation evaluation = new MixtureEvaluation(all);
    evaluation.eval(observed.toMatrix(), predict(table), null);
    return evaluation;
  }

  public FittedEnsemble firstMember() {
    return new FittedEnsemble(features, encoding, targets, members.subList(0, 1), 1);
  }
}
