/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.api.preprocessor.AbstractDataSetNormalizer;
import org.nd4j.linalg.dataset.api.preprocessor.AbstractMultiDataSetNormalizer;
import org.nd4j.linalg.dataset.api.preprocessor.ImagePreProcessingScaler;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerHybrid;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.MultiNormalizerStandardize;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerMinMaxScaler;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** Predictions in the units that labels had before DL4J's normalizers transformed them. */
class OriginalUnitsTest {
  private static final int ROWS = 5;

  /** Two targets of other scales and places, an outcome per row of the batch. */
  private static final INDArray LABELS =
      Nd4j.createFromArray(
          new double[][] {
            {1200, -0.003}, {1900, 0.001}, {1650, 0.002}, {1400, -0.001}, {2010, 0.004}
          });

  static List<AbstractDataSetNormalizer<?>> normalizers() {
    return List.of(
        new NormalizerStandardize(),
        new NormalizerMinMaxScaler(),
        new NormalizerMinMaxScaler(-1, 3));
  }

  private static MixtureSpec spec(Covariance covariance) {
    return MixtureSpec.builder().components(3).targets(2).covariance(covariance).build();
  }

  private static INDArray raw(MixtureSpec spec) {
    return RandomRows.of(spec, ROWS, 1, 1, DataType.DOUBLE).raw();
  }

  /** What DL4J transforms labels to has the same log density, less that of the units. */
  @ParameterizedTest
  @MethodSource("normalizers")
  void densitiesAndMeansAreThoseOfTheUntransformedLabels(AbstractDataSetNormalizer<?> normalizer) {
    normalizer.fitLabel(true);
    normalizer.fit(new DataSet(Nd4j.rand(DataType.DOUBLE, ROWS, 1), LABELS.dup()));
    INDArray transformed = LABELS.dup();
    normalizer.transformLabel(transformed);
    // Per target the ratio of a distance before to the same after.
    double logUnits = 0;
    for (int d = 0; d < 2; d++) {
      logUnits +=
          Math.log(
              (LABELS.getDouble(1, d) - LABELS.getDouble(0, d))
                  / (transformed.getDouble(1, d) - transformed.getDouble(0, d)));
    }
    for (Covariance covariance : List.of(Covariance.DIAGONAL, Covariance.FULL)) {
      MixtureSpec spec = spec(covariance);
      MixtureBatch normalized = MixtureBatch.of(spec, raw(spec));
      MixtureBatch original = MixtureBatch.of(spec, raw(spec), normalizer);
      INDArray expected = normalized.logDensity(transformed).sub(logUnits);
      INDArray actual = original.logDensity(LABELS);
      for (int n = 0; n < ROWS; n++) {
        double size = Math.max(1, Math.abs(expected.getDouble(n)));
        assertEquals(expected.getDouble(n), actual.getDouble(n), 1e-10 * size);
      }
      INDArray means = normalized.mean();
      normalizer.revertLabels(means);
      for (int d = 0; d < 2; d++) {
        assertArrayEquals(
            means.getColumn(d).toDoubleVector(),
            original.mean().getColumn(d).toDoubleVector(),
            1e-12 * Math.abs(means.getColumn(d).amaxNumber().doubleValue()));
      }
    }
  }

  /** In FLOAT, as training data mostly are, the statistics are those that DL4J divides by. */
  @ParameterizedTest
  @MethodSource("normalizers")
  void statisticsOfFloatLabelsAreTakenAsTheyAre(AbstractDataSetNormalizer<?> normalizer) {
    INDArray labels = LABELS.castTo(DataType.FLOAT);
    normalizer.fitLabel(true);
    normalizer.fit(new DataSet(Nd4j.rand(DataType.FLOAT, ROWS, 1), labels));
    TargetUnits units = TargetUnits.original(normalizer, 2);
    INDArray transformed = labels.dup();
    normalizer.transformLabel(transformed);
    for (int n = 0; n < ROWS; n++) {
      for (int d = 0; d < 2; d++) {
        double back = units.shift()[d] + units.scale()[d] * transformed.getDouble(n, d);
        // Two roundings to FLOAT, of the difference and of the quotient.
        assertEquals(labels.getDouble(n, d), back, 2e-7 * Math.abs(labels.getDouble(4, d)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("normalizers")
  void labelsThatWereLeftAloneKeepTheirUnits(AbstractDataSetNormalizer<?> normalizer) {
    normalizer.fit(new DataSet(Nd4j.rand(DataType.DOUBLE, ROWS, 1), LABELS.dup()));
    MixtureSpec spec = spec(Covariance.DIAGONAL);
    MixtureBatch batch = MixtureBatch.of(spec, raw(spec));
    assertEquals(batch.mean(), batch.inOriginalUnits(normalizer).mean());
  }

  /** Statistics of [N, D, T] are per target, over the steps. */
  @Test
  void stepsOfASequence() {
    INDArray labels = Nd4j.rand(DataType.DOUBLE, 2, 2, 3).mul(100);
    NormalizerStandardize normalizer = new NormalizerStandardize();
    normalizer.fitLabel(true);
    normalizer.fit(new DataSet(Nd4j.rand(DataType.DOUBLE, 2, 1, 3), labels));
    MixtureSpec spec = spec(Covariance.DIAGONAL);
    INDArray raw =
        RandomRows.of(spec, 6, 1, 1, DataType.DOUBLE).raw().reshape(2, 3, 15).permute(0, 2, 1);
    MixtureBatch normalized = MixtureBatch.of(spec, raw, 1, null);
    MixtureBatch original = normalized.inOriginalUnits(normalizer);
    double[] z = normalized.get(1, 2).mean();
    INDArray expected = Nd4j.createFromArray(z).reshape(1, 2, 1);
    normalizer.revertLabels(expected);
    assertArrayEquals(
        expected.dup().data().asDouble(), original.get(1, 2).mean(), 1e-11, "of 100 or so");
  }

  @Test
  void outputsOfAGraph() {
    INDArray other = Nd4j.createFromArray(new double[] {7, 8, 9, 10, 11}).reshape(ROWS, 1);
    MultiDataSet data =
        new MultiDataSet(
            new INDArray[] {Nd4j.rand(DataType.DOUBLE, ROWS, 1)}, new INDArray[] {other, LABELS});
    MixtureSpec spec = spec(Covariance.DIAGONAL);
    MixtureBatch normalized = MixtureBatch.of(spec, raw(spec));
    for (AbstractMultiDataSetNormalizer<?> normalizer :
        List.of(new MultiNormalizerStandardize(), new MultiNormalizerMinMaxScaler(-1, 1))) {
      MixtureBatch unfitted = normalized.inOriginalUnits(normalizer, 1); // labels are left alone
      assertEquals(normalized.mean(), unfitted.mean());
      normalizer.fitLabel(true);
      normalizer.fit(data);
      INDArray means = normalized.mean();
      normalizer.revertLabels(means, null, 1);
      INDArray actual = normalized.inOriginalUnits(normalizer, 1).mean();
      assertTrue(actual.equalsWithEps(means, 1e-11), () -> actual + " in place of " + means);
      refuses(
          "fitted to 2 targets, got one for 1", () -> normalized.inOriginalUnits(normalizer, 0));
      assertThrows(
          IndexOutOfBoundsException.class, () -> normalized.inOriginalUnits(normalizer, 2));
    }
    refuses(
        "MultiNormalizerStandardize or MultiNormalizerMinMaxScaler, got org.nd4j",
        () -> normalized.inOriginalUnits(new MultiNormalizerHybrid(), 0));
  }

  @Test
  void aChangeAfterAChangeActsOnTheNewUnits() {
    NormalizerStandardize normalizer =
        new NormalizerStandardize(
            Nd4j.zeros(1, 1),
            Nd4j.ones(1, 1),
            Nd4j.createFromArray(new double[][] {{10}}),
            Nd4j.createFromArray(new double[][] {{2}}));
    MixtureSpec spec = MixtureSpec.builder().components(1).build();
    INDArray raw = Nd4j.createFromArray(new double[][] {{0, 3, 0}}); // N(3, 1)
    MixtureBatch celsius = MixtureBatch.of(spec, raw, normalizer);
    assertEquals(16, celsius.mean().getDouble(0), 1e-14);
    MixtureBatch fahrenheit = celsius.rescale(1.8).shift(32);
    assertEquals(32 + 1.8 * 16, fahrenheit.mean().getDouble(0), 1e-13);
    assertEquals(3.6, fahrenheit.get(0).standardDeviations()[0][0], 1e-14);
    // The other order is another change.
    assertEquals(1.8 * 48, celsius.shift(32).rescale(1.8).mean().getDouble(0), 1e-13);
    assertEquals(
        "TargetUnits(scale=[2.0], shift=[10.0])", TargetUnits.original(normalizer, 1) + "");
  }

  @Test
  void mistakesAreNamed() {
    MixtureSpec spec = spec(Covariance.DIAGONAL);
    MixtureBatch batch = MixtureBatch.of(spec, raw(spec));
    NormalizerStandardize late = new NormalizerStandardize();
    late.fit(new DataSet(Nd4j.rand(ROWS, 1), LABELS.dup()));
    late.fitLabel(true); // after fit, so that it knows nothing of labels
    refuses("call fitLabel(true) before fit", () -> batch.inOriginalUnits(late));
    refuses("call fitLabel(true) before fit", () -> MixtureBatch.of(spec, raw(spec), late));
    NormalizerMinMaxScaler unfitted = new NormalizerMinMaxScaler();
    unfitted.fitLabel(true);
    refuses("call fitLabel(true) before fit", () -> batch.inOriginalUnits(unfitted));
    NormalizerStandardize one = new NormalizerStandardize();
    one.fitLabel(true);
    one.fit(new DataSet(Nd4j.rand(ROWS, 1), Nd4j.rand(ROWS, 1)));
    refuses("fitted to 2 targets, got one for 1", () -> batch.inOriginalUnits(one));
    refuses(
        "NormalizerStandardize or NormalizerMinMaxScaler, got org.nd4j",
        () -> batch.inOriginalUnits(new ImagePreProcessingScaler()));
    refuses("got null", () -> batch.inOriginalUnits(null));
  }

  /** A mean to add back is no log-normal any more; an angle has no other scale. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"LOG_NORMAL", "VON_MISES"})
  void familiesThatAreNotClosedUnderItRefuse(ComponentFamily family) {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(2).family(family).build();
    NormalizerStandardize normalizer = new NormalizerStandardize();
    normalizer.fitLabel(true);
    normalizer.fit(new DataSet(Nd4j.rand(ROWS, 1), LABELS.dup()));
    refuses(
        family == ComponentFamily.LOG_NORMAL ? "shift 0 and a positive scale" : "turned",
        () -> MixtureBatch.of(spec, raw(spec), normalizer));
  }

  private static void refuses(String message, Executable mistake) {
    Exception refusal = assertThrows(IllegalArgumentException.class, mistake);
    assertTrue(refusal.getMessage().contains(message), refusal::getMessage);
  }
}
