/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.distribution.Estimate;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.distribution.Temperature;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Evaluation of predictions with atoms. */
class AtomEvaluationTest {
  private static final int ROWS = 4_000;
  private static final MixtureSpec SPEC = MixtureSpec.builder().components(2).atoms(0, 1.5).build();

  /** Raw output, and labels that are drawn from it. */
  private record Truth(INDArray raw, INDArray labels) {
    static Truth of(DataType dtype, long seed) {
      INDArray raw = RandomRows.of(SPEC, ROWS, 1, seed, dtype).raw();
      INDArray labels = MixtureBatch.of(SPEC, raw).sample(1, seed).reshape(ROWS, 1).castTo(dtype);
      return new Truth(raw, labels);
    }

    int atoms() {
      return (int) Arrays.stream(labels.toDoubleVector()).filter(y -> y == 0 || y == 1.5).count();
    }
  }

  /** Distance by Kolmogorov and Smirnov: 1.95/√n is exceeded by right predictions in 0.1 %. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void thePitOfTheTrueModelIsUniform(long seed) {
    Truth truth = Truth.of(DataType.FLOAT, seed);
    assertTrue(truth.atoms() > 500, "there are atoms");
    MixtureEvaluation evaluation = new MixtureEvaluation(SPEC);
    evaluation.eval(truth.labels(), truth.raw());
    assertTrue(evaluation.target(0).pitKs() < 1.95 / Math.sqrt(ROWS));
    MixtureEvaluation wrong =
        MixtureEvaluation.builder(SPEC).temperature(new Temperature(0.5, 1)).build();
    wrong.eval(truth.labels(), truth.raw());
    assertTrue(wrong.target(0).pitKs() > 1.95 / Math.sqrt(ROWS), "of wrong probabilities not");
  }

  @Test
  void theNllIsTheLossAndTheRestIsThatOfTheRows() {
    Truth truth = Truth.of(DataType.DOUBLE, 4);
    MixtureEvaluation evaluation = MixtureEvaluation.builder(SPEC).levels(0.5, 0.9).build();
    evaluation.eval(truth.labels(), truth.raw());
    double loss =
        Engine.AUTO
            .likelihood(SPEC)
            .score(truth.labels(), truth.raw(), null)
            .meanNumber()
            .doubleValue();
    assertEquals(loss, evaluation.nll(), 1e-12);
    MixtureBatch batch = MixtureBatch.of(SPEC, truth.raw());
    double crps = 0;
    double[] central = new double[2];
    double[] region = new double[2];
    double[] usage = new double[2];
    for (int n = 0; n < ROWS; n++) {
      Mixture mixture = batch.get(n);
      double y = truth.labels().getDouble(n, 0);
      crps += mixture.crps(y) / ROWS;
      for (int i = 0; i < 2; i++) {
        double level = i == 0 ? 0.5 : 0.9;
        central[i] += mixture.interval(level).contains(y) ? 1.0 / ROWS : 0;
        List<Interval> intervals = mixture.highestDensityRegion(level);
        region[i] += intervals.stream().anyMatch(one -> one.contains(y)) ? 1.0 / ROWS : 0;
        usage[i] += y == 0 || y == 1.5 ? 0 : mixture.responsibilities(y)[i];
      }
    }
    TargetScores target = evaluation.target(0);
    assertEquals(crps, target.crps(), 1e-12);
    for (int i = 0; i < 2; i++) {
      double level = i == 0 ? 0.5 : 0.9;
      assertEquals(central[i], target.centralCoverage(level), 1e-12);
      assertEquals(region[i], target.regionCoverage(level), 1e-12);
      // At least the level, but for the chance of the draw: 5 standard errors.
      double error = 5 * Math.sqrt(level * (1 - level) / ROWS);
      assertTrue(target.centralCoverage(level) > level - error);
      assertTrue(target.regionCoverage(level) > level - error);
      assertEquals(usage[i] / (usage[0] + usage[1]), evaluation.meanResponsibilities()[i], 1e-12);
    }
  }

  @Test
  void theSeedDecidesThePitAndPartsMakeTheWhole() {
    Truth truth = Truth.of(DataType.FLOAT, 5);
    MixtureEvaluation whole = new MixtureEvaluation(SPEC);
    MixtureEvaluation again = new MixtureEvaluation(SPEC);
    MixtureEvaluation other = MixtureEvaluation.builder(SPEC).seed(2).build();
    whole.eval(truth.labels(), truth.raw());
    for (int part = 0; part < 4; part++) {
      INDArray rows = Nd4j.arange(part * 1000.0, part * 1000.0 + 1000);
      int[] indices = Arrays.stream(rows.toDoubleVector()).mapToInt(n -> (int) n).toArray();
      again.eval(truth.labels().getRows(indices), truth.raw().getRows(indices));
    }
    other.eval(truth.labels(), truth.raw());
    assertArrayEquals(whole.target(0).pitValues(), again.target(0).pitValues(), 0);
    assertFalse(Arrays.equals(whole.target(0).pitValues(), other.target(0).pitValues()));
    assertEquals(whole, MixtureEvaluation.fromJson(whole.toJson()));
  }

  /** An atom's probability has no unit; a density has. */
  @ParameterizedTest
  @ValueSource(doubles = {2.5, -0.1})
  void otherUnitsChangeTheDensityOnly(double scale) {
    Truth truth = Truth.of(DataType.FLOAT, 6);
    MixtureEvaluation plain = new MixtureEvaluation(SPEC);
    MixtureEvaluation inUnits = MixtureEvaluation.builder(SPEC).rescale(scale).shift(0.1).build();
    plain.eval(truth.labels(), truth.raw());
    inUnits.eval(truth.labels(), truth.raw());
    double densities = 1 - (double) truth.atoms() / ROWS;
    double expected = plain.nll() + densities * Math.log(Math.abs(scale));
    assertEquals(expected, inUnits.nll(), 1e-12);
    double crps = Math.abs(scale) * plain.target(0).crps();
    assertEquals(crps, inUnits.target(0).crps(), 1e-12);
  }

  @Test
  void batchesInOtherUnitsAreScoredAtTheirAtoms() {
    Truth truth = Truth.of(DataType.FLOAT, 7);
    MixtureBatch batch = MixtureBatch.of(SPEC, truth.raw()).rescale(3.3).shift(0.7).atAtoms(1, 6);
    double[] labels =
        Arrays.stream(truth.labels().toDoubleVector())
            .map(y -> y == 0 ? 1 : y == 1.5 ? 6 : 3.3 * y + 0.7)
            .toArray();
    MixtureEvaluation evaluation = new MixtureEvaluation(SPEC);
    evaluation.eval(Nd4j.createFromArray(labels), batch, null);
    double mean = batch.logLikelihood(Nd4j.createFromArray(labels)).meanNumber().doubleValue();
    assertEquals(-mean, evaluation.nll(), 1e-12);
    String refused =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    new MixtureEvaluation(SPEC.withoutAtoms())
                        .eval(Nd4j.createFromArray(labels), batch, null))
            .getMessage();
    assertTrue(refused.contains("and 0 atoms, got 2, 1 and 2"), refused);
  }

  /** Half of the rows calibrate, the others are covered; 5 standard errors below the coverage. */
  @Test
  void conformalIntervalsAndRegionsCover() {
    Truth truth = Truth.of(DataType.DOUBLE, 8);
    MixtureBatch all = MixtureBatch.of(SPEC, truth.raw()).temperature(new Temperature(1, 0.3));
    Conformal conformal = Conformal.of(all, truth.labels());
    for (double coverage : new double[] {0.5, 0.9}) {
      int inInterval = 0;
      int inRegion = 0;
      Truth fresh = Truth.of(DataType.DOUBLE, 9);
      MixtureBatch next = MixtureBatch.of(SPEC, fresh.raw()).temperature(new Temperature(1, 0.3));
      for (int n = 0; n < 1000; n++) {
        double y = fresh.labels().getDouble(n, 0);
        Mixture mixture = next.get(n);
        inInterval += conformal.interval(mixture, coverage).contains(y) ? 1 : 0;
        boolean covered =
            conformal.region(mixture, coverage).stream().anyMatch(one -> one.contains(y));
        inRegion += covered ? 1 : 0;
        assertEquals(
            covered, conformal.contains(mixture, new double[] {y}, coverage), "region and score");
      }
      double error = 5 * Math.sqrt(coverage * (1 - coverage) / 1000);
      assertTrue(inInterval > 1000 * (coverage - error), inInterval + " of 1000");
      assertTrue(inRegion > 1000 * (coverage - error), inRegion + " of 1000");
    }
  }

  /** Members of one Bernoulli each: I = H(½(p + q)) − ½ (H(p) + H(q)), in nats. */
  @Test
  void mutualInformationCountsAtoms() {
    MixtureSpec spec = MixtureSpec.builder().components(1).atoms(0).build();
    double[] p = {0.9, 0.2};
    MixtureBatch[] members = new MixtureBatch[2];
    for (int m = 0; m < 2; m++) {
      double logit = Math.log(p[m] / (1 - p[m]));
      INDArray raw = Nd4j.createFromArray(new double[][] {{0, 5, 0, logit}});
      members[m] = MixtureBatch.of(spec, raw);
    }
    double expected = bernoulli(0.55) - 0.5 * (bernoulli(0.9) + bernoulli(0.2));
    Estimate estimate =
        new EnsembleUncertainty(List.of(members)).mutualInformation(20_000, 1).get(0);
    assertEquals(expected, estimate.value(), 5 * estimate.standardError());
    UniformRandomProvider random = RandomSource.SPLIT_MIX_64.create(1);
    assertEquals(
        0,
        new EnsembleUncertainty(List.of(members[0]))
            .mutualInformation(100, random.nextLong())
            .get(0)
            .value(),
        1e-15);
    double within = (0.1 * (1 + 0.9 * 25) + 0.8 * (1 + 0.2 * 25)) / 2;
    EnsembleUncertainty both = new EnsembleUncertainty(List.of(members));
    assertEquals(within, both.dataVariance().getDouble(0), 1e-12);
    assertEquals(Math.pow((4 - 0.5) / 2, 2), both.memberVariance().getDouble(0), 1e-12);
  }

  private static double bernoulli(double p) {
    return -p * Math.log(p) - (1 - p) * Math.log(1 - p);
  }
}
