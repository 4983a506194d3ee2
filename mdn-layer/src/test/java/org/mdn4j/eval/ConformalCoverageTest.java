/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.distribution.ZigguratSampler;
import org.apache.commons.rng.simple.RandomSource;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.mdn4j.MixtureSpec;
import org.mdn4j.distribution.Interval;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.files.SafeJson;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The guarantee, with models that are wrong. Truth is the standard normal unless said. */
class ConformalCoverageTest {
  private static final NormalDistribution TRUTH = NormalDistribution.of(0, 1);
  private static final int HELD_OUT = 50;
  private static final int REPETITIONS = 200;

  private static double[] normal(int count, UniformRandomProvider random) {
    ZigguratSampler.NormalizedGaussian sampler = ZigguratSampler.NormalizedGaussian.of(random);
    double[] values = new double[count];
    Arrays.setAll(values, i -> sampler.sample());
    return values;
  }

  private static double truth(List<Interval> region) {
    return region.stream().mapToDouble(one -> TRUTH.probability(one.lower(), one.upper())).sum();
  }

  /** So many rows with the same mixture of two Gaussians. */
  private static MixtureBatch pairs(int rows, double[] raw) {
    MixtureSpec spec = MixtureSpec.builder().components(2).build();
    double[][] matrix = new double[rows][];
    Arrays.fill(matrix, raw);
    return MixtureBatch.of(spec, Nd4j.createFromArray(matrix));
  }

  /**
   * Given the held-out rows the coverage is that of an order statistic, of the beta distribution
   * with r = ⌈(n + 1) c⌉ and n + 1 − r.
   */
  private static void assertBeta(double[] coverages, double coverage) {
    int rank = (int) Math.ceil((HELD_OUT + 1) * coverage);
    BetaDistribution beta = BetaDistribution.of(rank, HELD_OUT + 1 - rank);
    double mean = Arrays.stream(coverages).average().orElseThrow();
    double error = Math.sqrt(beta.getVariance() / coverages.length);
    assertEquals(beta.getMean(), mean, 4 * error);
    assertTrue(beta.getMean() >= coverage, "the mean is at least what was asked for");
    double[] sorted = coverages.clone();
    Arrays.sort(sorted);
    double distance = 0;
    for (int i = 0; i < sorted.length; i++) {
      double u = beta.cumulativeProbability(sorted[i]);
      distance =
          Math.max(
              distance, Math.max((i + 1.0) / sorted.length - u, u - (double) i / sorted.length));
    }
    double most = 1.95 / Math.sqrt(sorted.length); // Kolmogorov's, exceeded in 1 of 1,000 cases
    assertTrue(distance < most, "distance to the beta distribution: " + distance);
  }

  /** Mean and deviation of the model: right, too narrow, too wide, shifted, narrow and shifted. */
  @ParameterizedTest
  @CsvSource({"0, 1", "0, 0.3", "0, 4", "2, 1", "-1.5, 0.4"})
  void coverageOfIntervalsAndRegions(double mean, double deviation) {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(3);
    MixtureBatch model = Lines.gaussians(HELD_OUT, mean, deviation);
    Mixture mixture = model.get(0);
    double[] wanted = {0.5, 0.8, 0.9};
    double[][] ofIntervals = new double[wanted.length][REPETITIONS];
    double[][] ofRegions = new double[wanted.length][REPETITIONS];
    for (int i = 0; i < REPETITIONS; i++) {
      Conformal conformal = Conformal.of(model, Lines.column(normal(HELD_OUT, random)));
      for (int j = 0; j < wanted.length; j++) {
        ofIntervals[j][i] = truth(List.of(conformal.interval(mixture, wanted[j])));
        ofRegions[j][i] = truth(conformal.region(mixture, wanted[j]));
      }
    }
    for (int j = 0; j < wanted.length; j++) {
      assertBeta(ofIntervals[j], wanted[j]);
      assertBeta(ofRegions[j], wanted[j]);
    }
  }

  /** A model of two branches, neither of which is where the labels are. */
  @Test
  void coverageOfRegionsWithBranches() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(4);
    MixtureBatch model =
        pairs(HELD_OUT, new double[] {0, 1, -2, 1.5, Math.log(0.4), Math.log(0.7)});
    double[] coverages = new double[REPETITIONS];
    int parted = 0;
    for (int i = 0; i < REPETITIONS; i++) {
      Conformal conformal = Conformal.of(model, Lines.column(normal(HELD_OUT, random)));
      List<Interval> region = conformal.region(model.get(0), 0.5);
      parted += region.size() == 2 ? 1 : 0;
      coverages[i] = truth(region);
    }
    assertTrue(parted > 0, "regions in two");
    assertBeta(coverages, 0.5);
  }

  /** Two targets that the model thinks independent, and are equal but for noise. */
  @Test
  void coverageOfJointRegions() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(5);
    MixtureSpec spec = MixtureSpec.builder().components(1).targets(2).build();
    double[][] raw = new double[1000][];
    Arrays.fill(raw, new double[] {0, 0.3, 0, Math.log(0.5), Math.log(0.5)});
    MixtureBatch model = MixtureBatch.of(spec, Nd4j.createFromArray(raw));
    double[] first = normal(1000, random);
    double[] noise = normal(1000, random);
    double[][] labels = new double[1000][];
    Arrays.setAll(labels, n -> new double[] {first[n], first[n] + 0.1 * noise[n]});
    INDArray all = Nd4j.createFromArray(labels);
    ConformalScores[] scores = ConformalScores.of(model, all);
    // Of the same 1,000 rows, in turns 40 are held out and 10 are new.
    int inside = 0;
    int asked = 0;
    for (int from = 0; from < 1000; from += 50) {
      double[][] some = Arrays.copyOfRange(labels, from, from + 40);
      MixtureBatch rows = MixtureBatch.of(spec, Nd4j.createFromArray(Arrays.copyOf(raw, 40)));
      Conformal conformal = Conformal.of(rows, Nd4j.createFromArray(some));
      for (int n = from + 40; n < from + 50; n++) {
        boolean contained = conformal.contains(model.get(n), labels[n], 0.8);
        assertEquals(scores[n].densityTail() >= 1 - conformal.regionLevel(0.8) - 1e-12, contained);
        inside += contained ? 1 : 0;
        asked++;
      }
    }
    double share = (double) inside / asked;
    double expected = 33.0 / 41; // ⌈41 · 0.8⌉
    // Of both parts: the calibrations' beta distributions and the new rows' binomial ones.
    double error = Math.sqrt(expected * (1 - expected) * (1.0 / asked + 1.0 / (40 * 42)));
    assertEquals(expected, share, 4 * error);
  }

  /** One group has three times the noise that the model thinks, the other one what it thinks. */
  @Test
  void coverageOfGroups() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(6);
    int rows = 8000;
    MixtureBatch model = Lines.gaussians(rows, 0, 1);
    double[] heldOut = normal(rows, random);
    double[] test = normal(rows, random);
    List<String> groups = new ArrayList<>();
    for (int n = 0; n < rows; n++) {
      boolean noisy = n % 4 == 0;
      groups.add(noisy ? "noisy" : "quiet");
      heldOut[n] *= noisy ? 3 : 1;
      test[n] *= noisy ? 3 : 1;
    }
    Conformal conformal = Conformal.of(model, Lines.column(heldOut), groups);
    for (double coverage : new double[] {0.5, 0.9}) {
      double noisy = shareInside(conformal, "noisy", test, 0, coverage);
      double quiet = shareInside(conformal, "quiet", test, 1, coverage);
      assertEquals(coverage, noisy, 4 * Math.sqrt(coverage * (1 - coverage) * 2 / (rows / 4)));
      assertEquals(coverage, quiet, 4 * Math.sqrt(coverage * (1 - coverage) * 2 / (rows / 4)));
      assertTrue(shareInside(conformal, null, test, 0, coverage) < coverage - 0.1);
      assertTrue(shareInside(conformal, null, test, 1, coverage) > coverage + 0.05);
    }
    ConformalSummary summary =
        ConformalSummary.of(conformal, model, Lines.column(test), groups, 0.9);
    assertEquals(0.9, summary.intervals().get(0).get(0).conformal(), 0.02);
  }

  /** Of every fourth row from one on. */
  private static double shareInside(
      Conformal conformal, String group, double[] labels, int from, double coverage) {
    Mixture mixture = Lines.gaussians(1, 0, 1).get(0);
    Interval interval = conformal.forGroup(group, coverage).interval(mixture, coverage);
    int inside = 0;
    for (int n = from; n < labels.length; n += 4) {
      inside += interval.contains(labels[n]) ? 1 : 0;
    }
    return inside / (labels.length / 4.0);
  }

  @Test
  void summaryOfAModelThatIsTooNarrow() {
    UniformRandomProvider random = RandomSource.XO_RO_SHI_RO_128_PP.create(7);
    int rows = 1500;
    MixtureBatch model = Lines.gaussians(rows, 0, 0.5);
    Conformal conformal = Conformal.of(model, Lines.column(normal(rows, random)));
    INDArray labels = Lines.column(normal(rows, random));
    ConformalSummary summary = ConformalSummary.of(conformal, model, labels, null);
    assertEquals(rows, summary.rows());
    assertEquals(
        List.of(0.5, 0.8, 0.9, 0.95),
        summary.regions().stream().map(ConformalSummary.Line::coverage).toList());
    for (List<ConformalSummary.Line> lines :
        List.of(summary.intervals().get(0), summary.regions())) {
      for (ConformalSummary.Line line : lines) {
        double c = line.coverage();
        double own = 2 * 0.5 * NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - c) / 2);
        assertEquals(own, line.ownWidth(), 1e-9);
        assertEquals(TRUTH.probability(-own / 2, own / 2), line.own(), 0.05);
        assertEquals(c, line.conformal(), 4 * Math.sqrt(2 * c * (1 - c) / rows));
        assertEquals(2 * own, line.conformalWidth(), 0.1 * own);
      }
    }
  }

  @Test
  void summaryOfSeveralTargetsHasNoWidthsOfRegions() throws IOException {
    MixtureSpec spec = MixtureSpec.builder().components(2).targets(2).build();
    MixtureBatch model =
        MixtureBatch.of(spec, Nd4j.rand(new int[] {300, spec.parameterCount()}).subi(0.5));
    INDArray labels = model.sample(1, 8).reshape(300, 2);
    Conformal conformal = Conformal.of(model, labels);
    ConformalSummary summary = ConformalSummary.of(conformal, model, labels, null);
    assertEquals(2, summary.intervals().size());
    for (int i = 0; i < 4; i++) {
      double c = summary.regions().get(i).coverage();
      double covered = Math.ceil(301 * c - 1e-9) / 300;
      assertEquals(covered, summary.intervals().get(0).get(i).conformal(), 1e-12);
      assertEquals(covered, summary.intervals().get(1).get(i).conformal(), 1e-12);
      assertTrue(summary.regions().get(i).conformal() >= covered - 1e-12); // of ties all
      assertEquals(c, summary.regions().get(i).own(), 0.1);
      assertTrue(Double.isNaN(summary.regions().get(i).ownWidth()));
      assertTrue(Double.isNaN(summary.regions().get(i).conformalWidth()));
      assertTrue(Double.isFinite(summary.intervals().get(1).get(i).conformalWidth()));
    }
    ConformalSummary read =
        SafeJson.read(SafeJson.write(summary), SafeJson.Limits.DESCRIPTION, ConformalSummary.class);
    assertEquals(summary, read);
  }

  @Test
  void summaryOfTooFewRowsIsOfTheWholeLine() throws IOException {
    MixtureBatch model = Lines.gaussians(5, 0, 1);
    Conformal conformal = Conformal.of(model, Lines.column(1, 2, 3, 4, 5));
    ConformalSummary summary =
        ConformalSummary.of(conformal, model, Lines.column(-9, 0, 1, 2, 9), null, 0.9);
    ConformalSummary.Line line = summary.regions().get(0);
    assertEquals(0.4, line.own());
    assertEquals(1, line.conformal());
    assertEquals(Double.POSITIVE_INFINITY, line.conformalWidth());
    assertEquals(
        summary,
        SafeJson.read(
            SafeJson.write(summary), SafeJson.Limits.DESCRIPTION, ConformalSummary.class));
  }
}
