/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.distribution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.rng.simple.RandomSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.MixtureSpec;
import org.mdn4j.RandomRows;
import org.mdn4j.likelihood.Engine;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.preprocessor.NormalizerStandardize;
import org.nd4j.linalg.factory.Nd4j;

/** What atoms add to a mixture, and batches of such mixtures. */
class AtomMixtureTest {
  private static final Mixture NORMAL =
      Mixture.gaussian(new double[] {1}, new double[][] {{2}}, new double[][] {{0.5}});
  private static final Mixture RAIN =
      NORMAL.withAtoms(new double[] {5, 0}, new double[] {0.1, 0.6});

  @Test
  void areValuesWithProbabilities() {
    assertArrayEquals(new double[] {0, 5}, RAIN.atoms());
    assertArrayEquals(new double[] {0.6, 0.1}, RAIN.atomProbabilities(), 1e-15);
    assertEquals(0.6, RAIN.probabilityOf(0), 1e-15);
    assertEquals(0, RAIN.probabilityOf(2), 0);
    assertEquals(0, RAIN.probabilityOf(1e-300), 0);
    assertArrayEquals(new double[] {0.3}, RAIN.weights(), 1e-15);
    assertEquals(0.3 * NORMAL.density(2), RAIN.density(2), 1e-15);
    assertEquals(0.3 * NORMAL.density(0), RAIN.density(0), 1e-15, "that of the components");
    assertEquals(Math.log(0.6), RAIN.logLikelihood(0), 1e-15);
    assertEquals(RAIN.logDensity(2), RAIN.logLikelihood(2), 0);
    assertArrayEquals(new double[0], NORMAL.atoms());
    assertEquals(0, NORMAL.probabilityOf(2), 0);
    assertEquals(NORMAL.logDensity(1), NORMAL.logLikelihood(1), 0);
    assertTrue(RAIN.toString().contains("atoms=[0.0, 5.0], probabilities=[0."), RAIN.toString());
  }

  @Test
  void canBeTakenAwayAndReplaced() {
    assertArrayEquals(new double[] {1}, RAIN.withoutAtoms().weights(), 0);
    assertEquals(NORMAL.logDensity(1), RAIN.withoutAtoms().logDensity(1), 0);
    Mixture other = RAIN.withAtoms(new double[] {7}, new double[] {0.25});
    assertArrayEquals(new double[] {7}, other.atoms());
    assertEquals(0.75 * NORMAL.density(1), other.density(1), 1e-15);
    assertArrayEquals(RAIN.atoms(), RAIN.marginal(0).atoms());
    assertEquals(RAIN.cdf(0), RAIN.marginal(0).cdf(0), 0);
  }

  @Test
  void jump() {
    assertEquals(0.3 * NORMAL.cdf(0) + 0.6, RAIN.cdf(0), 1e-15);
    assertEquals(0.3 * NORMAL.cdf(-1e-9), RAIN.cdf(-1e-9), 1e-12);
    assertEquals(0.3 * NORMAL.survival(0) + 0.1, RAIN.survival(0), 1e-15);
    assertEquals(RAIN.cdf(0), RAIN.cdf(new double[] {0}), 0);
    assertEquals(0.6, RAIN.probability(-1e-9, 0), 1e-12);
    assertEquals(0, RAIN.probability(0, 1e-9), 1e-12);
    assertEquals(1, RAIN.probability(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY), 1e-15);
    assertEquals(0, RAIN.quantile(0.3), 0);
    assertEquals(0, RAIN.quantile(RAIN.cdf(0)), 0);
    assertEquals(2, RAIN.quantile(0.75), 1e-9);
    assertEquals(5, RAIN.quantile(0.95), 0);
    assertEquals(Double.NEGATIVE_INFINITY, RAIN.quantile(0), 0);
    assertEquals(Double.POSITIVE_INFINITY, RAIN.quantile(1), 0);
    Interval interval = RAIN.interval(0.8);
    assertEquals(0, interval.lower(), 0);
    assertEquals(5, interval.upper(), 1e-9 + 5 - RAIN.quantile(0.9));
  }

  /** At the ends of a stretch without probability the quantile is its lower end. */
  @Test
  void aQuantileIsTheLeastOfTheValuesThatReachIt() {
    Mixture gap =
        Mixture.gaussian(new double[] {1}, new double[][] {{0.5}}, new double[][] {{0.001}})
            .withAtoms(new double[] {0, 1}, new double[] {0.25, 0.25});
    assertEquals(0, gap.quantile(0.25), 0);
    assertEquals(1, gap.quantile(Math.nextUp(0.75)), 0);
    double edge = gap.quantile(0.75);
    assertTrue(edge < 0.52, "the components end at about 0.508, got " + edge);
    assertEquals(0.75, gap.cdf(edge), 1e-15);
    Mixture all = NORMAL.withAtoms(new double[] {0, 1, 3}, new double[] {0.5, 0.25, 0.25});
    assertEquals(0, all.quantile(0), 0);
    assertEquals(0, all.quantile(0.5), 0);
    assertEquals(1, all.quantile(0.6), 0);
    assertEquals(3, all.quantile(1), 0);
    assertEquals(1, all.survivalQuantile(0.3), 0);
    assertEquals(1.0, all.mean()[0], 1e-15);
    assertEquals(0.25 * 1 + 0.25 * 9 - 1, all.variance()[0], 1e-15);
    assertEquals(List.of(new Interval(0, 0), new Interval(1, 1)), all.highestDensityRegion(0.7));
    assertEquals(Double.NEGATIVE_INFINITY, all.logDensity(2), 0);
    assertEquals(0, all.densityTail(0.5), 0);
    double crps = all.crps(1); // ½ E|Y − Y'| taken from E|Y − 1| = 0.5·1 + 0.25·2 = 1
    double pairs = 0.5 * 0.25 * 1 + 0.5 * 0.25 * 3 + 0.25 * 0.25 * 2;
    assertEquals(1 - pairs, crps, 1e-15);
  }

  /** Heaviest first; all, if the level needs the components, and their region of the rest. */
  @Test
  void regionsTakeAtomsFirst() {
    assertEquals(List.of(new Interval(0, 0)), RAIN.highestDensityRegion(0.5));
    assertEquals(List.of(new Interval(0, 0), new Interval(5, 5)), RAIN.highestDensityRegion(0.65));
    List<Interval> most = RAIN.highestDensityRegion(0.85);
    Interval half = NORMAL.highestDensityRegion(0.5).get(0);
    assertEquals(3, most.size());
    assertEquals(half.lower(), most.get(1).lower(), 1e-9);
    assertEquals(half.upper(), most.get(1).upper(), 1e-9);
    Mixture inside = NORMAL.withAtoms(new double[] {2.1}, new double[] {0.2});
    assertEquals(1, inside.highestDensityRegion(0.9).size(), "an atom within an interval");
    assertEquals(0.4, RAIN.densityTail(5), 1e-15);
    assertEquals(1, RAIN.densityTail(0), 1e-15);
    assertEquals(0.3 * NORMAL.densityTail(1), RAIN.densityTail(1), 1e-12);
    assertArrayEquals(NORMAL.modes()[0], RAIN.modes()[0], 1e-12);
    double tiny = 1e-12;
    Interval far = RAIN.highestDensityRegionsLeaving(tiny).get(0).get(0);
    assertEquals(
        NORMAL.highestDensityRegionsLeaving(tiny / 0.3).get(0).get(0).lower(), far.lower(), 1e-6);
  }

  @Test
  void moveWithUnits() {
    Mixture there = RAIN.rescale(-2).shift(3);
    assertArrayEquals(new double[] {-7, 3}, there.atoms());
    assertArrayEquals(new double[] {0.1, 0.6}, there.atomProbabilities(), 1e-15);
    assertEquals(3 - 2 * RAIN.mean()[0], there.mean()[0], 1e-14);
    assertEquals(4 * RAIN.variance()[0], there.variance()[0], 1e-13);
    assertEquals(2 * RAIN.crps(1), there.crps(1), 1e-13);
  }

  /** π^(1/τ) of atoms and components together, the scale's τ on components only. */
  @Test
  void haveATemperature() {
    Mixture two =
        Mixture.gaussian(
                new double[] {0.5, 0.5}, new double[][] {{1}, {2}}, new double[][] {{1}, {2}})
            .withAtoms(new double[] {0, 9}, new double[] {0.6, 0.2});
    double tau = 0.5;
    double sum = 0.36 + 0.04 + 2 * 0.01;
    Mixture sharp = two.temperature(Temperature.of(tau));
    assertArrayEquals(new double[] {0.36 / sum, 0.04 / sum}, sharp.atomProbabilities(), 1e-15);
    assertArrayEquals(new double[] {0.01 / sum, 0.01 / sum}, sharp.weights(), 1e-15);
    assertArrayEquals(two.atoms(), sharp.atoms());
    assertEquals(Math.sqrt(tau), sharp.standardDeviations()[0][0], 1e-15);
    Mixture cold = two.temperature(Temperature.of(1e-4));
    assertEquals(0, cold.mean()[0], 1e-300);
    assertArrayEquals(new double[] {0}, two.heaviestLocation());
    assertArrayEquals(
        new double[] {1}, two.withAtoms(new double[] {0}, new double[] {0.2}).heaviestLocation());
  }

  /** ½ E|Y − y| and the like are scaled before they overflow. */
  @Test
  void scoresOfBigAndSmallValues() {
    for (double scale : new double[] {1e-300, 1e-150, 1e150, 1e300}) {
      Mixture scaled =
          Mixture.gaussian(
                  new double[] {1}, new double[][] {{2 * scale}}, new double[][] {{0.5 * scale}})
              .withAtoms(new double[] {0}, new double[] {0.6});
      Mixture plain = NORMAL.withAtoms(new double[] {0}, new double[] {0.6});
      for (double y : new double[] {0, 1, 5}) {
        double expected = plain.crps(y) * scale;
        assertEquals(expected, scaled.crps(y * scale), 1e-12 * expected);
      }
      assertEquals(plain.mean()[0] * scale, scaled.mean()[0], 1e-14 * scale);
    }
    Mixture far = NORMAL.withAtoms(new double[] {-3e38, 3e38}, new double[] {0.25, 0.25});
    // ½ (E|Y − y| − ½ E|Y − Y'|) of the atoms alone; the rest is nothing beside it
    assertEquals(0.125 * 3e38, far.crps(2), 1e-12 * 3e38);
  }

  @Test
  void whatComparesDensitiesIsRefused() {
    UnsupportedOperationException refused =
        assertThrows(UnsupportedOperationException.class, RAIN::entropy);
    assertTrue(refused.getMessage().contains("an atom's probability, which has no unit"));
    assertTrue(refused.getMessage().contains("[0.0, 5.0]"), refused.getMessage());
    IllegalArgumentException atAtom =
        assertThrows(IllegalArgumentException.class, () -> RAIN.responsibilities(0));
    assertTrue(atAtom.getMessage().contains("no atom, got 0.0"), atAtom.getMessage());
    assertArrayEquals(new double[] {1}, RAIN.responsibilities(1), 0);
  }

  @Test
  void wrongAtomsAreRefused() {
    assertRefused("one target", () -> twoTargets().withAtoms(new double[] {0}, new double[] {0.1}));
    assertRefused("VON_MISES", () -> angles().withAtoms(new double[] {0}, new double[] {0.1}));
    assertRefused("a probability for each", () -> NORMAL.withAtoms(new double[2], new double[1]));
    assertRefused("at least one", () -> NORMAL.withAtoms(new double[0], new double[0]));
    assertRefused("in [0, 1], got [-0.1]", () -> one(0, -0.1));
    assertRefused("in [0, 1], got [NaN]", () -> one(0, Double.NaN));
    assertRefused("finite", () -> one(Double.NaN, 0.1));
    assertRefused(
        "sum to at most 1", () -> NORMAL.withAtoms(new double[] {0, 1}, new double[] {0.6, 0.5}));
    assertRefused("differ", () -> NORMAL.withAtoms(new double[] {1, 1}, new double[] {0.1, 0.1}));
    assertRefused("NaN", () -> RAIN.probabilityOf(Double.NaN));
  }

  private static Mixture one(double value, double probability) {
    return NORMAL.withAtoms(new double[] {value}, new double[] {probability});
  }

  private static Mixture twoTargets() {
    return Mixture.gaussian(new double[] {1}, new double[][] {{0, 0}}, new double[][] {{1, 1}});
  }

  private static Mixture angles() {
    return Mixture.of(
        ComponentFamily.VON_MISES, new double[] {1}, new double[][] {{0}}, new double[][] {{1}});
  }

  private static void assertRefused(String part, Runnable call) {
    String message = assertThrows(IllegalArgumentException.class, call::run).getMessage();
    assertTrue(message.contains(part), message);
  }

  // Batches.

  private static final MixtureSpec SPEC = MixtureSpec.builder().components(3).atoms(0, 1).build();

  private static RandomRows rows(MixtureSpec spec, DataType dtype) {
    RandomRows rows = RandomRows.of(spec, 40, 2, 5, dtype);
    for (int n = 0; n < 40; n += 4) {
      rows.labels().putScalar(n, 0, n % 8 == 0 ? 0 : 1);
    }
    return rows;
  }

  /** For every family that has atoms, what a batch says is the loss with the other sign. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"VON_MISES"})
  void theLikelihoodIsTheTrainingScore(ComponentFamily family) {
    MixtureSpec spec = MixtureSpec.builder().components(3).family(family).atoms(0, 1).build();
    RandomRows rows = rows(spec, DataType.DOUBLE);
    double[] scores =
        Engine.AUTO.likelihood(spec).score(rows.labels(), rows.raw(), null).toDoubleVector();
    double[] likelihoods =
        MixtureBatch.of(spec, rows.raw()).logLikelihood(rows.labels()).neg().toDoubleVector();
    assertArrayEquals(scores, likelihoods, 1e-11);
  }

  @Test
  void bulkAnswersAreThoseOfTheRows() {
    RandomRows rows = rows(SPEC, DataType.FLOAT);
    MixtureBatch read = MixtureBatch.of(SPEC, rows.raw());
    MixtureBatch[] batches = {
      read,
      read.temperature(Temperature.of(0.7)),
      read.rescale(-3).shift(2),
      MixtureBatch.average(read, read.temperature(Temperature.of(2)))
    };
    INDArray labels = rows.labels().castTo(DataType.DOUBLE);
    double[] p = {0.01, 0.3, 0.5, 0.99};
    for (MixtureBatch batch : batches) {
      double[] atoms = batch.atoms();
      labels.putScalar(0, 0, atoms[0]);
      labels.putScalar(1, 0, atoms[1]);
      INDArray quantiles = batch.quantile(p);
      INDArray mean = batch.mean();
      INDArray variance = batch.variance();
      INDArray likelihood = batch.logLikelihood(labels);
      INDArray density = batch.logDensity(labels);
      INDArray cdf = batch.cdf(labels);
      INDArray survival = batch.survival(labels);
      INDArray crps = batch.crps(labels);
      INDArray probability = batch.probabilityOf(atoms[1]);
      INDArray heaviest = batch.heaviestLocation();
      INDArray mode = batch.mode();
      for (int n = 0; n < batch.size(); n++) {
        Mixture one = batch.get(n);
        double y = labels.getDouble(n, 0);
        for (int i = 0; i < p.length; i++) {
          assertEquals(one.quantile(p[i]), quantiles.getDouble(n, i), 0);
        }
        assertEquals(one.mean()[0], mean.getDouble(n, 0), 0);
        assertEquals(one.variance()[0], variance.getDouble(n, 0), 0);
        assertEquals(one.logLikelihood(y), likelihood.getDouble(n), 0);
        assertEquals(one.logDensity(y), density.getDouble(n), 0);
        assertEquals(one.cdf(y), cdf.getDouble(n), 0);
        assertEquals(one.survival(y), survival.getDouble(n), 0);
        assertEquals(one.crps(y), crps.getDouble(n), 0);
        assertEquals(one.probabilityOf(atoms[1]), probability.getDouble(n), 0);
        assertEquals(one.heaviestLocation()[0], heaviest.getDouble(n, 0), 0);
        assertEquals(one.mode()[0], mode.getDouble(n, 0), 0);
      }
    }
  }

  /** An average's probabilities are the members' means, also of what they share out otherwise. */
  @Test
  void averagesAndPoolsAreMeansOfTheirMembers() {
    MixtureBatch one = MixtureBatch.of(SPEC, rows(SPEC, DataType.DOUBLE).raw());
    MixtureBatch other = one.temperature(Temperature.of(3));
    MixtureBatch average = MixtureBatch.average(one, other);
    Mixture pooled = one.pooled();
    double mean = 0;
    double atom = 0;
    double tail = 0;
    for (int n = 0; n < one.size(); n++) {
      Mixture a = one.get(n);
      Mixture b = other.get(n);
      Mixture both = average.get(n);
      assertEquals((a.probabilityOf(0) + b.probabilityOf(0)) / 2, both.probabilityOf(0), 1e-15);
      assertEquals((a.cdf(0.5) + b.cdf(0.5)) / 2, both.cdf(0.5), 1e-14);
      assertEquals((a.density(0.5) + b.density(0.5)) / 2, both.density(0.5), 1e-14);
      assertEquals((a.mean()[0] + b.mean()[0]) / 2, both.mean()[0], 1e-14);
      mean += a.mean()[0] / one.size();
      atom += a.probabilityOf(1) / one.size();
      tail += a.survival(2) / one.size();
    }
    assertEquals(mean, pooled.mean()[0], 1e-13);
    assertEquals(atom, pooled.probabilityOf(1), 1e-14);
    assertEquals(tail, pooled.survival(2), 1e-14);
    MixtureBatch moved = one.shift(1);
    String refused =
        assertThrows(IllegalArgumentException.class, () -> MixtureBatch.average(one, moved))
            .getMessage();
    assertTrue(refused.contains("the same atoms, got [0.0, 1.0] and [1.0, 2.0]"), refused);
  }

  /** Few draws per row, of which not all components are read, and many; 5 standard errors. */
  @Test
  void samplesHaveTheAtomsShares() {
    MixtureBatch batch = MixtureBatch.of(SPEC, rows(SPEC, DataType.FLOAT).raw().repeat(0, 500));
    for (int perRow : new int[] {1, 5}) {
      double[] draws = batch.sample(perRow, 3).dup().data().asDouble();
      double count = java.util.Arrays.stream(draws).filter(y -> y == 0).count();
      double expected = batch.probabilityOf(0).meanNumber().doubleValue();
      double error = Math.sqrt(expected * (1 - expected) / draws.length);
      assertEquals(expected, count / draws.length, 5 * error);
    }
    assertArrayEquals(
        batch.sample(2, 9).dup().data().asDouble(), batch.sample(2, 9).dup().data().asDouble());
  }

  /** Of what was drawn, by Kolmogorov and Smirnov: false alarm 2 exp(−2 · 2.7²) = 9.3e-7. */
  @Test
  void thePitOfABatchIsUniform() {
    MixtureBatch batch = MixtureBatch.of(SPEC, rows(SPEC, DataType.FLOAT).raw().repeat(0, 200));
    INDArray y = batch.sample(1, 3).reshape(batch.size(), 1);
    double[] values = batch.pit(y, 5).toDoubleVector();
    assertArrayEquals(values, batch.pit(y, 5).toDoubleVector(), 0);
    int count = values.length;
    for (int n = 0; n < count; n++) {
      double label = y.getDouble(n, 0);
      if (label != 0 && label != 1) {
        assertEquals(batch.get(n).cdf(label), values[n], 0);
      }
    }
    java.util.Arrays.sort(values);
    for (int i = 0; i < count; i++) {
      assertEquals((i + 0.5) / count, values[i], 0.5 / count + 2.7 / Math.sqrt(count));
    }
  }

  /** Standardised labels: the atoms come back exactly where they are put. */
  @Test
  void atomsComeBackToTheirValues() {
    DataSet data = new DataSet(Nd4j.rand(DataType.FLOAT, 50, 1), Nd4j.rand(DataType.FLOAT, 50, 1));
    NormalizerStandardize normalizer = new NormalizerStandardize();
    normalizer.fitLabel(true);
    normalizer.fit(data);
    INDArray ends = Nd4j.createFromArray(new float[][] {{0}, {1}});
    DataSet atoms = new DataSet(Nd4j.zeros(DataType.FLOAT, 2, 1), ends);
    normalizer.transform(atoms);
    MixtureSpec spec = SPEC.withAtoms(atoms.getLabels().toDoubleVector());
    MixtureBatch batch = MixtureBatch.of(spec, rows(spec, DataType.FLOAT).raw(), normalizer);
    assertArrayEquals(new double[] {0, 1}, batch.atoms(), 1e-6);
    MixtureBatch exact = batch.atAtoms(0, 1);
    assertArrayEquals(new double[] {0, 1}, exact.atoms());
    assertEquals(batch.get(3).atomProbabilities()[0], exact.probabilityOf(0).getDouble(3), 0);
    assertArrayEquals(new double[] {5, 7}, exact.rescale(2).shift(5).atoms());
    assertArrayEquals(new double[] {-2, 0}, exact.rescale(-2).atoms());
    assertArrayEquals(new double[] {0, 1}, MixtureBatch.average(exact, exact).atoms());
    assertRefused("in ascending order, one per atom, got [1.0, 0.0]", () -> batch.atAtoms(1, 0));
    assertRefused("Expected 2 values", () -> batch.atAtoms(0));
  }

  @Test
  void pitIsRandomisedByTheSeedAtAtomsOnly() {
    double value = RAIN.pit(0, RandomSource.SPLIT_MIX_64.create(1));
    assertTrue(RAIN.cdf(-1e-12) <= value && value <= RAIN.cdf(0));
    assertEquals(value, RAIN.pit(0, RandomSource.SPLIT_MIX_64.create(1)), 0);
    assertEquals(RAIN.cdf(1), RAIN.pit(1, null), 0);
  }
}
