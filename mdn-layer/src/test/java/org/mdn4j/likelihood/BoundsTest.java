/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.PlainMixtureNll;
import org.mdn4j.PlainMixtureScore;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.distribution.Mixture;
import org.mdn4j.distribution.MixtureBatch;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.mdn4j.likelihood.fused.LikelihoodBlock;
import org.mdn4j.rows.LabelForm;
import org.mdn4j.rows.TargetRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** Bounded components in both engines, against the plain formula and against each other. */
@Tag("slow")
class BoundsTest {
  private static final int ROWS = 12;

  /** Bounds of other sizes for each target. */
  private static MixtureSpecBuilder bounded(MixtureSpecBuilder builder, int targets) {
    double[] ceiling = new double[targets];
    double[] lower = new double[targets];
    double[] upper = new double[targets];
    for (int d = 0; d < targets; d++) {
      ceiling[d] = 0.7 + 0.4 * d;
      lower[d] = -1 - 0.3 * d;
      upper[d] = 1.5 + 0.2 * d;
    }
    return builder.targets(targets).scaleCeiling(ceiling).locationBounds(lower, upper);
  }

  static List<MixtureSpec> specs() {
    List<MixtureSpec> specs = new ArrayList<>();
    for (Covariance covariance : Covariance.values()) {
      for (int targets : new int[] {1, 2, 4}) {
        for (int components : new int[] {1, 3}) {
          double floor = components == 3 ? 0.1 : 0;
          specs.add(
              bounded(MixtureSpec.builder().components(components), targets)
                  .covariance(covariance)
                  .scaleFloor(floor)
                  .build());
        }
      }
    }
    for (ComponentFamily family :
        List.of(
            ComponentFamily.LAPLACE,
            ComponentFamily.LOGISTIC,
            ComponentFamily.STUDENT_T,
            ComponentFamily.LOG_NORMAL)) {
      specs.add(bounded(MixtureSpec.builder().components(2).family(family), 2).build());
    }
    specs.add(
        bounded(MixtureSpec.builder().components(2), 2)
            .scaleTransform(ScaleTransform.ELU_PLUS_ONE)
            .build());
    specs.add(bounded(MixtureSpec.builder().components(3), 2).sharedScales(true).build());
    specs.add(MixtureSpec.builder().components(2).targets(2).scaleCeiling(0.5).build());
    specs.add(
        MixtureSpec.builder()
            .components(2)
            .fixedScales(0.5, 1)
            .locationBounds(new double[] {-1}, new double[] {1})
            .build());
    return specs;
  }

  /**
   * Rows in FLOAT's precision, in which locations and scales are inside, at and over the bounds.
   */
  private record Rows(double[][] raw, double[][] labels, double[][] observed) {
    static Rows of(MixtureSpec spec, int rows, double size, long seed) {
      Random random = new Random(seed);
      double[][] raw = new double[rows][spec.parameterCount()];
      double[][] labels = new double[rows][spec.targets()];
      double[][] observed = new double[rows][spec.targets()];
      for (int n = 0; n < rows; n++) {
        Arrays.setAll(raw[n], column -> (float) (size * random.nextGaussian()));
        Arrays.setAll(
            labels[n],
            d ->
                (float)
                    (spec.family() == ComponentFamily.LOG_NORMAL
                        ? Math.exp(random.nextGaussian())
                        : 2 * random.nextGaussian()));
        int kind = n % 4; // whole, nothing observed, some observed
        Arrays.setAll(
            observed[n], d -> kind == 0 ? 1 : kind == 1 ? 0 : random.nextBoolean() ? 1 : 0);
      }
      return new Rows(raw, labels, observed);
    }

    static Rows joined(List<Rows> parts) {
      return new Rows(
          parts.stream().flatMap(part -> Arrays.stream(part.raw)).toArray(double[][]::new),
          parts.stream().flatMap(part -> Arrays.stream(part.labels)).toArray(double[][]::new),
          parts.stream().flatMap(part -> Arrays.stream(part.observed)).toArray(double[][]::new));
    }
  }

  /**
   * 1e-9, for FULL's marginals by another way. Central differences of the plain score with h = 1e-5
   * are right to h²/6 |f'''| + ε |f| / h, some 1e-8 of the largest.
   */
  @ParameterizedTest
  @MethodSource("specs")
  void valueAndDerivativeAreThoseOfThePlainFormula(MixtureSpec spec) {
    Rows rows = Rows.of(spec, ROWS, 1.5, spec.parameterCount());
    double h = 1e-5;
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      for (double[][] mask : new double[][][] {null, rows.observed}) {
        Pass result = pass(engine, rows, mask, DataType.DOUBLE);
        for (int n = 0; n < ROWS; n++) {
          double[] seen = mask == null ? null : mask[n];
          double score = PlainMixtureScore.of(spec, rows.labels[n], rows.raw[n], seen);
          assertEquals(score, result.score()[n], 1e-9 * Math.max(1, Math.abs(score)), "row " + n);
          double[] gradient = result.gradient()[n];
          double largest = Math.max(1, Arrays.stream(gradient).map(Math::abs).max().orElseThrow());
          for (int column = 0; column < gradient.length; column++) {
            double[] up = rows.raw[n].clone();
            double[] down = rows.raw[n].clone();
            up[column] += h;
            down[column] -= h;
            double numeric =
                (PlainMixtureScore.of(spec, rows.labels[n], up, seen)
                        - PlainMixtureScore.of(spec, rows.labels[n], down, seen))
                    / (2 * h);
            assertEquals(
                numeric, gradient[column], 1e-6 * largest, "row " + n + ", column " + column);
          }
        }
      }
    }
  }

  /** What a pass gives: the score {@code [N]}, the gradient {@code [N][P]}. */
  private record Pass(double[] score, double[][] gradient) {}

  private static Pass pass(MixtureLikelihood engine, Rows rows, double[][] mask, DataType dtype) {
    ScoreAndGradient result =
        engine.scoreAndGradient(
            PlainMixtureNll.array(rows.labels, dtype),
            PlainMixtureNll.array(rows.raw, dtype),
            mask == null ? null : PlainMixtureNll.array(mask, dtype));
    return new Pass(
        result.score().castTo(DataType.DOUBLE).toDoubleVector(),
        PlainMixtureNll.matrix(result.gradient()));
  }

  /** FLOAT: the fused engine rounds its results only, the definition all that it computes. */
  @ParameterizedTest
  @MethodSource("specs")
  void floatIsDoubleRounded(MixtureSpec spec) {
    Rows rows = Rows.of(spec, 300, 1.5, spec.parameterCount() + 1);
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      double tolerance = engine instanceof FusedLikelihood ? 1e-6 : 2e-4;
      for (double[][] mask : new double[][][] {null, rows.observed}) {
        Pass single = pass(engine, rows, mask, DataType.FLOAT);
        Pass exact = pass(engine, rows, mask, DataType.DOUBLE);
        for (int n = 0; n < 300; n++) {
          double score = exact.score()[n];
          assertEquals(
              score, single.score()[n], tolerance * Math.max(1, Math.abs(score)), "row " + n);
          double[] expected = exact.gradient()[n];
          double[] actual = single.gradient()[n];
          double largest =
              Math.max(1e-2, Arrays.stream(expected).map(Math::abs).max().orElseThrow());
          for (int column = 0; column < expected.length; column++) {
            assertEquals(expected[column], actual[column], tolerance * largest, "row " + n);
          }
        }
      }
    }
  }

  /** Blocks by columns, in which each row has rows of other kinds beside it. */
  @ParameterizedTest
  @MethodSource("specs")
  void aBlockIsTheFusedEngine(MixtureSpec spec) {
    int width = spec.parameterCount();
    Rows rows = Rows.of(spec, 300, 4, width + 3);
    for (double[][] mask : new double[][][] {null, rows.observed}) {
      for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        Pass expected = pass(new FusedLikelihood(spec), rows, mask, dtype);
        TargetRows targets = new TargetRows(LabelForm.of(spec));
        targets.read(
            PlainMixtureNll.array(rows.labels, dtype),
            mask == null ? null : PlainMixtureNll.array(mask, dtype),
            dtype);
        LikelihoodBlock block = new LikelihoodBlock(spec, dtype, 300);
        for (int first = 0; first < 300; first += 100) {
          float[] floats = new float[width * 100];
          double[] doubles = new double[width * 100];
          for (int i = 0; i < doubles.length; i++) {
            doubles[i] = rows.raw[first + i % 100][i / 100];
            floats[i] = (float) doubles[i];
          }
          double sum =
              dtype == DataType.FLOAT
                  ? block.scoreAndGradient(targets, first, 100, floats)
                  : block.scoreAndGradient(targets, first, 100, doubles);
          double expectedSum = 0;
          for (int n = 0; n < 100; n++) {
            double weight = targets.mask().weight(first + n);
            expectedSum += weight * expected.score()[first + n];
            for (int column = 0; column < width; column++) {
              int i = column * 100 + n;
              double slope = dtype == DataType.FLOAT ? floats[i] : doubles[i];
              double whole = expected.gradient()[first + n][column];
              assertEquals(weight * whole, slope, 0, "row " + (first + n) + ", column " + column);
            }
          }
          // each row's score is rounded to FLOAT before it is added
          double relative = dtype == DataType.FLOAT ? 1e-7 : 1e-14;
          assertEquals(expectedSum, sum, relative * 100 * Math.max(1, Math.abs(expectedSum)));
        }
      }
    }
  }

  /**
   * Raw outputs to ±1e6 (FLOAT) or ±1e12, labels to ±1e9: finite, and the mixture that is read from
   * the same row is within the bounds.
   */
  @ParameterizedTest
  @MethodSource("specs")
  void nothingEscapesHoweverFarTheNetHasGone(MixtureSpec spec) {
    for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
      double[] sizes = {10, 1e3, dtype == DataType.FLOAT ? 1e6 : 1e12};
      Rows rows = // in one pass, because a graph's takes as long for few rows
          Rows.joined(
              Arrays.stream(sizes)
                  .mapToObj(size -> Rows.of(spec, 100, size, spec.parameterCount() + 2))
                  .toList());
      for (int n = 0; n < rows.raw.length; n++) {
        double far = Math.pow(10, 9.0 * (n % 100) / 100);
        for (int d = 0; d < spec.targets(); d++) {
          rows.labels[n][d] *= spec.family() == ComponentFamily.LOG_NORMAL ? 1 : far;
        }
      }
      MixtureBatch read = mixtures(spec, rows.raw);
      for (int n = 0; n < rows.raw.length; n++) {
        assertWithin(spec, read.get(n));
      }
      for (MixtureLikelihood engine : Graphs.engines(spec)) {
        for (double[][] mask : new double[][][] {null, rows.observed}) {
          Pass result = pass(engine, rows, mask, dtype);
          for (int n = 0; n < rows.raw.length; n++) {
            String where = dtype + ", size " + sizes[n / 100] + ", row " + n;
            assertTrue(Double.isFinite(result.score()[n]), where + ": score");
            assertTrue(
                Arrays.stream(result.gradient()[n]).allMatch(Double::isFinite),
                where + ": gradient");
          }
        }
      }
    }
  }

  private static MixtureBatch mixtures(MixtureSpec spec, double[]... raw) {
    return MixtureBatch.of(spec, Nd4j.createFromArray(raw));
  }

  private static Mixture mixture(MixtureSpec spec, double[] raw) {
    return mixtures(spec, raw).get(0);
  }

  private static void assertWithin(MixtureSpec spec, Mixture mixture) {
    var bounds = spec.bounds().orElseThrow();
    double[][] locations = mixture.locations();
    // FULL has no scale per target, STUDENT_T and LOG_NORMAL another standard deviation
    double[][] scales =
        spec.covariance() == Covariance.FULL ? mixture.standardDeviations() : mixture.scales();
    for (int k = 0; k < spec.components(); k++) {
      for (int d = 0; d < spec.targets(); d++) {
        if (!bounds.scaleCeiling().isEmpty()) {
          double most = bounds.scaleCeiling().get(d);
          assertTrue(scales[k][d] <= most * (1 + 1e-12), scales[k][d] + " of " + most);
          double least = spec.covariance() == Covariance.FULL ? 0 : spec.scaleFloor();
          assertTrue(scales[k][d] >= least && scales[k][d] > 0, "scale " + scales[k][d]);
        }
        if (!bounds.locationLower().isEmpty()) {
          assertTrue(locations[k][d] > bounds.locationLower().get(d), "location");
          assertTrue(locations[k][d] < bounds.locationUpper().get(d), "location");
        }
      }
    }
  }

  /** Training, evaluation and prediction must mean the same by a raw output. */
  @ParameterizedTest
  @MethodSource("specs")
  void theDistributionIsReadAlike(MixtureSpec spec) {
    Rows rows = Rows.of(spec, 50, 2, 3);
    double[] score = pass(Graphs.engines(spec).get(0), rows, null, DataType.DOUBLE).score();
    MixtureBatch read = mixtures(spec, rows.raw);
    for (int n = 0; n < 50; n++) {
      double logDensity = read.get(n).logDensity(rows.labels[n]);
      assertEquals(-logDensity, score[n], 1e-9 * Math.max(1, Math.abs(logDensity)), "row " + n);
    }
  }

  /**
   * A scale far over its ceiling and a location far outside are drawn back by a row that lies in
   * the middle; and a row far outside pulls at a location in the middle.
   */
  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT", "DOUBLE"})
  void whatHasRunOffIsDrawnBack(DataType dtype) {
    for (Covariance covariance : Covariance.values()) {
      MixtureSpec spec =
          MixtureSpec.builder()
              .components(1)
              .targets(2)
              .covariance(covariance)
              .scaleCeiling(2)
              .locationBounds(new double[] {-6}, new double[] {6})
              .build();
      int sign = covariance == Covariance.FULL ? -1 : 1; // l = −s
      for (MixtureLikelihood engine : Graphs.engines(spec)) {
        double[][] raw = new double[4][spec.parameterCount()];
        double[][] labels = new double[4][2];
        int scale = spec.columns().scales().from();
        raw[0][scale] = sign * 1e5;
        raw[1][spec.columns().location(0, 1)] = 1e5;
        raw[2][spec.columns().location(0, 1)] = -1e5;
        labels[3][0] = 1e6;
        double[][] gradient =
            PlainMixtureNll.matrix(
                engine
                    .scoreAndGradient(
                        PlainMixtureNll.array(labels, dtype),
                        PlainMixtureNll.array(raw, dtype),
                        null)
                    .gradient());
        String where = covariance + ", " + engine.getClass().getSimpleName();
        assertTrue(sign * gradient[0][scale] > 1e-6, where + ": " + gradient[0][scale]);
        assertTrue(gradient[1][spec.columns().location(0, 1)] > 1e-6, where);
        assertTrue(gradient[2][spec.columns().location(0, 1)] < -1e-6, where);
        assertTrue(gradient[3][spec.columns().location(0, 0)] < -1e5, where);
      }
    }
  }

  /**
   * Columns: logit, locations, l or s; the target; −log density, locations and standard deviations,
   * by mpmath 1.3 with 40 digits from the formulas of BoundTransform and FullBounds, the covariance
   * as the inverse of the precision. Floor 0.125; ceilings 1.5, 0.75 and 2; locations of the first
   * three rows in (−1, 2), of the others free.
   */
  private static final double[][][] REFERENCES = {
    {{0, 0.5, -1}, {0.75}, {0.25311831507028859, 0.5, 0.43593646864867264}},
    {{0, 3, 2}, {0.75}, {1.6136758264142549, 1.9549902668762549, 1.3234325371654701}},
    {{0, -14, 5}, {4}, {7.3949632481622913, -0.99995705691791864, 1.4292761230792664}},
    {
      {0, 0.25, 0.5, 0.5, -2, 1},
      {1, -0.5},
      {8.9771776645197646, 0.25, 0.5, 0.73564067139655146, 0.39729064683758298}
    },
    {
      {0, 0.25, 0.5, -1, -3, 4, -1, 1, -6, -2},
      {1, -0.5, 2},
      {
        16.701395210920134,
        0.25,
        0.5,
        -1,
        1.4455079745054202,
        0.69540940337510931,
        1.7180827663974281
      }
    }
  };

  @Test
  void referenceValues() {
    for (double[][] reference : REFERENCES) {
      int targets = reference[1].length;
      MixtureSpecBuilder builder =
          MixtureSpec.builder()
              .components(1)
              .targets(targets)
              .scaleFloor(0.125)
              .scaleCeiling(Arrays.copyOf(new double[] {1.5, 0.75, 2}, targets));
      if (targets == 1) {
        builder.locationBounds(new double[] {-1}, new double[] {2});
      } else {
        builder.covariance(Covariance.FULL);
      }
      MixtureSpec spec = builder.build();
      Rows row = new Rows(new double[][] {reference[0]}, new double[][] {reference[1]}, null);
      double[] expected = reference[2];
      for (MixtureLikelihood engine : Graphs.engines(spec)) {
        double score = pass(engine, row, null, DataType.DOUBLE).score()[0];
        assertEquals(expected[0], score, 1e-13 * Math.abs(expected[0]));
      }
      Mixture mixture = mixture(spec, reference[0]);
      assertEquals(expected[0], -mixture.logDensity(reference[1]), 1e-13 * expected[0]);
      for (int d = 0; d < targets; d++) {
        assertEquals(expected[1 + d], mixture.locations()[0][d], 1e-14);
        double deviation = mixture.standardDeviations()[0][d];
        assertEquals(expected[1 + targets + d], deviation, 1e-14);
      }
    }
  }

  /** As without bounds: a diverged network must show. */
  @ParameterizedTest
  @MethodSource("specs")
  void whatIsNotANumberIsNotBounded(MixtureSpec spec) {
    int width = spec.parameterCount();
    Rows rows = Rows.of(spec, 2 * width + 1, 1, 5);
    for (int n = 0; n < width; n++) {
      rows.raw[n][n] = Double.NaN;
      rows.raw[width + n][n] = Double.POSITIVE_INFINITY;
    }
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      for (DataType dtype : new DataType[] {DataType.FLOAT, DataType.DOUBLE}) {
        Pass result = pass(engine, rows, null, dtype);
        for (int n = 0; n <= 2 * width; n++) {
          boolean finite = n == 2 * width;
          assertEquals(finite, Double.isFinite(result.score()[n]), "row " + n);
          for (double slope : result.gradient()[n]) {
            assertEquals(finite, !Double.isNaN(slope), "row " + n);
          }
        }
      }
    }
  }

  /** In the ordinary range bounds change next to nothing: here by less than 0.5 % of their size. */
  @Test
  void anOrdinaryOutputMeansWhatItMeantWithoutBounds() {
    MixtureSpecBuilder builder = MixtureSpec.builder().components(1).scaleFloor(1e-3);
    MixtureSpec free = builder.build();
    MixtureSpec bounded =
        builder.scaleCeiling(3).locationBounds(new double[] {-9}, new double[] {9}).build();
    for (double location = -3; location <= 3; location += 0.5) {
      for (double s = -6; s <= -1; s += 0.5) {
        double[] raw = {0, location, s};
        Mixture before = mixture(free, raw);
        Mixture after = mixture(bounded, raw);
        assertEquals(before.mean()[0], after.mean()[0], 0.005 * 3);
        // log σ by at most 1 / (4 (S − s)), S = log 3
        double change = Math.log(before.scales()[0][0]) - Math.log(after.scales()[0][0]);
        assertTrue(change >= 0 && change <= 0.25 / (Math.log(3) - s), "" + change);
      }
    }
  }
}
