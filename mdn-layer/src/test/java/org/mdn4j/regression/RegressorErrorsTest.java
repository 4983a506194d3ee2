/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.mdn4j.ComponentFamily;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** One sentence for each mistake, with what was expected and what came. */
class RegressorErrorsTest {
  private static final Data DATA = Data.draw(40, 1);

  private static double[][] copy(double[][] rows) {
    return Arrays.stream(rows).map(double[]::clone).toArray(double[][]::new);
  }

  private static void assertRefused(String message, Executable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  private static MixtureRegressor regressor() {
    return Data.quick().build();
  }

  @Test
  void cellsThatAreNotFinite() {
    double[][] features = copy(DATA.features());
    features[17][1] = Double.NaN;
    double[][] targets = copy(DATA.targets());
    targets[3][0] = Double.POSITIVE_INFINITY;

    assertRefused(
        "Expected finite features, got NaN in row 17, column 1",
        () -> regressor().fit(features, DATA.targets()));
    assertRefused(
        "Expected finite targets, got Infinity in row 3, column 0",
        () -> regressor().fit(DATA.features(), targets));
    assertRefused(
        "Expected finite features, got NaN in row 17, column 1",
        () ->
            regressor().fit(Nd4j.createFromArray(features), Nd4j.createFromArray(DATA.targets())));
  }

  @Test
  void nullIsNamed() {
    double[][] one = {{1, 2}, null};
    MixtureRegressor regressor = Data.quick().build();
    assertEquals(
        "Expected at least one row of targets, got null",
        assertThrows(
                IllegalArgumentException.class,
                () -> regressor.fit(new double[][] {{1}}, (double[][]) null))
            .getMessage());
    assertEquals(
        "Expected an array in each row of features, got null in row 1",
        assertThrows(IllegalArgumentException.class, () -> regressor.fit(one, one)).getMessage());
  }

  @Test
  void unequalRows() {
    double[][] ragged = copy(DATA.features());
    ragged[5] = new double[] {1, 2, 3};

    assertRefused(
        "Expected as many rows of targets as of features, 40, got 39",
        () -> regressor().fit(DATA.features(), Arrays.copyOf(DATA.targets(), 39)));
    assertRefused(
        "Expected 2 features in each row as in row 0, got 3 in row 5",
        () -> regressor().fit(ragged, DATA.targets()));
    assertRefused(
        "Expected at least one row of features, got none",
        () -> regressor().fit(new double[0][], new double[0][]));
    assertRefused(
        "Expected at least one column of features, got none",
        () -> regressor().fit(new double[40][0], DATA.targets()));
    assertRefused(
        "Expected features of shape [N, C] or [N], got [40, 2, 1]",
        () ->
            regressor()
                .fit(
                    Nd4j.createFromArray(DATA.features()).reshape(40, 2, 1),
                    Nd4j.createFromArray(DATA.targets())));
  }

  @Test
  void fewerRowsThanComponents() {
    assertRefused(
        "Expected at least as many rows to train on as components, 33, got 32 of 40 rows",
        () -> Data.quick().components(33).build().fit(DATA.features(), DATA.targets()));
  }

  @Test
  void rowsThatAreTooFewToValidate() {
    for (int rows = 2; rows <= 7; rows++) {
      double[][] features = Arrays.copyOf(DATA.features(), rows);
      double[][] targets = Arrays.copyOf(DATA.targets(), rows);
      assertRefused(
          "Expected at least 8 rows, 1 of them to train on, as many as components, and 2 to"
              + " validate, got "
              + rows,
          () -> Data.quick().components(1).build().fit(features, targets));
      assertRefused(
          "Expected at least 12 rows, 10 of them to train on, as many as components, and 2 to"
              + " validate, got "
              + rows,
          () -> Data.quick().components(10).ensemble(3).build().fit(features, targets));
    }
    assertRefused(
        "Expected at least 15000000000 rows, 1 of them to train on, as many as components, and 2 to"
            + " validate, got 40",
        () ->
            Data.quick()
                .components(1)
                .validationFraction(1e-10)
                .build()
                .fit(DATA.features(), DATA.targets()));
    assertRefused(
        "Expected at least as many rows to train on as components, 1, got 0 of 40 rows",
        () ->
            Data.quick()
                .components(1)
                .validationFraction(0.999)
                .build()
                .fit(DATA.features(), DATA.targets()));
  }

  @Test
  void theFewestRowsAreEnough() {
    double[][] features = Arrays.copyOf(DATA.features(), 8);
    double[][] targets = Arrays.copyOf(DATA.targets(), 8);
    for (MixtureRegressorBuilder builder :
        List.of(
            Data.quick().components(1),
            Data.quick().components(6).ensemble(2),
            MixtureRegressor.builder().components(2).maxEpochs(3).quiet())) {
      MixtureRegressor fitted = builder.build().fit(features, targets);
      assertTrue(Double.isFinite(fitted.evaluate(features, targets).nll()), fitted.toString());
    }
  }

  @Test
  void whatIsBesideTheAtomsMustVary() {
    double[][] targets = new double[40][1];
    for (int n = 0; n < 40; n++) {
      targets[n][0] = n % 4 == 0 ? 7 : 0;
    }
    assertRefused(
        "Expected targets that vary, beside the atoms [0.0], got 7.0 in all other rows of column 0",
        () -> Data.quick().atoms(0).build().fit(DATA.features(), targets));
  }

  @Test
  void constantTarget() {
    double[][] targets = new double[40][2];
    for (int n = 0; n < 40; n++) {
      targets[n] = new double[] {n, 2.5};
    }

    assertRefused(
        "Expected targets that vary, got 2.5 in all 40 rows of column 1",
        () -> regressor().fit(DATA.features(), targets));
  }

  @Test
  void otherWidthAfterTheFit() {
    MixtureRegressor fitted =
        Data.quick().maxEpochs(1).build().fit(DATA.features(), DATA.targets());

    assertRefused(
        "Expected 2 features as in the fit, got 3", () -> fitted.predict(new double[4][3]));
    assertRefused(
        "Expected 1 targets as in the fit, got 2",
        () -> fitted.evaluate(DATA.features(), new double[40][2]));
    assertRefused(
        "Expected as many rows of targets as of features, 40, got 3",
        () -> fitted.evaluate(DATA.features(), new double[3][1]));
  }

  @Test
  void absurdlyFarFeature() {
    MixtureRegressor fitted =
        Data.quick().maxEpochs(1).build().fit(DATA.features(), DATA.targets());

    assertRefused(
        "Expected features within 1000000.0 standard deviations of their mean, got 1.0E200 in row 1,"
            + " column 0",
        () -> fitted.predict(new double[][] {{120, 0.5}, {1e200, 0.5}}));
  }

  @Test
  void maskedData() {
    DataSet masked =
        new DataSet(
            Nd4j.createFromArray(DATA.features()),
            Nd4j.createFromArray(DATA.targets()),
            null,
            Nd4j.ones(40, 1));

    assertRefused(
        "Expected data without masks, got a mask",
        () -> regressor().fit(new ListDataSetIterator<>(List.of(masked))));
  }

  @Test
  void questionsBeforeTheFit() {
    assertEquals(
        "Expected a fitted regressor: call fit(...) first",
        assertThrows(IllegalStateException.class, () -> regressor().predict(DATA.features()))
            .getMessage());
  }

  @Test
  void options() {
    assertRefused(
        "Expected noise of at least 0 on inputs and targets, got -1.0 and 0.0",
        () -> new NoiseLevel(-1, 0));
    assertRefused(
        "Expected an ensemble of at least 1 member, got 0",
        () -> MixtureRegressor.builder().ensemble(0).build());
    assertRefused(
        "Expected at least one noise level, all different, got []",
        () -> MixtureRegressor.builder().noise().build());
    assertRefused(
        "Expected a positive learning rate, got NaN",
        () -> MixtureRegressor.builder().learningRate(Double.NaN).build());
    assertRefused(
        "Expected a weight decay of at least 0, got -1.0",
        () -> MixtureRegressor.builder().weightDecay(-1).build());
    assertRefused(
        "Expected a positive gradient clipping, got 0.0",
        () -> MixtureRegressor.builder().gradientClipping(0).build());
    assertRefused(
        "Expected at least 0 calibration rows, got -1",
        () -> MixtureRegressor.builder().calibrationRows(-1).build());
    assertRefused(
        "Expected a patience of at least 1 epoch, got 0",
        () -> MixtureRegressor.builder().patience(0).build());
    assertRefused(
        "Expected at least 1 epoch, got 0", () -> MixtureRegressor.builder().maxEpochs(0).build());
    assertRefused(
        "Expected a validation fraction in (0, 1), got 1.0",
        () -> MixtureRegressor.builder().validationFraction(1).build());
    assertRefused(
        "Expected a parallelism of at least 1, got 0",
        () -> MixtureRegressor.builder().parallelism(0).build());
    assertRefused(
        "Expected a minibatch of at least 1, got 0", () -> MixtureRegressor.builder().minibatch(0));
    assertRefused(
        "Expected GAUSSIAN, LAPLACE or LOGISTIC components, which standardised targets may have, or NEGATIVE_BINOMIAL of counts, got VON_MISES",
        () -> MixtureRegressor.builder().family(ComponentFamily.VON_MISES).build());
    assertThrows(
        IllegalArgumentException.class, () -> MixtureRegressor.builder().components(0).build());
    assertThrows(
        IllegalArgumentException.class, () -> MixtureRegressor.builder().scaleFloor(-1).build());
  }
}
