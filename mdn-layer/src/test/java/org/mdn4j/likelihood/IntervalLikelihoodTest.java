/* SPDX-License-Identifier: Apache-2.0 */
package org.mdn4j.likelihood;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mdn4j.ComponentFamily;
import org.mdn4j.Covariance;
import org.mdn4j.MixtureLikelihood;
import org.mdn4j.MixtureSpec;
import org.mdn4j.MixtureSpecBuilder;
import org.mdn4j.RandomRows;
import org.mdn4j.ScaleTransform;
import org.mdn4j.ScoreAndGradient;
import org.mdn4j.likelihood.fused.FusedLikelihood;
import org.mdn4j.loss.LossMixtureNLL;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Labels that are intervals, and truncations, in both engines. */
class IntervalLikelihoodTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  /** A row with its score and gradient by mpmath. */
  record Reference(
      MixtureSpec spec, double[] labels, double[] raw, double score, double[] gradient) {
    static Reference of(String line) {
      String[] cells = line.split(";");
      MixtureSpecBuilder builder =
          MixtureSpec.builder()
              .components(3)
              .family(ComponentFamily.valueOf(cells[0]))
              .covariance(Covariance.valueOf(cells[1]))
              .targets(Integer.parseInt(cells[2]))
              .censored();
      if (!cells[3].equals("-inf")) {
        builder.truncatedBelow(Double.parseDouble(cells[3]));
      }
      if (!cells[4].equals("inf")) {
        builder.truncatedAbove(Double.parseDouble(cells[4]));
      }
      return new Reference(
          builder.build(),
          numbers(cells[5]),
          numbers(cells[6]),
          Double.parseDouble(cells[7]),
          numbers(cells[8]));
    }

    private static double[] numbers(String cell) {
      return Arrays.stream(cell.replace("inf", "Infinity").split(" "))
          .mapToDouble(Double::parseDouble)
          .toArray();
    }

    @Override
    public String toString() {
      return spec + " " + Arrays.toString(labels);
    }
  }

  static List<Reference> references() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                IntervalLikelihoodTest.class.getResourceAsStream("intervals.csv"),
                StandardCharsets.UTF_8))) {
      return lines.lines().map(Reference::of).toList();
    }
  }

  private static INDArray row(DataType dtype, double... values) {
    return Nd4j.createFromArray(new double[][] {values}).castTo(dtype);
  }

  /** Made by intervals.py, mpmath with 80 digits: to 10⁶ σ in both tails, one ulp, truncations. */
  @ParameterizedTest
  @MethodSource("references")
  void scoresAndGradientsAgreeWithMpmath(Reference one) {
    for (MixtureLikelihood engine : Graphs.engines(one.spec())) {
      INDArray labels = row(DataType.DOUBLE, one.labels());
      ScoreAndGradient pass =
          engine.scoreAndGradient(labels, row(DataType.DOUBLE, one.raw()), null);
      double near = 1 + Math.abs(one.score());
      assertEquals(one.score(), pass.score().getDouble(0), 1e-12 * near, engine.toString());
      double[] gradient = pass.gradient().toDoubleVector();
      for (int c = 0; c < gradient.length; c++) {
        // Of a truncation far out what is left of two slopes of size t / σ
        double largest = 1 + Math.abs(one.gradient()[c]) + 1e-4 * farthest(one);
        assertEquals(one.gradient()[c], gradient[c], 1e-11 * largest, "column " + c);
      }
    }
  }

  private static double farthest(Reference one) {
    return one.spec().truncation().isEmpty()
        ? 0
        : Math.pow(
            Arrays.stream(one.labels()).filter(Double::isFinite).map(Math::abs).max().orElse(0)
                * Math.exp(3),
            2);
  }

  /** What a FLOAT network sees, with its own rounding of labels and output. */
  @ParameterizedTest
  @MethodSource("references")
  void floatIsFiniteAndNear(Reference one) {
    Assumptions.assumeTrue(
        Arrays.stream(one.labels())
            .allMatch(y -> Double.isInfinite(y) || Float.isFinite((float) y) && (float) y != 0),
        "labels that FLOAT has");
    for (MixtureLikelihood engine : Graphs.engines(one.spec())) {
      INDArray labels = row(DataType.FLOAT, one.labels());
      INDArray raw = row(DataType.FLOAT, one.raw());
      ScoreAndGradient pass = engine.scoreAndGradient(labels, raw, null);
      ScoreAndGradient exact =
          new SameDiffLikelihood(one.spec())
              .scoreAndGradient(labels.castTo(DataType.DOUBLE), raw.castTo(DataType.DOUBLE), null);
      double score = exact.score().getDouble(0);
      assertEquals(score, pass.score().getDouble(0), 1e-6 * (1 + Math.abs(score)));
      double[] expected = exact.gradient().toDoubleVector();
      double[] gradient = pass.gradient().toDoubleVector();
      for (int c = 0; c < gradient.length; c++) {
        assertEquals(expected[c], gradient[c], 1e-5 * (1 + Math.abs(expected[c])), "column " + c);
      }
    }
  }

  /** Families, forms of the scales and masks, by finite differences of the definition. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void gradientsAgreeWithDifferences(ComponentFamily family) {
    for (int form = 0; form < 6; form++) {
      for (int targets = 1; targets <= 2; targets++) {
        MixtureSpec spec = spec(family, form, targets);
        Random random = new Random(7L * form + targets);
        INDArray raw = Nd4j.createFromArray(normal(random, 4, spec.parameterCount()));
        INDArray labels = Nd4j.createFromArray(intervals(random, family, 4, targets));
        double[][] seen = {{1, 1}, {1, 0}, {0, 1}, {1, 1}};
        INDArray observed = targets == 1 ? null : Nd4j.createFromArray(seen);
        MixtureLikelihood likelihood = new SameDiffLikelihood(spec);
        INDArray gradient = likelihood.scoreAndGradient(labels, raw, observed).gradient();
        for (int c = 0; c < spec.parameterCount(); c++) {
          double h = 1e-6;
          INDArray up = raw.dup();
          up.getColumn(c).addi(h);
          INDArray down = raw.dup();
          down.getColumn(c).subi(h);
          INDArray difference =
              likelihood
                  .score(labels, up, observed)
                  .sub(likelihood.score(labels, down, observed))
                  .div(2 * h);
          for (int n = 0; n < 4; n++) {
            double expected = difference.getDouble(n);
            assertEquals(
                expected,
                gradient.getDouble(n, c),
                1e-7 * (1 + Math.abs(expected)),
                spec + " row " + n + " column " + c);
          }
        }
      }
    }
  }

  private static MixtureSpec spec(ComponentFamily family, int form, int targets) {
    MixtureSpecBuilder builder =
        MixtureSpec.builder().components(2).targets(targets).family(family).censored();
    switch (form) {
      case 0 -> builder.scaleFloor(0.2);
      case 1 -> builder.covariance(Covariance.SPHERICAL);
      case 2 -> builder.sharedScales(true);
      case 3 -> builder.covariance(Covariance.SPHERICAL).fixedScales(0.5, 1.5);
      case 4 -> builder.scaleTransform(ScaleTransform.ELU_PLUS_ONE);
      default -> builder.scaleCeiling(1.5).locationBounds(new double[] {-1}, new double[] {2});
    }
    if (family == ComponentFamily.STUDENT_T && form == 2) {
      builder.degreesOfFreedom(2.5);
    }
    if (targets == 1 && form % 2 == 0) {
      builder.truncatedBelow(family == ComponentFamily.LOG_NORMAL ? 0.01 : -4);
    }
    return builder.build();
  }

  private static double[][] normal(Random random, int rows, int columns) {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      Arrays.setAll(row, c -> random.nextGaussian());
    }
    return values;
  }

  private static double[][] intervals(
      Random random, ComponentFamily family, int rows, int targets) {
    double[][] labels = new double[rows][2 * targets];
    for (int n = 0; n < rows; n++) {
      for (int d = 0; d < targets; d++) {
        double y = random.nextGaussian();
        double more = y + random.nextDouble();
        boolean logs = family == ComponentFamily.LOG_NORMAL;
        double lower = logs ? Math.exp(y) : y;
        double upper = logs ? Math.exp(more) : more;
        labels[n][2 * d] = n == 1 ? -INFINITY : lower;
        labels[n][2 * d + 1] = n == 0 ? lower : n == 2 ? INFINITY : upper;
      }
    }
    return labels;
  }

  /** A specification without a limit on what is seen, of exact values, is the plain one. */
  @ParameterizedTest
  @EnumSource(
      value = ComponentFamily.class,
      names = {"VON_MISES", "NEGATIVE_BINOMIAL"},
      mode = EnumSource.Mode.EXCLUDE)
  void exactValuesScoreByTheirDensity(ComponentFamily family) {
    MixtureSpec plain = MixtureSpec.builder().components(3).targets(2).family(family).build();
    MixtureSpec censored = plain.withLabels(true, null);
    RandomRows rows = RandomRows.of(plain, 20, 3, 1, DataType.DOUBLE);
    INDArray y = family == ComponentFamily.LOG_NORMAL ? positive(rows.labels()) : rows.labels();
    INDArray ends = Nd4j.create(DataType.DOUBLE, 20, 4);
    for (int c = 0; c < 4; c++) {
      ends.putColumn(c, y.getColumn(c / 2));
    }
    ScoreAndGradient expected =
        new SameDiffLikelihood(plain).scoreAndGradient(y, rows.raw(), rows.observed());
    for (MixtureLikelihood engine : Graphs.engines(censored)) {
      ScoreAndGradient pass = engine.scoreAndGradient(ends, rows.raw(), rows.observed());
      assertEquals(0, pass.score().sub(expected.score()).amaxNumber().doubleValue(), 1e-11);
      assertEquals(0, pass.gradient().sub(expected.gradient()).amaxNumber().doubleValue(), 1e-10);
    }
  }

  private static INDArray positive(INDArray labels) {
    INDArray result = labels.dup();
    for (long n = 0; n < result.size(0); n++) {
      for (long d = 0; d < result.size(1); d++) {
        result.putScalar(n, d, Math.exp(Math.max(-5, Math.min(5, result.getDouble(n, d)))));
      }
    }
    return result;
  }

  /** Both engines over random rows, kinds of labels and dtypes; in FLOAT exact rows by columns. */
  @ParameterizedTest
  @ValueSource(strings = {"FLOAT", "DOUBLE"})
  void enginesAgree(DataType dtype) {
    for (int seed = 0; seed < 6; seed++) {
      Random random = new Random(seed);
      int targets = 1 + seed % 3;
      MixtureSpecBuilder builder =
          MixtureSpec.builder()
              .components(1 + 2 * seed)
              .targets(targets)
              .covariance(seed % 2 == 0 ? Covariance.DIAGONAL : Covariance.SPHERICAL)
              .scaleFloor(seed % 3 == 0 ? 0.1 : 0)
              .censored();
      if (targets == 1 && seed > 0) {
        builder.truncatedAbove(5);
      }
      MixtureSpec spec = builder.build();
      double[][] labels = new double[300][];
      for (int n = 0; n < labels.length; n += 4) {
        double[][] four = intervals(random, ComponentFamily.GAUSSIAN, 4, targets);
        System.arraycopy(four, 0, labels, n, 4);
      }
      INDArray y = Nd4j.createFromArray(labels).castTo(dtype);
      INDArray raw = Nd4j.createFromArray(normal(random, 300, spec.parameterCount())).castTo(dtype);
      ScoreAndGradient defined = new SameDiffLikelihood(spec).scoreAndGradient(y, raw, null);
      ScoreAndGradient fused = new FusedLikelihood(spec).scoreAndGradient(y, raw, null);
      double most = 1 + defined.score().amaxNumber().doubleValue();
      double steepest = 1 + defined.gradient().amaxNumber().doubleValue();
      double rounding = dtype == DataType.FLOAT ? 2e-7 : 1e-13;
      assertEquals(
          0, fused.score().sub(defined.score()).amaxNumber().doubleValue(), rounding * most);
      assertEquals(
          0,
          fused.gradient().sub(defined.gradient()).amaxNumber().doubleValue(),
          rounding * steepest);
    }
  }

  @Test
  void nothingKnownScoresNothing() {
    for (ComponentFamily family : ComponentFamily.values()) {
      if (family == ComponentFamily.VON_MISES || family.isDiscrete()) {
        continue;
      }
      for (boolean truncated : new boolean[] {false, true}) {
        MixtureSpecBuilder builder = MixtureSpec.builder().components(2).family(family).censored();
        if (truncated) {
          builder.truncatedBelow(0.5);
        }
        MixtureSpec spec = builder.build();
        for (MixtureLikelihood engine : Graphs.engines(spec)) {
          INDArray raw = Nd4j.createFromArray(normal(new Random(3), 1, spec.parameterCount()));
          INDArray labels = row(DataType.DOUBLE, -INFINITY, INFINITY);
          ScoreAndGradient pass = engine.scoreAndGradient(labels, raw, null);
          assertEquals(0, pass.score().getDouble(0), 1e-15, spec.toString());
          assertEquals(0, pass.gradient().amaxNumber().doubleValue(), 1e-15, spec.toString());
        }
      }
    }
  }

  @Test
  void truncationsFarOutKeepTheirDigits() {
    MixtureSpec spec = MixtureSpec.builder().components(1).truncatedBelow(40).build();
    for (MixtureLikelihood engine : Graphs.engines(spec)) {
      double score =
          engine.score(row(DataType.DOUBLE, 41), row(DataType.DOUBLE, 0, 0, 0), null).getDouble(0);
      // −log f(41) + log P(Y > 40) of N(0, 1), mpmath with 50 digits
      assertEquals(36.810496519450884575, score, 1e-12);
    }
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void labelsThatCannotBeAreNamedByTheirPlace(Engine engine) {
    MixtureSpec censored = MixtureSpec.builder().components(2).targets(2).censored().build();
    MixtureSpec truncated =
        MixtureSpec.builder().components(2).truncatedBelow(-1).truncatedAbove(2).build();
    MixtureSpec both = truncated.withLabels(true, truncated.truncation().orElseThrow());
    expect(
        engine,
        censored,
        "at most the upper one, or both equal and finite, got 3.0 and 2.0 at row 0, column 2",
        0,
        1,
        3,
        2);
    expect(engine, censored, "got NaN at row 0, column 1", 0, Double.NaN, 1, 2);
    expect(
        engine, censored, "got Infinity and Infinity at row 0, column 0", INFINITY, INFINITY, 1, 1);
    expect(engine, truncated, "within the truncation [-1.0, 2.0], got 2.5 at row 0, column 0", 2.5);
    expect(engine, truncated, "Expected finite labels, got Infinity at row 0, column 0", INFINITY);
    expect(engine, both, "within the truncation [-1.0, 2.0], got -3.0 at row 0, column 0", -3, 1);
    expect(engine, both, "within the truncation [-1.0, 2.0], got 4.0 at row 0, column 1", 1, 4);
    expect(engine, censored, "Expected labels of shape [1, 4]", 1, 2);
  }

  private static void expect(Engine engine, MixtureSpec spec, String message, double... labels) {
    LossMixtureNLL loss = new LossMixtureNLL(spec, engine);
    INDArray raw = Nd4j.zeros(DataType.DOUBLE, 1, spec.parameterCount());
    INDArray y = row(DataType.DOUBLE, labels);
    Exception refusal =
        assertThrows(
            IllegalArgumentException.class,
            () -> loss.computeScore(y, raw, new ActivationIdentity(), null, false));
    assertTrue(refusal.getMessage().contains(message), refusal.getMessage());
    INDArray mask = Nd4j.zeros(DataType.DOUBLE, 1, 1);
    if (labels.length == spec.labelColumns()) {
      assertEquals(0, loss.computeScore(y, raw, new ActivationIdentity(), mask, false));
    }
  }

  @Test
  void logNormalIntervalsNeedSomethingAboveZero() {
    MixtureSpec spec =
        MixtureSpec.builder()
            .components(2)
            .family(ComponentFamily.LOG_NORMAL)
            .targets(2)
            .censored()
            .build();
    expect(
        Engine.SAMEDIFF,
        spec,
        "above 0 for LOG_NORMAL components, got 0.0 at row 0, column 3",
        1,
        2,
        -1,
        0);
  }
}
