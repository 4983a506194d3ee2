/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mdn4j.ComponentFamily;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.eval.MixtureEvaluation;
import org.mdn4j.regression.report.FitReport;
import org.mdn4j.regression.report.NoiseLevel;
import org.nd4j.linalg.factory.Nd4j;

/** Tables with atoms of which intervals are known: 0 in three rows of ten, above 110 unknown. */
class AtomCensoredRegressorTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final int ROWS = 800;
  private static final double MOST = 110;
  private static final double[][] X = new double[ROWS][1];
  private static final double[][] ENDS = new double[ROWS][2];
  private static MixtureRegressor fitted;

  @BeforeAll
  static void fit() {
    Random random = new Random(8);
    for (int n = 0; n < ROWS; n++) {
      X[n][0] = 2 * random.nextDouble() - 1;
      double y = random.nextDouble() < 0.3 ? 0 : 100 + 20 * X[n][0] + 5 * random.nextGaussian();
      boolean beyond = y > MOST;
      ENDS[n] = new double[] {beyond ? MOST : y, beyond ? INFINITY : y};
      if (n % 40 == 3) { // known to be little, which is an atom or not
        ENDS[n] = new double[] {0, Math.max(y, 1)};
      }
    }
    fitted = quick().censored().build().fit(X, ENDS);
  }

  private static MixtureRegressorBuilder quick() {
    return MixtureRegressor.builder()
        .components(2)
        .noise(new NoiseLevel(0.02, 0.02))
        .bins(0)
        .maxEpochs(40)
        .quiet();
  }

  @Test
  void atomsAreFoundAmongExactRows() {
    List<FitReport.Atom> atoms = fitted.report().atoms();
    assertEquals(List.of(0.0), atoms.stream().map(FitReport.Atom::value).toList());
    long exact = IntStream.range(0, ROWS).filter(n -> ENDS[n][0] == 0 && ENDS[n][1] == 0).count();
    assertEquals(exact / (double) ROWS, atoms.get(0).share(), 1e-12);
    // 110 is the lower end of more rows than one in twenty, and no value of any
    long ends = IntStream.range(0, ROWS).filter(n -> ENDS[n][0] == MOST).count();
    assertTrue(ends > 0.05 * ROWS, "rows beyond: " + ends);
  }

  @Test
  void predictionsAreOfTheWholeDistribution() {
    double[][] points = {{-0.8}, {0}, {0.8}};
    MixtureBatch predicted = fitted.predict(points);
    for (int n = 0; n < 3; n++) {
      assertEquals(shareOfAtoms(points[n][0]), predicted.get(n).probabilityOf(0), 0.06);
    }
    assertEquals(84, predicted.get(0).withoutAtoms().mean()[0], 2.5);
    assertEquals(100, predicted.get(1).withoutAtoms().mean()[0], 2.5);
    assertEquals(116, predicted.get(2).withoutAtoms().mean()[0], 4); // one in eight is seen
    assertEquals(0.7 * 0.885, predicted.get(2).survival(MOST), 0.08);
  }

  /** Returns the share of zeros among the rows near a point: three in ten, but for chance. */
  private static double shareOfAtoms(double x) {
    int[] near = IntStream.range(0, ROWS).filter(n -> Math.abs(X[n][0] - x) < 0.2).toArray();
    return IntStream.of(near).filter(n -> ENDS[n][0] == 0 && ENDS[n][1] == 0).count()
        / (double) near.length;
  }

  @Test
  void evaluationAndFilesKnowBoth(@TempDir Path folder) throws Exception {
    MixtureEvaluation evaluation = fitted.evaluate(X, ENDS);
    double mean =
        -fitted.predict(X).logLikelihood(Nd4j.createFromArray(ENDS)).meanNumber().doubleValue();
    assertEquals(mean, evaluation.nll(), 1e-10);
    assertTrue(evaluation.target(0).pitKs() < 1.63 / Math.sqrt(ROWS) + 0.02);
    assertEquals(evaluation.nll(), fitted.report().members().get(0).validationNll(), 0.3);
    Path file = folder.resolve("model.zip");
    fitted.save(file);
    MixtureRegressor loaded = MixtureRegressor.load(file);
    assertEquals(evaluation, loaded.evaluate(X, ENDS));
    assertArrayEquals(new double[] {0}, loaded.predict(X).get(0).atoms());
  }

  @Test
  void namedAtomsAndNone() {
    double[][] x = Arrays.copyOf(X, 300);
    double[][] ends = Arrays.copyOf(ENDS, 300);
    MixtureRegressor named = quick().censored().atoms(0, 500).maxEpochs(3).build().fit(x, ends);
    assertEquals(
        List.of(0.0, 500.0), named.report().atoms().stream().map(FitReport.Atom::value).toList());
    assertTrue(Double.isFinite(named.evaluate(x, ends).nll()));
    MixtureRegressor none =
        quick().censored().atoms(AtomSearch.NONE).maxEpochs(3).build().fit(x, ends);
    assertEquals(List.of(), none.report().atoms());
    assertTrue(Double.isFinite(none.evaluate(x, ends).nll()));
  }

  /**
   * Sales y of a demand of mean exp(2 + x), of which what is sold out is known to be at least y.
   */
  @Test
  void censoredCounts() {
    Random random = new Random(4);
    double[][] x = new double[ROWS][1];
    double[][] ends = new double[ROWS][2];
    double[][] sold = new double[ROWS][1];
    for (int n = 0; n < ROWS; n++) {
      x[n][0] = 2 * random.nextDouble() - 1;
      Mixture demand =
          Mixture.of(
              ComponentFamily.NEGATIVE_BINOMIAL,
              new double[] {1},
              new double[][] {{2 + x[n][0]}},
              new double[][] {{0.2}});
      double y = demand.quantile(random.nextDouble());
      double stock = 4 + random.nextInt(12);
      sold[n][0] = Math.min(y, stock);
      ends[n] = new double[] {sold[n][0], y < stock ? y : INFINITY};
    }
    MixtureRegressorBuilder counts = quick().family(ComponentFamily.NEGATIVE_BINOMIAL);
    double[][] at = {{0.6}};
    double mean = counts.censored().build().fit(x, ends).predict(at).get(0).mean()[0];
    assertEquals(Math.exp(2.6), mean, 2);
    double wrong =
        quick()
            .family(ComponentFamily.NEGATIVE_BINOMIAL)
            .build()
            .fit(x, sold)
            .predict(at)
            .get(0)
            .mean()[0];
    assertTrue(wrong < 10.5, "what is taken for the demand is too small: " + wrong);
    ends[7][0] = 0.5;
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> counts.build().fit(x, ends));
    assertEquals(
        "row 7, column 0: expected an integer of at least 0, got 0.5", refusal.getMessage());
  }
}
